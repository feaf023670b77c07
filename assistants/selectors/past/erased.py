"""What was erased from a history, for the pages that show the rest."""

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from assistants.models import ErasedRow, Erasure, Outcome, Revision
from assistants.models.erasing.erasure import DEFINITION_DIGEST, FIELD_DIGESTS

SHOWN_ERASURES = 50


def newest_erasures() -> QuerySet[Erasure]:
    """Return the newest erasures of a text, with their ends."""
    rows = Erasure.objects.filter(kind=Erasure.Kind.ERASE).select_related("end")
    return rows.order_by("-pk")[:SHOWN_ERASURES]


def erasures_of(revision: Revision) -> list[Erasure]:
    """Return the erasures that took a text from a revision or its outcomes, newest first."""
    return list(dict.fromkeys(row.erasure for row in _rows(revision)))


def lacks_text(revision: Revision) -> bool:
    """Return whether a text was erased from the definition of a revision, or what was stored."""
    return any({FIELD_DIGESTS, DEFINITION_DIGEST} & row.kept.keys() for row in _rows(revision))


def _rows(revision: Revision) -> QuerySet[ErasedRow]:
    outcomes = Outcome.objects.filter(revision=revision).values(key=Cast("pk", TextField()))
    its_own = Q(place=Revision._meta.db_table, key=str(revision.pk))
    of_outcomes = Q(place=Outcome._meta.db_table, key__in=outcomes)
    rows = ErasedRow.objects.filter(its_own | of_outcomes)
    return rows.select_related("erasure").order_by("-pk")
