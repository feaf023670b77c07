"""What was erased from a history, for the pages that show the rest."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from heapq import nlargest

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    OuterRef,
    Subquery,
    When,
)
from django.db.models.functions import Cast

from assistants.models import (
    Assistant,
    ErasedRow,
    Erasure,
    Outcome,
    Revision,
    brief_outcomes,
    without_texts,
)
from assistants.models.erasing.erasure import DEFINITION_DIGEST, FIELD_DIGESTS
from assistants.selectors.addresses import AssistantPages
from assistants.selectors.past.beside import erased_beside

SHOWN_ERASURES = 50
LISTED_VERSIONS = 20


@dataclass(frozen=True)
class ListedVersion:
    """A version by its assistant and number, with its page."""

    assistant: Assistant
    version: int
    """0 for a change that took no effect."""
    number: int
    url: str


def newest_erasures() -> list[tuple[Erasure, int]]:
    """Return the newest erasures of a text, each with the number of its versions. Two queries."""
    rows = list(Erasure.objects.filter(kind=Erasure.Kind.ERASE).order_by("-pk")[:SHOWN_ERASURES])
    key = Cast("key", BigIntegerField())
    of_outcome = Outcome.objects.filter(pk=Cast(OuterRef("key"), BigIntegerField()))
    its_own, of_outcomes = Revision._meta.db_table, Outcome._meta.db_table
    revision = Case(
        When(place=its_own, then=key),
        When(place=of_outcomes, then=Subquery(of_outcome.values("revision_id"))),
        output_field=BigIntegerField(),
    )
    named = ErasedRow.objects.filter(erasure__in=rows, place__in=(its_own, of_outcomes))
    counted = named.values("erasure").annotate(count=Count(revision, distinct=True)).order_by()
    counts = dict(counted.values_list("erasure", "count"))
    return [(row, counts.get(row.pk, 0)) for row in rows]


def listed_versions(revisions: Collection[int]) -> list[ListedVersion]:
    """Return the newest of these revisions, by assistant, as many as a page lists. Two queries."""
    rows = without_texts(Revision.objects.filter(pk__in=nlargest(LISTED_VERSIONS, revisions)))
    found = list(rows.select_related("assistant__workspace").order_by("assistant", "-number"))
    outcomes = brief_outcomes(found)
    return [
        ListedVersion(
            row.assistant,
            (outcomes[row.pk].version if row.pk in outcomes else None) or 0,
            row.number,
            AssistantPages.of(row.assistant).revision(row.number),
        )
        for row in found
    ]


def erasures_of(revision: Revision) -> list[Erasure]:
    """Return the erasures that took a text from a revision or its outcomes, newest first."""
    return list(dict.fromkeys(row.erasure for row in erased_beside([revision.pk])))


def lacks_text(revision: Revision) -> bool:
    """Return whether a text was erased from the definition of a revision, or what was stored."""
    return bool(lacking_text([revision]))


def lacking_text(revisions: Iterable[Revision]) -> set[int]:
    """Return the primary keys of those of which `lacks_text` is true. One query if none is."""
    rows = [
        row
        for row in erased_beside(revision.pk for revision in revisions)
        if {FIELD_DIGESTS, DEFINITION_DIGEST} & row.kept.keys()
    ]
    its_own = {int(row.key) for row in rows if row.place == Revision._meta.db_table}
    others = [int(row.key) for row in rows if row.place == Outcome._meta.db_table]
    if not others:
        return its_own
    return its_own | {*Outcome.objects.filter(pk__in=others).values_list("revision", flat=True)}
