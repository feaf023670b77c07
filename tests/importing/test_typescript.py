"""Declarations of TypeScript become functions."""

from typing import Any

import pytest

from assistants.importing import NotRead, functions_of
from tests.importing.test_kinds import found, said, tool

TYPES = {
    "string": {"type": "string"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "any": {},
    "Date": {"type": "string", "format": "date-time"},
    "string[]": {"type": "array", "items": {"type": "string"}},
    "readonly string[][]": {
        "type": "array",
        "items": {"type": "array", "items": {"type": "string"}},
    },
    "Array<number>": {"type": "array", "items": {"type": "number"}},
    "Set<string>": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
    "'a' | \"b\"": {"type": "string", "enum": ["a", "b"]},
    "| 'a' | 'b' | null": {"type": ["string", "null"], "enum": ["a", "b", None]},
    "1 | 2": {"type": "integer", "enum": [1, 2]},
    "true | false": {"type": "boolean"},
    "string | null": {"type": ["string", "null"]},
    "string | number": {"type": ["string", "number"]},
    "(string | number)[]": {"type": "array", "items": {"type": ["string", "number"]}},
    "[string, number?]": {
        "type": "array",
        "items": {"type": ["string", "number"]},
        "minItems": 2,
        "maxItems": 2,
    },
    "Record<string, number>": {"type": "object", "additionalProperties": {"type": "number"}},
    "Record<'a' | 'b', number>": {
        "type": "object",
        "properties": {"a": {"type": "number"}, "b": {"type": "number"}},
        "required": ["a", "b"],
    },
    "{ [key: string]: boolean }": {
        "type": "object",
        "additionalProperties": {"type": "boolean"},
    },
    "{ a: string; b?: { c: number } }": {
        "type": "object",
        "properties": {
            "a": {"type": "string"},
            "b": {"type": "object", "properties": {"c": {"type": "number"}}, "required": ["c"]},
        },
        "required": ["a"],
    },
    "{ a: string } & { b: number }": {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "number"}},
        "required": ["a", "b"],
    },
    "Partial<{ a: string }>": {"type": "object", "properties": {"a": {"type": "string"}}},
    "Pick<{ a: string; b: number }, 'a'>": {
        "type": "object",
        "properties": {"a": {"type": "string"}},
        "required": ["a"],
    },
    "Omit<{ a: string; b: number }, 'a'>": {
        "type": "object",
        "properties": {"b": {"type": "number"}},
        "required": ["b"],
    },
    "`order-${string}`": {"type": "string"},
}


@pytest.mark.parametrize("written", TYPES)
def test_a_type_gives_a_schema(written: str) -> None:
    (function,) = found(f"function f(a: {written}, z: string): void")
    assert function["function"]["parameters"]["properties"]["a"] == TYPES[written]


FIND = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "description": "Where it is."},
        "unit": {"type": "string", "enum": ["c", "f"], "description": "Which scale."},
    },
    "required": ["city"],
}
COMMENT = """/**
 * Finds it.
 * @param city - Where it is.
 * @param {string} [unit=c] Which scale.
 * @returns All of it.
 */
"""
MEMBERS = """{
  /** Where it is. */
  city: string;
  unit?: "c" | "f"; // Which scale.
}"""
DECLARATIONS = {
    "function": f"{COMMENT}export async function find(city: string, unit?: 'c' | 'f'): Promise<X>"
    " { return `x ${city}` }",
    "declared": f"{COMMENT}declare function find(city: string, unit?: 'c' | 'f'): string;",
    "arrow": f"{COMMENT}export const find = async (city: string, unit?: 'c' | 'f') => null;",
    "arrow type": f"{COMMENT}type find = (city: string, unit?: 'c' | 'f') => Promise<string>;",
    "variable": f"{COMMENT}const find: (city: string, unit?: 'c' | 'f') => string = other;",
    "method": f"interface Api {{ {COMMENT} find(city: string, unit?: 'c' | 'f'): string }}",
    "destructured": f"/** Finds it. */ function find({{ city, unit }}: {MEMBERS}) {{}}",
    "object": f"// Finds it.\ntype find = (_: {MEMBERS}) => any;",
    "named object": f"interface Args {MEMBERS}\n// Finds it.\nconst find = (args: Args) => 1",
    "namespace": f"namespace functions {{\n// Finds it.\ntype find = (_: {MEMBERS}) => any;\n}}",
    "interface": f"/** Finds it. */\ninterface Find {MEMBERS}",
    "alias": f"// Finds it.\nexport type Find = {MEMBERS};",
    "inherited": "interface Base { /** Where it is. */ city: string }\n/** Finds it. */\n"
    "interface Find extends Base { unit?: 'c' | 'f' // Which scale.\n}",
}


@pytest.mark.parametrize("kind", DECLARATIONS)
def test_a_declaration_becomes_a_function(kind: str) -> None:
    assert found(DECLARATIONS[kind]) == [tool("find", FIND, "Finds it.")]


def test_a_signature_alone_is_read() -> None:
    (function,) = found('getWeather(city: string, unit?: "c" | "f"): Promise<string>')
    assert function["function"]["name"] == "getWeather"
    assert function["function"]["parameters"]["required"] == ["city"]


def test_a_default_means_that_it_may_be_left_out() -> None:
    (function,) = found("function f(a = 10, b: string = 'x', c: boolean = true) {}")
    assert function["function"]["parameters"] == {
        "type": "object",
        "properties": {
            "a": {"type": "integer", "default": 10},
            "b": {"type": "string", "default": "x"},
            "c": {"type": "boolean", "default": True},
        },
    }


def test_an_enumeration_gives_its_values() -> None:
    (function,) = found('enum Kind { Big = "big", Small = "small" }\nfunction f(kind: Kind) {}')
    schema: dict[str, Any] = function["function"]["parameters"]["properties"]["kind"]
    assert schema == {"type": "string", "enum": ["big", "small"]}


def test_a_type_that_contains_itself_is_cut_and_named() -> None:
    text = "interface Node { next?: Node; value: string }\nfunction f(node: Node): void {}"
    (function,) = found(text)
    assert function["function"]["parameters"]["properties"]["node"] == {
        "type": "object",
        "properties": {"next": {}, "value": {"type": "string"}},
        "required": ["value"],
    }
    assert said(text) == ["“Node” contains itself. It is written out once."]


def test_what_cannot_be_said_is_left_out_and_named() -> None:
    assert said("function f(a: Foo, b: () => void, c: keyof X, ...rest: string[]) {}") == [
        "The type “Foo” is not in the text, so it takes any value.",
        "A type with “=>” is not read, so it takes any value.",
        "A type with “keyof” is not read, so it takes any value.",
        "“...rest” takes any number of values and was left out.",
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("function f(a: string", "A bracket in this TypeScript is never closed. Close it."),
        ("/* open", "A comment in this TypeScript never ends. Add */ to it."),
        ("function f(a: =) {}", "This looks like TypeScript, and “=” is not expected in it."),
        ("const a = 3", "No function was found in this text."),
    ],
)
def test_what_is_no_function_is_refused(text: str, reason: str) -> None:
    with pytest.raises(NotRead) as refused:
        functions_of(text)
    assert str(refused.value).startswith(reason)
