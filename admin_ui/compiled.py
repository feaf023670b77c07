"""Queries of the ORM that differ in their values alone: compiled once, then only executed."""

from collections.abc import Callable, Sequence
from copy import copy
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

_Model = TypeVar("_Model", bound=Model)
_Row = TypeVar("_Row")
Value = int | str | datetime
LARGEST = 2**63 - 1
"""The largest integer that a column holds."""
MOST_KEPT = 100
"""Values of a statement that is kept. There would be no end of longer lists."""


class CompiledQuery(Generic[_Model, _Row]):
    """The rows of `build(*values)` for other values, without compiling its SQL anew.

    `build` compares columns with each of its arguments, as they are, and with nothing else that
    depends on the time or the request. It is called once for each number of values. Its arguments
    are then markers, of the types of the values, which are found again among the parameters of the
    statement.
    """

    def __init__(self, build: Callable[..., QuerySet[_Model, _Row]]) -> None:
        self._build = build
        self._compiled: dict[tuple[type[Value], ...], _Compiled[_Model, _Row]] = {}

    def __call__(self, *values: Value) -> list[_Row]:
        """Return the rows for `values`. One query; none for an integer that no column can hold."""
        if any(isinstance(value, int) and abs(value) > LARGEST for value in values):
            return []
        if len(values) > MOST_KEPT:
            return list(self._build(*values))
        kinds = tuple(_kind(value) for value in values)
        if kinds not in self._compiled:
            markers = [_marker(place, kind) for place, kind in enumerate(kinds)]
            self._compiled[kinds] = _Compiled(self._build(*markers), markers)
        return self._compiled[kinds].rows(values)


def _kind(value: Value) -> type[Value]:
    return str if isinstance(value, str) else datetime if isinstance(value, datetime) else int


def _marker(place: int, kind: type[Value]) -> Value:
    if kind is datetime:
        return datetime.fromtimestamp(place, UTC)
    return f"marker {place}" if kind is str else 2 * 10**9 + place  # as any integer column holds


class _Compiled(Generic[_Model, _Row]):
    """A queryset with its statement, and the places of the markers in the parameters."""

    def __init__(self, queryset: QuerySet[_Model, _Row], markers: Sequence[Value]) -> None:
        self.queryset = queryset
        self.compiler: SQLCompiler = queryset.query.get_compiler(queryset.db)
        self.sql, params = self.compiler.as_sql()
        self.params: tuple[Any, ...] = tuple(params)
        sought = [self._as_param(marker) for marker in markers]
        self.places = [(at, sought.index(p)) for at, p in enumerate(params) if p in sought]
        missing = set(range(len(markers))) - {value for _at, value in self.places}
        if missing:
            raise ValueError(f"The query does not filter by values {sorted(missing)}.")

    def _as_param(self, value: Value) -> Any:
        if isinstance(value, datetime):
            return connections[self.queryset.db].ops.adapt_datetimefield_value(value)
        return value

    def rows(self, values: Sequence[Value]) -> list[_Row]:
        params = list(self.params)
        for at, value in self.places:
            params[at] = self._as_param(values[value])
        queryset = self.queryset.all()
        compiler = copy(self.compiler)
        # A connection belongs to one thread.
        compiler.connection = connections[queryset.db]
        compiler.as_sql = lambda *_args, **_options: (self.sql, tuple(params))  # type: ignore[method-assign]
        queryset.query.get_compiler = lambda *_args, **_options: compiler  # type: ignore[method-assign]
        return list(queryset)
