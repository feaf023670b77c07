"""The types of TypeScript as JSON Schemas, read from a place among the words of a text."""

from collections.abc import Callable
from typing import Any

from assistants.definition.translation import gettext_noop
from assistants.importing.expansion import Expansion
from assistants.importing.found import NotRead, Remarks
from assistants.importing.schema import object_schema, one_of_types
from assistants.importing.typescript.comments import one_line
from assistants.importing.typescript.cursor import Cursor
from assistants.importing.typescript.named import ABSENT, NAMED_TYPES, TypeMember
from assistants.importing.typescript.tokens import Token, Tokens
from assistants.importing.typescript.utility import applied, fitting_all

_MOST_LEVELS = 40


class TypeParser(Cursor):
    """Reads types. `named` returns the schema of a type that the text declares."""

    def __init__(
        self,
        tokens: Tokens,
        remarks: Remarks,
        named: Callable[[str], dict[str, Any] | None],
        expansion: Expansion,
    ) -> None:
        super().__init__(tokens)
        self._remarks, self._named = remarks, named
        self._expansion = expansion
        self._level = 0

    # -- Types

    def type(self) -> dict[str, Any]:
        return self.union()[0]

    def union(self) -> tuple[dict[str, Any], bool]:
        """Return the schema of the type here, and whether it may be undefined."""
        self._level += 1
        if self._level > _MOST_LEVELS:
            raise NotRead(
                gettext_noop("This TypeScript is nested too deeply. Paste the signature alone.")
            )
        self._expansion.count()
        self.take("|")
        schemas, may_miss = [], False
        while True:
            is_missing = self.here.text in ABSENT and self.here.kind == "word"
            schema = self._intersection()
            may_miss = may_miss or is_missing
            schemas += [] if is_missing else [schema]
            if not self.take("|"):
                break
        self._level -= 1
        if self.here.text == "extends" and self.here.kind == "word":
            return self._unread("extends"), may_miss
        return _with_both(one_of_types(schemas)), may_miss

    def _intersection(self) -> dict[str, Any]:
        self.take("&")
        schemas = [self._postfix()]
        while self.take("&"):
            schemas.append(self._postfix())
        return schemas[0] if len(schemas) == 1 else fitting_all(schemas)

    def _postfix(self) -> dict[str, Any]:
        schema = self._primary()
        while self.here.text == "[" and self.here.kind == "mark" and not self.here.is_first:
            if self.look(1) == "]":
                self.at += 2
                schema = {"type": "array", "items": schema}
                continue
            end = self.closing(self.at)
            self.at += 1
            key = self.here.text
            self.at = end + 1
            schema = schema.get("properties", {}).get(key, {})
        return schema

    def _primary(self) -> dict[str, Any]:
        token = self.here
        while token.kind == "word" and token.text in (
            "readonly",
            "keyof",
            "unique",
            "infer",
            "asserts",
        ):
            self.at += 1
            if token.text != "readonly":
                self._postfix_of_word()
                return self._unread(token.text)
            token = self.here
        if token.kind == "word":
            return self._by_name()
        if token.kind == "number" or (token.text == "-" and token.kind == "mark"):
            return self._number()
        if token.kind in ("text", "template"):
            self.at += 1
            values = {"enum": [token.text]} if token.kind == "text" else {}
            return {"type": "string", **values}
        read = {"{": self.object, "(": self._parenthesis, "[": self._tuple, "<": self._generic}
        if token.text in read:
            return read[token.text]()
        raise not_expected(token)

    def _generic(self) -> dict[str, Any]:
        """Read the type of a generic function."""
        self.skip_angles()
        return self._primary() if self.here.text == "(" else {}

    def _postfix_of_word(self) -> None:
        if self.here.kind == "word":
            self.at += 1

    def _number(self) -> dict[str, Any]:
        sign = -1 if self.take("-") else 1
        text = self.here.text.replace("_", "")[:100]
        self.at += 1
        if not text[:1].isdigit():
            return {}
        value = float(text) if "." in text else int(text)
        return {"type": "integer" if isinstance(value, int) else "number", "enum": [sign * value]}

    def _parenthesis(self) -> dict[str, Any]:
        end = self.closing(self.at)
        found = self.tokens.found
        if end + 1 < len(found) and found[end + 1].text == "=>":
            self.at = end + 2
            self.type()
            return self._unread("=>")
        self.at += 1
        schema = self.type()
        self.at = end + 1
        return schema

    def _tuple(self) -> dict[str, Any]:
        end = self.closing(self.at)
        self.at += 1
        schemas, is_open = [], False
        while self.at < end:
            is_open = self.take("...") or is_open
            if self.here.kind == "word" and self.look(1) == ":":
                self.at += 2
            elif self.here.kind == "word" and (self.look(1), self.look(2)) == ("?", ":"):
                self.at += 3
            schemas.append(self.type())
            self.take("?")
            if not self.take(","):
                break
        self.at = end + 1
        count = {} if is_open else {"minItems": len(schemas), "maxItems": len(schemas)}
        return {"type": "array", "items": one_of_types(schemas), **count}

    def _by_name(self) -> dict[str, Any]:
        name = self.here.text
        self.at += 1
        if name == "typeof":
            self._postfix_of_word()
            return self._unread(name)
        if name == "new":  # the type of a constructor
            return self._primary()
        while self.here.text == "." and self.here.kind == "mark":
            self.at += 1
            name = self.here.text
            self.at += 1
        if self.here.text == "is" and self.here.kind == "word":
            self.at += 1
            self.type()
            return {"type": "boolean"}
        here = self._named(name)
        if here is not None:
            self.skip_angles()
            return here
        schema = applied(name, self._arguments())
        if schema is None and name not in NAMED_TYPES and name not in ABSENT:
            self._remarks.add(
                gettext_noop("The type “%(name)s” is not in the text, so it takes any value."),
                name=name,
            )
        return dict(NAMED_TYPES.get(name, {})) if schema is None else schema

    def _arguments(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        if self.take("<"):
            while not self.take(">"):
                found.append(self.type())
                if not self.take(",") and self.here.text != ">":
                    self._expected(">")
        return found

    def _expected(self, text: str) -> None:
        raise NotRead(
            gettext_noop(
                "This looks like TypeScript, but “%(name)s” is missing before “%(found)s”."
            ),
            name=text,
            found=self.here.text or "…",
        )

    def _unread(self, what: str) -> dict[str, Any]:
        self._remarks.add(
            gettext_noop("A type with “%(name)s” is not read, so it takes any value."), name=what
        )
        return {}

    # -- Objects

    def object(self) -> dict[str, Any]:
        """Return the schema of the object type here; methods are left out."""
        members, values = self.members()
        properties = {entry.name: entry.schema for entry in members if entry.parameters < 0}
        required = [entry.name for entry in members if entry.parameters < 0 and entry.is_required]
        if values is not None and not properties:
            return {"type": "object", **({"additionalProperties": values} if values else {})}
        open_ = {} if values is None else {"additionalProperties": values}
        return {**object_schema(properties, required), **open_}

    def members(self) -> tuple[list[TypeMember], dict[str, Any] | None]:
        """Return the members of the object type here, and the schema of those of any name."""
        end = self.closing(self.at)
        self.at += 1
        found: list[TypeMember] = []
        values: dict[str, Any] | None = None
        while self.at < end:
            if self.take(";") or self.take(","):
                continue
            start = self.here
            if start.text == "[" and start.kind == "mark":
                values = self._index(end)
            else:
                found.append(self._member(start, end))
            self._expansion.count()
        self.at = end + 1
        return found, values

    def _index(self, end: int) -> dict[str, Any]:
        """Read `[key: string]: T`."""
        self.at = self.closing(self.at) + 1
        self.take("?")
        if not self.take(":"):
            self.at = end
            return {}
        return self.type()

    def _member(self, start: Token, end: int) -> TypeMember:
        while self.here.text in ("readonly", "public", "get", "set") and self.look(1) not in (
            ":",
            "?",
            "(",
            "<",
        ):
            self.at += 1
        name = self.here.text
        if self.here.kind == "mark":
            self._expected("}")
        self.at += 1
        is_required = not self.take("?")
        self.take("!")
        self.skip_angles()
        if self.here.text == "(" and self.here.kind == "mark":
            opened = self.at
            self.at = self.closing(opened) + 1
            if self.take(":"):
                self.type()
            return TypeMember(name, {}, is_required, opened, start.before)
        schema, may_miss = self.union() if self.take(":") else ({}, False)
        if self.at < end and self.here.text not in (";", ",") and not self.here.is_first:
            self._expected(";")
        last = self.tokens.found[min(self.at, end) - 1]
        behind = self.here.behind if self.here.text in (";", ",") else ""
        if text := one_line(start.before, behind, last.behind):
            schema = {**schema, "description": text}
        return TypeMember(name, schema, is_required and not may_miss)


def not_expected(token: Token) -> NotRead:
    return NotRead(
        gettext_noop("This looks like TypeScript, and “%(name)s” is not expected in it."),
        name=token.text or "…",
    )


def _with_both(schema: dict[str, Any]) -> dict[str, Any]:
    """Return `true | false` as a plain boolean."""
    if schema.get("type") == "boolean" and set(schema.get("enum", ())) == {True, False}:
        return {"type": "boolean"}
    return schema
