import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import models

from assistants.definition import PAGE_LIMITS

_ENTRIES = json.JSONDecoder()


def first_entries(start: str) -> tuple[list[Any], bool]:
    """Return the entries of a JSON array that are whole in its first characters, and whether the
    array ends there."""
    found: list[Any] = []
    place = 1  # behind the bracket
    while place < len(start) and start[place] != "]":
        try:
            entry, place = _ENTRIES.raw_decode(start, place)
        except ValueError:
            return found, False
        found.append(entry)
        place += start[place : place + 1] == ","
    return found, start[place : place + 1] == "]"


MORE: dict[str, Any] = {"field": "", "kind": "more"}
"""Ends a list of changed fields that goes on; `count`, where it is known, says how
far."""

FILLED_IN: dict[str, Any] = {"kind": "default"}
"""Marks a field in which a remote filled in the default of what was not sent."""


def few_entries(start: str | None, whole: Callable[[], list[Any]]) -> list[Any]:
    """Return the first of the changed fields in a column, then `MORE` where there are more.

    `start` is the beginning of the column's text, where a list has read no more of it; else `whole`
    gives all of them.
    """
    found, is_whole = (whole(), True) if start is None else first_entries(start)
    if is_whole and len(found) <= PAGE_LIMITS.fields + 1:
        return found
    left = {"count": len(found) - PAGE_LIMITS.fields} if is_whole else {}
    return [*found[: PAGE_LIMITS.fields], {**MORE, **left}]


if TYPE_CHECKING:
    AnyTextField = models.TextField[Any, Any]
else:
    AnyTextField = models.TextField


class JSONTextField(AnyTextField):
    """JSON kept as text: the order of keys and every character survive on each database.

    PostgreSQL's `jsonb` sorts keys and refuses NUL and lone surrogates, which remotes may hold.
    """

    if TYPE_CHECKING:  # any JSON goes in and comes out
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any
        _pyi_lookup_exact_type: Any

    def from_db_value(self, value: str | None, *args: Any) -> Any:
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else json.dumps(value, separators=(",", ":"))
