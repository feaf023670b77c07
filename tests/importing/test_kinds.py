"""Each kind of pasted text arrives as the same function."""

import json
from typing import Any

import pytest

from assistants.importing import functions_of

OPEN = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


def tool(name: str, parameters: Any = OPEN, description: str = "", **more: Any) -> dict[str, Any]:
    """The tool that is expected."""
    function = {"name": name, "description": description, "parameters": parameters, **more}
    function = {key: value for key, value in function.items() if value not in ("", None)}
    return {"type": "function", "function": function}


def found(text: str) -> list[dict[str, Any]]:
    return [function.tool() for function in functions_of(text).functions]


def said(text: str) -> list[str]:
    return [str(remark) for remark in functions_of(text).remarks]


WEATHER = tool("get_weather", description="Tells the weather.", strict=True)
INNER = WEATHER["function"]
AS_JSON = {
    "chat": WEATHER,
    "responses": {"type": "function", **INNER},
    "bare": INNER,
    "list": [WEATHER],
    "request": {"model": "gpt-4o", "messages": [], "tools": [WEATHER]},
    "assistant": {
        "id": "asst_1",
        "object": "assistant",
        "instructions": "Help.",
        "tools": [{"type": "code_interpreter"}, WEATHER],
    },
    "legacy": {"functions": [INNER]},
    "list of assistants": {"object": "list", "data": [], "tools": [WEATHER]},
}


@pytest.mark.parametrize("kind", AS_JSON)
def test_a_tool_of_openai_arrives_equal(kind: str) -> None:
    assert found(json.dumps(AS_JSON[kind], indent=1)) == [WEATHER]


def test_what_a_tool_says_beside_its_function_is_kept() -> None:
    whole = {**WEATHER, "x": {"a": [1, None]}, "function": {**INNER, "cache": {"ttl": 1.5}}}
    assert found(json.dumps(whole)) == [whole]


def test_a_tool_in_a_code_block_is_read() -> None:
    assert found(f"```json\n{json.dumps(WEATHER)}\n```\nThat is it.") == [WEATHER]


def test_tools_that_are_no_functions_are_left_out_and_named() -> None:
    text = json.dumps({"tools": [{"type": "file_search"}, WEATHER]})
    assert said(text) == ["The tool “file_search” is no function and was left out."]


FOREIGN = {
    "anthropic": {"name": "get_weather", "description": "Tells.", "input_schema": OPEN},
    "mcp": {"name": "get_weather", "description": "Tells.", "inputSchema": OPEN},
    "answer of a server": {
        "jsonrpc": "2.0",
        "id": 1,
        "result": {
            "tools": [{"name": "get_weather", "description": "Tells.", "inputSchema": OPEN}]
        },
    },
    "bedrock": {
        "toolSpec": {"name": "get_weather", "description": "Tells.", "inputSchema": {"json": OPEN}}
    },
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_tool_of_another_vendor_becomes_a_function(kind: str) -> None:
    assert found(json.dumps(FOREIGN[kind])) == [tool("get_weather", description="Tells.")]


def test_what_only_another_vendor_has_is_left_out_and_named() -> None:
    text = json.dumps({**FOREIGN["mcp"], "annotations": {"readOnlyHint": True}, "title": "Weather"})
    assert found(text) == [tool("get_weather", description="Tells.")]
    assert said(text) == ["Left out, as an assistant has no place for it: annotations, title."]


def test_parameters_alone_arrive_equal_and_ask_for_a_name() -> None:
    assert found(json.dumps(OPEN)) == [tool("", OPEN)]
    assert said(json.dumps(OPEN)) == ["The text does not name the function. Enter a name for it."]


def test_a_schema_names_and_describes_its_function() -> None:
    schema = {"$schema": "https://json-schema.org/draft-07/schema", "title": "Find City", **OPEN}
    schema["description"] = "Finds one."
    assert found(json.dumps(schema)) == [tool("find_city", schema, "Finds one.")]


def test_a_schema_that_refers_to_its_object_is_opened() -> None:
    schema = {"$ref": "#/definitions/City", "definitions": {"City": OPEN}}
    assert found(json.dumps(schema)) == [tool("", {**OPEN, "definitions": {"City": OPEN}})]


def test_a_schema_of_no_object_becomes_a_parameter() -> None:
    schema = {"type": "array", "items": {"type": "string"}}
    wrapped = {"type": "object", "properties": {"value": schema}, "required": ["value"]}
    assert found(json.dumps(schema)) == [tool("", wrapped)]


def test_the_properties_alone_become_parameters() -> None:
    properties = {"id": {"type": "string"}, "count": {"type": "integer", "minimum": 1}}
    assert found(json.dumps(properties)) == [tool("", {"type": "object", "properties": properties})]


def test_the_format_of_an_answer_becomes_a_function() -> None:
    text = {"type": "json_schema", "json_schema": {"name": "city", "strict": True, "schema": OPEN}}
    assert found(json.dumps(text)) == [tool("city", strict=True)]


def test_an_example_gives_types_and_what_is_required() -> None:
    example = {
        "id": 7,
        "total": 9.5,
        "paid": True,
        "note": None,
        "type": "order",
        "lines": [{"sku": "a", "count": 1}, {"sku": "b", "count": 1.5, "gift": "x"}],
        "tags": [],
        "mixed": [1, "a", None],
        "to": {"city": "Paris"},
    }
    item = {
        "type": "object",
        "properties": {
            "sku": {"type": "string"},
            "count": {"type": "number"},
            "gift": {"type": "string"},
        },
        "required": ["sku", "count"],
    }
    assert found(json.dumps(example)) == [
        tool(
            "",
            {
                "type": "object",
                "properties": {
                    "id": {"type": "integer"},
                    "total": {"type": "number"},
                    "paid": {"type": "boolean"},
                    "note": {},
                    "type": {"type": "string"},
                    "lines": {"type": "array", "items": item},
                    "tags": {"type": "array", "items": {}},
                    "mixed": {"type": "array", "items": {"type": ["integer", "string", "null"]}},
                    "to": OPEN,
                },
                "required": list(example),
            },
        )
    ]


def test_a_list_of_examples_requires_what_all_have() -> None:
    (function,) = found('[{"a": 1, "b": "x"}, {"a": 2}]')
    assert function["function"]["parameters"] == {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"type": "string"}},
        "required": ["a"],
    }


def test_names_become_valid_and_are_used_once() -> None:
    tools = [tool("Get Wéather!"), tool("a" * 65), tool("get_weather"), tool("天気")]
    assert [entry["function"].get("name") for entry in found(json.dumps(tools))] == [
        "get_weather",
        "a" * 64,
        "get_weather_2",
        None,
    ]
    assert said(json.dumps(tools[:1])) == [
        "“Get Wéather!” is no valid name. It is now “get_weather”."
    ]
