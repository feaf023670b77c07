"""The schema of rows."""

from typing import Any

from assistants.definition.parameters.parameter import KEPT_KIND, SchemaRow, Slip
from assistants.definition.parameters.values import NoValue, lines_of, parse_loosely

_BLANK = SchemaRow()


def write_parameters(root: SchemaRow) -> tuple[Any, list[Slip]]:
    """Return the schema that the rows say, and what in them no schema can hold.

    Rows that were not edited give the value that they were read from, with its keys in their order.
    None where nothing was there and nothing was typed.
    """
    slips: list[Slip] = []
    rows = _staying(root)
    if root.is_new and not rows and not root.closed:
        return None, slips
    schema = _write(root, slips)
    was = root.origin or root
    if was.schema == {} and not rows and not root.closed:
        return {}, slips
    if root.kind == "" and rows and "properties" not in was.schema:
        schema = {"type": "object", **schema}
    return schema, slips


def _write(row: SchemaRow, slips: list[Slip]) -> Any:
    was = row.origin or row
    if not row.is_new and not isinstance(was.schema, dict) and _says(row) == _says(was):
        return was.schema
    known = dict(was.schema) if isinstance(was.schema, dict) else {}
    was = _BLANK if row.is_new else was
    _put_type(known, row, was)
    if row.description != was.description:
        _put(known, "description", row.description or None)
    _put_values(known, row, was, slips)
    if row.holds_items and row.items is not None:
        if not row.items.is_new or not row.items.is_blank:
            known["items"] = _write(row.items, slips)
        else:
            known.pop("items", None)
    if row.holds_fields:
        _put_fields(known, row, was, slips)
    return known


def _staying(row: SchemaRow) -> list[SchemaRow]:
    return [child for child in row.children if not (child.removed or child.is_blank)]


def _says(row: SchemaRow) -> tuple[Any, ...]:
    return (row.kind, row.nullable, row.description, row.allowed, row.default)


def _put(schema: dict[str, Any], keyword: str, value: Any) -> None:
    if value is None:
        schema.pop(keyword, None)
    else:
        schema[keyword] = value


def _put_type(schema: dict[str, Any], row: SchemaRow, was: SchemaRow) -> None:
    """Put the type, and drop what belongs to another one."""
    if (row.kind, row.nullable) == (was.kind, was.nullable) or row.kind == KEPT_KIND:
        return
    old = schema.get("type")
    null_first = isinstance(old, list) and old[:1] == ["null"]
    both = ["null", row.kind] if null_first else [row.kind, "null"]
    _put(schema, "type", (both if row.nullable else row.kind) if row.kind else None)
    if was.kind in ("object", "") and row.kind not in ("object", ""):
        for keyword in ("properties", "required", "additionalProperties"):
            if keyword not in was.kept:
                schema.pop(keyword, None)
    if was.kind == "array" and row.kind != "array" and "items" not in was.kept:
        schema.pop("items", None)


def _put_values(schema: dict[str, Any], row: SchemaRow, was: SchemaRow, slips: list[Slip]) -> None:
    retyped = (row.kind, row.nullable) != (was.kind, was.nullable)
    if row.allowed != was.allowed or (retyped and row.allowed):
        values = [_value(row, "allowed", line, slips) for line in lines_of(row.allowed)]
        _put(schema, "enum", values or None)
    if row.default != was.default or (retyped and row.default):
        if row.default == "":
            schema.pop("default", None)
        else:
            schema["default"] = _value(row, "default", row.default, slips)


def _value(row: SchemaRow, part: str, text: str, slips: list[Slip]) -> Any:
    try:
        return parse_loosely(text, row.kind, nullable=row.nullable)
    except NoValue:
        slips.append(Slip(row.key, part, "no_value", text, row.kind))
        return text


def _put_fields(schema: dict[str, Any], row: SchemaRow, was: SchemaRow, slips: list[Slip]) -> None:
    rows = _staying(row)
    became = row.kind == "object" and was.kind != "object"
    if rows or became or "properties" in schema:
        schema["properties"] = _properties(rows, slips)
    if "required" not in was.kept:
        names = _required(schema.get("required"), rows, was)
        if names != schema.get("required", []):
            _put(schema, "required", names or None)
    if row.closed != was.closed and "additionalProperties" not in was.kept:
        _put(schema, "additionalProperties", False if row.closed else None)


def _properties(rows: list[SchemaRow], slips: list[Slip]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        value = _write(row, slips)
        if not row.name and (row.is_new or (row.origin is not None and row.origin.name)):
            slips.append(Slip(row.key, "name", "no_name", ""))
        elif row.name in found:
            slips.append(Slip(row.key, "name", "same_name", row.name))
        found.setdefault(row.name, value)
    return found


def _required(old: Any, rows: list[SchemaRow], was: SchemaRow) -> list[str]:
    """Return the names of the required rows: known ones in their order, then new ones.

    A name that never was a row stays.
    """
    now = {id(row.origin or row): row for row in reversed(rows)}
    before = {child.name: now.get(id(child)) for child in was.children}
    by_name = {row.name: row for row in rows}
    names: list[str] = []
    for name in old or []:
        row = before[name] if name in before else by_name.get(name)
        if row is None and name not in before:
            names.append(name)
        elif row is not None and row.required:
            names.append(row.name)
    return names + [row.name for row in rows if row.required and row.name not in names]
