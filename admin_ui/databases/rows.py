"""Rows as Python values, read from SQLite and from PostgreSQL, and a digest that compares them."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Field, Model
from psycopg.types.json import Json

FETCHED_AT_ONCE = 500
"""Rows in memory at once; one holds at most the largest text that anybody saved."""
DIGEST_RANGE = 1 << 256

Row = tuple[Any, ...]
Convert = Callable[[Any], Any]


def columns_of(model: type[Model]) -> "list[Field[Any, Any]]":
    """Return the fields of a model that have a column."""
    return list(model._meta.local_concrete_fields)


def select(model: type[Model]) -> str:
    """Return the statement that reads every row of a model's table."""
    names = ", ".join(f'"{field.column}"' for field in columns_of(model))
    return f'SELECT {names} FROM "{model._meta.db_table}"'  # noqa: S608


def rows_of_sqlite(database: sqlite3.Connection, model: type[Model]) -> Iterator[Row]:
    """Yield the rows of a model's table."""
    return _converted(database.execute(select(model)), model)


def rows_of_postgres(connection: Any, model: type[Model]) -> Iterator[Row]:
    """Yield the rows of a model's table. Needs a transaction."""
    with connection.chunked_cursor() as cursor:
        cursor.itersize = FETCHED_AT_ONCE
        cursor.execute(select(model))
        yield from _converted(iter(cursor.fetchone, None), model)


class Digest:
    """Counts rows, and adds their digests: equal for equal rows in any order."""

    def __init__(self) -> None:
        self.count = self.total = 0

    def watch(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield `rows`, each taken into the digest."""
        for row in rows:
            own = sha256(repr(tuple(map(_plain, row))).encode("utf-8", "surrogatepass"))
            self.total = (self.total + int.from_bytes(own.digest())) % DIGEST_RANGE
            self.count += 1
            yield row

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Digest) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]


def digest_of(rows: Iterable[Row]) -> Digest:
    """Return the digest of rows."""
    digest = Digest()
    for _row in digest.watch(rows):
        pass
    return digest


def _converted(rows: Iterable[Sequence[Any]], model: type[Model]) -> Iterator[Row]:
    converters = [_converter(field) for field in columns_of(model)]
    for row in rows:
        yield tuple(
            None if value is None else convert(value)
            for convert, value in zip(converters, row, strict=True)
        )


def _converter(field: Any) -> Convert:
    while field.remote_field:
        field = field.target_field
    return _CONVERTERS[field.get_internal_type()]


def _time(value: Any) -> datetime:
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _date(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _json(value: Any) -> Any:
    return Json(json.loads(value) if isinstance(value, str | bytes) else value)


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


_CONVERTERS: dict[str, Convert] = {
    **dict.fromkeys(("CharField", "EmailField", "SlugField", "TextField"), str),
    **dict.fromkeys(("AutoField", "BigAutoField", "IntegerField", "BigIntegerField"), int),
    **dict.fromkeys(("PositiveIntegerField", "PositiveBigIntegerField"), int),
    **dict.fromkeys(("SmallIntegerField", "PositiveSmallIntegerField"), int),
    "BinaryField": bytes,
    "BooleanField": bool,
    "DateField": _date,
    "DateTimeField": _time,
    "FloatField": float,
    "JSONField": _json,
    "UUIDField": _uuid,
}
"""From what either database gives, by the kind of field."""


def _plain(value: Any) -> Any:
    return json.dumps(value.obj, sort_keys=True) if isinstance(value, Json) else value
