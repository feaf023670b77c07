from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admin_ui.accounts.models import User, Workspace
from assistants.approval.flow import RequestState
from assistants.definition import LIMITS, Definition
from assistants.models import text
from assistants.models.assistant import Assistant
from assistants.models.fields import JSONTextField
from assistants.models.revision import Revision

MOST_ROUNDS = 100
"""Rounds that one change request can have."""


class ChangeRequest(models.Model):
    """A definition submitted for review. What happened to it are its steps, which are only added.

    `state`, `round_number` and the times follow from the newest step, and are kept for lists.
    """

    class State(models.TextChoices):
        OPEN = RequestState.OPEN.value, _("Open")
        CHANGES_REQUESTED = RequestState.CHANGES_REQUESTED.value, _("Changes requested")
        APPROVED = RequestState.APPROVED.value, _("Approved")
        FAILED = RequestState.FAILED.value, _("Failed")
        REJECTED = RequestState.REJECTED.value, _("Rejected")
        WITHDRAWN = RequestState.WITHDRAWN.value, _("Withdrawn")
        PUBLISHED = RequestState.PUBLISHED.value, _("Published")

    class Kind(models.TextChoices):
        CHANGE = "change", _("Change")
        DELETE = "delete", _("Delete")

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    assistant = models.ForeignKey(
        Assistant, on_delete=models.PROTECT, related_name="change_requests"
    )
    number = models.PositiveIntegerField(help_text="Counted in the workspace, from 1.")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.CHANGE)
    title = models.CharField(max_length=LIMITS.title)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=200, help_text="The person's name at the time.")
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    is_open = models.BooleanField(default=True, help_text="Whether it can still be published.")
    round_number = models.PositiveIntegerField(default=1, help_text="Of the newest round.")
    policy_mark = models.BigIntegerField(
        default=0, help_text="The newest approval policy when it was opened."
    )
    opened_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    scheduled_at: datetime | None = None
    """In a list: for when it is scheduled."""
    returns_at: datetime | None = None
    """In a list: when an older version comes back after it."""
    asked_digest: str | None = None
    """Of what the review of a draft reads: the digest of the newest round."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "number"], name="change_request_number"),
            models.UniqueConstraint(
                fields=["assistant", "author"],
                condition=models.Q(is_open=True),
                name="one_open_change_request",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "-changed_at", "-id"], name="change_request_by_time"),
            *(
                models.Index(
                    fields=["workspace", "-changed_at", "-id"],
                    name=f"change_request_{name}",
                    condition=models.Q(is_open=is_open),
                )
                for name, is_open in (("open", True), ("closed", False))
            ),
            models.Index(
                fields=["workspace", "author", "-changed_at", "-id"], name="change_request_of_one"
            ),
            models.Index(fields=["assistant", "-id"], name="change_request_of_assistant"),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class Round(models.Model):
    """What a change request asks to publish, fixed when it is sent; the author may send another.

    `values` and `texts` together are the definition (see `models.text`). A round may ask for a
    return too: at `back_at`, the definition of the revision `back_to` comes back. Only inserted.
    """

    class When(models.TextChoices):
        BY_HAND = "by_hand", _("When somebody publishes it")
        ON_APPROVAL = "on_approval", _("With the last approval")
        AT_TIME = "at_time", _("At a time")

    change_request = models.ForeignKey(
        ChangeRequest, on_delete=models.PROTECT, related_name="rounds"
    )
    number = models.PositiveIntegerField(help_text="Counted from 1.")
    values = JSONTextField()
    texts = JSONTextField(default=dict)
    digest = models.CharField(max_length=64, help_text="Of the definition, which is approved.")
    base = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, related_name="+")
    base_digest = models.CharField(
        max_length=64, blank=True, help_text="Of what was live; empty if nothing was."
    )
    changes = JSONTextField(default=list, help_text="Summary against what was live.")
    fields = models.JSONField(default=list, help_text="Names of the fields that differ from live.")
    note = models.TextField(blank=True, help_text="Why; it becomes the note of the change.")
    writers = models.JSONField(default=list, help_text="Users who wrote a part of it.")
    writer_names = models.CharField(max_length=200, blank=True, help_text="Other than the author.")
    when = models.CharField(max_length=15, choices=When.choices, default=When.BY_HAND)
    publish_at = models.DateTimeField(null=True, help_text="The time that the author chose.")
    zone = models.CharField(
        max_length=64, blank=True, db_default="", help_text="In which the times were chosen."
    )
    back_at = models.DateTimeField(null=True, help_text="When an older definition comes back.")
    back_to = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, related_name="+")
    back_digest = models.CharField(
        max_length=64, blank=True, db_default="", help_text="Of the definition that comes back."
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["change_request", "number"], name="round_number")
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def definition(self) -> Definition:
        """What is approved. Costs a query where it holds long texts."""
        return text.join_texts(self.values, self.texts, text.fetch_texts(self.texts.values()))


class RequestStep(models.Model):
    """Something that happened to a change request. Only inserted.

    An approval is about `digest`: the definition of its round, and nothing else.
    """

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted")
        ROUND = "round", _("Sent a new round")
        APPROVED = "approved", _("Approved")
        CHANGES_REQUESTED = "changes_requested", _("Requested changes")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        PUBLISHED = "published", _("Published")
        FAILED = "failed", _("Failed")
        SCHEDULED = "scheduled", _("Scheduled")
        CALLED_OFF = "called_off", _("Called off")
        RETURNED = "returned", _("Returned")

    change_request = models.ForeignKey(
        ChangeRequest, on_delete=models.PROTECT, related_name="steps"
    )
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    user_name = models.CharField(max_length=200, help_text="The person's name at the time.")
    word = models.TextField(blank=True, help_text="What they said with it.")
    digest = models.CharField(max_length=64, blank=True, help_text="Of the definition.")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True, help_text="The time that was chosen.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["change_request", "id"], name="step_in_order")]

    def __str__(self) -> str:
        return self.kind


class Reviewer(models.Model):
    """Somebody who was asked to review a change request, and whether it waits for them."""

    change_request = models.ForeignKey(
        ChangeRequest, on_delete=models.CASCADE, related_name="reviewers"
    )
    workspace = models.ForeignKey(
        Workspace, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    is_waiting = models.BooleanField(default=True)
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["change_request", "user"], name="asked_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["user", "workspace", "-change_request"],
                condition=models.Q(is_waiting=True),
                name="review_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} of {self.change_request_id}"
