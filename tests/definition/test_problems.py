import math

import pytest
from hypothesis import given

from assistants.definition import Definition, problems
from tests.definition.examples import FULL, assistants, function


def found(**fields):
    definition = Definition.parse({"model": "m", **fields})
    return [(problem.path, problem.code, problem.message) for problem in problems(definition)]


def codes(**fields):
    return [(path, code) for path, code, _ in found(**fields)]


def test_the_sentences_are_those_of_the_api():
    assert found(name="n" * 300) == [
        (
            "name",
            "string_above_max_length",
            "Invalid 'name': string too long. Expected a string with maximum length 256, "
            "but got a string with length 300 instead.",
        )
    ]
    assert found(tools=[{"type": "x"}] * 129) == [
        (
            "tools",
            "array_above_max_length",
            "Invalid 'tools': array too long. Expected an array with maximum length 128, "
            "but got an array with length 129 instead.",
        )
    ]
    assert found(metadata={str(n): "" for n in range(17)}) == [
        (
            "metadata",
            "object_above_max_properties",
            "Invalid 'metadata': too many properties. Expected an object with at most 16 "
            "properties, but got an object with 17 properties instead.",
        )
    ]
    assert found(metadata={"mykey": None}) == [
        (
            "metadata.mykey",
            "invalid_type",
            "Invalid type for 'metadata.mykey': expected a string, but got null instead.",
        )
    ]
    assert found(metadata={"k" * 65: ""}) == [
        (
            "metadata",
            "property_name_above_max_length",
            f"Invalid property name in 'metadata': '{'k' * 65}' is too long. Expected a string "
            "with maximum length 64, but got a string with length 65 instead.",
        )
    ]
    assert found(temperature=3) == [
        (
            "temperature",
            "decimal_above_max_value",
            "Invalid 'temperature': decimal above maximum value. "
            "Expected a value <= 2, but got 3 instead.",
        )
    ]
    assert found(top_p=-0.5) == [
        (
            "top_p",
            "decimal_below_min_value",
            "Invalid 'top_p': decimal below minimum value. "
            "Expected a value >= 0, but got -0.5 instead.",
        )
    ]
    assert found(reasoning_effort="huge") == [
        (
            "reasoning_effort",
            "invalid_value",
            "Invalid value: 'huge'. Supported values are: "
            "'none', 'minimal', 'low', 'medium', 'high', 'xhigh', and 'max'.",
        )
    ]
    assert found(tools=[function("f", parameters={"type": "string"})]) == [
        (
            "tools[0].function.parameters",
            "invalid_function_parameters",
            "Invalid schema for function 'f': schema must be a JSON Schema of "
            "'type: \"object\"', got 'type: \"string\"'.",
        )
    ]


def test_a_model_is_needed():
    for source in ({}, {"model": None}, {"model": ""}):
        (problem,) = problems(Definition.parse(source))
        assert (problem.field, problem.code) == ("model", "missing_required_parameter")
        assert problem.message == "Missing required parameter: 'model'."


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", 1, "invalid_type"),
        ("model", ["m"], "invalid_type"),
        ("tools", {"type": "function"}, "invalid_type"),
        ("tool_resources", ["f"], "invalid_type"),
        ("metadata", "m", "invalid_type"),
        ("temperature", True, "invalid_type"),
        ("temperature", "1", "invalid_type"),
        ("temperature", math.nan, "invalid_value"),
        ("top_p", math.inf, "invalid_value"),
        ("top_p", -math.inf, "invalid_value"),
        ("reasoning_effort", 1, "invalid_type"),
        ("response_format", "json", "invalid_value"),
        ("response_format", 1, "invalid_type"),
        ("response_format", ["text"], "invalid_type"),
    ],
)
def test_a_wrong_value_of_a_field(field, value, code):
    assert codes(**{field: value}) == [(field, code)]


@pytest.mark.parametrize(
    ("tool", "path", "code"),
    [
        (3, "tools[0]", "invalid_type"),
        ({}, "tools[0].type", "missing_required_parameter"),
        ({"type": 1}, "tools[0].type", "invalid_type"),
        ({"type": ""}, "tools[0].type", "empty_string"),
        ({"type": "function"}, "tools[0].function", "missing_required_parameter"),
        (function(""), "tools[0].function.name", "empty_string"),
        (function("a b"), "tools[0].function.name", "invalid_value"),
        (function("naïve"), "tools[0].function.name", "invalid_value"),
        (function("newline\n"), "tools[0].function.name", "invalid_value"),
        (function(None), "tools[0].function.name", "invalid_type"),
        (function("f", description=1), "tools[0].function.description", "invalid_type"),
        (function("f", parameters=[]), "tools[0].function.parameters", "invalid_type"),
        (function("f", parameters="{}"), "tools[0].function.parameters", "invalid_type"),
        (
            function("f", parameters={"properties": {}}),
            "tools[0].function.parameters",
            "invalid_function_parameters",
        ),
        (function("f", strict=1), "tools[0].function.strict", "invalid_type"),
        (
            {"type": "file_search", "file_search": {"max_num_results": True}},
            "tools[0].file_search.max_num_results",
            "invalid_type",
        ),
        (
            {"type": "file_search", "file_search": {"max_num_results": 1.5}},
            "tools[0].file_search.max_num_results",
            "invalid_type",
        ),
        (
            {"type": "file_search", "file_search": {"max_num_results": 99}},
            "tools[0].file_search.max_num_results",
            "integer_above_max_value",
        ),
        (
            {"type": "file_search", "file_search": {"max_num_results": 0}},
            "tools[0].file_search.max_num_results",
            "integer_below_min_value",
        ),
        (
            {"type": "file_search", "file_search": {"ranking_options": {"ranker": "auto"}}},
            "tools[0].file_search.ranking_options.score_threshold",
            "missing_required_parameter",
        ),
        (
            {
                "type": "file_search",
                "file_search": {"ranking_options": {"ranker": "best", "score_threshold": 0}},
            },
            "tools[0].file_search.ranking_options.ranker",
            "invalid_value",
        ),
    ],
)
def test_a_wrong_tool(tool, path, code):
    assert codes(tools=[tool]) == [(path, code)]


def test_tools_that_are_fine():
    whole = {"type": "file_search", "file_search": {"max_num_results": 5.0}}
    assert codes(tools=[function("f"), function("g", parameters={}), whole, {"type": "new"}]) == []


@pytest.mark.parametrize(
    ("response_format", "path", "code"),
    [
        ({}, "response_format.type", "missing_required_parameter"),
        ({"type": "xml"}, "response_format.type", "invalid_value"),
        ({"type": "json_schema"}, "response_format.json_schema", "missing_required_parameter"),
        (
            {"type": "json_schema", "json_schema": {"schema": {}}},
            "response_format.json_schema.name",
            "missing_required_parameter",
        ),
        (
            {"type": "json_schema", "json_schema": {"name": "my answer"}},
            "response_format.json_schema.name",
            "invalid_value",
        ),
        (
            {"type": "json_schema", "json_schema": {"name": "a", "schema": "{}"}},
            "response_format.json_schema.schema",
            "invalid_type",
        ),
    ],
)
def test_a_wrong_response_format(response_format, path, code):
    assert codes(response_format=response_format) == [(path, code)]


def test_wrong_resources():
    resources = {
        "code_interpreter": {"file_ids": ["f", 1]},
        "file_search": {"vector_store_ids": "vs"},
        "code_search": {"anything": "goes"},
    }
    assert codes(tool_resources=resources) == [
        ("tool_resources.code_interpreter.file_ids[1]", "invalid_type"),
        ("tool_resources.file_search.vector_store_ids", "invalid_type"),
    ]


def test_two_functions_of_one_name():
    tools = [function("a"), function("b"), function("a"), {"type": "x", "function": {"name": "a"}}]
    assert found(tools=tools) == [
        (
            "tools[2].function.name",
            "duplicate_name",
            "Invalid 'tools[2].function.name': duplicate function name 'a'.",
        )
    ]


@pytest.mark.parametrize("bad", ["\0", "\ud800", " \udfff"])
@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("name", lambda bad: {"name": f"a{bad}"}),
        ("instructions", lambda bad: {"instructions": bad}),
        ("metadata.key", lambda bad: {"metadata": {"key": bad}}),
        ("metadata", lambda bad: {"metadata": {bad: "value"}}),
        (
            "tools[0].function.parameters.properties",
            lambda bad: {
                "tools": [function("f", parameters={"type": "object", "properties": {bad: {}}})]
            },
        ),
        ("x_vendor[1].deep", lambda bad: {"x_vendor": [1, {"deep": bad}]}),
    ],
)
def test_characters_that_nothing_can_store(path, fields, bad):
    assert codes(**fields(bad)) == [(path, "invalid_unicode")]


def test_the_name_of_an_unknown_field_is_checked():
    assert codes(**{"x\0": 1, "y\ud800": 1}) == [
        ("x?", "invalid_unicode"),
        ("y?", "invalid_unicode"),
    ]


def test_only_the_fields_asked_for():
    definition = Definition.parse({"name": "n" * 300, "top_p": 2, "x\ud800": 1})
    assert [p.field for p in problems(definition)] == ["name", "model", "top_p", "x?"]
    assert [p.field for p in problems(definition, ["top_p", "name"])] == ["name", "top_p"]
    assert [p.field for p in problems(definition, ["x\ud800"])] == ["x?"]
    assert problems(definition, []) == []


def test_the_numbers_of_the_sentence_are_at_hand():
    (problem,) = problems(Definition.parse({"model": "m", "name": "n" * 300}))
    assert problem.params == {"limit": 256, "actual": 300}
    (problem,) = problems(Definition.parse({"model": "m", "temperature": "warm"}))
    assert problem.params == {"expected": "a decimal", "got": "a string"}


def test_a_sentence_quotes_only_a_little_of_what_was_sent():
    definition = Definition.parse(
        {"model": "m", "reasoning_effort": "x" * 10_000, "metadata": {"k" * 10_000: 1}}
    )
    assert all(len(problem.message) < 400 for problem in problems(definition))
    assert all(len(problem.path) < 120 for problem in problems(definition))


@given(assistants)
def test_any_json_is_checked_without_a_crash(source):
    for problem in problems(Definition.parse(source)):
        assert problem.path.startswith(problem.field)
        f"{problem.field} {problem.path} {problem.code} {problem.message}".encode()
        assert "\0" not in problem.path + problem.message


def test_a_sound_definition_has_none():
    assert problems(Definition.parse(FULL)) == []
