"""Reading the histories of many assistants with few queries, in bounded memory."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, Generic, TypeVar

from django.db.models import Exists, F, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast

from assistants.models import (
    Assistant,
    Clearance,
    ErasedRow,
    Outcome,
    RequestStep,
    Revision,
    text,
)
from assistants.services.approving.clearances import clearances_by_assistant

VERIFIED_AT_ONCE = 200
"""Assistants in a part, and rows that are in memory at once."""
REVISIONS_IN_A_PART = 2000
"""A part ends with the assistant that brings it to as many."""
TEXTS_OF_AT_ONCE = 20
"""Rows whose long values are in memory at once."""
_Row = TypeVar("_Row")
_Texts = dict[str, Any]
_WithTexts = TypeVar("_WithTexts", Revision, Outcome)


def parts_to_verify(assistants: Iterable[Assistant]) -> Iterator[list[Assistant]]:
    """Yield the assistants in parts that are cheap to verify together."""
    part: list[Assistant] = []
    revisions = 0
    for assistant in assistants:
        part.append(assistant)
        revisions += assistant.last_number
        if len(part) >= VERIFIED_AT_ONCE or revisions >= REVISIONS_IN_A_PART:
            yield part
            part, revisions = [], 0
    if part:
        yield part


class ByAssistant(Generic[_Row]):
    """Rows of several assistants in the order of their keys, which are read only once."""

    def __init__(self, rows: Iterable[tuple[int, _Row]]) -> None:
        self._left = iter(rows)
        self._next: tuple[int, _Row] | None = None

    def of(self, assistant: Assistant) -> Iterator[_Row]:
        """Yield the rows of an assistant, and pass over those of the assistants before it."""
        while (found := self._next or next(self._left, None)) and found[0] <= assistant.pk:
            self._next = None
            if found[0] == assistant.pk:
                yield found[1]
        self._next = found


class Histories:
    """The rows of several assistants that are verified, in the order of the assistants' keys.

    The number of queries does not depend on the number of assistants, but for long values.
    """

    def __init__(self, assistants: Iterable[int]) -> None:
        self.pks = list(assistants)

    @cached_property
    def revisions(self) -> ByAssistant[tuple[Revision, _Texts, ErasedRow | None]]:
        rows = Revision.objects.filter(assistant__in=self.pks)
        erased = erased_rows(rows)
        found = rows.order_by("assistant_id", "number").iterator(chunk_size=VERIFIED_AT_ONCE)
        return ByAssistant(
            (row.assistant_id, (row, texts, erased.get(row.pk)))
            for row, texts in _with_texts(found)
        )

    @cached_property
    def outcomes(self) -> ByAssistant[tuple[Outcome, _Texts, ErasedRow | None]]:
        rows = Outcome.objects.filter(assistant__in=self.pks)
        erased = erased_rows(rows)
        rows = rows.annotate(number=F("revision__number")).order_by("assistant_id", "pk")
        found = rows.iterator(chunk_size=VERIFIED_AT_ONCE)
        return ByAssistant(
            (row.assistant_id, (row, texts, erased.get(row.pk)))
            for row, texts in _with_texts(found)
        )

    @cached_property
    def clearances(self) -> ByAssistant[tuple[Any, set[tuple[int, str]], ErasedRow | None]]:
        """Clearances, each with who has approved its round and with what was erased."""
        rows = clearances_by_assistant(self.pks)
        erased = erased_rows(rows)
        rows = rows.annotate(
            number=F("revision__number"),
            assistant_of_revision=F("revision__assistant"),
            request_of_round=F("round__change_request"),
            assistant_of_request=F("change_request__assistant"),
        )
        found = rows.iterator(chunk_size=VERIFIED_AT_ONCE)
        return ByAssistant(
            (row.assistant_of_revision, (row, approved, erased.get(row.pk)))  # type: ignore[attr-defined]
            for row, approved in _with_approvals(found)
        )

    @cached_property
    def lost_clearances(self) -> ByAssistant[int]:
        """Numbers of revisions that ended a change request and have no clearance of it."""
        there = Clearance.objects.filter(
            revision=OuterRef("revision"), change_request=OuterRef("change_request")
        )
        steps = RequestStep.objects.filter(
            change_request__assistant__in=self.pks, revision__number__isnull=False
        )
        lost = steps.filter(~Exists(there)).order_by(
            "change_request__assistant_id", "revision__number"
        )
        found = lost.values_list("change_request__assistant_id", "revision__number").distinct()
        return ByAssistant(found.iterator(chunk_size=VERIFIED_AT_ONCE))


def _with_texts(rows: Iterator[_WithTexts]) -> Iterator[tuple[_WithTexts, _Texts]]:
    """Yield each row with the long values of it and of some others. One query for several rows."""
    known: _Texts = {}
    while some := list(islice(rows, TEXTS_OF_AT_ONCE)):
        wanted = {key for row in some for key in (row.texts or {}).values()}
        found = {key: known[key] for key in wanted & known.keys()}
        known = found | text.fetch_texts(wanted - known.keys())
        for row in some:
            yield row, known


def _with_approvals(
    rows: Iterator[Clearance],
) -> Iterator[tuple[Clearance, set[tuple[int, str]]]]:
    """Yield each clearance with the approvals of its round and of others."""
    while some := list(islice(rows, VERIFIED_AT_ONCE)):
        approved = _approvals([row.round_id for row in some if row.round_id])
        for row in some:
            yield row, approved


def _approvals(rounds: Sequence[int]) -> set[tuple[int, str]]:
    """Return the names of those who have approved some of these rounds, with the round of each."""
    if not rounds:
        return set()
    steps = RequestStep.objects.filter(round__in=rounds, kind=RequestStep.Kind.APPROVED)
    return set(steps.filter(digest=F("round__digest")).values_list("round", "user_name"))


def erased_rows(rows: QuerySet[Any]) -> dict[int, ErasedRow]:
    """Return what erasures last recorded about these rows, by primary key."""
    keys = rows.values(key=Cast("pk", TextField()))
    found = ErasedRow.objects.filter(place=rows.model._meta.db_table)
    return {int(row.key): row for row in found.filter(key__in=keys).order_by("pk")}
