"""What a search finds, in the order of a list, without reading all hits of a common word.

The search first looks through the beginning of the list, row by row. If this gives too few hits,
the index gives all of them: mostly, there are few. Either way, no hit is left out (decision 37).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Case, IntegerField, QuerySet, When
from django.db.models.expressions import RawSQL

from admin_ui.paging import Place, Stretch
from assistants.models import Assistant
from assistants.search import Query
from assistants.selectors.search.conditions import in_index, in_row, row_key

LOOKED_THROUGH = (200, 1_000)
"""Rows that are looked through one by one: at first, and if that gave a good part of the hits."""
GOOD_PART = 0.2
"""The part of the hits wanted that makes it worth looking further."""


def matching(rows: QuerySet[Assistant], query: Query) -> QuerySet[Assistant]:
    """Keep the assistants that hold every term of `query`; `in_name` is 1 where the name does."""
    in_name = Case(When(_condition(query, "name"), then=1), default=0, output_field=IntegerField())
    columns: dict[str, Any] = {"in_name": in_name}
    return rows.filter(_condition(query, "words")).annotate(**columns)


def searching(query: Query) -> Callable[[QuerySet[Assistant], Stretch], list[Assistant]]:
    """Return how `paging.page` reads the assistants that hold every term of `query`.

    Their order may begin with `in_name`, which is 1 where the name holds all terms.
    """

    def read(rows: QuerySet[Assistant], stretch: Stretch) -> list[Assistant]:
        if stretch.order.fields[0] == "in_name":
            return _by_part(rows, query, stretch)
        hits, is_all = _look_through(rows, query, stretch)
        if is_all or len(hits) >= stretch.most:
            return _fetched(rows, hits[: stretch.most])
        return list(stretch.of(matching(rows, query)))

    return read


class Hit(NamedTuple):
    pk: int
    in_name: int


def _by_part(rows: QuerySet[Assistant], query: Query, whole: Stretch) -> list[Assistant]:
    """Read the hits in names, then the other ones; `reverse` the other way round."""
    order = replace(whole.order, fields=whole.order.fields[1:])
    parts = [1, 0] if order.descending != whole.reverse else [0, 1]
    place: Place | None = None
    if whole.place:
        part, *place_in_part = whole.place
        parts, place = parts[parts.index(part) :], tuple(place_in_part)
    found: list[Hit] = []
    looked: dict[Place | None, tuple[list[Hit], bool]] = {}
    for part in parts:
        stretch = Stretch(order, place, whole.reverse, whole.most - len(found))
        if place not in looked:
            looked[place] = _look_through(rows, query, stretch)
        hits, is_all = looked[place]
        of_part = [hit for hit in hits if hit.in_name == part]
        if not is_all and len(of_part) < stretch.most:
            if not found and len(hits) < stretch.most:
                return list(whole.of(matching(rows, query)))
            of_part = _of_part(rows, query, stretch, part)
        found += of_part[: stretch.most]
        if len(found) >= whole.most:
            break
        place = None
    return _fetched(rows, found)


def _look_through(
    rows: QuerySet[Assistant], query: Query, stretch: Stretch
) -> tuple[list[Hit], bool]:
    """Return the hits among the first rows of a stretch, and whether there are no other rows."""
    hits, is_all = [], False
    for count in LOOKED_THROUGH:
        seen = _look_at(rows, query, stretch._replace(most=count))
        hits, is_all = [hit for hit in seen if hit.in_name >= 0], len(seen) < count
        if is_all or not stretch.most * GOOD_PART <= len(hits) < stretch.most:
            break
    return hits, is_all


def _look_at(rows: QuerySet[Assistant], query: Query, stretch: Stretch) -> list[Hit]:
    """Return each row of a stretch, with -1 for `in_name` where it is no hit."""
    columns = [name if name != "pk" else "id" for name in stretch.order.fields]
    try:
        listed, values = stretch.of(rows).values_list(*columns).query.sql_with_params()
    except EmptyResultSet:  # a filter that nothing can pass
        return []
    found, of_text = in_row(query, "words")
    named, of_name = in_row(query, "name")
    way = "DESC" if stretch.order.descending != stretch.reverse else "ASC"
    order = ", ".join(f"listed.{column} {way}" for column in columns)
    statement = _LOOK_AT.format(found=found, named=named, rows=listed, key=row_key(), order=order)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*of_text, *of_name, *values])
        return [Hit(*row) for row in cursor.fetchall()]


_LOOK_AT = """
SELECT listed.id, CASE WHEN {found} THEN CASE WHEN {named} THEN 1 ELSE 0 END ELSE -1 END
FROM ({rows}) AS listed LEFT JOIN assistants_words ON {key} = listed.id ORDER BY {order}
"""


def _of_part(rows: QuerySet[Assistant], query: Query, stretch: Stretch, in_name: int) -> list[Hit]:
    """Return the hits in names (1) or the other ones (0) of a stretch, by the index."""
    named = _condition(query, "name")
    rows = rows.filter(named) if in_name else rows.filter(_condition(query, "words")).exclude(named)
    return [Hit(pk, in_name) for pk in stretch.of(rows).values_list("pk", flat=True)]


def _condition(query: Query, column: str) -> RawSQL:
    condition, values = in_index(query, column)
    return RawSQL(f"({condition})", values, BooleanField())  # noqa: S611


def _fetched(rows: QuerySet[Assistant], hits: list[Hit]) -> list[Assistant]:
    """Return the rows of `hits`, in that order."""
    by_pk = {row.pk: row for row in rows.filter(pk__in=[hit.pk for hit in hits])} if hits else {}
    found = []
    for hit in hits:
        if row := by_pk.pop(hit.pk, None):  # gone since, or met twice because its name changed
            row.in_name = hit.in_name
            found.append(row)
    return found
