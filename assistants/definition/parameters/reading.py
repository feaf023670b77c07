"""The rows of a schema."""

from collections.abc import Mapping
from typing import Any

from assistants.definition.parameters.parameter import (
    KEPT_KIND,
    MOST_DEPTH,
    MOST_LEVELS,
    MOST_SCHEMA_ROWS,
    PARAMETER_KINDS,
    SchemaRow,
)
from assistants.definition.parameters.values import allowed_text, text_of_value
from assistants.definition.value import as_dict

_ELSEWHERE = ("$ref", "$dynamicRef", "oneOf", "anyOf", "allOf", "not", "if", "patternProperties")
"""Keywords that say of a schema without properties that its fields are described otherwise."""
_OF_OBJECTS = ("properties", "required", "additionalProperties")


class NotRows(ValueError):
    """The schema cannot be shown as rows: its shape is another, or it has too many (`rows`)."""

    def __init__(self, rows: int = 0) -> None:
        super().__init__(rows)
        self.rows = rows


def read_parameters(schema: Any, *, most: int = MOST_SCHEMA_ROWS) -> SchemaRow:
    """Return the schema of a function's parameters, or of answers, as a row with those inside it.

    None counts as a schema without parameters. Raises `NotRows`.
    """
    if schema is None:
        return SchemaRow(kind="object")
    if not isinstance(schema, dict) or not _is_object(schema):
        raise NotRows
    root = _read(schema, "", level=0, depth=0)
    if (rows := count_rows(root)) > most:
        raise NotRows(rows)
    return root


def count_rows(row: SchemaRow) -> int:
    """Return how many rows are inside this one."""
    inner = [*row.children, *([] if row.items is None else [row.items])]
    return len(inner) + sum(map(count_rows, inner))


def _is_object(schema: Mapping[str, Any]) -> bool:
    if schema.get("type", "object") != "object":
        return False
    if "properties" in schema:
        return isinstance(schema["properties"], dict)
    return not any(name in schema for name in _ELSEWHERE)


def _kind(schema: Mapping[str, Any]) -> tuple[str, bool]:
    """Return the kind, and whether it may be null."""
    if "type" not in schema:
        return "", False
    kind = schema["type"]
    if isinstance(kind, str) and kind in PARAMETER_KINDS:
        return kind, False
    if isinstance(kind, list) and len(kind) == 2 and kind.count("null") == 1:
        other = kind[0] if kind[1] == "null" else kind[1]
        if isinstance(other, str) and other in PARAMETER_KINDS:
            return other, True
    return KEPT_KIND, False


def _read(schema: Any, name: str, *, level: int, depth: int, required: bool = False) -> SchemaRow:
    row = SchemaRow(name=name, required=required, level=level, schema=schema)
    if not isinstance(schema, dict):
        row.kind = KEPT_KIND
        return row
    row.kind, row.nullable = _kind(schema)
    shown = {"type"}
    if isinstance(schema.get("description"), str):
        row.description = schema["description"]
        shown.add("description")
    if allowed := allowed_text(schema.get("enum"), row.kind, nullable=row.nullable):
        row.allowed = allowed
        shown.add("enum")
    if "default" in schema:
        default = text_of_value(schema["default"], row.kind, nullable=row.nullable)
        if default is not None:
            row.default = default
            shown.add("default")
    shown |= _read_inside(row, schema, depth)
    row.kept = tuple(keyword for keyword in schema if keyword not in shown)
    return row


def _read_inside(row: SchemaRow, schema: Mapping[str, Any], depth: int) -> set[str]:
    """Read what is inside a list or an object. Returns the keywords that rows show."""
    if row.kind == "array" and depth < MOST_DEPTH and isinstance(schema.get("items"), dict):
        row.items = _read(schema["items"], "", level=row.level, depth=depth + 1)
        return {"items"}
    properties = schema.get("properties")
    if not _has_fields(row, schema, depth):
        return set()
    names = schema.get("required", [])
    has_names = isinstance(names, list) and all(isinstance(name, str) for name in names)
    required = frozenset(names) if has_names else frozenset()
    row.children = [
        _read(value, name, level=row.level + 1, depth=depth + 1, required=name in required)
        for name, value in as_dict(properties).items()
    ]
    row.closed = schema.get("additionalProperties") is False
    shown = {"properties"}
    shown |= {"required"} if has_names else set()
    shown |= (
        {"additionalProperties"} if schema.get("additionalProperties") in (True, False) else set()
    )
    return {keyword for keyword in shown if keyword in schema}


def _has_fields(row: SchemaRow, schema: Mapping[str, Any], depth: int) -> bool:
    if row.level >= MOST_LEVELS or depth >= MOST_DEPTH:
        return False
    if "properties" in schema:
        return row.kind in ("object", "") and isinstance(schema["properties"], dict)
    return row.kind == "object"
