"""Content of a shape that no client would normally send: read, written and named all the same."""

from typing import Any

from assistants.definition import LIMITS, Definition, problems
from assistants.definition.value import canonical


def found(**content: Any) -> list[tuple[str, str, Any]]:
    definition = Definition.parse({"model": "m", **content})
    return [(entry.path, entry.code, dict(entry.params)) for entry in problems(definition)]


def test_the_canonical_text_is_short_sorted_and_readable() -> None:
    """Digests that are stored already are made of just this."""
    assert canonical({"b": "é😀", "a": [1, None, 0.5]}) == '{"a":[1,null,0.5],"b":"é😀"}'
    assert canonical(["é", "\ud800"]) == '["é","\\ud800"]'


def test_tools_of_odd_shapes_have_no_kind() -> None:
    tools = ["junk", {"type": 7}, {}, {"type": "web"}, {"type": "web"}]
    assert Definition.parse({"tools": tools}).tool_kinds == ("web",)


def test_names_that_are_no_text_are_not_called_the_same() -> None:
    tool = {"type": "function", "function": {"name": ["f"]}}
    wrong = {"expected": "a string", "got": "an array"}
    assert found(tools=[tool, tool]) == [
        ("tools[0].function.name", "invalid_type", wrong),
        ("tools[1].function.name", "invalid_type", wrong),
    ]


def test_an_empty_name_says_its_numbers() -> None:
    tool = {"type": "function", "function": {"name": ""}}
    place = "tools[0].function.name"
    assert found(tools=[tool]) == [(place, "empty_string", {"limit": 1, "actual": 0})]


def test_what_is_nested_too_deeply_is_named_by_its_beginning() -> None:
    schema: dict[str, Any] = {"type": "object"}
    for _ in range(LIMITS.nesting):
        schema = {"type": "object", "properties": schema}
    tool = {"type": "function", "function": {"name": "f", "parameters": schema}}
    assert found(tools=[tool]) == [("tools[0].function", "nesting_above_max_depth", {"limit": 100})]


def test_only_what_the_api_knows_is_brought_into_one_form() -> None:
    part = {"name": "n", "schema": None, "strict": None, "description": None}
    options = {"max_num_results": None, "ranking_options": None}
    odd = {"x_text": "a\r\nb", "x_list": [{"type": "function", "function": part}]}
    found = Definition.parse(
        {
            "response_format": {"type": "json_schema", "json_schema": dict(part)},
            "tools": [{"type": "file_search", "file_search": options}],
            "x_dict": {"json_schema": dict(part)},
            **odd,
        }
    ).to_dict()
    assert found == {
        "response_format": {"type": "json_schema", "json_schema": {"name": "n"}},
        "tools": [{"type": "file_search", "file_search": {}}],
        "x_dict": {"json_schema": part},
        **odd,
    }


def test_a_float_becomes_an_integer_while_it_is_exact() -> None:
    kept = Definition.parse({"x": [2.0**53 - 1, 2.0**53, -(2.0**53), 0.5]}).value("x")
    assert [type(number) for number in kept] == [int, float, float, float]
