"""Searching in the files or vector stores of a connection, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass

from admin_ui.paging import Order, ResultPage, page
from assistants.models import Connection, OfferEntry, OfferList
from assistants.search.folding import fold

ENTRIES_A_PAGE = 20
LONGEST_QUERY = 200
MOST_WORDS = 8
NEWEST_FIRST = Order(("id",))


@dataclass(frozen=True, slots=True)
class FoundOffers:
    """A page of the entries that a search finds, and their list (None if there is none yet)."""

    list: OfferList | None
    page: ResultPage[OfferEntry]


def find_offers(connection: Connection, kind: str, params: Mapping[str, str]) -> FoundOffers:
    """Return the entries of one list whose name or ID has every word of `q`, the newest first."""
    found = OfferList.objects.filter(connection=connection, kind=kind).defer("suggestions").first()
    rows = OfferEntry.objects.filter(list=found) if found else OfferEntry.objects.none()
    words = params.get("q", "")[:LONGEST_QUERY].split()[:MOST_WORDS]
    for word in filter(None, map(fold, words)):
        rows = rows.filter(folded__contains=word)
    return FoundOffers(found, page(rows, NEWEST_FIRST, params, size=ENTRIES_A_PAGE))
