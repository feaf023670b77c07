"""A place among the words of a TypeScript text."""

from collections.abc import Iterator

from assistants.definition.translation import gettext_noop
from assistants.importing.found import NotRead
from assistants.importing.typescript.tokens import Token, Tokens

_END = Token("end", "")


class Cursor:
    """Walks through the words; `at` is the place of the next one."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def here(self) -> Token:
        found = self.tokens.found
        return found[self.at] if self.at < len(found) else _END

    def look(self, ahead: int) -> str:
        found = self.tokens.found
        return found[self.at + ahead].text if self.at + ahead < len(found) else ""

    def take(self, text: str) -> bool:
        """Go on behind the next word if it is this one, outside quotes."""
        if self.here.text == text and self.here.kind in ("mark", "word"):
            self.at += 1
            return True
        return False

    def closing(self, at: int) -> int:
        """Return the place of the bracket that closes the one at a place."""
        end = self.tokens.closes.get(at)
        if end is None:
            raise NotRead(gettext_noop("A bracket in this TypeScript is never closed. Close it."))
        return end

    def skip_angles(self) -> None:
        """Go on behind the parameters of a generic type."""
        if not self.take("<"):
            return
        depth = 1
        while depth and self.here is not _END:
            depth += {"<": 1, ">": -1}.get(self.here.text, 0) if self.here.kind == "mark" else 0
            self.at = self.tokens.closes.get(self.at, self.at) + 1

    def parameters(self, opened: int) -> Iterator[tuple[Token, int, int]]:
        """Yield each parameter between brackets: its first word, and where it begins and ends."""
        end, at = self.closing(opened), opened + 1
        start, angles = at, 0
        while at <= end:
            token = self.tokens.found[at]
            angles += {"<": 1, ">": -1}.get(token.text, 0) if token.kind == "mark" else 0
            if at == end or (token.text == "," and token.kind == "mark" and angles <= 0):
                if at > start:
                    yield self.tokens.found[start], start, at
                start = at + 1
            at = self.tokens.closes.get(at, at) + 1
