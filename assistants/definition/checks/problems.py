"""Check a definition against the limits and say what is wrong in the words of the real API."""

from collections.abc import Callable, Iterable, Iterator
from math import isfinite
from typing import Any

from pydantic import ValidationError

from assistants.definition.checks import bulk
from assistants.definition.checks.problem import JsonLocation, Problem, make_problem
from assistants.definition.checks.schema import ContentSchema
from assistants.definition.checks.schemas import kept_schemas, schema_problems
from assistants.definition.fields import display_order
from assistants.definition.limits import LIMITS
from assistants.definition.text import quotable
from assistants.definition.value import Definition, as_dict, as_list
from assistants.definition.whole import whole_function

_VARIANTS = {"tools": 2, "response_format": 1}  # where pydantic puts the variant into a location


def problems(
    definition: Definition,
    fields: Iterable[str] | None = None,
    *,
    before: Definition | None = None,
    stored: Iterable[Definition] | None = None,
) -> list[Problem]:
    """List what breaks the rules, in display order of the fields; only in `fields` when given.

    Where a limit of the whole is exceeded, only that is listed, without reading the rest. `before`
    is the definition that `fields` change; what they leave unchanged may exceed a limit. With
    `stored`, flawed schemas are listed too, except those that one of these definitions already has.
    """
    whole = definition.content()
    names = list(whole if fields is None else fields)
    if excesses := too_much(definition, names, before=before):
        return excesses
    content = {name: whole[name] for name in names if name in whole}
    found = [
        *_unstorable(content),
        *_broken_limits(content),
        *_duplicate_names(as_list(content.get("tools"))),
    ]
    if stored is not None:
        found += schema_problems(content)
        kept = kept_schemas(content, stored) if found else []
        found = [problem for problem in found if not any(held.has(problem) for held in kept)]
    if fields is not None:  # a field that `content` leaves out was not asked for
        asked = set(map(quotable, names))
        found = [problem for problem in found if problem.field in asked]
    return sorted(found, key=_display_order)


def too_much(
    definition: Definition, fields: Iterable[str], *, before: Definition | None = None
) -> list[Problem]:
    """List only the limits of the whole that are exceeded; see `problems`."""
    whole = definition.content()
    part = {name: whole[name] for name in fields if name in whole}
    excesses = bulk.excesses(part, definition, before)
    return [_excess(found) for found in excesses]


def note_problems(note: str) -> list[Problem]:
    """List what breaks the rules in the note about a change."""
    return [_excess(found) for found in bulk.note_excess(note)]


def note_missing() -> Problem:
    """Return the problem of a change without the note that its workspace asks for."""
    message = "Missing required parameter: '{path}'."
    return make_problem(("note",), "missing_required_parameter", message)


def text_problems(text: bytes) -> list[Problem]:
    """List the limits that a definition's JSON exceeds for certain, without parsing it."""
    return [_excess(found) for found in bulk.text_excess(text)]


def _excess(found: bulk.Excess) -> Problem:
    return make_problem(found.location, found.code, found.message, **found.params)


def _display_order(problem: Problem) -> int:
    return display_order(problem.field)


# What no part of a field may contain: bad characters, numbers that JSON lacks, endless nesting.


def _unstorable(content: dict[str, Any]) -> Iterator[Problem]:
    for field, value in content.items():
        yield from _bad_characters(field, (field,))
        yield from _walk(value, (field,))


def _walk(value: Any, location: JsonLocation) -> Iterator[Problem]:
    if isinstance(value, str):
        yield from _bad_characters(value, location)
    elif isinstance(value, float) and not isfinite(value):
        yield make_problem(location, "invalid_value", "Invalid '{path}': expected a finite number.")
    elif isinstance(value, dict | list):
        if len(location) > LIMITS.nesting:
            yield _excess(bulk.too_deep(location[:3]))
            return
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(key, str):
                yield from _bad_characters(key, location)
            yield from _walk(item, (*location, key))


def _bad_characters(text: str, location: JsonLocation) -> Iterator[Problem]:
    if "\0" in text:
        message = "Invalid '{path}': the text contains a NUL character (U+0000)."
        yield make_problem(location, "invalid_unicode", message, character="U+0000")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            character = f"U+{ord(text[error.start]):04X}"
            message = f"Invalid '{{path}}': the text contains an unpaired surrogate ({character})."
            yield make_problem(location, "invalid_unicode", message, character=character)


def _duplicate_names(tools: list[Any]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, tool in enumerate(tools):
        name = as_dict(as_dict(tool).get("function")).get("name")
        if as_dict(tool).get("type") != "function" or not isinstance(name, str):
            continue
        if name in seen:
            message = f"Invalid '{{path}}': duplicate function name '{quotable(name)}'."
            location = ("tools", index, "function", "name")
            yield make_problem(location, "duplicate_name", message, name=quotable(name))
        seen.add(name)


# The limits: pydantic finds what breaks them, and each of its errors is put as the API puts it.


def _broken_limits(content: dict[str, Any]) -> Iterator[Problem]:
    try:
        ContentSchema.model_validate(content)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            kind, location = details["type"], details["loc"]
            if kind in ("string_unicode", "finite_number"):
                continue  # found by `_unstorable` already
            variant = _VARIANTS.get(str(location[0]), len(location))
            place = location[:variant] + location[variant + 1 :]
            yield _TRANSLATORS[kind](place, details["input"], details.get("ctx", {}))


def _missing(location: JsonLocation, _value: Any, _context: dict[str, Any]) -> Problem:
    message = "Missing required parameter: '{path}'."
    return make_problem(location, "missing_required_parameter", message)


def _wrong_type(expected: str) -> Callable[[JsonLocation, Any, dict[str, Any]], Problem]:
    def translate(location: JsonLocation, value: Any, _context: dict[str, Any]) -> Problem:
        got = _TYPE_NAMES[type(value)]
        message = f"Invalid type for '{{path}}': expected {expected}, but got {got} instead."
        return make_problem(location, "invalid_type", message, expected=expected, got=got)

    return translate


def _not_listed(location: JsonLocation, value: Any, context: dict[str, Any]) -> Problem:
    values = context["values"]
    listed = ", ".join(f"'{item}'" for item in values[:-1]) + f", and '{values[-1]}'"
    message = f"Invalid value: '{quotable(value)}'. Supported values are: {listed}."
    return make_problem(location, "invalid_value", message, values=values)


def _wrong_pattern(location: JsonLocation, _value: Any, context: dict[str, Any]) -> Problem:
    pattern = context["pattern"]
    message = (
        "Invalid '{path}': string does not match pattern. "
        f"Expected a string that matches the pattern '{pattern}'."
    )
    return make_problem(location, "invalid_value", message, pattern=pattern)


def _not_object_schema(location: JsonLocation, value: Any, context: dict[str, Any]) -> Problem:
    name, got = quotable(context["name"]), quotable(context["type"])
    message = (
        f"Invalid schema for function '{name}': "
        f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{got}\"'."
    )
    whole = whole_function(value) is not None
    code = "invalid_function_parameters"
    return make_problem(location, code, message, name=name, got=got, whole=whole)


def _above_maximum(location: JsonLocation, value: Any, context: dict[str, Any]) -> Problem:
    number, limit = _number(context["le"])
    message = (
        f"Invalid '{{path}}': {number} above maximum value. "
        f"Expected a value <= {limit}, but got {quotable(value)} instead."
    )
    return make_problem(location, f"{number}_above_max_value", message, limit=limit, actual=value)


def _below_minimum(location: JsonLocation, value: Any, context: dict[str, Any]) -> Problem:
    number, limit = _number(context["ge"])
    message = (
        f"Invalid '{{path}}': {number} below minimum value. "
        f"Expected a value >= {limit}, but got {quotable(value)} instead."
    )
    return make_problem(location, f"{number}_below_min_value", message, limit=limit, actual=value)


def _number(bound: int | float) -> tuple[str, int]:
    """Pydantic gives the bound in the type of the field, and all our bounds are whole."""
    return ("integer" if isinstance(bound, int) else "decimal"), int(bound)


def _empty(location: JsonLocation, _value: Any, _context: dict[str, Any]) -> Problem:
    message = (
        "Invalid '{path}': empty string. "
        "Expected a string with minimum length 1, but got an empty string instead."
    )
    return make_problem(location, "empty_string", message, limit=1, actual=0)


def _string_too_long(location: JsonLocation, value: Any, context: dict[str, Any]) -> Problem:
    limit, actual = context["max_length"], len(value)
    expected = (
        f"Expected a string with maximum length {limit}, "
        f"but got a string with length {actual} instead."
    )
    if location[-1] == "[key]":
        name = quotable(value)
        message = f"Invalid property name in '{{path}}': '{name}' is too long. {expected}"
        code = "property_name_above_max_length"
        return make_problem(location[:-2], code, message, limit=limit, actual=actual, name=name)
    message = f"Invalid '{{path}}': string too long. {expected}"
    return make_problem(location, "string_above_max_length", message, limit=limit, actual=actual)


def _too_many(location: JsonLocation, value: Any, context: dict[str, Any]) -> Problem:
    limit, actual = context["max_length"], len(value)
    if isinstance(value, dict):
        code = "object_above_max_properties"
        message = (
            "Invalid '{path}': too many properties. Expected an object with at most "
            f"{limit} properties, but got an object with {actual} properties instead."
        )
    else:
        code = "array_above_max_length"
        message = (
            f"Invalid '{{path}}': array too long. Expected an array with maximum length {limit}, "
            f"but got an array with length {actual} instead."
        )
    return make_problem(location, code, message, limit=limit, actual=actual)


_TYPE_NAMES = {
    type(None): "null",
    bool: "a boolean",
    int: "an integer",
    float: "a decimal",
    str: "a string",
    list: "an array",
    dict: "an object",
}
_TRANSLATORS: dict[str, Callable[[JsonLocation, Any, dict[str, Any]], Problem]] = {
    "missing": _missing,
    "string_type": _wrong_type("a string"),
    "int_type": _wrong_type("an integer"),
    "float_type": _wrong_type("a decimal"),
    "bool_type": _wrong_type("a boolean"),
    "list_type": _wrong_type("an array"),
    "dict_type": _wrong_type("an object"),
    "model_type": _wrong_type("an object"),
    "not_listed": _not_listed,
    "pattern": _wrong_pattern,
    "not_object_schema": _not_object_schema,
    "less_than_equal": _above_maximum,
    "greater_than_equal": _below_minimum,
    "string_too_short": _empty,
    "string_too_long": _string_too_long,
    "too_long": _too_many,
}
