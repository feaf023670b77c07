"""Which differences between sent and stored are documented defaults, filled in by a remote."""

from typing import Any

import pytest

from assistants.definition import Definition
from assistants.definition.defaults import filled_in, stored_otherwise
from tests.definition.examples import function

FILE_SEARCH = {"type": "file_search"}
SCHEMA = {"name": "n", "schema": {"type": "object"}}
EMPTY = {"type": "object", "properties": {}}


def compared(sent: dict[str, Any], stored: dict[str, Any]) -> tuple[list[str], list[str]]:
    both = Definition.parse({"model": "m", **sent}), Definition.parse({"model": "m", **stored})
    return filled_in(*both), stored_otherwise(*both)


def search(**options: Any) -> dict[str, Any]:
    return {"type": "file_search", "file_search": options}


def answers(**schema: Any) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {**SCHEMA, **schema}}


@pytest.mark.parametrize(
    ("field", "sent", "stored"),
    [
        ("temperature", None, 1),
        ("temperature", None, 1.0),
        ("top_p", None, 1),
        ("response_format", None, "auto"),
        ("response_format", None, {"type": "text"}),
        ("reasoning_effort", None, "medium"),
        ("tools", [function("f")], [function("f", strict=False)]),
        ("tools", [function("f")], [function("f", strict=False, parameters={})]),
        ("tools", [function("f")], [function("f", parameters=EMPTY)]),
        ("tools", [FILE_SEARCH], [search(max_num_results=20)]),
        ("tools", [FILE_SEARCH], [search(ranking_options={"score_threshold": 0})]),
        (
            "tools",
            [search(max_num_results=7)],
            [search(max_num_results=7, ranking_options={"ranker": "auto", "score_threshold": 0.0})],
        ),
        ("response_format", answers(), answers(strict=False)),
    ],
)
def test_a_documented_default_for_what_was_not_sent_was_filled_in(
    field: str, sent: Any, stored: Any
) -> None:
    assert compared({field: sent}, {field: stored}) == ([field], [])


@pytest.mark.parametrize(
    ("field", "sent", "stored"),
    [
        ("temperature", 0.5, 1),
        ("temperature", None, 0.7),
        ("temperature", None, "1"),
        ("temperature", None, True),
        ("top_p", 0.9, 1),
        ("top_p", 1, None),
        ("response_format", "none", "auto"),
        ("response_format", {"type": "text"}, "auto"),
        ("response_format", {"type": "json_object"}, {"type": "text"}),
        ("response_format", None, {"type": "json_object"}),
        ("response_format", answers(strict=True), answers(strict=False)),
        ("reasoning_effort", None, "high"),
        ("name", None, "Assistant"),
        ("instructions", "Be kind.", None),
        ("metadata", None, {"a": "b"}),
        ("tools", None, [{"type": "code_interpreter"}]),
        ("tools", [function("f")], [function("f", strict=True)]),
        ("tools", [function("f")], [function("g", strict=False)]),
        ("tools", [function("f", strict=True)], [function("f", strict=False)]),
        ("tools", [function("f")], [function("f", parameters={"type": "object", "x": 1})]),
        ("tools", [search(max_num_results=7)], [search(max_num_results=20)]),
        ("tools", [FILE_SEARCH], [search(max_num_results=3)]),
        ("tools", [FILE_SEARCH], [FILE_SEARCH, FILE_SEARCH]),
        ("tools", [{"type": []}], [{"type": [], "x": 1}]),
        ("tools", "all", ["all"]),
        ("unheard_of", None, 1),
    ],
)
def test_anything_else_was_stored_differently(field: str, sent: Any, stored: Any) -> None:
    assert compared({field: sent}, {field: stored}) == ([], [field])


def test_both_can_happen_at_once() -> None:
    sent = {"temperature": 1.7, "instructions": "Be kind."}
    stored = {"temperature": 1, "top_p": 1, "instructions": "Be kind.", "response_format": "auto"}
    assert compared(sent, stored) == (["top_p", "response_format"], ["temperature"])
    assert compared(sent, sent) == ([], [])
