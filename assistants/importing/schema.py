"""A JSON Schema pasted alone: the parameters of a function, or one value that it takes."""

from collections.abc import Mapping
from typing import Any

from assistants.definition.checks.json_schema import KEYWORDS, TYPES
from assistants.definition.translation import gettext_noop
from assistants.importing.found import FoundFunction, NotRead, Remarks

_LATEST_DRAFTS = ("$defs", "definitions", "$ref", "allOf", "anyOf", "oneOf")


def is_json_schema(value: Any) -> bool:
    """Return whether an object is a JSON Schema, and not data that looks a little like one."""
    if not isinstance(value, dict) or not value:
        return False
    if isinstance(value.get("$schema"), str):
        return True
    kinds = value.get("type", "object")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if not kinds or not all(isinstance(kind, str) and kind in TYPES for kind in kinds):
        return False
    if _is_object_of_objects(value.get("properties")):
        return True
    says = "type" in value or any(name in value for name in _LATEST_DRAFTS)
    return says and value.keys() <= KEYWORDS


def _is_object_of_objects(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(item, dict | bool) for item in value.values())


def are_properties(value: Any) -> bool:
    """Return whether an object holds the schemas of parameters, by the name of each."""
    return (
        isinstance(value, dict)
        and bool(value)
        and all(
            isinstance(item, dict) and "type" in item and is_json_schema(item)
            for item in value.values()
        )
    )


def from_schema(schema: dict[str, Any], remarks: Remarks) -> FoundFunction:
    """Return the function whose parameters the schema describes, unchanged if it is of an object.

    Raises `NotRead` for a schema that is part of a longer text.
    """
    title, description = schema.get("title"), schema.get("description")
    return FoundFunction(
        name=title if isinstance(title, str) else "",
        description=description if isinstance(description, str) else "",
        parameters=as_parameters(schema, "value", remarks),
    )


def as_parameters(schema: Mapping[str, Any], name: str, remarks: Remarks) -> dict[str, Any]:
    """Return a schema of an object as it is, and any other as that of the parameter `name`."""
    if schema.get("type") == "object" or ("properties" in schema and "type" not in schema):
        return dict(schema)
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("#"):
        return _referred(schema, reference)
    remarks.add(
        gettext_noop(
            "The parameters of a function are an object, so this became “%(name)s” in one."
        ),
        name=name,
    )
    defs = {key: schema[key] for key in ("$defs", "definitions") if key in schema}
    inner = {key: value for key, value in schema.items() if key not in defs and key != "$schema"}
    return object_schema({name: inner}, [name]) | defs


def _referred(schema: Mapping[str, Any], reference: str) -> dict[str, Any]:
    """Return the object that a schema refers to at its top, where generators put it."""
    target: Any = schema
    for part in reference.removeprefix("#").strip("/").split("/")[:8]:
        target = (
            target.get(part.replace("~1", "/").replace("~0", "~"))
            if isinstance(target, dict)
            else None
        )
    if not isinstance(target, dict) or target is schema or "$ref" in target:
        raise NotRead(
            gettext_noop(
                "This schema refers to “%(name)s”, which is not in the text. Paste all of it."
            ),
            name=reference[:80],
        )
    kept = {key: schema[key] for key in ("$defs", "definitions") if key in schema}
    return {**target, **kept}


def object_schema(properties: Mapping[str, Any], required: list[str]) -> dict[str, Any]:
    """Return the schema of an object; without `required` where nothing is."""
    schema: dict[str, Any] = {"type": "object", "properties": dict(properties)}
    return {**schema, "required": required} if required else schema


def allowing_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that takes null too."""
    kind = schema.get("type")
    if schema == {} or kind == "null" or (isinstance(kind, list) and "null" in kind):
        return schema
    if isinstance(kind, list) and not schema.keys() & {"anyOf", "oneOf", "allOf", "enum"}:
        return {**schema, "type": [*kind, "null"]}
    if isinstance(kind, str) and not schema.keys() & {"anyOf", "oneOf", "allOf", "const"}:
        values = {"enum": [*schema["enum"], None]} if isinstance(schema.get("enum"), list) else {}
        return {**schema, "type": [kind, "null"], **values}
    described = {key: schema[key] for key in ("description",) if key in schema}
    rest = {key: value for key, value in schema.items() if key not in described}
    return {"anyOf": [rest, {"type": "null"}], **described}


def without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that does not take null, if it takes something else too."""
    kind, values, options = schema.get("type"), schema.get("enum"), schema.get("anyOf")
    if isinstance(kind, list) and "null" in kind:
        left = [name for name in kind if name != "null"]
        schema = {**schema, "type": left[0] if len(left) == 1 else left}
        if isinstance(values, list):
            schema["enum"] = [value for value in values if value is not None]
    elif isinstance(options, list) and {"type": "null"} in options:
        left = [option for option in options if option != {"type": "null"}]
        rest = {key: value for key, value in schema.items() if key != "anyOf"}
        schema = {**left[0], **rest} if len(left) == 1 else {**schema, "anyOf": left}
    return schema


def one_of_types(schemas: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the schema of a value that fits one of some; none is any value."""
    flat: list[dict[str, Any]] = []
    for schema in schemas:
        nested = schema["anyOf"] if schema.keys() == {"anyOf"} else [schema]
        flat += (item for item in nested if item not in flat[:_MOST_ALTERNATIVES])
    if not flat or {} in flat:
        return {}
    if len(flat) == 1:
        return flat[0]
    if all(item.keys() == {"enum", "type"} and isinstance(item["type"], str) for item in flat):
        values = [value for item in flat for value in item["enum"]]
        kinds = list(dict.fromkeys(item["type"] for item in flat))
        return {"type": kinds[0] if len(kinds) == 1 else kinds, "enum": values}
    if any(item == {"type": "null"} for item in flat):
        return allowing_null(one_of_types([item for item in flat if item != {"type": "null"}]))
    if all(item.keys() == {"type"} and isinstance(item["type"], str) for item in flat):
        return {"type": [item["type"] for item in flat]}
    return {"anyOf": flat}


_MOST_ALTERNATIVES = 50
"""Alternatives among which one that is there already is left out."""
