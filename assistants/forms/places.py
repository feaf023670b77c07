"""Finds the input that shows a place in a definition."""

import re
from collections.abc import Mapping, Sequence

from assistants.definition import Problem

_PART = re.compile(r"[^.\[\]'\"]+")
_BEFORE = re.compile(r"(?:[$#/.]+|body(?=[./\[]|$))+")
"""Prefixes of a path in a body: those of JSON paths and pointers, and of Python servers."""
_NOWHERE = re.compile(r"(?:None|null|\d+)?")
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


def input_for_path(
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
        row = _pair_row(path.removeprefix("metadata"), pair_rows or {})
        return f"{row}-value" if row else "metadata"
    dotted = ".".join(parts)
    for prefix, name in _FIXED.items():
        if dotted == prefix or dotted.startswith(f"{prefix}."):
            return name
    return parts[0]


def input_for_param(param: str, tool_rows: Sequence[str], pair_rows: Mapping[str, str]) -> str:
    """Return as `input_for_path` does what a gateway's `param` means; "" where it means no place.

    Besides the API's own paths it may be `tools.2.function`, `/tools/2/function` or
    `$.tools[2]['function']`.
    """
    start = _BEFORE.match(param)
    path = param[start.end() :] if start else param
    if start and "/" in start[0]:
        path = path.replace("/", ".")
    return "" if _NOWHERE.fullmatch(path) else input_for_path(path, tool_rows, pair_rows)


def _pair_row(rest: str, pair_rows: Mapping[str, str]) -> str | None:
    """Return the row of the key in `.key`, `[key]` or `['key']`; a key may hold such marks too."""
    key = rest.lstrip(".")
    return pair_rows.get(key) or pair_rows.get(rest.strip(".[]'\""))


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


def input_for_problem(
    problem: Problem, tool_rows: Sequence[str] = (), pair_rows: Mapping[str, str] | None = None
) -> str:
    """Return the name of the form's field that a problem belongs to; see `input_for_path`."""
    if problem.code == "property_name_above_max_length" and problem.field == "metadata":
        row = (pair_rows or {}).get(problem.params["name"])
        return f"{row}-key" if row else "metadata"
    return input_for_path(problem.path, tool_rows, pair_rows)
