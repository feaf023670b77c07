"""What is no JSON Schema at all, and what about one is refused by providers or not meant."""

import time
from typing import Any

import pytest

from assistants.definition.checks.json_schema import find_flaws


def found(schema: Any, **how: bool) -> list[tuple[str, str, Any]]:
    """Each flaw as its place, its code, and what its parameters say."""
    return [
        (".".join(map(str, flaw.location)), flaw.code, *flaw.params.values())
        for flaw in find_flaws(schema, **how)
    ]


def of(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


@pytest.mark.parametrize(
    ("schema", "flaw"),
    [
        ({"properties": []}, ("properties", "wrong_kind", "schema_by_name")),
        ({"properties": "order"}, ("properties", "wrong_kind", "schema_by_name")),
        ({"properties": None}, ("properties", "wrong_kind", "schema_by_name")),
        ({"required": "order"}, ("required", "wrong_kind", "names")),
        ({"required": True}, ("required", "wrong_kind", "names")),
        ({"required": {"order": True}}, ("required", "wrong_kind", "names")),
        ({"required": [1]}, ("required", "wrong_kind", "names")),
        (of(order="string"), ("properties.order", "wrong_kind", "schema")),
        (of(order=["string"]), ("properties.order", "wrong_kind", "schema")),
        (of(order=None), ("properties.order", "wrong_kind", "schema")),
        (of(order=1), ("properties.order", "wrong_kind", "schema")),
        (of(a=of(b="string")), ("properties.a.properties.b", "wrong_kind", "schema")),
        (of(a={"type": None}), ("properties.a.type", "wrong_kind", "type")),
        (of(a={"type": {"a": 1}}), ("properties.a.type", "wrong_kind", "type")),
        (of(a={"type": ["string", 1]}), ("properties.a.type", "wrong_kind", "type")),
        (of(a={"required": True}), ("properties.a.required", "wrong_kind", "names")),
        (of(a={"items": "string"}), ("properties.a.items", "wrong_kind", "schema")),
        (of(a={"items": ["s"]}), ("properties.a.items.0", "wrong_kind", "schema")),
        (of(a={"anyOf": {}}), ("properties.a.anyOf", "wrong_kind", "schema_list")),
        (of(a={"anyOf": ["x"]}), ("properties.a.anyOf.0", "wrong_kind", "schema")),
        (of(a={"enum": "a, b"}), ("properties.a.enum", "wrong_kind", "list")),
        (of(a={"minimum": "1"}), ("properties.a.minimum", "wrong_kind", "number")),
        (of(a={"maximum": True}), ("properties.a.maximum", "wrong_kind", "number")),
        (of(a={"maxLength": 1.5}), ("properties.a.maxLength", "wrong_kind", "count")),
        (of(a={"minItems": -1}), ("properties.a.minItems", "wrong_kind", "count")),
        (of(a={"description": 1}), ("properties.a.description", "wrong_kind", "text")),
        (of(a={"uniqueItems": "yes"}), ("properties.a.uniqueItems", "wrong_kind", "switch")),
        ({"additionalProperties": "no"}, ("additionalProperties", "wrong_kind", "schema")),
        ({"$defs": {"a": 1}}, ("$defs.a", "wrong_kind", "schema")),
        ({"$ref": {}}, ("$ref", "wrong_kind", "text")),
        ({"dependentRequired": {"a": "b"}}, ("dependentRequired.a", "wrong_kind", "names")),
        ({"dependencies": {"a": "b"}}, ("dependencies.a", "wrong_kind", "schema")),
        ({"dependencies": ["a"]}, ("dependencies", "wrong_kind", "rules_by_name")),
    ],
)
def test_what_is_no_json_schema_at_all(schema: Any, flaw: tuple[str, ...]) -> None:
    assert found({"type": "object", **schema}) == [flaw]
    assert [entry.is_error for entry in find_flaws({"type": "object", **schema})] == [True]


@pytest.mark.parametrize(
    ("schema", "flaw"),
    [
        (of(a={"type": "strng"}), ("properties.a.type", "unknown_type", "strng")),
        (of(a={"type": "String"}), ("properties.a.type", "unknown_type", "String")),
        (of(a={"type": ["string", "nul"]}), ("properties.a.type", "unknown_type", "nul")),
        (of(a={"type": ""}), ("properties.a.type", "unknown_type", "")),
        ({**of(a={}), "required": ["b"]}, ("required", "not_a_property", "b")),
        ({"type": "object", "required": ["b"]}, ("required", "not_a_property", "b")),
        (
            of(a={**of(b={}), "required": ["b", "c"]}),
            ("properties.a.required", "not_a_property", "c"),
        ),
        (of(a={"type": "array"}), ("properties.a", "no_items")),
        (of(a={"type": ["array", "null"]}), ("properties.a", "no_items")),
        (
            of(a={"type": "array", "items": {"type": "array"}}),
            ("properties.a.items", "no_items"),
        ),
        (of(a={"enum": []}), ("properties.a.enum", "empty", "enum")),
        (of(a={"anyOf": []}), ("properties.a.anyOf", "empty", "anyOf")),
        ({"type": "object", "oneOf": [{}]}, ("oneOf", "at_the_top", "oneOf")),
        ({"type": "object", "anyOf": [{}]}, ("anyOf", "at_the_top", "anyOf")),
        ({"type": "object", "allOf": [{}]}, ("allOf", "at_the_top", "allOf")),
        ({"type": "object", "not": {}}, ("not", "at_the_top", "not")),
        ({"type": "object", "enum": [{}]}, ("enum", "at_the_top", "enum")),
    ],
)
def test_what_is_allowed_and_not_taken_or_not_meant(schema: Any, flaw: tuple[str, ...]) -> None:
    assert found(schema) == [flaw]
    assert [entry.is_error for entry in find_flaws(schema)] == [False]


ADDRESS = {**of(street={"type": "string"}), "additionalProperties": False, "required": ["street"]}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object"},
        of(),
        of(a=True, b=False, c={}),
        {**of(a={"type": "string", "enum": ["x"], "description": "d"}), "required": ["a"]},
        of(a={"type": ["string", "null"], "default": [], "const": {"type": 1}, "x-mine": "strng"}),
        of(a={"type": "array", "items": {"$ref": "#/$defs/b"}}),
        of(a={"type": "array", "items": [{}, {}], "additionalItems": False}),
        of(a={"type": "array", "prefixItems": [{}]}),
        of(a={"minimum": 0, "exclusiveMinimum": True, "maxLength": 3, "multipleOf": 0.5}),
        of(type={"type": "string"}, properties={"type": "object"}, required={"type": "boolean"}),
        of(a={**of(x={}, y={}), "anyOf": [{"required": ["x"]}, {"required": ["y"]}]}),
        of(a={"anyOf": [of(x={}), of(y={})], "required": ["x"]}),
        {**of(), "patternProperties": {"^x": {}}, "required": ["x1"]},
        {**of(a={}, b={}), "dependencies": {"a": ["b"]}, "dependentRequired": {"b": ["a"]}},
        {**of(a={"$ref": "#/$defs/no"}), "$defs": {"a": {"type": "string"}}, "$schema": "x"},
    ],
)
def test_what_is_a_good_schema_is_left_in_peace(schema: Any) -> None:
    assert found(schema) == []


def test_strict_asks_every_level_to_be_closed_and_complete() -> None:
    inner = {"type": "array", "items": of(street={"type": "string"}, town={"type": "string"})}
    schema = {**of(to=inner, note={"type": ["string", "null"]}), "required": ["to"]}
    assert found(schema, strict=True) == [
        ("", "not_closed"),
        ("required", "optional", ["note"]),
        ("properties.to.items", "not_closed"),
        ("properties.to.items.required", "optional", ["street", "town"]),
    ]
    assert found(schema) == []
    good = {**of(to=ADDRESS), "additionalProperties": False, "required": ["to"]}
    assert found({**good, "$defs": {"a": ADDRESS}}, strict=True) == []
    assert found({**good, "$defs": {"a": of()}}, strict=True) == [("$defs.a", "not_closed")]
    assert found({**good, "additionalProperties": True}, strict=True) == [("", "not_closed")]


def test_the_top_is_an_object() -> None:
    assert found({"type": "array", "items": {}}) == [("", "top_not_object")]
    assert found({"$ref": "#/$defs/a"}) == [("", "top_not_object")]
    assert found({"type": ["object"]}) == [("", "top_not_object")]
    assert found(of()) == []


def test_the_flaws_come_in_the_order_of_the_schema() -> None:
    schema = {**of(b="text", a={"type": "strng"}), "required": "a", "oneOf": {}}
    assert [place for place, *_ in found(schema)] == [
        "oneOf",
        "required",
        "oneOf",
        "properties.b",
        "properties.a.type",
    ]


def test_any_json_is_read_in_bounded_time() -> None:
    deep: Any = {}
    for _ in range(90):
        deep = {"not": deep, "properties": {"a": {}}, "required": ["x"] * 500}
    wide = of(**{str(number): {"type": "nothing"} for number in range(60_000)})
    for value in (None, 1, "x", [], [{}], deep, wide, {"required": ["x"] * 200_000}):
        began = time.process_time()
        list(find_flaws(value, strict=True))
        assert time.process_time() - began < 1
