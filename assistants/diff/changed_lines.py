"""The lines that a change adds to a definition and removes from it, for a search. No Django."""

import json
from dataclasses import dataclass
from typing import Any

from assistants.definition import FIELD_NAMES, LIMITS, Definition, changed_fields
from assistants.diff.lines import only_in_one

TEXTS = ("name", "description", "instructions")
MOST_OF_A_FIELD = LIMITS.instructions
"""Characters of a field that are compared, since what a gateway holds may have any size."""


@dataclass(frozen=True)
class FieldLines:
    """The lines that a change adds to a field and removes from it, without blank ones."""

    field: str
    added: str
    removed: str


def changed_lines(old: Definition | None, new: Definition) -> tuple[str, str]:
    """Return the lines that `new` adds to `old`, and those it removes; a line that moved is none.

    Texts are compared by their lines, and everything else as pages could show it: a pair of
    metadata is a line, a setting too, and tools and schemas are indented JSON. Blank lines are
    left out.
    """
    fields = lines_by_field(old, new)
    return "".join(each.added for each in fields), "".join(each.removed for each in fields)


def lines_by_field(old: Definition | None, new: Definition) -> list[FieldLines]:
    """Return what `changed_lines` does, by field, for those fields that have such lines."""
    changed = set(FIELD_NAMES) if old is None else set(changed_fields(old, new))
    found = []
    for field in FIELD_NAMES:
        if field in changed:
            before = _written(field, old.value(field)) if old is not None else ""
            less, more = only_in_one(before, _written(field, new.value(field)))
            found.append(FieldLines(field, _without_blanks(more), _without_blanks(less)))
    return [each for each in found if each.added or each.removed]


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
