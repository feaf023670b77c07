"""What happened that people should hear of, and the notices that tell each of them."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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
    details = models.JSONField(default=dict, help_text="Small facts, for sentences and webhooks.")
    people = models.JSONField(default=list, help_text="The ids of the people to tell.")
    created_at = models.DateTimeField(default=timezone.now)
    spread_at = models.DateTimeField(null=True, help_text="When everybody had been told.")

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(spread_at=None), name="happening_to_spread"
            ),
            models.Index(fields=["spread_at"], name="happening_spread"),
            models.Index(fields=["path", "-id"], name="happening_of_page"),
        ]

    def __str__(self) -> str:
        return sentence(
            kind=self.kind,
            subject=self.subject,
            actor_name=self.actor_name,
            details=self.details,
        )

    @property
    def label(self) -> str:
        return str(NoticeKind(self.kind).label)


class Mail(models.TextChoices):
    """When a person gets a notice by e-mail; no row and the empty text mean not at all."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day")
    NONE = "none", _("No e-mail")


class MailChoice(models.Model):
    """What a person decided about the mails of one kind; `mail_choices` has what holds before."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=30)
    mail = models.CharField(max_length=10, choices=Mail)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="one_mail_choice_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.kind}: {self.mail}"


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
    mail = models.CharField(
        max_length=10, choices=Mail, blank=True, default="", db_default="", help_text="Empty: none."
    )
    mailed_at = models.DateTimeField(null=True, help_text="Or when no mail was needed any more.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["happening", "user"], name="one_notice_per_person")
        ]
        indexes = [
            models.Index(
                fields=["mail", "user"],
                condition=models.Q(mailed_at=None) & ~models.Q(mail=""),
                name="notice_to_mail",
            ),
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
