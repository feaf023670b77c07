"""The functions of a Python text: its `def`s, or else its classes with fields."""

import ast
from collections.abc import Iterator

from assistants.definition.translation import gettext_noop
from assistants.importing.found import FoundFunction, Remarks
from assistants.importing.names import snake_case
from assistants.importing.python.classes import (
    Classes,
    SignaturePart,
    docstring_of,
    has_fields,
    is_enum,
    signature_schema,
)
from assistants.importing.python.docstrings import read_docstring
from assistants.importing.python.types import last_name

Def = ast.FunctionDef | ast.AsyncFunctionDef

_GIVEN = frozenset(("self", "cls"))
_CONTEXTS = frozenset(("Context", "RunContext", "RunContextWrapper", "ToolContext", "Request"))
"""Types of parameters that the caller of a tool fills in, not the model."""


def functions_in_python(tree: ast.Module, remarks: Remarks) -> list[FoundFunction]:
    """Return the functions of the parsed text; none if it defines none."""
    classes = Classes(tree, remarks)
    defined = _public([(node, False) for node in tree.body if isinstance(node, Def)])
    found = [node for node in tree.body if isinstance(node, ast.ClassDef) and not is_enum(node)]
    if not defined:
        methods = [
            (part, not _is_static(part))
            for node in found
            if not has_fields(node)
            for part in node.body
            if isinstance(part, Def)
        ]
        defined = _public(methods)
    if defined:
        return list(_each(defined, classes, remarks))
    return list(_of_classes([node for node in found if has_fields(node)], classes))


def _public(nodes: list[tuple[Def, bool]]) -> list[tuple[Def, bool]]:
    """Return the functions for others; all of them if that leaves none."""
    public = [entry for entry in nodes if not entry[0].name.startswith("_")]
    return public or [entry for entry in nodes if not entry[0].name.startswith("__")]


def _is_static(node: Def) -> bool:
    return any(last_name(entry) == "staticmethod" for entry in node.decorator_list)


def _each(
    nodes: list[tuple[Def, bool]], classes: Classes, remarks: Remarks
) -> Iterator[FoundFunction]:
    for node, is_method in nodes:
        if not classes.expansion.begin():
            return
        yield FoundFunction(
            node.name,
            docstring_of(node),
            signature_schema(list(_parameters(node, is_method, classes, remarks))),
        )


def _parameters(
    node: Def, is_method: bool, classes: Classes, remarks: Remarks
) -> Iterator[SignaturePart]:
    texts = read_docstring(ast.get_docstring(node) or "").parameters
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    missing = [None] * (len(positional) - len(arguments.defaults))
    defaults: list[ast.expr | None] = [*missing, *arguments.defaults, *arguments.kw_defaults]
    pairs = list(zip([*positional, *arguments.kwonlyargs], defaults, strict=True))
    for number, (entry, default) in enumerate(pairs):
        is_given = number == 0 and (is_method or entry.arg in _GIVEN)
        if is_given or _is_context(entry):
            continue
        yield classes.parameter(entry.arg, entry.annotation, default, texts.get(entry.arg, ""))
    for entry_ in (arguments.vararg, arguments.kwarg):
        if entry_ is not None:
            remarks.add(
                gettext_noop("“%(name)s” takes any number of values and was left out."),
                name=f"{'*' if entry_ is arguments.vararg else '**'}{entry_.arg}",
            )


def _is_context(entry: ast.arg) -> bool:
    node = entry.annotation
    outer = node.value if isinstance(node, ast.Subscript) else node
    return outer is not None and last_name(outer) in _CONTEXTS


def _of_classes(nodes: list[ast.ClassDef], classes: Classes) -> Iterator[FoundFunction]:
    """Yield a function for each class that is part of no other."""
    found = []
    for node in nodes:
        if not classes.expansion.begin():
            break
        found.append((node, signature_schema(list(classes.fields(node)))))
    for node, schema in found:
        if node.name not in classes.used or len(found) == 1:
            yield FoundFunction(snake_case(node.name), docstring_of(node), schema)
