"""The declarations of a TypeScript text: functions, or else its object types."""

import re
from collections.abc import Iterator
from typing import Any

from assistants.definition.translation import gettext_noop
from assistants.importing.expansion import Expansion
from assistants.importing.found import FoundFunction, Remarks
from assistants.importing.names import snake_case
from assistants.importing.schema import object_schema
from assistants.importing.typescript.comments import one_line, read_comment
from assistants.importing.typescript.finding import Declarations, Declared
from assistants.importing.typescript.tokens import Tokens, split_words
from assistants.importing.typescript.types import TypeParser, not_expected
from assistants.importing.typescript.utility import fitting_all

_BEFORE = re.compile(r"\s+|//[^\n]*|/\*")
_LOOKS_LIKE = re.compile(
    r"(?:(?:export|declare|default|async|abstract)\s+){0,4}"
    r"(?:function\b|interface\s+[\w$]|type\s+[\w$]+\s*(?:<[^=\n]{0,200}>)?\s*=|enum\s+[\w$]"
    r"|namespace\s+[\w$]|(?:const|let|var)\s+[\w$]+\s*(?::|=)|import\s*(?:type\s*)?[{*\"']"
    r"|import\s[^\n]{0,500}\sfrom\s*[\"'])"
)
_WHOLE_OBJECTS = frozenset(("_", "args", "arguments", "params", "input", "options", "props"))
"""Names of an only parameter whose object holds the parameters themselves."""


def looks_like_typescript(text: str) -> bool:
    """Return whether the first words behind comments are those of a declaration."""
    at = 0
    while match := _BEFORE.match(text, at):
        at = match.end()
        if match[0] == "/*":
            at = text.find("*/", at) + 2
            if at < 2:
                return True  # the reader says that the comment never ends
    return _LOOKS_LIKE.match(text, at) is not None


def functions_in_typescript(text: str, remarks: Remarks) -> list[FoundFunction]:
    """Return the functions that the text declares; none if it declares none."""
    return _Reader(split_words(text), remarks).functions()


class _Reader:
    def __init__(self, tokens: Tokens, remarks: Remarks) -> None:
        self._tokens, self._remarks = tokens, remarks
        self._expansion = Expansion(remarks)
        self._within = 0
        self._used_within: set[str] = set()
        self._declared = Declarations(tokens)

    def functions(self) -> list[FoundFunction]:
        if self._declared.functions:
            return [found for entry in self._declared.functions if (found := self._function(entry))]
        return list(self._methods()) or list(self._objects())

    def _at(self, at: int) -> TypeParser:
        parser = TypeParser(self._tokens, self._remarks, self._named, self._expansion)
        parser.at = at
        return parser

    def _named(self, name: str) -> dict[str, Any] | None:
        declared = self._declared.types.get(name)
        if declared is None:
            return None
        if self._within:
            self._used_within.add(name)
        self._within += 1
        try:
            return self._expansion.of(name, lambda: self._schema(declared), cut={})
        finally:
            self._within -= 1

    def _schema(self, declared: Declared) -> dict[str, Any]:
        if declared.kind == "enum":
            return self._enum(declared.at)
        schema = self._at(declared.at).type()
        if declared.bases:
            schema = fitting_all([*(self._at(base).type() for base in declared.bases), schema])
        text = one_line(declared.comment)
        return {**schema, "description": text} if text and schema else schema

    def _enum(self, at: int) -> dict[str, Any]:
        """Return the values of an enumeration; those that are not written are counted."""
        parser, values = self._at(at), list[Any]()
        if parser.here.text != "{":
            return {}
        end = parser.closing(at)
        parser.at += 1
        while parser.at < end:
            value: Any = values[-1] + 1 if values and isinstance(values[-1], int) else len(values)
            parser.at += 1
            if parser.take("="):
                written = parser.here
                value = int(written.text[:20]) if written.text.isdecimal() else written.text
                parser.at += 1
            values.append(value)
            while parser.at < end and not parser.take(","):
                parser.at += 1
        kind = "integer" if all(isinstance(value, int) for value in values) else "string"
        return {
            "type": kind,
            "enum": values if kind == "integer" else [str(value) for value in values],
        }

    def _function(self, declared: Declared) -> FoundFunction | None:
        if not self._expansion.begin():
            return None
        text, said = read_comment(declared.comment)
        return FoundFunction(declared.name, text, self._parameters(declared.at, said))

    def _parameters(self, opened: int, said: dict[str, str]) -> dict[str, Any]:
        parser = self._at(opened)
        entries = list(parser.parameters(opened))
        properties: dict[str, Any] = {}
        required: list[str] = []
        for first, start, end in entries:
            if first.kind != "word" and first.text not in ("{", "[", "..."):
                raise not_expected(first)
            name = first.text if first.kind == "word" else "value"
            schema, may_miss = self._parameter(start, end)
            is_whole = first.text in ("{", *_WHOLE_OBJECTS) and schema.get("type") == "object"
            if len(entries) == 1 and is_whole and "properties" in schema:
                return _described(schema, said)
            if first.text == "...":
                self._remarks.add(
                    gettext_noop("“%(name)s” takes any number of values and was left out."),
                    name=f"...{self._tokens.found[start + 1].text}",
                )
            elif name != "this":
                text = said.get(name) or one_line(first.before, self._tokens.found[end - 1].behind)
                properties[name] = {**schema, "description": text} if text else schema
                required += [] if may_miss else [name]
        return object_schema(properties, required)

    def _parameter(self, start: int, end: int) -> tuple[dict[str, Any], bool]:
        """Return the schema of a parameter, and whether it may be left out."""
        parser = self._at(start)
        while parser.here.text in ("public", "private", "readonly") and parser.look(1) not in (
            ":",
            ",",
            "?",
        ):
            parser.at += 1
        pattern = parser.at
        parser.at = self._tokens.closes.get(parser.at, parser.at) + 1
        may_miss = parser.take("?")
        schema: dict[str, Any] = {}
        if parser.take(":"):
            schema, is_missing = parser.union()
            may_miss = may_miss or is_missing
        elif self._tokens.found[pattern].text == "{":
            names = [first.text for first, _start, _end in parser.parameters(pattern)]
            schema = object_schema({name: {} for name in names}, names)
        if parser.at < end and parser.take("="):
            may_miss = True
            default = self._literal(parser)
            if default is not None:
                kind = {str: "string", bool: "boolean", int: "integer", float: "number"}
                schema = {**(schema or {"type": kind[type(default)]}), "default": default}
        return schema, may_miss

    def _literal(self, parser: TypeParser) -> Any:
        token = parser.here
        if token.kind == "text":
            return token.text
        if token.kind == "number":
            text = token.text.replace("_", "")[:100]
            return float(text) if "." in text else int(text)
        return {"true": True, "false": False}.get(token.text) if token.kind == "word" else None

    def _methods(self) -> Iterator[FoundFunction]:
        """Yield the methods of interfaces, as functions."""
        for declared in self._declared.types.values():
            if declared.kind == "interface" and self._expansion.begin():
                members, _values = self._at(declared.at).members()
                for member in members:
                    if member.parameters >= 0 and self._expansion.begin():
                        text, said = read_comment(member.comment)
                        parameters = self._parameters(member.parameters, said)
                        yield FoundFunction(member.name, text, parameters)

    def _objects(self) -> Iterator[FoundFunction]:
        """Yield a function for each object type that is part of no other."""
        found = []
        for declared in list(self._declared.types.values()):
            if declared.kind != "enum" and self._expansion.begin():
                schema = self._named(declared.name) or {}
                found.append((declared, schema))
        for declared, schema in found:
            unused = declared.name not in self._used_within or len(found) == 1
            if schema.get("type") == "object" and "properties" in schema and unused:
                text = str(schema.get("description", ""))
                rest = {key: value for key, value in schema.items() if key != "description"}
                yield FoundFunction(snake_case(declared.name), text, rest)


def _described(schema: dict[str, Any], said: dict[str, str]) -> dict[str, Any]:
    """Add what a comment says of the parameters that do not say it themselves."""
    properties = {
        name: {**value, "description": said[name]}
        if said.get(name) and "description" not in value
        else value
        for name, value in schema["properties"].items()
    }
    return {**schema, "properties": properties}
