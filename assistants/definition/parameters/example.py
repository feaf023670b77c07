"""An example of an answer, made from its schema."""

from collections.abc import Mapping
from typing import Any

from assistants.definition.value import as_dict, as_list

MOST_IN_EXAMPLE = 200
_MOST_LEVELS = 12
_FORMATS = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T09:30:00Z",
    "time": "09:30:00Z",
    "duration": "PT1H",
    "email": "ann@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "uuid": "123e4567-e89b-42d3-a456-426614174000",
}


def example_of(schema: Any) -> Any:
    """Return a value that the schema allows, always the same one for the same schema.

    References resolve inside the schema. Of a large schema only the first parts are there, and a
    pattern is not followed.
    """
    return _Example(schema).value(schema, 0)


class _Example:
    def __init__(self, root: Any) -> None:
        self._root = root
        self._left = MOST_IN_EXAMPLE

    def value(self, schema: Any, level: int) -> Any:
        self._left -= 1
        if not isinstance(schema, dict) or level > _MOST_LEVELS or self._left < 0:
            return None
        for keyword in ("const", "default"):
            if keyword in schema:
                return schema[keyword]
        for keyword in ("enum", "examples"):
            if as_list(schema.get(keyword)):
                return schema[keyword][0]
        if isinstance(schema.get("$ref"), str):
            return self.value(_referred(self._root, schema["$ref"]), level + 1)
        for keyword in ("anyOf", "oneOf", "allOf"):
            if as_list(schema.get(keyword)):
                return self._of_several(schema, as_list(schema[keyword]), keyword, level)
        return self._of_kind(_first_kind(schema), schema, level)

    def _of_several(
        self, schema: Mapping[str, Any], choices: list[Any], keyword: str, level: int
    ) -> Any:
        if keyword != "allOf":
            around = {name: value for name, value in schema.items() if name != keyword}
            return self.value({**around, **as_dict(choices[0])}, level + 1)
        found = [self.value(choice, level + 1) for choice in choices]
        objects = [value for value in found if isinstance(value, dict)]
        own = self._object(schema, level) if "properties" in schema else {}
        return {**own, **{k: v for one in objects for k, v in one.items()}} if objects else found[0]

    def _of_kind(self, kind: str, schema: Mapping[str, Any], level: int) -> Any:
        match kind:
            case "object":
                return self._object(schema, level)
            case "array":
                return self._list(schema, level)
            case "string":
                return _text(schema)
            case "integer" | "number":
                return _number(schema, 1 if kind == "integer" else 1.5)
            case "boolean":
                return True
        return None

    def _object(self, schema: Mapping[str, Any], level: int) -> dict[str, Any]:
        found = {}
        for name, inner in as_dict(schema.get("properties")).items():
            if self._left <= 0:
                break
            found[name] = self.value(inner, level + 1)
        return found

    def _list(self, schema: Mapping[str, Any], level: int) -> list[Any]:
        if first := as_list(schema.get("prefixItems")):
            return [self.value(inner, level + 1) for inner in first[:5]]
        if not isinstance(schema.get("items"), dict) or schema.get("maxItems") == 0:
            return []
        least = schema.get("minItems")
        many = min(max(1, least), 5) if isinstance(least, int) else 1
        return [self.value(schema["items"], level + 1) for _number in range(many)]


def _first_kind(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type")
    kinds = [one for one in as_list(kind) if isinstance(one, str) and one != "null"]
    if isinstance(kind, str):
        return kind
    if kinds:
        return kinds[0]
    return "object" if "properties" in schema else "array" if "items" in schema else "null"


def _text(schema: Mapping[str, Any]) -> str:
    found = _FORMATS.get(str(schema.get("format")), "text")
    most, least = schema.get("maxLength"), schema.get("minLength")
    if isinstance(least, int) and len(found) < least:
        found = (found + " text" * 20)[: min(least, 100)].ljust(min(least, 100), ".")
    return found[:most] if isinstance(most, int) and most >= 0 else found


def _number(schema: Mapping[str, Any], usual: float) -> Any:
    low: Any = schema.get("minimum")
    high: Any = schema.get("maximum")
    over: Any = schema.get("exclusiveMinimum")
    under: Any = schema.get("exclusiveMaximum")
    step: Any = schema.get("multipleOf")
    found: Any = usual
    if _is_number(step) and step > 0:
        found = step
    if _is_number(low) and found < low:
        found = low
    if _is_number(over) and found <= over:
        found = over + 1
    if _is_number(high) and found > high:
        found = high
    if _is_number(under) and found >= under:
        found = under - 1
    return found


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _referred(root: Any, reference: str) -> Any:
    """Return what a reference inside the schema means; None for any other."""
    if reference == "#":
        return root
    if not reference.startswith("#/"):
        return None
    found = root
    for part in reference[2:].split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(found, dict) or name not in found:
            return None
        found = found[name]
    return found
