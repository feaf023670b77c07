from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from admin_ui.accounts.models import User, Workspace
from assistants.definition import LIMITS, PAGE_LIMITS, Definition
from assistants.models import text
from assistants.models.assistant import Assistant
from assistants.models.connections.sent import Sent
from assistants.models.fields import FILLED_IN, JSONTextField, few_entries

KEY_AUTHOR = "API key "
"""Begins the author's name of what was written with an API key."""


class Revision(Sent, models.Model):
    """One attempted change, fixed when inserted; the database refuses to change or delete it.

    `values` and `texts` together are the full definition after the change (see `models.text`).
    """

    HEAVY: ClassVar = ("values", "texts", "changes", "note")
    """Columns of any size, which a list does without. It reads `STARTS` instead."""
    STARTS: ClassVar = {
        "start_of_changes": Substr("changes", 1, PAGE_LIMITS.brief),
        "start_of_note": Substr("note", 1, LIMITS.note + 1),
    }
    start_of_changes: str | None = None
    start_of_note: str | None = None

    class Kind(models.TextChoices):
        CREATE = "create", _("Created")
        EDIT = "edit", _("Edited")
        RESTORE = "restore", _("Restored")
        RECREATE = "recreate", _("Recreated")
        DELETE = "delete", _("Deleted")
        BRING_IN = "bring_in", _("Brought in")
        OUTSIDE = "outside", _("Changed outside")
        MISSING = "missing", _("Deleted outside")
        KEY = "key", _("Changed by API key")
        DOCUMENTS = "documents", _("Documents changed")

    assistant = models.ForeignKey(Assistant, on_delete=models.PROTECT, related_name="revisions")
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    values = JSONTextField()
    texts = JSONTextField(default=dict)
    base = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    changes = JSONTextField(default=list, help_text="Summary, as `diff.summarise` gives it.")
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=200)
    drafter = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    drafter_name = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    trace_id = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField(default=timezone.now)
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    digest_format = models.SmallIntegerField(null=True, help_text="Empty for the first one.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assistant", "number"], name="revision_number")
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "-id"], name="revision_by_workspace"),
            models.Index(fields=["workspace", "-created_at"], name="revision_by_day"),
            models.Index(fields=["assistant", "-created_at"], name="revision_by_day_of_one"),
            *(
                models.Index(
                    fields=[*place, *fields, order], name=f"{name}{suffix}", condition=only
                )
                for place, order, suffix in (
                    (["workspace"], "-id", "_here"),
                    (["assistant"], "-number", "_of_one"),
                )
                for fields, name, only in (
                    (["kind"], "revision_kind", None),
                    (["author"], "revision_author", models.Q(author__isnull=False)),
                    (["author_name"], "revision_name", models.Q(author__isnull=True)),
                    (["drafter"], "revision_drafter", models.Q(drafter__isnull=False)),
                )
            ),
        ]

    def __str__(self) -> str:
        return f"revision {self.number}"

    @property
    def definition(self) -> Definition:
        """The definition that was sent. Costs a query when it holds long texts, and one when the
        revision was read without its content."""
        if {"values", "texts"} & self.get_deferred_fields():
            self.refresh_from_db(fields=["values", "texts"])
        return text.join_texts(self.values, self.texts, text.fetch_texts(self.texts.values()))

    @property
    def brief_changes(self) -> list[dict[str, Any]]:
        """The first of `changes`, then `MORE` where there are more."""
        return few_entries(self.start_of_changes, lambda: self.changes)

    @property
    def brief_note(self) -> str:
        """The note, cut where it is longer than it may be by now."""
        note = self.note if self.start_of_note is None else self.start_of_note
        return note if len(note) <= LIMITS.note else f"{note[: LIMITS.note - 1]}…"


def without_texts(rows: models.QuerySet[Revision]) -> models.QuerySet[Revision]:
    """Read revisions for a list: without what may be of any size."""
    return rows.defer(*Revision.HEAVY).annotate(**Revision.STARTS)


class Outcome(models.Model):
    """How a revision ended; rows are only ever added, the newest one counts.

    A revision without an outcome is pending. `values` and `texts` are set where the remote stored
    something else than was sent.
    """

    HEAVY: ClassVar = ("values", "texts", "differences")
    STARTS: ClassVar = {"start_of_differences": Substr("differences", 1, PAGE_LIMITS.brief)}
    start_of_differences: str | None = None
    clearance: str | None = None
    """Of what a list reads: how the change passed the approval policy (`Clearance.look`)."""

    class Status(models.TextChoices):
        APPLIED = "applied", _("Published")
        REJECTED = "rejected", _("Refused")
        NOT_DELIVERED = "not_delivered", _("Not delivered")
        UNCONFIRMED = "unconfirmed", _("Unconfirmed")

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="outcomes")
    assistant = models.ForeignKey(Assistant, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=15, choices=Status.choices)
    version = models.PositiveIntegerField(null=True)
    values = JSONTextField(null=True)
    texts = JSONTextField(null=True)
    differences = JSONTextField(default=list, help_text="Fields stored other than sent.")
    error = models.CharField(max_length=40, blank=True, help_text="Kind of gateway error.")
    message = models.TextField(blank=True, help_text="The remote's own words.")
    code = models.CharField(max_length=100, blank=True)
    param = models.CharField(max_length=300, blank=True)
    request_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    digest = models.CharField(max_length=64)
    digest_format = models.SmallIntegerField(null=True, help_text="As in `Revision`.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assistant", "version"],
                condition=models.Q(version__isnull=False),
                name="outcome_version",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["assistant", "-created_at", "-version"],
                condition=models.Q(version__isnull=False),
                name="outcome_as_of",
            ),
            *(
                models.Index(
                    fields=[*place, "status", "-revision"],
                    condition=models.Q(version__isnull=True),
                    name=name,
                )
                for place, name in (([], "outcome_without"), (["assistant"], "outcome_without_one"))
            ),
        ]

    def __str__(self) -> str:
        return self.status

    @property
    def definition(self) -> Definition:
        """What the remote held after this outcome; the revision's own definition as a rule."""
        if self.values is None:
            return self.revision.definition
        texts = self.texts or {}
        return text.join_texts(self.values, texts, text.fetch_texts(texts.values()))

    @cached_property
    def brief_differences(self) -> list[dict[str, Any]]:
        """The first of `differences`, then `MORE` where there are more."""
        return few_entries(self.start_of_differences, lambda: self.differences)

    @property
    def stored_otherwise(self) -> list[dict[str, Any]]:
        """Those of `brief_differences` that need a look: what was sent is not what was stored."""
        return [entry for entry in self.brief_differences if not is_filled_in(entry)]

    @property
    def filled_in(self) -> list[dict[str, Any]]:
        """Those of `brief_differences` that are defaults for what was not sent."""
        return [entry for entry in self.brief_differences if is_filled_in(entry)]


def is_filled_in(entry: Mapping[str, Any]) -> bool:
    return bool(entry.get("kind") == FILLED_IN["kind"])


def brief_outcomes(revisions: Iterable[Revision]) -> dict[int, Outcome]:
    """Return the newest outcome of each revision that has one, by revision id, in one query.

    Without what may be of any size.
    """
    return {row.revision_id: row for row in outcome_rows(list(revisions))}


def outcome_rows(revisions: Iterable[Revision | int]) -> models.QuerySet[Outcome]:
    """Return the outcomes of `revisions` for a list, the newest last."""
    rows = Outcome.objects.filter(revision__in=revisions).defer(*Outcome.HEAVY)
    clearance: Any = apps.get_model("assistants", "Clearance")
    of_it = clearance.objects.filter(revision=models.OuterRef("revision")).order_by("-pk")
    newest = of_it.annotate(look=clearance.LOOK).values("look")[:1]
    rows = rows.annotate(**{**Outcome.STARTS, "clearance": models.Subquery(newest)})
    return rows.order_by("pk")


class Acceptance(models.Model):
    """Somebody has looked at what the remote holds after a revision and leaves it so.

    For a revision that was stored differently from what was sent, or made outside. Only inserted.
    """

    revision = models.OneToOneField(Revision, on_delete=models.PROTECT, related_name="acceptance")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, help_text="The person's name at the time.")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class RevisionName(models.Model):
    """What people call a revision, and whether it is pinned above the history. Only inserted.

    The newest row of a revision counts; one without a name takes the name off.
    """

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="names")
    assistant = models.ForeignKey(
        Assistant, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    name = models.CharField(max_length=80, blank=True)
    is_pinned = models.BooleanField(default=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    user_name = models.CharField(max_length=200, help_text="The person's name at the time.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "-revision"], name="revision_named_here"),
            models.Index(fields=["assistant", "-revision"], name="revision_named_of_one"),
            models.Index(
                fields=["assistant", "-revision"],
                condition=models.Q(is_pinned=True),
                name="revision_pinned_of_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name


def newest_names() -> models.QuerySet[RevisionName]:
    """Return the rows that count: of each revision, how it was named last."""
    later = RevisionName.objects.filter(
        revision=models.OuterRef("revision"), pk__gt=models.OuterRef("pk")
    )
    return RevisionName.objects.filter(~models.Exists(later))


def names_of(revisions: Iterable[Revision | int]) -> dict[int, RevisionName]:
    """Return how those of the revisions are called now that have been named, by id. One query."""
    return {row.revision_id: row for row in newest_names().filter(revision__in=list(revisions))}
