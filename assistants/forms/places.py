"""Where in the form a place in a definition stands."""

import re
from collections.abc import Mapping, Sequence

from assistants.definition import Problem

_PART = re.compile(r"[^.\[\]]+")
_FIXED = {
    "tool_resources.code_interpreter": "code_interpreter_file_ids",
    "tool_resources.file_search": "vector_store_ids",
    "response_format.json_schema.description": "response_schema_description",
    "response_format.json_schema.schema": "response_schema_schema",
    "response_format.json_schema.strict": "response_schema_strict",
    "response_format.json_schema": "response_schema_name",
}
_OF_FUNCTION = ("name", "description", "parameters", "strict")
_OF_FILE_SEARCH = ("max_num_results", "ranker", "score_threshold")


def place(
    path: str, tool_rows: Sequence[str] = (), pair_rows: Mapping[str, str] | None = None
) -> str:
    """Return the name of the form's field that an API path such as `tools[2].function.name` means.

    A place that no single field shows gives the row ("function-2") or the group ("tools").
    """
    parts: list[str] = _PART.findall(path)
    if not parts:
        return ""
    if parts[0] == "tools":
        return _tool_field(parts[1:], tool_rows)
    if parts[0] == "metadata":
        row = (pair_rows or {}).get(path.removeprefix("metadata").lstrip("."))
        return f"{row}-value" if row else "metadata"
    for prefix, name in _FIXED.items():
        if path == prefix or path.startswith((f"{prefix}.", f"{prefix}[")):
            return name
    return parts[0]


def _tool_field(parts: list[str], tool_rows: Sequence[str]) -> str:
    index = int(parts[0]) if parts and parts[0].isdecimal() else len(tool_rows)
    if index >= len(tool_rows):
        return "tools"
    row = tool_rows[index]
    names = _OF_FUNCTION if row.startswith("function-") else _OF_FILE_SEARCH
    name = next((part for part in parts[1:] if part in names), None)
    if name is None and row.endswith("-0") and not row.startswith(("function-", "other-")):
        name = "enabled"
    return f"{row}-{name}" if name else row


def place_of(
    problem: Problem, tool_rows: Sequence[str] = (), pair_rows: Mapping[str, str] | None = None
) -> str:
    """Return the name of the form's field that a problem belongs to; see `place`."""
    if problem.code == "property_name_above_max_length" and problem.field == "metadata":
        row = (pair_rows or {}).get(problem.params["name"])
        return f"{row}-key" if row else "metadata"
    return place(problem.path, tool_rows, pair_rows)
