from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admin_ui.accounts.models import User, Workspace
from assistants.definition import LIMITS, PAGE_LIMITS, Definition, storable
from assistants.models.begun import Holder
from assistants.models.connections.connection import Connection
from assistants.models.fields import JSONTextField, few_entries


class Assistant(models.Model):
    """Our row for one remote assistant.

    The name, description, model and tools are copied from the live definition (or, before the first
    publish, from the draft), so that lists read one row and no long text.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        LIVE = "live", _("Live")
        MISSING = "missing", _("Missing")
        DELETED = "deleted", _("Deleted")

    class Trouble(models.TextChoices):
        """What about its delivery needs a person's eye; empty when nothing does."""

        UNCONFIRMED = "unconfirmed", _("Unconfirmed")
        NOT_DELIVERED = "not_delivered", _("Not delivered")
        REJECTED = "rejected", _("Refused")
        DIFFERS = "differs", _("Stored differently")
        OUTSIDE = "outside", _("Changed outside")
        ARRIVED_LATE = "arrived_late", _("Arrived late")

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="assistants")
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="assistants")
    remote_id = models.CharField(max_length=128, null=True)
    remote_created_at = models.FloatField(null=True, help_text="Unix seconds, as the remote says.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    trouble = models.CharField(max_length=20, choices=Trouble.choices, blank=True)
    is_sample = models.BooleanField(default=False)

    name = models.CharField(max_length=256, blank=True)
    description = models.CharField(max_length=512, blank=True)
    model = models.CharField(max_length=256, blank=True)
    tool_kinds = models.CharField(max_length=200, blank=True, help_text="Comma-separated kinds.")

    live = models.ForeignKey("Revision", on_delete=models.PROTECT, null=True, related_name="+")
    live_version = models.PositiveIntegerField(default=0, help_text="0 before the first publish.")
    live_digest = models.CharField(max_length=64, blank=True, help_text="Digest of the definition.")
    etag = models.CharField(max_length=100, blank=True, help_text="Where the remote offers one.")

    last_number = models.PositiveIntegerField(default=0, help_text="Number of the newest revision.")
    last_digest = models.CharField(max_length=64, blank=True, help_text="Digest of that revision.")
    slot = models.ForeignKey(
        "Revision",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The revision that is being sent; one at a time.",
    )
    slot_until = models.DateTimeField(null=True, help_text="End of the lease on the slot.")
    doubt_look_at = models.DateTimeField(
        null=True, db_index=True, help_text="When a change in doubt is looked for again."
    )

    STARTS: ClassVar = {"live_note": Substr("live__note", 1, LIMITS.note)}
    """What a page reads of the note on what is live, which may be of any size."""
    live_note: str | None = None
    scheduled_at: datetime | None = None
    """Of what a page shows: when a change of it is published, that is scheduled."""
    returns_at: datetime | None = None
    """When an older version comes back."""
    open_request: dict[str, Any] | None = None
    """Of what pages read: number, kind and state of an open change request, a deletion first."""
    has_returned: bool = False
    """Of what an open editor asks: whether a colleague returned the person's draft."""
    is_followed: bool | None = None
    """Of what a page reads: whether the person who looks follows it."""
    unapproved: int | None = None
    """Of what pages read: the number of the live revision, if that is live without approval."""
    in_name: int | None = None
    """Of what a search found: 1 where the name holds all of it."""

    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.CharField(
        max_length=200, blank=True, help_text="Empty while it is as it was brought in."
    )
    checked_at = models.DateTimeField(null=True, help_text="When the remote was last read.")
    has_untold = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Whether the author of a draft that a colleague put away has not seen that.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "remote_id"],
                condition=models.Q(remote_id__isnull=False),
                name="assistant_remote_id",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "-changed_at", "-id"], name="assistant_by_change"),
            models.Index(fields=["workspace", "name", "id"], name="assistant_by_name"),
            models.Index(fields=["workspace", "model", "name", "id"], name="assistant_model_name"),
            models.Index(fields=["workspace", "state", "name", "id"], name="assistant_state_name"),
            models.Index(fields=["connection", "name", "id"], name="assistant_connection_name"),
            models.Index(
                fields=["workspace", "model", "-changed_at", "-id"], name="assistant_model_change"
            ),
            models.Index(
                fields=["workspace", "state", "-changed_at", "-id"], name="assistant_state_change"
            ),
            models.Index(
                fields=["connection", "-changed_at", "-id"], name="assistant_connection_change"
            ),
            models.Index(fields=["connection", "state", "-id"], name="assistant_of_connection"),
            models.Index(
                fields=["workspace", "-changed_at", "-id"],
                condition=~models.Q(trouble=""),
                name="assistant_in_trouble",
            ),
            models.Index(
                fields=["workspace", "id"],
                condition=models.Q(is_sample=True),
                name="assistant_of_samples",
            ),
        ]

    def __str__(self) -> str:
        is_seen = any(each.isprintable() and not each.isspace() for each in self.name)
        return (self.name if is_seen else self.remote_id) or str(_("Untitled assistant"))

    def describe(self, definition: Definition) -> None:
        """Copy the columns that lists show from `definition`; anything too long is cut."""
        self.name = _column(definition.value("name"), 256)
        self.description = _column(definition.value("description"), 512)
        self.model = _column(definition.value("model"), 256)
        self.tool_kinds = _column(",".join(definition.tool_kinds), 200)

    @property
    def is_leased(self) -> bool:
        """Whether somebody is publishing this assistant right now."""
        until, now = self.slot_until, timezone.now()
        return self.slot_id is not None and until is not None and now <= until <= _latest(now)

    @staticmethod
    def past_lease() -> Q:
        """Return the condition for a change that is on its way for longer than it may be."""
        now = timezone.now()
        over = Q(slot_until__lt=now) | Q(slot_until__gt=_latest(now))
        return Q(slot__isnull=False) & over


def _column(value: object, length: int) -> str:
    """A value as the text of a column."""
    return storable(str(value or "")[:length])


DESCRIBED = ("name", "description", "model", "tool_kinds")


def _latest(now: datetime) -> datetime:
    """Return the latest end that a lease can have. A later one was written by a clock that has been
    put back since; those of several servers may differ by the length of a lease."""
    return now + 2 * timedelta(seconds=settings.PUBLISH_LEASE_SECONDS)


class Draft(Holder, models.Model):
    """One person's unpublished definition of one assistant."""

    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="drafts")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="drafts")
    base = models.ForeignKey("Revision", on_delete=models.PROTECT, null=True, related_name="+")
    content = JSONTextField(help_text="The whole definition, as `Definition.to_dict` gives it.")
    texts = JSONTextField(default=dict, help_text="Long values that the history holds, by digest.")
    digest = models.CharField(max_length=64, blank=True, help_text="Empty in old rows.")
    changes = JSONTextField(default=list, help_text="Summary against its base.")
    kind = models.CharField(max_length=10, default="edit", help_text="edit, restore …")
    writers = models.CharField(
        max_length=200, blank=True, help_text="Names of those who had it before it was handed over."
    )
    writer_ids = models.JSONField(
        default=list, db_default=[], help_text="Users other than its owner who wrote a part of it."
    )
    STARTS: ClassVar = {"start_of_changes": Substr("changes", 1, PAGE_LIMITS.brief)}
    """What a list reads instead of the changes, which may be of any size."""
    start_of_changes: str | None = None

    tab = models.CharField(max_length=64, blank=True, help_text="The open page that wrote it last.")
    turn = models.PositiveIntegerField(default=0, help_text="Which of that page's saves it was.")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    state_at = models.DateTimeField(null=True, help_text="When an earlier state was last kept.")

    returned_at = models.DateTimeField(null=True, help_text="When a publisher returned it.")
    returned_by = models.CharField(max_length=200, blank=True, default="", db_default="")
    returned_note = models.TextField(blank=True, default="", db_default="")
    returned_digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    is_returned = models.BooleanField(
        default=False, db_default=False, help_text="Whether its author still has to see the note."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assistant", "user"], name="one_draft_per_person")
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "-updated_at"], name="draft_by_person"),
            models.Index(fields=["-updated_at", "-id"], name="draft_by_time"),
        ]

    def __str__(self) -> str:
        return f"draft of {self.assistant_id} by {self.user_id}"

    @property
    def brief_changes(self) -> list[dict[str, Any]]:
        """The first of `changes`, then `MORE` where there are more."""
        return few_entries(self.start_of_changes, lambda: self.changes)
