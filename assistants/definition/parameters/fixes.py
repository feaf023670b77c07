"""Correct what providers refuse in a schema, where one correction is the obvious one."""

from difflib import get_close_matches
from typing import Any

from assistants.definition.checks.json_schema import TYPES, Flaw
from assistants.definition.value import as_dict, as_list

_OTHER_WORDS = {
    "str": "string", "text": "string", "date": "string", "datetime": "string", "uuid": "string",
    "int": "integer", "long": "integer", "float": "number", "double": "number", "decimal": "number",
    "bool": "boolean", "list": "array", "tuple": "array", "set": "array",
    "dict": "object", "map": "object", "struct": "object", "none": "null",
}  # fmt: skip
"""Words for types in other languages than JSON Schema."""


def can_fix(flaw: Flaw) -> bool:
    """Return whether `fix_flaw` corrects such a flaw."""
    if flaw.code == "unknown_type":
        return bool(_type_meant(flaw.params["name"]))
    if flaw.code == "empty":
        return bool(flaw.params["name"] == "enum")
    return flaw.code in ("not_a_property", "no_items", "not_closed", "optional")


def fix_flaw(schema: Any, flaw: Flaw) -> Any:
    """Return the schema with the flaw corrected, and everything else as it is.

    A property that strict mode requires may be null from then on, so it can still be left out.
    """
    owner = flaw.location
    if flaw.code in ("unknown_type", "empty", "not_a_property", "optional"):
        owner = owner[:-1]  # the flaw is at a keyword of it
    return _changed_at(schema, owner, flaw) if can_fix(flaw) else schema


def _changed_at(value: Any, location: tuple[str | int, ...], flaw: Flaw) -> Any:
    if not location:
        return _corrected(dict(value), flaw) if isinstance(value, dict) else value
    first, rest = location[0], location[1:]
    if isinstance(value, dict) and first in value:
        return {**value, str(first): _changed_at(value[str(first)], rest, flaw)}
    if isinstance(value, list) and isinstance(first, int) and first < len(value):
        return [*value[:first], _changed_at(value[first], rest, flaw), *value[first + 1 :]]
    return value


def _corrected(schema: dict[str, Any], flaw: Flaw) -> dict[str, Any]:
    match flaw.code:
        case "unknown_type":
            schema["type"] = _replaced(schema.get("type"), flaw.params["name"])
        case "empty":
            del schema["enum"]
        case "not_a_property":
            missing = flaw.params["name"]
            schema["required"] = [n for n in as_list(schema.get("required")) if n != missing]
        case "no_items":
            schema["items"] = {"type": "string"}
        case "not_closed":
            schema["additionalProperties"] = False
        case "optional":
            _require_all(schema, flaw.params["names"])
    return schema


def _replaced(kind: Any, name: str) -> Any:
    meant = _type_meant(name)
    return [meant if one == name else one for one in kind] if isinstance(kind, list) else meant


def _type_meant(word: str) -> str:
    lower = word.strip().lower()
    found = get_close_matches(lower[:20], TYPES, n=1, cutoff=0.75)
    return _OTHER_WORDS.get(lower) or (found[0] if found else "")


def _require_all(schema: dict[str, Any], names: list[str]) -> None:
    schema["required"] = [*as_list(schema.get("required")), *names]
    properties = dict(as_dict(schema.get("properties")))
    for name in names:
        properties[name] = _may_be_null(properties.get(name))
    schema["properties"] = properties


def _may_be_null(schema: Any) -> Any:
    kind = as_dict(schema).get("type")
    if not isinstance(kind, str) or kind == "null":
        return schema
    schema = {**schema, "type": [kind, "null"]}
    if isinstance(schema.get("enum"), list) and None not in schema["enum"]:
        schema["enum"] = [*schema["enum"], None]
    return schema
