"""Python annotations as JSON Schemas."""

import ast
from collections.abc import Callable
from typing import Any

from assistants.definition.translation import gettext_noop
from assistants.importing.found import Remarks
from assistants.importing.python.source import parse_annotation
from assistants.importing.schema import allowing_null, one_of_types

_SIMPLE: dict[str, dict[str, Any]] = {
    "str": {"type": "string"},
    "bytes": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "complex": {"type": "number"},
    "Decimal": {"type": "number"},
    "bool": {"type": "boolean"},
    "None": {"type": "null"},
    "NoneType": {"type": "null"},
    "dict": {"type": "object"},
    "Dict": {"type": "object"},
    "Mapping": {"type": "object"},
    "MutableMapping": {"type": "object"},
    "Any": {},
    "object": {},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "time": {"type": "string", "format": "time"},
    "timedelta": {"type": "string", "format": "duration"},
    "UUID": {"type": "string", "format": "uuid"},
    "Path": {"type": "string"},
    "EmailStr": {"type": "string", "format": "email"},
    "AnyUrl": {"type": "string", "format": "uri"},
    "HttpUrl": {"type": "string", "format": "uri"},
}
_LISTS = frozenset(
    ("list", "List", "Sequence", "MutableSequence", "Iterable", "Collection", "deque")
)
_SETS = frozenset(("set", "Set", "frozenset", "FrozenSet", "AbstractSet"))
_OBJECTS = frozenset(("dict", "Dict", "Mapping", "MutableMapping"))
_WRAPPERS = frozenset(("Required", "NotRequired", "ReadOnly", "Final", "InitVar", "Type", "type"))
_BOUNDS = {
    "ge": "minimum",
    "le": "maximum",
    "gt": "exclusiveMinimum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
    "pattern": "pattern",
}
_MOST_LEVELS = 40


class Unknown(ValueError):
    """The expression is no constant."""


class TypeReader:
    """Turns annotations into schemas. `named` returns the schema of a class in the same text."""

    def __init__(self, remarks: Remarks, named: Callable[[str], dict[str, Any] | None]) -> None:
        self._remarks, self._named = remarks, named

    def schema(self, node: ast.expr | None, level: int = 0) -> dict[str, Any]:
        """Return the schema of an annotation; any value where there is none or it is not known."""
        if node is None or level > _MOST_LEVELS:
            return {}
        match node:
            case ast.Constant(value=None):
                found = {"type": "null"}
            case ast.Constant(value=str(text)):
                inner = parse_annotation(text)
                found = self.schema(inner, level + 1) if inner else self._unknown(text)
            case ast.BinOp(op=ast.BitOr()):
                found = self._union(_alternatives(node), level + 1)
            case ast.Subscript():
                found = self._generic(last_name(node.value), node.slice, level + 1)
            case ast.Name() | ast.Attribute():
                found = self._by_name(last_name(node))
            case _:
                found = self._unknown(_shown(node))
        return found

    def _union(self, parts: list[ast.expr], level: int) -> dict[str, Any]:
        return one_of_types([self.schema(part, level) for part in parts])

    def _by_name(self, name: str) -> dict[str, Any]:
        if name in _LISTS or name in ("tuple", "Tuple"):
            return {"type": "array", "items": {}}
        if name in _SETS:
            return {"type": "array", "items": {}, "uniqueItems": True}
        here = self._named(name)
        if here is not None:
            return here
        return dict(_SIMPLE[name]) if name in _SIMPLE else self._unknown(name)

    def _generic(self, name: str, inner: ast.expr, level: int) -> dict[str, Any]:
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        match name:
            case "Literal":
                found = self._literal(parts)
            case "Annotated":
                found = self._annotated(parts, level)
            case "Optional":
                found = allowing_null(self.schema(inner, level))
            case "Union":
                found = self._union(parts, level)
            case "tuple" | "Tuple":
                found = self._tuple(parts, level)
            case _ if name in _LISTS or name in _SETS:
                unique = {"uniqueItems": True} if name in _SETS else {}
                found = {"type": "array", "items": self.schema(inner, level), **unique}
            case _ if name in _OBJECTS:
                values = self.schema(parts[1], level) if len(parts) > 1 else {}
                found = {"type": "object", **({"additionalProperties": values} if values else {})}
            case _ if name in _WRAPPERS:
                found = self.schema(inner, level)
            case _:
                found = self._by_name(name)
        return found

    def _literal(self, parts: list[ast.expr]) -> dict[str, Any]:
        values = []
        for part in parts:
            try:
                values.append(constant(part))
            except Unknown:
                self._unknown(_shown(part))
        return enum_schema(values)

    def _tuple(self, parts: list[ast.expr], level: int) -> dict[str, Any]:
        if len(parts) == 2 and isinstance(parts[1], ast.Constant) and parts[1].value is ...:
            return {"type": "array", "items": self.schema(parts[0], level)}
        items = one_of_types([self.schema(part, level) for part in parts])
        return {"type": "array", "items": items, "minItems": len(parts), "maxItems": len(parts)}

    def _annotated(self, parts: list[ast.expr], level: int) -> dict[str, Any]:
        schema = self.schema(parts[0], level)
        for part in parts[1:]:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                schema = {**schema, "description": part.value}
            elif isinstance(part, ast.Call):
                schema = {**schema, **field_rules(part, schema)}
        return schema

    def _unknown(self, name: str) -> dict[str, Any]:
        self._remarks.add(
            gettext_noop("The type “%(name)s” is not in the text, so it takes any value."),
            name=name,
        )
        return {}


def enum_schema(values: list[Any]) -> dict[str, Any]:
    """Return the schema of some allowed values, with their type if they have one."""
    kinds = list(dict.fromkeys(_kind(value) for value in values))
    if not values or None in kinds:
        return {"enum": values} if values else {}
    return {"type": kinds[0] if len(kinds) == 1 else kinds, "enum": values}


def _kind(value: Any) -> str | None:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
    return None


def field_rules(call: ast.Call, schema: dict[str, Any]) -> dict[str, Any]:
    """Return what `Field(…)`, or another marker, says about a value: its text and bounds."""
    said: dict[str, Any] = {}
    for keyword in call.keywords:
        try:
            value = constant(keyword.value)
        except Unknown:
            continue
        if keyword.arg in ("description", "documentation", "doc") and isinstance(value, str):
            said["description"] = value
        elif keyword.arg in _BOUNDS:
            said[_BOUNDS[keyword.arg]] = value
        elif keyword.arg in ("min_length", "max_length"):
            kind = "Items" if schema.get("type") == "array" else "Length"
            said[keyword.arg.removesuffix("_length") + kind] = value
    is_doc = last_name(call.func) == "Doc" and call.args
    if is_doc and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str):
        said["description"] = call.args[0].value
    return said


def constant(node: ast.expr, level: int = 0) -> Any:
    """Return the JSON value of an expression of constants. Raises `Unknown`."""
    if level > _MOST_LEVELS:
        raise Unknown
    match node:
        case ast.Constant(value=None | bool() | int() | str()):
            return node.value
        case ast.Constant(value=float(number)) if number - number == 0:
            return number
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -number
        case ast.List() | ast.Tuple() | ast.Set():
            return [constant(item, level + 1) for item in node.elts]
        case ast.Dict():
            keys = [constant(key, level + 1) if key else None for key in node.keys]
            if all(isinstance(key, str) for key in keys):
                values = [constant(value, level + 1) for value in node.values]
                return dict(zip(keys, values, strict=True))
    raise Unknown


def _alternatives(node: ast.expr) -> list[ast.expr]:
    """Return the types that `|` joins, in order."""
    found: list[ast.expr] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        found.append(node.right)
        node = node.left
    return [node, *reversed(found)]


def last_name(node: ast.expr) -> str:
    """Return the name at the end of `typing.List`; "" for anything else."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _shown(node: ast.expr) -> str:
    try:
        return ast.unparse(node)
    except RecursionError:
        return type(node).__name__
