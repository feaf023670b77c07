"""Builds the tools of a form: those with a box, functions in rows, and others that are kept."""

from math import inf
from typing import Any

from django.utils.translation import gettext as _

from assistants.definition import LIMITS
from assistants.forms.builder.typed import read_schema
from assistants.forms.posted.answers import Answers
from assistants.forms.text import parse_number

_PARAMETERS_LEVELS = LIMITS.nesting - 3  # tools, tool and function are around them

ToolPosition = tuple[float, int]
"""Where a tool goes: a position from 1, and before (0), at (1) or after (2) the tool there."""


def build_tools(answers: Answers, tools: Any) -> tuple[Any, list[str]]:
    """Return the tools as answered, and the row that each of them came from.

    `tools` is the old value, of any type. The order stays, but a typed position moves a function.
    New tools go to the end. Too many tools for a form stay unchanged.
    """
    if "tools" in answers.shown.kept:
        return tools, []
    placed: list[tuple[ToolPosition, str, Any]] = []
    for row, index in answers.shown.tools.items():
        if _stays(answers, row):
            _edit(answers, row, tools[index])
            placed.append((_place(answers, row, index + 1), row, tools[index]))
    for row in ("code_interpreter-0", "file_search-0"):
        if row not in answers.shown.tools and answers.checked(f"{row}-enabled"):
            tool: dict[str, Any] = {"type": _group(row)}
            _edit(answers, row, tool)
            placed.append(((inf, 0), row, tool))
    for row, tool in _new_functions(answers):
        placed.append((_place(answers, row, None), row, tool))
    placed.sort(key=lambda entry: entry[0])
    if not placed and not isinstance(tools, list):
        return tools, []
    return [tool for _place, _row, tool in placed], [row for _place, row, _tool in placed]


def _group(row: str) -> str:
    return row.rpartition("-")[0]


def _stays(answers: Answers, row: str) -> bool:
    if _group(row) in ("code_interpreter", "file_search"):
        return answers.checked(f"{row}-enabled")
    return not (f"{_group(row)}-TOTAL_FORMS" in answers.data and answers.ticked(f"{row}-DELETE"))


def _edit(answers: Answers, row: str, tool: Any) -> None:
    """Put what was typed into the row's tool."""
    if _group(row) == "function" and "function-TOTAL_FORMS" in answers.data:
        _function(answers, row, tool)
    elif _group(row) == "file_search":
        _file_search(answers, row, tool)


def _new_functions(answers: Answers) -> list[tuple[str, Any]]:
    """Return the rows that were appended and filled in."""
    shown = sum(_group(row) == "function" for row in answers.shown.tools)
    found = []
    for number in answers.rows("function", shown) or ():
        row = f"function-{number}"
        if number < shown or answers.ticked(f"{row}-DELETE"):
            continue
        tool: dict[str, Any] = {"type": "function", "function": {}}
        errors = len(answers.errors)
        _function(answers, row, tool)
        if tool["function"] or len(answers.errors) > errors:
            found.append((row, tool))
    return found


def _function(answers: Answers, row: str, tool: dict[str, Any]) -> None:
    function = tool["function"]
    answers.word(function, "name", f"{row}-name")
    answers.text(function, "description", f"{row}-description")
    read_schema(answers, function, "parameters", f"{row}-parameters", levels=_PARAMETERS_LEVELS)
    answers.switch(function, "strict", f"{row}-strict")
    answers.rest(tool, f"{row}-rest", levels=_PARAMETERS_LEVELS)


def _file_search(answers: Answers, row: str, tool: dict[str, Any]) -> None:
    options = dict(tool.get("file_search", {}))
    ranking = dict(options.get("ranking_options", {}))
    answers.word(ranking, "ranker", f"{row}-ranker")
    answers.number(ranking, "score_threshold", f"{row}-score_threshold")
    _nest(options, "ranking_options", ranking)
    answers.number(options, "max_num_results", f"{row}-max_num_results")
    _nest(tool, "file_search", options)


def _nest(target: dict[str, Any], key: str, value: dict[str, Any]) -> None:
    """Put an object back where it was; remove one that is empty now."""
    if value == target.get(key, {}):
        return
    if value:
        target[key] = value
    else:
        del target[key]


def _place(answers: Answers, row: str, position: int | None) -> ToolPosition:
    stays: ToolPosition = (inf, 0) if position is None else (position, 1)
    text = answers.changed(f"{row}-position")
    if text is None:
        return stays
    try:
        wanted = parse_number(text)
    except ValueError:
        answers.error(f"{row}-position", _("Enter a whole number: 1 is the first tool."))
        return stays
    if wanted is None:
        return stays
    return (wanted, 0 if position is None or wanted < position else 2)
