"""Discussions about a change request, in threads; what is said and done there is only added."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admin_ui.accounts.models import User
from assistants.models.change_requests.change_request import ChangeRequest, Round


class Thread(models.Model):
    """A discussion about a change request: about all of it, a field, or lines of the instructions.

    The lines are those of the instructions in `round`; where they are in a later round follows from
    the texts (`diff.following.anchors`). `is_resolved` follows from the newest step, and is kept
    for counts.
    """

    change_request = models.ForeignKey(
        ChangeRequest, on_delete=models.PROTECT, related_name="threads", db_index=False
    )
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+", db_index=False)
    field = models.CharField(max_length=128, blank=True, help_text="Empty for the whole.")
    first_line = models.PositiveIntegerField(null=True, help_text="Counted from 1.")
    last_line = models.PositiveIntegerField(null=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    is_resolved = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["change_request", "is_resolved", "id"], name="thread_in_order")
        ]

    def __str__(self) -> str:
        return f"thread {self.pk}"


class ThreadStep(models.Model):
    """Something said or done in a thread. Only inserted.

    A withdrawn comment stays in the database, and is no longer shown. `ends` is the comment that
    was withdrawn, or the suggestion that was accepted or declined; each ends once.
    """

    class Kind(models.TextChoices):
        COMMENTED = "commented", _("Commented")
        SUGGESTED = "suggested", _("Suggested other lines")
        ACCEPTED = "accepted", _("Accepted the suggestion")
        DECLINED = "declined", _("Declined the suggestion")
        WITHDRAWN = "withdrawn", _("Withdrew a comment")
        RESOLVED = "resolved", _("Resolved")
        REOPENED = "reopened", _("Reopened")

    SAID = (Kind.COMMENTED, Kind.SUGGESTED)
    """What people wrote; the other steps have no text."""

    thread = models.ForeignKey(
        Thread, on_delete=models.PROTECT, related_name="steps", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    user_name = models.CharField(max_length=200, help_text="The person's name at the time.")
    text = models.TextField(blank=True, help_text="Markdown.")
    replacement = models.TextField(
        blank=True, help_text="Suggested in place of the lines; empty to remove them."
    )
    mentioned = models.JSONField(default=list, help_text="The id and name of each person.")
    ends = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="end")
    digest = models.CharField(
        max_length=64, blank=True, help_text="Of the draft with the accepted suggestion."
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["thread", "id"], name="thread_step_in_order")]

    def __str__(self) -> str:
        return self.kind
