"""What a revision changed, small enough to be stored with it and told in a sentence."""

from math import isfinite
from typing import Any

from assistants.definition import Definition, quotable
from assistants.diff.changes import FieldChange, compare
from assistants.diff.words import count_words

MOST_NAMES = 20
"""Names listed per kind of change; `more` counts those left out."""


def summarise(old: Definition | None, new: Definition) -> list[dict[str, Any]]:
    """Tell the changed fields as JSON-able entries `{"field", "kind", …}` in display order.

    - Short values have `old` and `new` (null where not set), cut at 80 characters; for a response
      format that is its type, and both stay out where a value is no short one.
    - Texts have `added` and `removed`: numbers of words. The name has both kinds.
    - Tools, metadata and resources have `added`, `removed`, `changed`: lists of names, at most
      `MOST_NAMES` each, with `more` for the number left out, and `moved` when the order changed.
    - An entry of the kind "more" comes last where there are too many fields to name: `count` is how
      many it stands for, and `field` is empty.
    """
    return [_entry(change) for change in compare(old, new)]  # few, whatever the definitions hold


def _entry(change: FieldChange) -> dict[str, Any]:
    if change.kind == "more":
        return {"field": "", "kind": "more", "count": change.new}
    entry: dict[str, Any] = {"field": quotable(change.field), "kind": change.kind}
    if change.pieces:
        entry["added"], entry["removed"] = count_words(change.pieces)
    if change.field in ("tools", "metadata", "tool_resources"):
        entry |= _names(change)
    elif change.field not in ("description", "instructions"):
        old, new = _short(change.old), _short(change.new)
        if old != new:
            entry |= {"old": old, "new": new}
    return entry


def _names(change: FieldChange) -> dict[str, Any]:
    names: dict[str, Any] = {}
    more = 0
    for kind in ("added", "removed", "changed"):
        keys = [quotable(item.key) for item in change.items if item.kind == kind]
        names[kind] = keys[:MOST_NAMES]
        more += len(keys[MOST_NAMES:])
    if more:
        names["more"] = more
    return {**names, "moved": change.moved}


def _short(value: Any) -> Any:
    """The value if it is short, the type of an object that has one, else nothing."""
    if isinstance(value, dict):
        value = value.get("type")
    if isinstance(value, str) or (isinstance(value, float) and not isfinite(value)):
        return quotable(value)
    return value if isinstance(value, bool | int | float) else None
