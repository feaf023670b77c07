"""Reads a script's syntax tree. Names that a class or a generator declares count as undeclared."""

from collections import ChainMap
from collections.abc import Collection

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

Scope = ChainMap[str, tuple[Node, str]]
PARSER = Parser(Language(tree_sitter_javascript.language()))
NAMES = {"identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"}
DECLARATIONS = {"function_declaration", "generator_function_declaration"}
FUNCTIONS = {*DECLARATIONS, "function_expression", "arrow_function", "method_definition"}
BLOCKS = {"statement_block", "switch_body", "for_statement", "for_in_statement", "catch_clause"}
REFUSED_TOKENS = {"==", "!=", "var", "debugger"}
REFUSED_NAMES = {"innerHTML", "outerHTML", "insertAdjacentHTML", "write", "writeln"}
REFUSED_NAMES |= {"eval", "Function", "console"}


class Script:
    """A script: its flaws, and the names that it does not declare, which are flaws unless known."""

    def __init__(self, text: str, known: Collection[str] = ()) -> None:
        self._known = {*known, *REFUSED_NAMES}
        self.flaws: list[str] = []
        self.undeclared: set[str] = set()
        self._declared: list[Node] = []
        self._used: list[tuple[Node, Scope, bool]] = []
        self._visit(PARSER.parse(text.encode()).root_node, ChainMap(), "")
        read = {self._resolve(*use) for use in self._used}
        for node in self._declared:
            if node not in read and not _text(node).startswith("_"):
                self._add(node, "is never used")

    def _add(self, node: Node, what: str) -> None:
        self.flaws.append(f"line {node.start_point.row + 1}: {_text(node) or node.type} {what}")

    def _visit(self, node: Node, scope: Scope, kind: str) -> None:
        """Note what is in a node; the kind says how it declares or writes the names in it."""
        if node.is_error or node.is_missing:
            self._add(node, "is a syntax error")
        if node.type in REFUSED_TOKENS or _refers(node) in REFUSED_NAMES:
            self._add(node, "is refused")
        if node.type in NAMES and kind in {"", "write"}:
            self._used.append((node, scope, kind == "write"))
        elif node.type in NAMES and _text(node) in scope.maps[0]:
            self._add(node, "is declared twice")
        elif node.type in NAMES:
            scope[_text(node)] = (node, kind)
            self._declared.append(node)
        inner = scope.new_child() if node.type in FUNCTIONS | BLOCKS else scope
        for index, child in enumerate(node.children):
            place = node.field_name_for_child(index) or ""
            is_outside = node.type in DECLARATIONS and place == "name"
            self._visit(child, scope if is_outside else inner, _kind(node, place, kind))

    def _resolve(self, node: Node, scope: Scope, is_write: bool) -> Node | None:
        """Return the declaration of a name, if the name is read here."""
        name = _text(node)
        if name not in scope:
            self.undeclared.add(name)
            if name not in self._known:
                self._add(node, "is not declared")
            return None
        declaration, kind = scope[name]
        if is_write and kind not in {"let", "parameter"}:
            self._add(node, f"is {kind} and changed")
        if kind != "function" and node.start_byte < declaration.start_byte:
            self._add(node, "is used before its declaration")
        return None if is_write else declaration


def _kind(node: Node, place: str, kind: str) -> str:
    """Return how a child declares or writes the names in it, or "" if it only reads them."""
    if node.type == "formal_parameters" or node.type.endswith("_pattern"):
        return "" if place == "right" else kind
    if (node.type, place) == ("variable_declarator", "name") and node.parent:
        return node.parent.children[0].type
    if (node.type, place) == ("for_in_statement", "left"):
        declared = node.child_by_field_name("kind")
        return declared.type if declared else "write"
    if place in {"parameter", "parameters"}:
        return "parameter"
    if node.type.endswith("assignment_expression"):
        return "write" if place == "left" else ""
    if node.type in DECLARATIONS and place == "name":
        return "function"
    return "write" if (node.type, place) == ("update_expression", "argument") else ""


def _refers(node: Node) -> str:
    """Return the name that a node refers to, also as `object["name"]`."""
    is_index = node.parent and node.parent.child_by_field_name("index") == node
    is_name = is_index or node.type in {*NAMES, "property_identifier"}
    return _text(node).strip("\"'`") if is_name else ""


def _text(node: Node) -> str:
    return (node.text or b"").decode()
