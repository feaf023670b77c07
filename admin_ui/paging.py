"""Paging by key: a page begins after a row, not at an offset, so a deep page costs no more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet

from admin_ui.compiled import CompiledQuery, Value

M = TypeVar("M", bound=Model)
Place = tuple[Any, ...]


@dataclass(frozen=True)
class Order:
    """How a list is sorted: `fields` all in one direction, the last of them unique."""

    fields: tuple[str, ...]
    descending: bool = True

    def by(self, *, reverse: bool) -> list[str]:
        sign = "-" if self.descending != reverse else ""
        return [f"{sign}{field}" for field in self.fields]


@dataclass(frozen=True)
class ResultPage(Generic[M]):
    """Some rows, and the query strings of the pages before and after ("" where there is none)."""

    rows: list[M]
    newer: str = ""
    older: str = ""
    after: Callable[[M], str] = field(default=lambda _row: "", repr=False)
    """Gives the query string of the page that begins after a row."""

    def until(self, count: int) -> "ResultPage[M]":
        """Return the page cut to its first `count` rows, at least one; the next begins there."""
        return replace(self, rows=self.rows[:count], older=self.after(self.rows[count - 1]))


class Stretch(NamedTuple):
    """Which rows of a list are wanted: at most so many, after a place."""

    order: Order
    place: Place | None
    """The values of `order` there; None for an end of the list."""
    reverse: bool
    """Against the order, from the place or the end backwards."""
    most: int
    end: Place | None = None
    """The values of `order` of the first row that is no longer wanted; None if all are."""

    def of(self, rows: QuerySet[M]) -> QuerySet[M]:
        """Return those of `rows`, in the direction in which they are read."""
        descending = self.order.descending != self.reverse
        if self.place:
            rows = rows.filter(_beyond(self.order, self.place, descending=descending))
        if self.end:
            rows = rows.filter(_beyond(self.order, self.end, descending=not descending))
        return rows.order_by(*self.order.by(reverse=self.reverse))[: self.most]


def all_rows(rows: QuerySet[M], stretch: Stretch) -> list[M]:
    """Read a stretch of all `rows`."""
    return list(stretch.of(rows))


class CompiledStretches(Generic[M]):
    """Stretches of `build(*values)`, whose statements are compiled once for each kind of them."""

    def __init__(self, build: Callable[..., QuerySet[M]]) -> None:
        self._build = build
        self._queries: dict[tuple[Stretch, bool], CompiledQuery[M, M]] = {}

    def reader(
        self, rows: QuerySet[M], *values: Value
    ) -> Callable[[QuerySet[M], Stretch], list[M]]:
        """Return what reads `rows`, which are those of `build(*values)`, and any others as ever."""

        def read(asked: QuerySet[M], stretch: Stretch) -> list[M]:
            if asked is not rows or stretch.end:
                return all_rows(asked, stretch)
            return self._query(stretch)(*values, *(stretch.place or ()))

        return read

    def _query(self, stretch: Stretch) -> CompiledQuery[M, M]:
        kind = (stretch._replace(place=None), stretch.place is None)

        def build(*values: Value) -> QuerySet[M]:
            count = len(stretch.place or ())
            mine, place = values[: len(values) - count], values[len(values) - count :]
            return stretch._replace(place=place or None).of(self._build(*mine))

        return self._queries.setdefault(kind, CompiledQuery(build))


def rows_of_either(*conditions: Q) -> Callable[[QuerySet[M], Stretch], list[M]]:
    """Return what reads a stretch of the rows that meet one of the `conditions`.

    Each takes a query, since an index in order serves one condition but not an OR of two.
    """

    def read(rows: QuerySet[M], stretch: Stretch) -> list[M]:
        found = {row.pk: row for one in conditions for row in stretch.of(rows.filter(one))}
        down = stretch.order.descending != stretch.reverse
        by = attrgetter(*stretch.order.fields)
        return sorted(found.values(), key=by, reverse=down)[: stretch.most]

    return read


def page(
    rows: QuerySet[M],
    order: Order,
    params: Mapping[str, str],
    *,
    size: int,
    read: Callable[[QuerySet[M], Stretch], list[M]] = all_rows,
) -> ResultPage[M]:
    """Return the page that `params` ask for: below the row in `after`, or above that in `before`.

    The other parameters stay in the query strings, so a filter holds from page to page. A place
    that makes no sense gives the first page. `read` may leave out rows.
    """
    before = read_place(order, params.get("before", ""))
    if before:
        found = read(rows, Stretch(order, before, reverse=True, most=size + 1))
        if len(found) > size:
            return _page(found[:size][::-1], order, params, newer=True, older=True)
    after = None if before else read_place(order, params.get("after", ""))
    found = read(rows, Stretch(order, after, reverse=False, most=size + 1))
    return _page(found[:size], order, params, newer=after is not None, older=len(found) > size)


def _page(
    rows: list[M], order: Order, params: Mapping[str, str], *, newer: bool, older: bool
) -> ResultPage[M]:
    kept = {key: value for key, value in params.items() if value and key not in PLACE_PARAMETERS}

    def after(row: M) -> str:
        return _query(kept, "after", place_after(order, row))

    before = _query(kept, "before", place_after(order, rows[0])) if newer and rows else ""
    return ResultPage(rows, before, after(rows[-1]) if older and rows else "", after)


PLACE_PARAMETERS = ("before", "after")


def _query(kept: Mapping[str, str], name: str, place: str) -> str:
    return "?" + urlencode({**kept, name: place})


def _beyond(order: Order, place: Place, *, descending: bool) -> Q:
    """Rows beyond `place`. The separate bound on the first field lets an index find the start."""
    compare = "lt" if descending else "gt"
    first, *rest = order.fields
    if not rest:
        return Q(**{f"{first}__{compare}": place[0]})
    beyond = _beyond(replace(order, fields=tuple(rest)), place[1:], descending=descending)
    return Q(**{f"{first}__{compare}e": place[0]}) & (
        Q(**{f"{first}__{compare}": place[0]}) | beyond
    )


def place_after(order: Order, row: Model) -> str:
    """Return where a row stands, for an address: its unique value, then what it sorts by."""
    *rest, unique = (getattr(row, field) for field in order.fields)
    shown = [value.isoformat() if isinstance(value, datetime) else str(value) for value in rest]
    return "~".join([str(unique), *shown])


def read_place(order: Order, text: str) -> Place | None:
    """Read what `place_after` wrote; None for anything else."""
    unique, *values = text.split("~", len(order.fields) - 1)
    if not is_number(unique) or len(values) < len(order.fields) - 1 or "\0" in text:
        return None
    try:
        place = [READ[field](value) for field, value in zip(order.fields, values, strict=False)]
    except ValueError:
        return None
    return (*place, int(unique))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if not moment.tzinfo:
        raise ValueError(text)
    return moment


def _flag(text: str) -> int:
    if text not in ("0", "1"):
        raise ValueError(text)
    return int(text)


READ: dict[str, Callable[[str], Any]] = {
    "name": str,
    "shown": str,
    "changed_at": _moment,
    "at": _moment,
    "in_name": _flag,
}
"""How a place says by what a list is sorted."""


def is_number(text: str) -> bool:
    """Return whether `text` from an address is a number that a database can look up."""
    return text.isascii() and text.isdigit() and len(text) <= 18
