"""Whole functions and formats of answers, as people paste them where a schema belongs."""

from typing import Any

import pytest

from assistants.definition.whole import Whole, add_rest, whole_format, whole_function

SCHEMA = {"type": "object", "properties": {"id": {"type": "string"}}}
NAMED = {"name": "get_order", "description": "Finds it.", "parameters": SCHEMA, "strict": True}
ALL = Whole("get_order", "Finds it.", True, SCHEMA)


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        (NAMED, ALL),
        ({"type": "function", **NAMED}, ALL),
        ({"type": "function", "function": NAMED}, ALL),
        ({"function": NAMED}, ALL),
        ({"type": "function", "function": {"name": "a"}}, Whole("a")),
        ({"type": "function", "name": "a"}, Whole("a")),
        ({"type": "function", "function": {}}, Whole()),
        ({"name": "a", "parameters": {}}, Whole("a", schema={})),
        ({"name": "a", "input_schema": SCHEMA}, Whole("a", schema=SCHEMA)),
        ({"name": "a", "inputSchema": SCHEMA}, Whole("a", schema=SCHEMA)),
        ({"name": "a", "parameters": SCHEMA, "strict": None}, Whole("a", schema=SCHEMA)),
        (
            {"name": "a", "parameters": SCHEMA, "input_schema": {"type": "object"}, "x": [1]},
            Whole(
                "a",
                schema=SCHEMA,
                rest={"function": {"input_schema": {"type": "object"}, "x": [1]}},
            ),
        ),
        (
            {"type": "function", "function": {**NAMED, "strict": "yes", "x": 1}, "cache": {"y": 2}},
            Whole(
                "get_order",
                "Finds it.",
                schema=SCHEMA,
                rest={"cache": {"y": 2}, "function": {"strict": "yes", "x": 1}},
            ),
        ),
        (
            {"type": "function", "function": {"name": 3, "parameters": "none"}},
            Whole(rest={"function": {"name": 3, "parameters": "none"}}),
        ),
    ],
)
def test_a_whole_function_is_taken_apart_and_nothing_is_lost(value: Any, whole: Whole) -> None:
    assert whole_function(value) == whole


@pytest.mark.parametrize(
    "value",
    [
        None,
        [NAMED],
        {},
        SCHEMA,
        {"type": "object", "name": "a", "parameters": {}},
        {"properties": {"name": {"type": "string"}}},
        {"name": {"type": "string"}, "parameters": {"type": "object"}},
        {"name": "a", "description": "b"},
        {"type": "object", "function": NAMED},
        {"type": "function"},
        {"type": "function", "function": "get_order"},
        {"type": [], "name": "a", "parameters": {}},
    ],
)
def test_a_schema_is_no_whole_function(value: Any) -> None:
    assert whole_function(value) is None


def test_a_whole_format_of_answers_is_taken_apart_too() -> None:
    named = {"name": "answer", "description": "d", "strict": False, "schema": SCHEMA}
    whole = Whole("answer", "d", False, SCHEMA)
    assert whole_format(named) == whole
    assert whole_format({"type": "json_schema", "json_schema": named}) == whole
    assert whole_format({"type": "json_schema", **named}) == whole
    more = {"type": "json_schema", "json_schema": {**named, "x": 1}}
    assert whole_format(more) == Whole("answer", "d", False, SCHEMA, {"json_schema": {"x": 1}})
    assert whole_format(SCHEMA) is None
    assert whole_format(NAMED) is None


def test_what_is_left_over_goes_back_over_nothing_that_is_there() -> None:
    tool: dict[str, Any] = {"type": "function", "function": {"name": "a"}}
    rest = {"type": "other", "cache": 1, "function": {"name": "b", "x": 1}}
    add_rest(tool, rest)
    assert tool == {"type": "function", "function": {"name": "a", "x": 1}, "cache": 1}
