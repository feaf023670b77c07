"""What was recorded in a period: changes with their outcomes, events, and signed roots."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from django.db.models import Max, QuerySet
from django.utils.safestring import SafeString

from admin_ui.accounts.models import Workspace
from admin_ui.audit.models import AuditEvent
from assistants.diff.changed_lines import FieldLines, lines_by_field
from assistants.models import REMOVAL_KINDS, Clearance, Outcome, Revision, SignedRoot
from assistants.selectors.versions import batches, both_sides
from assistants.wording import summary
from assistants.wording.approval.change_requests import clearance_sentence

CHANGES_A_FILE = 200


@dataclass(frozen=True)
class Period:
    """The rows of a workspace from `since` up to `until`, as far as there are any now."""

    workspace: Workspace
    since: datetime
    until: datetime
    first: date
    last: date
    """Its days in the zone of the reader."""
    last_pk: int

    @classmethod
    def of(
        cls, workspace: Workspace, *, since: datetime, until: datetime, days: tuple[date, date]
    ) -> "Period":
        newest = Revision.objects.aggregate(newest=Max("pk"))["newest"] or 0
        return cls(workspace, since, until, *days, newest)

    @property
    def revisions(self) -> QuerySet[Revision]:
        rows = Revision.objects.filter(workspace=self.workspace, pk__lte=self.last_pk)
        return rows.filter(created_at__gte=self.since, created_at__lt=self.until)

    @property
    def events(self) -> QuerySet[AuditEvent]:
        rows = AuditEvent.objects.filter(chain=self.workspace.pk).order_by("number")
        return rows.filter(at__gte=self.since, at__lt=self.until)

    @property
    def roots(self) -> QuerySet[SignedRoot]:
        rows = SignedRoot.objects.filter(workspace=self.workspace).order_by("number")
        return rows.filter(at__gte=self.since, at__lt=self.until)

    def files_of_changes(self) -> Iterator[list[Revision]]:
        """Yield the changes, the oldest first, as many as are in a file."""
        rows = self.revisions.select_related("assistant", "base").order_by("created_at", "pk")
        rest = rows.defer("values", "texts", "base__values", "base__texts").iterator(200)
        while part := list(islice(rest, CHANGES_A_FILE)):
            yield part


@dataclass(frozen=True)
class EvidentChange:
    """A change as it was recorded, with the lines that it added and removed, by field."""

    revision: Revision
    outcomes: list[Outcome]
    summary: SafeString
    fields: list[FieldLines]
    approvals: list[tuple[str, str]]
    """How it passed the approval policy, each as a sentence, with its digest."""

    @property
    def version(self) -> int | None:
        return next((each.version for each in self.outcomes if each.version), None)


def evident_changes(revisions: list[Revision]) -> Iterator[EvidentChange]:
    """Yield each of these changes with its outcomes and its difference."""
    outcomes: dict[int, list[Outcome]] = {}
    rows = Outcome.objects.filter(revision__in=[row.pk for row in revisions]).defer(*Outcome.HEAVY)
    for outcome in rows.order_by("pk"):
        outcomes.setdefault(outcome.revision_id, []).append(outcome)
    approvals: dict[int, list[tuple[str, str]]] = {}
    clearances = Clearance.objects.filter(revision__in=[row.pk for row in revisions])
    removals = {row.pk for row in revisions if row.kind in REMOVAL_KINDS}
    for passed in clearances.order_by("pk"):
        is_deletion = passed.revision_id in removals
        said = (clearance_sentence(passed, is_deletion=is_deletion), passed.digest)
        approvals.setdefault(passed.revision_id, []).append(said)
    for batch in batches(revisions):
        sides = both_sides([*batch, *(row.base for row in batch if row.base)])
        for row in batch:
            old = sides[row.base.pk].stored if row.base else None
            fields = lines_by_field(old, sides[row.pk].stored)
            yield EvidentChange(
                row,
                outcomes.get(row.pk, []),
                summary(row.changes),
                fields,
                approvals.get(row.pk, []),
            )
