"""Finding where a text is kept, and what forbids to erase it now."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.utils.module_loading import import_string

from assistants.models import Assistant, Outcome, Revision, State, Status
from assistants.services.erasing.places import (
    DRAFT_PLACE,
    OUTCOME_PLACE,
    REVISION_PLACE,
    TEXT_PLACES,
    TextPlace,
    changes_in,
    find_rows,
    texts_with,
)
from assistants.unwanted import Unwanted

TEXT_KEEPERS = (
    "admin_ui.accounts.guard.stash.rewrite_forms",
    "admin_ui.notices.rewriting.rewrite_happenings",
    "assistants.api.idempotency.rewrite_answers",
    "assistants.registry.rewriting.rewrite_journal",
)
"""What else keeps texts; named, since services may not import most of it."""


@dataclass(frozen=True)
class FoundText:
    """Where a text is kept."""

    unwanted: Unwanted
    texts: set[str]
    """Digests of the long values that hold it."""
    rows: dict[TextPlace, list[int]]
    """Primary keys by place."""
    revisions: set[int]
    """Primary keys of the versions that hold it, also where only an outcome of theirs does."""
    elsewhere: int
    """Rows of other keepers: kept forms and answers, notices, and the registry's journal."""
    live: list[Assistant] = field(default_factory=list)
    """Assistants in whose live definition it is."""
    pending: list[Assistant] = field(default_factory=list)
    """Assistants with a change that holds it and is on its way, or in doubt."""
    in_registry: list[str] = field(default_factory=list)
    """Assistants of the registry that hold it and are live in no workspace."""

    @property
    def is_empty(self) -> bool:
        return not (self.texts or any(self.rows.values()) or self.elsewhere)

    @property
    def is_in_use(self) -> bool:
        return bool(self.live or self.pending or self.in_registry)

    @property
    def versions(self) -> int:
        return len(self.revisions)

    @property
    def drafts(self) -> int:
        return len(self.rows[DRAFT_PLACE])

    @property
    def others(self) -> int:
        """Rows that people do not see as versions or drafts."""
        seen = (REVISION_PLACE, OUTCOME_PLACE, DRAFT_PLACE)
        return self.elsewhere + sum(len(pks) for at, pks in self.rows.items() if at not in seen)


def look_for(unwanted: Unwanted) -> FoundText:
    """Find a text in everything that the dashboard keeps. Reads all long values."""
    texts = texts_with(unwanted)
    rows = {place: find_rows(place, unwanted, texts) for place in TEXT_PLACES}
    of_outcomes = Outcome.objects.filter(pk__in=rows[OUTCOME_PLACE])
    keepers = [import_string(name) for name in TEXT_KEEPERS]
    elsewhere = sum(keeper(unwanted.black_out, write=False) for keeper in keepers)
    live, pending = assistants_in_use(unwanted, texts, rows)
    known = {row.remote_id for row in live}
    in_registry = import_string(settings.REGISTRY_IN_USE)(unwanted.black_out)
    return FoundText(
        unwanted=unwanted,
        texts=texts,
        rows=rows,
        revisions={*rows[REVISION_PLACE], *of_outcomes.values_list("revision_id", flat=True)},
        elsewhere=elsewhere,
        live=live,
        pending=pending,
        in_registry=[each for each in in_registry if each not in known],
    )


def assistants_in_use(
    unwanted: Unwanted, texts: set[str], rows: dict[TextPlace, list[int]]
) -> tuple[list[Assistant], list[Assistant]]:
    """Return the assistants in which the text is live, and those where it may still arrive."""
    sent = _in_definition(REVISION_PLACE, unwanted, texts, rows)
    stored = _in_definition(OUTCOME_PLACE, unwanted, texts, rows)
    holding = {*sent, *Outcome.objects.filter(pk__in=stored).values_list("revision_id", flat=True)}
    newest = Outcome.objects.filter(revision=OuterRef("pk")).order_by("-pk").values("status")
    open_ones = Revision.objects.filter(pk__in=sent).annotate(status=Subquery(newest[:1]))
    pending = {row.assistant_id for row in open_ones if row.status in (None, Status.UNCONFIRMED)}
    found = Assistant.objects.select_related("workspace").order_by("pk")
    return (
        list(found.filter(live__in=holding, state=State.LIVE)),
        list(found.filter(pk__in=pending)),
    )


def _in_definition(
    place: TextPlace, unwanted: Unwanted, texts: set[str], rows: dict[TextPlace, list[int]]
) -> Sequence[int]:
    """Return the rows of a place that hold the text in a definition, and not only in a note."""
    changes = changes_in(place, unwanted, texts, rows[place])
    return [change.row.pk for change in changes if change.touches_definition]
