"""Reading revisions from an index that gives their keys in the order of the list, a part at a time.

So a page of what is rare costs no look at every revision, and one of what is common not all hits.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from admin_ui.paging import Stretch
from assistants.models import Revision

FIRST_HITS, MOST_HITS = 30, 1_000
"""How many hits are read at once: at first, and after more and more of them were of no use."""
TIMES_FILTERED = 10
"""How many times as many are read at first where each has to meet a condition, too."""
MOST_READ, MOST_COMPARED = 1_000, 300
"""Hits after which a page stops, with a link to go on; fewer where it reads their texts."""
FEW_ROWS = 100
"""Revisions of a filter that are all looked up, instead of the hits."""


class NextHits(NamedTuple):
    """Which hits are wanted: at most so many beyond one, from the newest down or the oldest up."""

    last: int | None
    most: int
    down: bool


Hits = Callable[[NextHits], list[int]]
"""Gives primary keys of revisions in order."""


def every_hit(pks: list[int]) -> list[int]:
    return pks


@dataclass
class HitReader:
    """Reads, as `paging.page` does, those of `hits` that also meet one of the `conditions`.

    `few` returns all hits that can meet them, where they leave few revisions; else None.
    """

    hits: Hits
    conditions: Sequence[Q] = ()
    keep: Callable[[list[int]], list[int]] = every_hit
    few: Callable[[], list[int] | None] = lambda: None
    stopped_at: int | None = field(default=None, init=False)
    """The primary key of the last hit, where there are more than are read for one page."""

    def read(self, rows: QuerySet[Revision], stretch: Stretch) -> list[Revision]:
        self.stopped_at = None
        down = stretch.order.descending != stretch.reverse
        order = "-pk" if down else "pk"
        rows, found = rows.filter(any_of(self.conditions)), list[Revision]()
        if (few := self.few()) is not None:
            return list(stretch.of(rows.filter(pk__in=self.keep(few))))
        most = MOST_READ if self.keep is every_hit else MOST_COMPARED
        first = FIRST_HITS * TIMES_FILTERED if any(self.conditions) else FIRST_HITS
        wanted, count = NextHits(stretch.place[-1] if stretch.place else None, first, down), 0
        while len(found) < stretch.most:
            pks = self.hits(wanted)
            count += len(pks)
            found += rows.filter(pk__in=self.keep(pks)).order_by(order)
            if len(pks) < wanted.most:
                break
            if count >= most and len(found) < stretch.most:
                self.stopped_at = None if stretch.reverse else pks[-1]
                break
            wanted = NextHits(pks[-1], min(wanted.most * 3, MOST_HITS), down)
        return found[: stretch.most]


def few_of(rows: QuerySet[Revision], conditions: Iterable[Q], order: str) -> list[int] | None:
    """Return those of `rows` that meet one of the `conditions`; None for more than `FEW_ROWS`.

    One query for each; an index should have `order` for it.
    """
    found: dict[int, None] = {}
    for one in conditions:
        found |= dict.fromkeys(
            rows.filter(one).order_by(order).values_list("pk", flat=True)[: FEW_ROWS + 1]
        )
        if len(found) > FEW_ROWS:
            return None
    return list(found)


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
