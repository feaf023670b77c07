"""The lines that a change adds to a definition and removes from it, for a search. No Django."""

import json
from collections.abc import Iterator
from typing import Any

from assistants.definition import FIELD_NAMES, LIMITS, Definition
from assistants.diff.lines import only_in_one

MOST_OF_A_FIELD = LIMITS.instructions
"""Characters of a field that are compared, since what a gateway holds may have any size."""


def changed_lines(old: Definition | None, new: Definition) -> tuple[str, str]:
    """Return the lines that `new` adds to `old`, and those it removes; a line that moved is none.

    Texts are compared by their lines, and everything else as pages could show it: a pair of
    metadata is a line, a setting too, and tools and schemas are indented JSON.
    """
    if old is None:
        return "".join(_joined(_lines(new, field)) for field in FIELD_NAMES), ""
    added, removed = [], []
    for field in FIELD_NAMES:
        before, after = _lines(old, field), _lines(new, field)
        if before != after:
            less, more = only_in_one(_joined(before), _joined(after))
            removed.append(less)
            added.append(more)
    return "".join(added), "".join(removed)


def _joined(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _lines(definition: Definition, field: str) -> list[str]:
    return [line for line in _written(field, definition.value(field)) if line.strip()]


def _written(field: str, value: Any) -> Iterator[str]:
    if value in (None, "", [], {}):
        return
    if isinstance(value, str):
        text = value if field in ("name", "description", "instructions") else f"{field}: {value}"
        yield from text[:MOST_OF_A_FIELD].split("\n")
    elif field == "metadata" and isinstance(value, dict):
        yield from (f"{key}: {each}" for key, each in value.items())
    elif isinstance(value, int | float):
        yield f"{field}: {value}"
    else:
        text = json.dumps(value, ensure_ascii=False, indent=1)
        yield from (line.strip() for line in text[:MOST_OF_A_FIELD].split("\n"))
