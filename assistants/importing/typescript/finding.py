"""Finds the declarations of a TypeScript text, without reading them."""

from dataclasses import dataclass

from assistants.importing.typescript.cursor import Cursor
from assistants.importing.typescript.tokens import Tokens

_MODIFIERS = frozenset(("export", "declare", "default", "async", "abstract", "public", "static"))


@dataclass
class Declared:
    """A function, by the place of its bracket, or a type, by that of its first word."""

    kind: str  # "function", "arrow", "alias", "interface", "enum"
    name: str
    at: int
    comment: str
    bases: tuple[int, ...] = ()


class Declarations(Cursor):
    """The functions and the types that a text declares."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__(tokens)
        self.types: dict[str, Declared] = {}
        self.functions: list[Declared] = []
        self._overloaded: set[str] = set()
        self._find()

    def _find(self) -> None:
        while self.at < len(self.tokens.found):
            comment = self.here.before
            while self.here.text in _MODIFIERS and self.here.kind == "word":
                self.at += 1
                comment = comment or self.here.before
            at, word = self.at, self.here.text if self.here.kind == "word" else ""
            if word == "function":
                self._function_at(comment)
            elif word in ("const", "let", "var") and self.look(1) != "enum":
                self._variable_at(comment)
            elif word == "type" and self.look(2) in ("=", "<"):
                self._alias_at(comment)
            elif word == "interface":
                self._interface_at(comment)
            elif word == "enum" or (word == "const" and self.look(1) == "enum"):
                self.at += 1 if word == "enum" else 2
                self._add("enum", self.here.text, self.at + 1, comment)
            elif word in ("namespace", "module"):
                while self.at < len(self.tokens.found) and not self.take("{"):
                    self.at += 1
                continue
            elif word and self.look(1) == "(" and self._is_signature(self.at + 1):
                self.functions.append(Declared("function", word, self.at + 1, comment))
                self.at += 1
            if self.at == at or self.here.text in ("{", "(", "["):
                self.at = self.tokens.closes.get(self.at, self.at) + 1

    def _add(self, kind: str, name: str, at: int, comment: str, *bases: int) -> None:
        self.types.setdefault(name, Declared(kind, name, at, comment, bases))

    def _is_signature(self, opened: int) -> bool:
        """Return whether a type or a body follows the brackets of a name, and not a call's end."""
        end = self.tokens.closes.get(opened, opened)
        found = self.tokens.found
        return end + 1 >= len(found) or found[end + 1].text in (":", "{")

    def _function_at(self, comment: str) -> None:
        self.at += 1
        self.take("*")
        name = ""
        if self.here.kind == "word":
            name = self.here.text
            self.at += 1
        self.skip_angles()
        if self.here.text == "(":
            if not name or name not in self._overloaded:  # of overloads, the first
                self.functions.append(Declared("function", name, self.at, comment))
            self._overloaded.add(name)
            self.at = self.closing(self.at) + 1

    def _variable_at(self, comment: str) -> None:
        name = self.tokens.found[self.at + 1].text if self.look(1) else ""
        self.at += 2
        if self.take(":"):
            self._arrow(name, comment)
            return
        if self.take("="):
            self.take("async")
            if self.here.text == "function":
                self._function_at(comment)
                if self.functions and not self.functions[-1].name:
                    self.functions[-1].name = name
                return
            self._arrow(name, comment)

    def _arrow(self, name: str, comment: str) -> bool:
        """Note the function whose parameters begin here, if it is one."""
        self.skip_angles()
        if self.here.text != "(" or self.here.kind != "mark":
            return False
        end = self.closing(self.at)
        found = self.tokens.found
        after = found[end + 1].text if end + 1 < len(found) else ""
        if after not in ("=>", ":"):
            return False
        self.functions.append(Declared("function", name, self.at, comment))
        self.at = end + 2
        return True

    def _alias_at(self, comment: str) -> None:
        name = self.look(1)
        self.at += 2
        self.skip_angles()
        if self.take("=") and not self._arrow(name, comment):
            self._add("alias", name, self.at, comment)

    def _interface_at(self, comment: str) -> None:
        name = self.look(1)
        self.at += 2
        self.skip_angles()
        bases: list[int] = []
        while self.here.kind == "word" or self.here.text == ",":
            if self.here.text not in ("extends", ","):
                bases.append(self.at)
            self.at += 1
            self.skip_angles()
        if self.here.text == "{":
            self._add("interface", name, self.at, comment, *bases)
