"""Classes of a Python text: dataclasses, models, typed dictionaries and enumerations."""

import ast
import inspect
from collections.abc import Iterator
from typing import Any, NamedTuple

from assistants.importing.expansion import Expansion
from assistants.importing.found import Remarks
from assistants.importing.python.docstrings import read_docstring
from assistants.importing.python.types import (
    TypeReader,
    Unknown,
    constant,
    enum_schema,
    field_rules,
    last_name,
)
from assistants.importing.schema import object_schema, without_null

_ENUMS = frozenset(("Enum", "StrEnum", "IntEnum", "Flag", "IntFlag"))
_MOST_BASES = 5


class SignaturePart(NamedTuple):
    """One parameter of a function, or one field of a class."""

    name: str
    schema: dict[str, Any]
    is_required: bool


class Classes:
    """The classes at the top of a text, by name."""

    def __init__(self, tree: ast.Module, remarks: Remarks) -> None:
        self._found = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        self.expansion = Expansion(remarks)
        self.types = TypeReader(remarks, self._named)
        self.used: set[str] = set()
        """Names of classes that others refer to."""

    def _named(self, name: str) -> dict[str, Any] | None:
        node = self._found.get(name)
        if node is None:
            return None
        self.used.add(name)
        cut = {} if is_enum(node) else {"type": "object"}
        return self.expansion.of(name, lambda: self.schema(node), cut=cut)

    def schema(self, node: ast.ClassDef) -> dict[str, Any]:
        """Return the schema of a class: of its fields, or of the values of an enumeration."""
        if is_enum(node):
            return enum_schema(list(_members(node)))
        text = docstring_of(node)
        described = {"description": text} if text else {}
        return {**signature_schema(list(self.fields(node))), **described}

    def fields(self, node: ast.ClassDef, level: int = 0) -> Iterator[SignaturePart]:
        """Yield the fields of a class, those of its bases in the same text first."""
        found: dict[str, SignaturePart] = {}
        for base in node.bases:
            parent = self._found.get(last_name(base))
            if parent is not None and parent is not node and level < _MOST_BASES:
                found |= {entry.name: entry for entry in self.fields(parent, level + 1)}
        texts = read_docstring(inspect.cleandoc(ast.get_docstring(node) or "")).parameters
        optional = any(
            keyword.arg == "total" and getattr(keyword.value, "value", True) is False
            for keyword in node.keywords
        )
        for number, part in enumerate(node.body):
            if not isinstance(part, ast.AnnAssign) or not isinstance(part.target, ast.Name):
                continue
            name = part.target.id
            if name.startswith("_") or last_name(_outer(part.annotation)) == "ClassVar":
                continue
            text = texts.get(name) or _text_below(node.body, number)
            found[name] = self.parameter(name, part.annotation, part.value, text, optional=optional)
        yield from found.values()

    def parameter(
        self,
        name: str,
        annotation: ast.expr | None,
        default: ast.expr | None,
        text: str = "",
        *,
        optional: bool = False,
    ) -> SignaturePart:
        """Return a parameter with its type, text and default. `Optional` with the default None
        may be left out, so it does not take null as well."""
        self.expansion.count()
        is_required = default is None and not optional
        if default is None:
            is_required = _is_required(annotation, is_required)
        rules: dict[str, Any] = {}
        if isinstance(default, ast.Call):
            is_required, default, call = _of_field(default)
            schema = self.types.schema(annotation)
            rules = field_rules(call, schema)
        elif isinstance(default, ast.Constant) and default.value is ...:
            is_required, default, schema = True, None, self.types.schema(annotation)
        else:
            schema = self.types.schema(annotation)
        schema = {**schema, **rules}
        if text and "description" not in rules and not _says_itself(annotation):
            schema["description"] = text
        if default is not None:
            schema = _with_default(schema, default)
        return SignaturePart(name, schema, is_required)


def _says_itself(annotation: ast.expr | None) -> bool:
    return (
        isinstance(annotation, ast.Subscript)
        and last_name(annotation.value) == "Annotated"
        and isinstance(annotation.slice, ast.Tuple)
        and any(isinstance(part, ast.Constant) for part in annotation.slice.elts[1:])
    )


def _with_default(schema: dict[str, Any], default: ast.expr) -> dict[str, Any]:
    try:
        value = constant(default)
    except Unknown:
        return schema
    if value is not None:
        return {**schema, "default": value}
    return without_null(schema)


def _of_field(call: ast.Call) -> tuple[bool, ast.expr | None, ast.Call]:
    """Return whether a value `Field(…)` or `field(…)` is required, and its default."""
    if last_name(call.func) not in ("Field", "field", "Body", "Query", "Path"):
        return False, None, ast.Call(call.func, [], [])
    by_name = {keyword.arg: keyword.value for keyword in call.keywords}
    default = by_name.get("default") or (call.args[0] if call.args else None)
    if isinstance(default, ast.Constant) and default.value is ...:
        return True, None, call
    return default is None and "default_factory" not in by_name, default, call


def _is_required(annotation: ast.expr | None, otherwise: bool) -> bool:
    name = last_name(_outer(annotation)) if isinstance(annotation, ast.Subscript) else ""
    return {"Required": True, "NotRequired": False}.get(name, otherwise)


def _outer(annotation: ast.expr | None) -> ast.expr:
    if isinstance(annotation, ast.Subscript):
        return annotation.value
    return annotation or ast.Constant(None)


def signature_schema(parameters: list[SignaturePart]) -> dict[str, Any]:
    properties = {entry.name: entry.schema for entry in parameters}
    required = [entry.name for entry in parameters if entry.is_required]
    return object_schema(properties, required)


def is_enum(node: ast.ClassDef) -> bool:
    return any(last_name(base) in _ENUMS for base in node.bases)


def has_fields(node: ast.ClassDef) -> bool:
    return any(isinstance(part, ast.AnnAssign) for part in node.body)


def _members(node: ast.ClassDef) -> Iterator[Any]:
    for part in node.body:
        if isinstance(part, ast.Assign) and len(part.targets) == 1:
            name = last_name(part.targets[0])
            if name and not name.startswith("_"):
                try:
                    yield constant(part.value)
                except Unknown:
                    yield name.lower()  # what `auto()` gives a text


def docstring_of(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    return read_docstring(ast.get_docstring(node) or "").text


def _text_below(body: list[ast.stmt], number: int) -> str:
    """Return the text that stands below a field, as tools for documentation read it."""
    below = body[number + 1] if number + 1 < len(body) else None
    if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
        value = below.value.value
        return " ".join(value.split()) if isinstance(value, str) else ""
    return ""
