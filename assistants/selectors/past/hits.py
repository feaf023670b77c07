"""Reading revisions from an index that gives their keys in the order of the list, a part at a time.

So a page of what is rare costs no look at every revision, and one of what is common not all hits.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from admin_ui.paging import Stretch
from assistants.models import Revision

FIRST_HITS = 30
MOST_HITS = 5_000
"""How many hits are read at once: at first, and after more and more of them were of no use."""


class NextHits(NamedTuple):
    """Which hits are wanted: at most so many beyond one, from the newest down or the oldest up."""

    last: int | None
    most: int
    down: bool


Hits = Callable[[NextHits], list[int]]
"""Gives primary keys of revisions in order."""


def every_row(rows: list[Revision]) -> list[Revision]:
    return rows


def read_hits(
    hits: Hits, *conditions: Q, keep: Callable[[list[Revision]], list[Revision]] = every_row
) -> Callable[[QuerySet[Revision], Stretch], list[Revision]]:
    """Return how `paging.page` reads those of `hits` that also meet one of the `conditions`."""

    def read(rows: QuerySet[Revision], stretch: Stretch) -> list[Revision]:
        rows, found = rows.filter(any_of(conditions)), list[Revision]()
        down = stretch.order.descending != stretch.reverse
        wanted = NextHits(stretch.place[-1] if stretch.place else None, FIRST_HITS, down)
        while len(found) < stretch.most:
            pks = hits(wanted)
            found += keep(list(rows.filter(pk__in=pks).order_by("-pk" if down else "pk")))
            if len(pks) < wanted.most:
                break
            wanted = NextHits(pks[-1], min(wanted.most * 3, MOST_HITS), down)
        return found[: stretch.most]

    return read


def any_of(conditions: Iterable[Q]) -> Q:
    either = Q()
    for condition in conditions:
        either |= condition
    return either


def hits_in(rows: QuerySet[Any], column: str) -> Hits:
    """Return the hits that a column of other `rows` holds; an index should have its order."""

    def hits(wanted: NextHits) -> list[int]:
        found = rows
        if wanted.last is not None:
            found = found.filter(**{f"{column}__{'lt' if wanted.down else 'gt'}": wanted.last})
        order = f"-{column}" if wanted.down else column
        return list(found.order_by(order).values_list(column, flat=True).distinct()[: wanted.most])

    return hits
