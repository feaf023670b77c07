"""Whether something is a JSON Schema, and what about one providers refuse.

No reference is followed and no pattern compiled: this reads somebody's text, in time proportional
to its size.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from assistants.definition.checks.problem import JsonLocation
from assistants.definition.limits import LIMITS
from assistants.definition.value import as_dict, as_list

TYPES = ("string", "number", "integer", "boolean", "object", "array", "null")
NOT_AT_THE_TOP = ("oneOf", "anyOf", "allOf", "not", "enum")

# What the value of a keyword has to be.
SCHEMA, SCHEMA_LIST, SCHEMA_OR_LIST = "schema", "schema_list", "schema_or_list"
SCHEMA_BY_NAME, NAMES_BY_NAME, RULES_BY_NAME = "schema_by_name", "names_by_name", "rules_by_name"
NAMES, KIND, LIST = "names", "type", "list"
NUMBER, COUNT, BOUND, TEXT, SWITCH = "number", "count", "bound", "text", "switch"

_ABOUT_THE_SAME = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas")
"""Keywords whose schemas describe the same value as the schema around them."""
_EXPECTED: Mapping[str, str] = {
    **dict.fromkeys(("properties", "patternProperties", "$defs", "definitions"), SCHEMA_BY_NAME),
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), SCHEMA_LIST),
    **dict.fromkeys(("not", "if", "then", "else", "contains", "propertyNames"), SCHEMA),
    **dict.fromkeys(("additionalProperties", "unevaluatedProperties"), SCHEMA),
    **dict.fromkeys(("additionalItems", "unevaluatedItems", "contentSchema"), SCHEMA),
    **dict.fromkeys(("minimum", "maximum", "multipleOf"), NUMBER),
    **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), BOUND),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), COUNT),
    **dict.fromkeys(("minProperties", "maxProperties", "minContains", "maxContains"), COUNT),
    **dict.fromkeys(("title", "description", "pattern", "format", "$comment"), TEXT),
    **dict.fromkeys(("$ref", "$dynamicRef", "$id", "$schema", "$anchor"), TEXT),
    **dict.fromkeys(("contentEncoding", "contentMediaType"), TEXT),
    **dict.fromkeys(("uniqueItems", "deprecated", "readOnly", "writeOnly"), SWITCH),
    **dict.fromkeys(("enum", "examples"), LIST),
    "dependentSchemas": SCHEMA_BY_NAME,
    "dependentRequired": NAMES_BY_NAME,
    "dependencies": RULES_BY_NAME,
    "items": SCHEMA_OR_LIST,
    "required": NAMES,
    "type": KIND,
}
KEYWORDS = _EXPECTED.keys() | {"const", "default", "format"}
"""Words that may be in a schema with a meaning."""
_MOST_NAMES = 1000
"""Required names of one object that are looked for among its properties."""
_NOT_EMPTY = ("enum", "allOf", "anyOf", "oneOf")
_NAMED_ELSEWHERE = frozenset(
    {
        "$ref",
        "$dynamicRef",
        "patternProperties",
        "allOf",
        "anyOf",
        "oneOf",
        "if",
        "dependentSchemas",
    }
)
"""Beside these, a property may be described where a look at `properties` does not find it."""


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong with a schema, at a place in it.

    `wrong_kind` (with `expected`) says that it is no JSON Schema at all. Anything else is allowed,
    and refused by providers or not what was meant: `unknown_type` (`name`), `not_a_property`
    (`name`), `no_items`, `empty` (`name`), `at_the_top` (`name`), `top_not_object`, and for strict
    schemas `not_closed` and `optional` (`names`).
    """

    location: JsonLocation
    code: str
    params: Mapping[str, Any]

    @property
    def is_error(self) -> bool:
        return self.code == "wrong_kind"


class _Part(NamedTuple):
    """A schema that is still to be read; `around` are the properties of those about the same."""

    value: Any
    location: JsonLocation
    around: tuple[Mapping[str, Any], ...] = ()


def find_flaws(schema: Any, *, strict: bool = False) -> Iterator[Flaw]:
    """Yield what is wrong with the schema of a function's parameters, or of answers."""
    yield from _at_the_top(as_dict(schema))
    left = [_Part(schema, ())]
    for _number in range(LIMITS.values):
        if not left:
            return
        part = left.pop()
        if isinstance(part.value, dict):
            inner: list[_Part] = []
            yield from _keywords(part, inner)
            yield from _meaning(part)
            if strict:
                yield from _strictness(part)
            left += reversed(inner)
        elif not isinstance(part.value, bool):
            yield _wrong(part.location, SCHEMA)


def _wrong(location: JsonLocation, expected: str) -> Flaw:
    return Flaw(location, "wrong_kind", {"expected": expected})


def _at_the_top(schema: Mapping[str, Any]) -> Iterator[Flaw]:
    if schema.get("type") != "object":
        yield Flaw((), "top_not_object", {})
    for name in NOT_AT_THE_TOP:
        if name in schema:
            yield Flaw((name,), "at_the_top", {"name": name})


def _keywords(part: _Part, inner: list[_Part]) -> Iterator[Flaw]:
    """Yield keywords whose value is of the wrong kind; the schemas among them go to `inner`."""
    here = as_dict(part.value.get("properties"))
    for name, value in part.value.items():
        expected = _EXPECTED.get(name)
        if expected is None:
            continue
        location = (*part.location, name)
        around = (*part.around, here) if name in _ABOUT_THE_SAME else ()
        if expected == SCHEMA or (expected == SCHEMA_OR_LIST and not isinstance(value, list)):
            inner.append(_Part(value, location, around))
        elif expected in (SCHEMA_LIST, SCHEMA_OR_LIST) and isinstance(value, list):
            inner += (_Part(item, (*location, at), around) for at, item in enumerate(value))
        elif expected == SCHEMA_BY_NAME and isinstance(value, dict):
            inner += (_Part(item, (*location, key), around) for key, item in value.items())
        elif expected in (NAMES_BY_NAME, RULES_BY_NAME) and isinstance(value, dict):
            yield from _rules(value, location, expected, inner)
        elif not _fits(value, expected):
            yield _wrong(location, expected)
        if name in _NOT_EMPTY and value == []:
            yield Flaw(location, "empty", {"name": name})


def _rules(
    value: Mapping[str, Any], location: JsonLocation, expected: str, inner: list[_Part]
) -> Iterator[Flaw]:
    for key, item in value.items():
        if expected == RULES_BY_NAME and not isinstance(item, list):
            inner.append(_Part(item, (*location, key)))
        elif not _fits(item, NAMES):
            yield _wrong((*location, key), NAMES)


def _fits(value: Any, expected: str) -> bool:
    return expected in _TESTS and _TESTS[expected](value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_list_of_text(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


_TESTS: Mapping[str, Callable[[Any], bool]] = {
    NUMBER: _is_number,
    BOUND: lambda value: isinstance(value, bool) or _is_number(value),
    COUNT: lambda value: isinstance(value, int) and _is_number(value) and value >= 0,
    TEXT: lambda value: isinstance(value, str),
    SWITCH: lambda value: isinstance(value, bool),
    LIST: lambda value: isinstance(value, list),
    NAMES: _is_list_of_text,
    KIND: lambda value: isinstance(value, str) or _is_list_of_text(value),
}


def _types(schema: Mapping[str, Any]) -> list[Any]:
    kind = schema.get("type")
    return [kind] if isinstance(kind, str) else as_list(kind)


def _meaning(part: _Part) -> Iterator[Flaw]:
    """Yield what is a JSON Schema, and makes no sense."""
    schema = part.value
    for kind in _types(schema):
        if isinstance(kind, str) and kind not in TYPES:
            yield Flaw((*part.location, "type"), "unknown_type", {"name": kind})
    if "array" in _types(schema) and not schema.keys() & {"items", "prefixItems", "$ref"}:
        yield Flaw(part.location, "no_items", {})
    if schema.keys() & _NAMED_ELSEWHERE:
        return
    known = (as_dict(schema.get("properties")), *part.around)
    for name in as_list(schema.get("required"))[:_MOST_NAMES]:
        if isinstance(name, str) and not any(name in properties for properties in known):
            yield Flaw((*part.location, "required"), "not_a_property", {"name": name})


def _strictness(part: _Part) -> Iterator[Flaw]:
    """Yield what strict mode asks of each object, and is not there."""
    properties = as_dict(part.value.get("properties"))
    if "object" not in _types(part.value) and not properties:
        return
    if part.value.get("additionalProperties") is not False:
        yield Flaw(part.location, "not_closed", {})
    required = {name for name in as_list(part.value.get("required")) if isinstance(name, str)}
    if optional := [name for name in properties if name not in required]:
        yield Flaw((*part.location, "required"), "optional", {"names": optional})
