"""Schemas of an OpenAPI document as plain JSON Schemas: references are written out where they are
used. They resolve inside the document; nothing is fetched."""

from typing import Any

from assistants.definition.translation import gettext_noop
from assistants.definition.value import as_dict, as_list
from assistants.importing.expansion import Expansion
from assistants.importing.found import Remarks
from assistants.importing.schema import allowing_null

_ONLY_OF_OPENAPI = frozenset(
    ("nullable", "discriminator", "xml", "externalDocs", "example", "readOnly", "writeOnly")
)
_SCHEMAS = ("not", "if", "then", "else", "contains", "propertyNames", "additionalProperties")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_BY_NAME = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
_MOST_STEPS = 20


class Document:
    """An OpenAPI document. `resolved` follows a reference, `schema` writes all of them out."""

    def __init__(self, content: dict[str, Any], remarks: Remarks) -> None:
        self._content, self._remarks = content, remarks
        self.expansion = Expansion(remarks)

    def resolved(self, value: Any) -> dict[str, Any]:
        """Return the object, or the one that it refers to; an empty one where there is none."""
        for _step in range(_MOST_STEPS):
            reference = as_dict(value).get("$ref")
            if not isinstance(reference, str):
                return as_dict(value)
            value = self._target(reference)
        return {}

    def _target(self, reference: str) -> dict[str, Any]:
        if not reference.startswith("#"):
            self._remarks.add(
                gettext_noop("“%(name)s” is outside the text and was left out."), name=reference
            )
            return {}
        target: Any = self._content
        for part in reference.removeprefix("#").split("/")[1:_MOST_STEPS]:
            key = part.replace("~1", "/").replace("~0", "~")
            target = target.get(key) if isinstance(target, dict) else None
        if not isinstance(target, dict):
            self._remarks.add(
                gettext_noop("“%(name)s” is not in the text and was left out."), name=reference
            )
        return as_dict(target)

    def schema(self, value: Any) -> Any:
        """Return a schema with every reference written out."""
        if not isinstance(value, dict):
            return value if isinstance(value, bool) else {}
        self.expansion.count()
        reference = value.get("$ref")
        if isinstance(reference, str):
            return self._written_out(reference, value)
        return self._converted(value)

    def _written_out(self, reference: str, value: dict[str, Any]) -> dict[str, Any]:
        target = self._target(reference)
        is_object = target.get("type") == "object" or "properties" in target
        cut = {"type": "object"} if is_object else {}
        found = self.expansion.of(reference, lambda: self.schema(target), cut=cut)
        beside: dict[str, Any] = {
            key: value[key] for key in ("description", "default") if key in value
        }
        return {**found, **beside} if isinstance(found, dict) else beside

    def _converted(self, schema: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        hidden: set[str] = set()
        for key, value in schema.items():
            if key in _ONLY_OF_OPENAPI or key.startswith("x-"):
                continue
            if key == "properties" and isinstance(value, dict):
                hidden = {name for name, item in value.items() if self._is_answer_only(item)}
                shown = {name: item for name, item in value.items() if name not in hidden}
                found[key] = {name: self.schema(item) for name, item in shown.items()}
            elif key in _BY_NAME and isinstance(value, dict):
                found[key] = {name: self.schema(item) for name, item in value.items()}
            elif key in _LISTS and isinstance(value, list):
                found[key] = [self.schema(item) for item in value]
            elif key in _SCHEMAS or key == "items":
                found[key] = self.schema(value)
            else:
                self.expansion.count(len(value) if isinstance(value, list | dict) else 0)
                found[key] = value
        if hidden and isinstance(found.get("required"), list):
            found["required"] = [name for name in found["required"] if name not in hidden]
        _with_bounds(found)
        found = _joined(found)
        return allowing_null(found) if schema.get("nullable") is True else found

    def _is_answer_only(self, schema: Any) -> bool:
        return as_dict(schema).get("readOnly") is True


def _with_bounds(schema: dict[str, Any]) -> None:
    """Write bounds as JSON Schema does; OpenAPI 3.0 has a switch beside the number."""
    for name, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(schema.get(name), bool):
            is_exclusive = schema.pop(name)
            if is_exclusive and bound in schema:
                schema[name] = schema.pop(bound)


def _joined(schema: dict[str, Any]) -> dict[str, Any]:
    """Return one object in place of several that have to fit all at once."""
    parts = schema.get("allOf")
    if not isinstance(parts, list) or not parts or not all(map(_is_plain_object, parts)):
        return schema
    own = {key: value for key, value in schema.items() if key != "allOf"}
    whole: dict[str, Any] = {}
    properties: dict[str, Any] = {}
    required: list[str] = []
    for part in [*parts, own]:
        whole.update(part)
        properties.update(as_dict(part.get("properties")))
        required += [name for name in as_list(part.get("required")) if name not in required]
    whole = {key: value for key, value in whole.items() if key not in ("properties", "required")}
    whole = {**whole, "type": "object", "properties": properties}
    return {**whole, "required": required} if required else whole


def _is_plain_object(schema: Any) -> bool:
    if not isinstance(schema, dict) or schema.keys() & {"anyOf", "oneOf", "not", "if", "enum"}:
        return False
    return schema.get("type", "object") == "object" and isinstance(schema.get("properties"), dict)
