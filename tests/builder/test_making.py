"""Plain names, corrections, and the example of an answer."""

import json
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from assistants.definition.checks.json_schema import find_flaws
from assistants.definition.parameters import (
    can_fix,
    example_of,
    fix_flaw,
    is_plain_name,
    plain_name,
)
from tests.builder.schemas import BOOK_MEETING_ROOM, PUBLISHED, objects, texts


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Book meeting room", "book_meeting_room"),
        ("  Größe (in cm)?  ", "groesse_in_cm"),
        ("Réserver-Salle", "reserver-salle"),
        ("_a__b_", "a_b"),
        ("客服", ""),
        ("", ""),
        ("a" * 63 + " b", "a" * 63),
    ],
)
def test_a_typed_name_becomes_a_plain_one(typed: str, plain: str) -> None:
    assert plain_name(typed) == plain
    assert not plain or is_plain_name(plain)


@pytest.mark.parametrize("name", ["bookRoom", "book-room", "BOOK_2"])
def test_a_plain_name_is_left_alone(name: str) -> None:
    assert is_plain_name(name)


@given(texts)
def test_what_is_offered_is_plain(typed: str) -> None:
    assert plain_name(typed) == "" or is_plain_name(plain_name(typed))


def fixed(schema: Any, *, strict: bool = False) -> Any:
    """The schema after a press of every button, one after the other."""
    for _number in range(100):
        flaw = next((flaw for flaw in find_flaws(schema, strict=strict) if can_fix(flaw)), None)
        if flaw is None:
            return schema
        schema = fix_flaw(schema, flaw)
    raise AssertionError("there is no end to it")


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"type": "strng"}, {"type": "string"}),
        ({"type": "Integer"}, {"type": "integer"}),
        ({"type": "float"}, {"type": "number"}),
        ({"type": ["dict", "null"]}, {"type": ["object", "null"]}),
        ({"type": "banana"}, {"type": "banana"}),
        ({"type": "array"}, {"type": "array", "items": {"type": "string"}}),
        ({"enum": [], "type": "string"}, {"type": "string"}),
        (
            {"type": "object", "required": ["a", "b"], "properties": {"b": {}}},
            {"type": "object", "required": ["b"], "properties": {"b": {}}},
        ),
        ({"type": "array", "items": {"type": "lst"}}, {"type": "array", "items": {"type": "lst"}}),
    ],
)
def test_a_flaw_is_corrected_where_it_is(part: Any, expected: Any) -> None:
    schema = {"type": "object", "properties": {"x": part}, "additionalProperties": True}
    before = json.dumps(schema)
    wanted = {"type": "object", "properties": {"x": expected}, "additionalProperties": True}
    assert json.dumps(fixed(schema)) == json.dumps(wanted)
    assert json.dumps(schema) == before


def test_strict_mode_gets_what_it_asks_for() -> None:
    schema = fixed(BOOK_MEETING_ROOM, strict=True)
    before: Any = BOOK_MEETING_ROOM["properties"]
    assert list(find_flaws(schema, strict=True)) == []
    assert schema["required"] == ["room", "start", "people", "contact"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["people"]["type"] == ["integer", "null"]
    assert schema["properties"]["room"] == before["room"]
    assert schema["properties"]["contact"]["required"] == ["name", "email"]


@given(objects())
def test_corrections_come_to_an_end(schema: Any) -> None:
    flaws = list(find_flaws(schema, strict=True))
    for flaw in flaws:
        schema = fix_flaw(schema, flaw)
    assert not [flaw for flaw in find_flaws(schema, strict=True) if flaw in flaws and can_fix(flaw)]


def test_an_example_has_every_field() -> None:
    assert example_of(BOOK_MEETING_ROOM) == {
        "room": "Blue",
        "start": "text",
        "people": 4,
        "contact": {"name": "text", "email": "text"},
    }


@pytest.mark.parametrize(
    "schema",
    [
        BOOK_MEETING_ROOM,
        {"type": "array", "items": {"type": "integer", "minimum": 5}, "minItems": 2},
        {"type": ["null", "string"], "maxLength": 2},
        {"type": "string", "minLength": 9},
        {"type": "number", "exclusiveMinimum": 3},
        {"type": "number", "maximum": 0},
        {"type": "integer", "multipleOf": 7},
        {"$ref": "#/$defs/a", "$defs": {"a": {"enum": [1, 2]}}},
        {"anyOf": [{"type": "boolean"}, {"type": "null"}]},
        {"allOf": [{"properties": {"a": {"const": 1}}, "required": ["a"]}, {"type": "object"}]},
        {"type": "array", "prefixItems": [{"type": "string"}, {"type": "boolean"}]},
        {"type": "null"},
    ],
)
def test_an_example_follows_its_schema(schema: Any) -> None:
    Draft202012Validator(schema).validate(example_of(schema))
    assert example_of(schema) == example_of(schema)


@pytest.mark.parametrize("schema", PUBLISHED)
def test_published_schemas_have_an_example(schema: Any) -> None:
    assert isinstance(example_of(schema), dict)


def test_a_schema_that_contains_itself_has_an_end() -> None:
    node = {"type": "object", "properties": {name: {"$ref": "#"} for name in "abc"}}
    assert len(json.dumps(example_of(node))) < 5_000


@given(objects())
def test_an_example_never_fails(schema: Any) -> None:
    json.dumps(example_of(schema))
