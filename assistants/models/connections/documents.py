from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admin_ui.accounts.models import User, Workspace
from assistants.models.assistant import Assistant
from assistants.models.connections.connection import Connection
from assistants.models.connections.sent import Sent
from assistants.models.revision import Outcome, Revision

LONGEST_REMOTE_ID = 256


class StoreChange(Sent, models.Model):
    """One attempt to put a document into a vector store or to take one out.

    Fixed when inserted, before anything is sent; the database refuses to change or delete it.
    """

    class Kind(models.TextChoices):
        ADD = "add", _("Added")
        REMOVE = "remove", _("Removed")

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="+")
    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    store_id = models.CharField(max_length=LONGEST_REMOTE_ID)
    store_name = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    file_id = models.CharField(max_length=LONGEST_REMOTE_ID)
    file_name = models.CharField(max_length=300, blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    override = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="Why an admin made it without the approvals needed, or in a freeze window.",
    )
    lacked_approval = models.BooleanField(
        default=True,
        db_default=True,
        help_text="Of an override: whether approvals were missing, and not only a freeze held.",
    )
    trace_id = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["connection", "store_id", "-id"], name="store_change_newest")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name or self.file_id}"


class StoreChangeUse(models.Model):
    """A live assistant that uses the store, as the person was told before the change.

    `revision` is the entry in its history, once the change is known to be applied. The entry says
    so if the approvals of this assistant, or a freeze window, were overridden.
    """

    change = models.ForeignKey(
        StoreChange, on_delete=models.PROTECT, related_name="uses", db_index=False
    )
    assistant = models.ForeignKey(Assistant, on_delete=models.PROTECT, related_name="+")
    revision = models.OneToOneField(Revision, on_delete=models.PROTECT, null=True, related_name="+")
    is_overridden = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["change", "assistant"], name="store_change_use_once")
        ]

    def __str__(self) -> str:
        return f"{self.change_id} in {self.assistant_id}"


class StoreOutcome(models.Model):
    """How such an attempt ended; rows are only ever added, the newest one counts."""

    change = models.ForeignKey(StoreChange, on_delete=models.PROTECT, related_name="outcomes")
    status = models.CharField(max_length=15, choices=Outcome.Status.choices)
    error = models.CharField(max_length=40, blank=True, help_text="Kind of gateway error.")
    message = models.TextField(blank=True, help_text="The remote's own words.")
    code = models.CharField(max_length=100, blank=True)
    request_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.status


class OpenStoreChange(models.Model):
    """A change that is not settled yet, or whose entries are not all written.

    The process that settles it locks this row, and deletes it at the end.
    """

    change = models.OneToOneField(
        StoreChange, on_delete=models.CASCADE, primary_key=True, related_name="open"
    )
    connection = models.ForeignKey(
        Connection, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    look_at = models.DateTimeField(db_index=True, help_text="When it is looked for again.")

    def __str__(self) -> str:
        return f"{self.change_id} at {self.look_at}"
