"""The generic types that TypeScript has: of lists, objects, and objects made from others."""

from typing import Any

from assistants.importing.schema import without_null

_LISTS = ("Array", "ReadonlyArray", "Iterable", "Set", "ReadonlySet")
_AS_IT_IS = ("Promise", "Awaited", "Readonly")


def applied(name: str, arguments: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the schema of a generic type with its arguments; None for one that is not known."""
    first = arguments[0] if arguments else {}
    second = arguments[1] if len(arguments) > 1 else {}
    found: dict[str, Any] | None = None
    if name in _LISTS:
        found = {"type": "array", "items": first}
        found |= {"uniqueItems": True} if name.endswith("Set") else {}
    elif name in ("Record", "Map", "ReadonlyMap"):
        found = _record(first, second)
    elif name in _AS_IT_IS and arguments:
        found = first
    elif name == "NonNullable" and arguments:
        found = without_null(first)
    elif name == "Partial" and arguments:
        found = {key: value for key, value in first.items() if key != "required"}
    elif name == "Required" and isinstance(first.get("properties"), dict):
        found = {**first, "required": list(first["properties"])}
    elif name in ("Pick", "Omit") and len(arguments) == 2:
        found = _picked(first, second.get("enum", []), name == "Pick")
    return found


def _record(keys: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    names = keys.get("enum")
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        properties = dict.fromkeys(names, values)
        return {"type": "object", "properties": properties, "required": names}
    return {"type": "object", **({"additionalProperties": values} if values else {})}


def _picked(schema: dict[str, Any], names: list[Any], is_kept: bool) -> dict[str, Any]:
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return schema
    left = {name: value for name, value in properties.items() if (name in names) == is_kept}
    required = [name for name in schema.get("required", []) if name in left]
    rest = {key: value for key, value in schema.items() if key not in ("properties", "required")}
    return {**rest, "properties": left, **({"required": required} if required else {})}


def fitting_all(schemas: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the schema of a value that fits all of these: one object, where they are objects."""
    known = [schema for schema in schemas if schema]
    if not all(schema.get("type") == "object" for schema in known):
        return {"allOf": known} if len(known) > 1 else dict(known[0]) if known else {}
    whole: dict[str, Any] = {"type": "object", "properties": {}}
    required: list[str] = []
    for schema in known:
        whole["properties"].update(schema.get("properties", {}))
        required += [name for name in schema.get("required", []) if name not in required]
        extra = {k: v for k, v in schema.items() if k not in ("type", "properties", "required")}
        whole.update(extra)
    return {**whole, **({"required": required} if required else {})}
