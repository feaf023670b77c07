"""What happened that people should hear of, and the notices that tell each of them."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from admin_ui.notices.kinds import NoticeKind, sentence


class Happening(models.Model):
    """Something that happened, inserted in its transaction. A task spreads it afterwards.

    It holds names and numbers, and neither long texts nor secrets.
    """

    workspace = models.ForeignKey(
        "accounts.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=30, help_text="One of `NoticeKind`.")
    subject = models.CharField(max_length=300, help_text="The name of what it happened to.")
    path = models.CharField(max_length=300, help_text="Its page, as a path of this dashboard.")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    actor_name = models.CharField(max_length=254)
    details = models.JSONField(default=dict, help_text="Small facts, for webhooks.")
    people = models.JSONField(default=list, help_text="The ids of the people to tell.")
    created_at = models.DateTimeField(default=timezone.now)
    spread_at = models.DateTimeField(null=True, help_text="When everybody had been told.")

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(spread_at=None), name="happening_to_spread"
            ),
            models.Index(fields=["spread_at"], name="happening_spread"),
        ]

    def __str__(self) -> str:
        return sentence(kind=self.kind, subject=self.subject, actor_name=self.actor_name)

    @property
    def label(self) -> str:
        return str(NoticeKind(self.kind).label)


class Notice(models.Model):
    """What tells one person of a happening. Its id says when it came: later ones are greater."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    happening = models.ForeignKey(
        Happening, on_delete=models.CASCADE, related_name="notices", db_index=False
    )
    workspace = models.ForeignKey(
        "accounts.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=30)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["happening", "user"], name="one_notice_per_person")
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_of_user"),
            models.Index(fields=["user", "kind", "-id"], name="notice_by_kind"),
            models.Index(
                fields=["user", "-id"], condition=models.Q(read_at=None), name="notice_unread"
            ),
            models.Index(
                fields=["user", "kind", "-id"],
                condition=models.Q(read_at=None),
                name="notice_unread_by_kind",
            ),
        ]

    def __str__(self) -> str:
        return str(self.happening)
