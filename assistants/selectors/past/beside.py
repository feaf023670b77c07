"""What lists show beside revisions: how each ended, how it is called, and whether a text is erased.

The queries are compiled once, since each would take as long as showing five rows.
"""

from collections.abc import Iterable

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from admin_ui.compiled import CompiledQuery, Value
from assistants.models import (
    Assistant,
    ErasedRow,
    Outcome,
    Revision,
    RevisionName,
    newest_names,
    outcome_rows,
    without_texts,
)

MOST_PINNED = 10


def outcomes_beside(revisions: Iterable[Revision]) -> dict[int, Outcome]:
    """Return what `brief_outcomes` does. One query."""
    pks = [revision.pk for revision in revisions]
    return {row.revision_id: row for row in _OUTCOMES(*pks)} if pks else {}


def names_beside(revisions: Iterable[Revision]) -> dict[int, RevisionName]:
    """Return what `names_of` does. One query."""
    pks = [revision.pk for revision in revisions]
    return {row.revision_id: row for row in _NAMES(*pks)} if pks else {}


def pinned_of(assistant: Assistant) -> list[Revision]:
    """Return the newest revisions of an assistant that are pinned. Two queries, one if none is."""
    pks = _PINS(assistant.pk)
    return _PINNED(*pks) if pks else []


def erased_beside(revisions: Iterable[int]) -> list[ErasedRow]:
    """Return the rows of these revisions and their outcomes from which a text was erased, the
    newest first. One query."""
    pks = list(revisions)
    return _ERASED(*pks, *map(str, pks)) if pks else []


def _outcomes_of(*pks: int) -> QuerySet[Outcome]:
    return outcome_rows(pks)


def _names_of(*pks: int) -> QuerySet[RevisionName]:
    """Return all names: of each revision the last one counts."""
    return RevisionName.objects.filter(revision__in=pks).order_by("pk")


def _pins_of(assistant: int) -> QuerySet[RevisionName, int]:
    pins = newest_names().filter(assistant=assistant, is_pinned=True).order_by("-revision")
    return pins.values_list("revision", flat=True)[:MOST_PINNED]


def _pinned(*pks: int) -> QuerySet[Revision]:
    rows = without_texts(Revision.objects.filter(pk__in=pks))
    return rows.select_related("acceptance").order_by("-number")


def _erased_of(*values: Value) -> QuerySet[ErasedRow]:
    """Take primary keys of revisions, then the same as the texts that `ErasedRow` has."""
    keys = [value for value in values if isinstance(value, str)]
    pks = [value for value in values if isinstance(value, int)]
    outcomes = Outcome.objects.filter(revision__in=pks).values(key=Cast("pk", TextField()))
    its_own = Q(place=Revision._meta.db_table, key__in=keys)
    of_outcomes = Q(place=Outcome._meta.db_table, key__in=outcomes)
    rows = ErasedRow.objects.filter(its_own | of_outcomes)
    return rows.select_related("erasure").order_by("-pk")


_OUTCOMES, _NAMES = CompiledQuery(_outcomes_of), CompiledQuery(_names_of)
_PINS, _PINNED = CompiledQuery(_pins_of), CompiledQuery(_pinned)
_ERASED = CompiledQuery(_erased_of)
