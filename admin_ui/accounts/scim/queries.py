"""The query of a list: a filter of equal values, and a page by number."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from admin_ui.accounts.scim.errors import invalid

LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
MOST_A_LIST = 200
LONGEST_FILTER = 1000
ALWAYS_RETURNED = ("schemas", "id", "meta")
_TERM = r'([a-zA-Z][\w.:\[\] "]*?)\s+eq\s+("(?:[^"\\]|\\.)*"|true|false)'
_FILTER = re.compile(rf"\s*{_TERM}(?:\s+and\s+{_TERM})?\s*", re.I)

Conditions = Mapping[str, Callable[[Any], Q]]
"""The condition for each attribute that a filter may name, in lower case."""


def filtered(rows: QuerySet[Any], query: QueryDict, conditions: Conditions) -> QuerySet[Any]:
    """Return the rows that the filter lets through: `a eq "x"`, or two of these with `and`.

    Raises `ScimError` for any other filter.
    """
    text = query.get("filter", "")
    if not text:
        return rows
    found = _FILTER.fullmatch(text) if len(text) <= LONGEST_FILTER else None
    if found is None:
        raise _unknown_filter()
    parts = [part for part in found.groups() if part is not None]
    for name, value in zip(parts[::2], parts[1::2], strict=True):
        condition = conditions.get(name.lower())
        if condition is None:
            raise _unknown_filter()
        rows = rows.filter(condition(_value(value)))
    return rows


def listed(
    rows: QuerySet[Any], query: QueryDict, show: Callable[[Any], dict[str, Any]]
) -> dict[str, Any]:
    """Return a page of the rows: `count` of them from `startIndex` on, which begins with 1."""
    start = max(1, _number(query, "startIndex", 1))
    count = min(MOST_A_LIST, max(0, _number(query, "count", 100)))
    page: list[Model] = list(rows[start - 1 : start - 1 + count])
    return {
        "schemas": [LIST_SCHEMA],
        "totalResults": rows.count(),
        "startIndex": start,
        "itemsPerPage": len(page),
        "Resources": [show(row) for row in page],
    }


def leaves_out(query: QueryDict, name: str) -> bool:
    """Return whether the answer shall be without the attribute `name`, in lower case."""
    wanted = [entry.partition(".")[0] for entry in _names(query, "attributes")]
    return name in _names(query, "excludedAttributes") or bool(wanted and name not in wanted)


def _names(query: QueryDict, name: str) -> list[str]:
    texts = query.get(name, "").lower().replace(" ", "").split(",")
    return [text.rpartition(":")[2] for text in texts if text]


def shaped(found: dict[str, Any], query: QueryDict) -> dict[str, Any]:
    """Return a resource with the attributes that the query asks for, as a whole each."""
    return {
        name: value
        for name, value in found.items()
        if name in ALWAYS_RETURNED or not leaves_out(query, name.lower())
    }


def key_is(value: Any) -> Q:
    """Return the condition that a row has this ID, which may be none."""
    text = str(value)
    known = text.isascii() and text.isdecimal() and len(text) <= 18
    return Q(pk=int(text)) if known else Q(pk__in=[])


def _number(query: QueryDict, parameter: str, default: int) -> int:
    text = query.get(parameter, str(default))
    if not re.fullmatch(r"-?[0-9]{1,9}", text):
        raise invalid(_("%(parameter)s is no number.") % {"parameter": parameter})
    return int(text)


def _value(text: str) -> Any:
    try:
        value = json.loads(text.lower() if text[0] != '"' else text)
    except ValueError as error:
        raise _unknown_filter() from error
    if isinstance(value, str) and "\0" in value:
        raise _unknown_filter()
    return value


def _unknown_filter() -> Exception:
    text = _('Filters are such as: userName eq "zoe@example.com"')
    return invalid(text, "invalidFilter")
