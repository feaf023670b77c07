"""The lines that a change adds to a definition and removes from it, for a search. No Django."""

import json
from typing import Any

from assistants.definition import FIELD_NAMES, LIMITS, Definition, changed_fields
from assistants.diff.lines import only_in_one

TEXTS = ("name", "description", "instructions")
MOST_OF_A_FIELD = LIMITS.instructions
"""Characters of a field that are compared, since what a gateway holds may have any size."""


def changed_lines(old: Definition | None, new: Definition) -> tuple[str, str]:
    """Return the lines that `new` adds to `old`, and those it removes; a line that moved is none.

    Texts are compared by their lines, and everything else as pages could show it: a pair of
    metadata is a line, a setting too, and tools and schemas are indented JSON. Blank lines are
    left out.
    """
    changed = set(FIELD_NAMES) if old is None else set(changed_fields(old, new))
    added, removed = [], []
    for field in FIELD_NAMES:
        if field in changed:
            before = _written(field, old.value(field)) if old is not None else ""
            less, more = only_in_one(before, _written(field, new.value(field)))
            removed.append(less)
            added.append(more)
    return _without_blanks("".join(added)), _without_blanks("".join(removed))


def _without_blanks(text: str) -> str:
    return "".join(f"{line}\n" for line in text.split("\n") if line.strip())


def _written(field: str, value: Any) -> str:
    """Return the lines of a value, each with its end."""
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, str):
        text = value if field in TEXTS else f"{field}: {value}"
    elif field == "metadata" and isinstance(value, dict):
        text = "\n".join(f"{key}: {each}" for key, each in value.items())
    elif isinstance(value, int | float):
        text = f"{field}: {value}"
    else:
        indented = json.dumps(value, ensure_ascii=False, indent=1).split("\n")
        text = "\n".join(line.strip() for line in indented)
    return f"{text[:MOST_OF_A_FIELD]}\n"
