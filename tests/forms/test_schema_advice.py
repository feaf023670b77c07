"""What is said about schemas: a sentence for every flaw, and silence where nobody could act."""

from typing import Any

import pytest

from assistants.definition import LIMITS, Definition
from assistants.definition.checks import json_schema
from assistants.definition.checks.json_schema import Flaw
from assistants.forms.advising.advice import advise_on_schemas
from assistants.wording.definition import schemas
from assistants.wording.definition.schemas import flaw_sentence

NAMES = [f"name_{number}" for number in range(8)]
PARAMS: dict[str, dict[str, Any]] = {
    "unknown_type": {"name": "x" * 10_000},
    "not_a_property": {"name": "a\u202eb"},
    "empty": {"name": "enum"},
    "at_the_top": {"name": "oneOf"},
    "optional": {"names": NAMES},
}


def told(definition: Definition, stored: Definition | None = None, **how: bool) -> dict[str, int]:
    """How many things are said about each schema, by its path."""
    advice = advise_on_schemas(definition, stored, **how)
    return {entry.schema.path: len(entry.texts) for entry in advice}


def holding(*parameters: Any, strict: bool = False, **fields: Any) -> Definition:
    made = ({"parameters": one, "strict": strict} for one in parameters)
    tools = [
        {"type": "function", "function": {"name": f"f{number}", **function}}
        for number, function in enumerate(made)
    ]
    return Definition.parse({"model": "m", "tools": tools, **fields})


@pytest.mark.parametrize("code", [code for code in schemas._SENTENCES if code != "wrong_kind"])
def test_every_flaw_has_a_short_sentence_with_its_place(code: str) -> None:
    text = flaw_sentence(code, "properties.order", PARAMS.get(code, {}))
    assert text.startswith("properties.order: ")
    assert text.removeprefix("properties.order: ") == flaw_sentence(code, "", PARAMS.get(code, {}))
    assert len(text) < 220
    assert "\u202e" not in text
    assert flaw_sentence(code, "properties.מספר", PARAMS.get(code, {})).startswith("\u2068")


@pytest.mark.parametrize("expected", schemas._EXPECTED)
def test_every_kind_of_value_has_a_name(expected: str) -> None:
    text = flaw_sentence("wrong_kind", "", {"expected": expected})
    assert text.startswith("This must be ")
    assert Flaw((), "wrong_kind", {"expected": expected}).is_error


def test_no_kind_of_value_lacks_its_name() -> None:
    assert set(json_schema._EXPECTED.values()) <= set(schemas._EXPECTED)


def test_many_names_are_told_of_briefly() -> None:
    text = flaw_sentence("optional", "", {"names": NAMES})
    assert text.count("name_") == schemas.MOST_MISSING_NAMES
    assert text.endswith("and 3 more.")


def test_advice_is_about_what_is_allowed_and_about_errors_that_are_stored() -> None:
    no_items = {"type": "object", "properties": {"a": {"type": "array"}}}
    no_schema = {"type": "object", "properties": {"a": "array"}}
    both = holding(no_items, no_schema, {"type": "string"}, {}, {"type": "object"})
    path = "tools[{}].function.parameters"
    assert told(both) == {path.format(0): 1}
    assert told(both, both) == {path.format(number): 1 for number in range(3)}
    assert told(both, both, changed_only=True) == {}
    moved = holding({"type": "object"}, no_schema)
    assert told(moved, both) == {path.format(1): 1}
    assert told(holding(no_items, strict=True), both, changed_only=True) == {path.format(0): 3}


def test_answers_are_told_of_like_parameters() -> None:
    schema = {"name": "n", "schema": {"type": "array"}}
    definition = holding(response_format={"type": "json_schema", "json_schema": schema})
    assert told(definition) == {"response_format.json_schema.schema": 2}


@pytest.mark.parametrize("tools", [None, "x", [1, {"type": "function"}, {"function": 3}], {}])
def test_any_content_is_read(tools: Any) -> None:
    content = {"tools": tools, "response_format": {"type": "json_schema", "json_schema": [1]}}
    assert told(Definition.parse(content)) == {}


def test_nothing_is_said_of_what_is_over_the_limits_as_a_whole() -> None:
    no_items = {"type": "object", "properties": {"a": {"type": "array"}}}
    assert told(holding(no_items, instructions="x" * LIMITS.size)) == {}
    many = {"type": "object", "properties": {str(n): {"type": "array"} for n in range(1000)}}
    assert told(holding(many)) == {"tools[0].function.parameters": 20}
