"""Splits TypeScript into words, with the comments beside them and which bracket closes which."""

import re
from dataclasses import dataclass, field

from assistants.definition.translation import gettext_noop
from assistants.importing.found import NotRead

MOST_TYPESCRIPT = 200_000
"""Characters of TypeScript that are read."""
_MOST_WORDS = 20_000
_MOST_LEVELS = 40
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[A-Za-z_$\u0080-\uffff][\w$]*")
_NUMBER = re.compile(r"[0-9][0-9_]*(?:\.[0-9]+)?")
_STRINGS = {quote: re.compile(rf"{quote}((?:[^{quote}\\\n]|\\.)*){quote}") for quote in "'\""}
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_STARS = re.compile(r"^[ \t]*\*?[ \t]?", re.MULTILINE)
_LONG_MARKS = ("=>", "...")


@dataclass(slots=True)
class Token:
    """A `word`, `text` (in quotes), `number` or `mark`, and the comments before and behind it."""

    kind: str
    text: str
    before: str = ""
    is_first: bool = False
    """Whether it is the first of its line."""
    behind: str = ""


@dataclass
class Tokens:
    """All words of a text; `closes` has the index of the bracket that closes another."""

    found: list[Token] = field(default_factory=list)
    closes: dict[int, int] = field(default_factory=dict)


class _Splitter:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._comments: list[str] = []
        self._has_newline = True
        self._quotes_end = 0  # where a line ends in which a quote never closes
        self.found: list[Token] = []

    def split(self) -> list[Token]:
        text = self._text
        while self._at < len(text):
            if len(self.found) > _MOST_WORDS:
                raise NotRead(
                    gettext_noop("This TypeScript is too long. Paste the declarations alone.")
                )
            here = text[self._at]
            if match := _SPACE.match(text, self._at):
                self._has_newline = self._has_newline or "\n" in match[0]
                self._at = match.end()
            elif text.startswith("//", self._at):
                self._line_comment()
            elif text.startswith("/*", self._at):
                self._block_comment()
            elif here in _STRINGS and self._at >= self._quotes_end:
                self._string(here)
            elif here == "`":
                self._template()
            elif match := _WORD.match(text, self._at):
                self._add("word", match[0], match.end())
            elif match := _NUMBER.match(text, self._at):
                self._add("number", match[0], match.end())
            else:
                mark = next((mark for mark in _LONG_MARKS if text.startswith(mark, self._at)), here)
                self._add("mark", mark, self._at + len(mark))
        return self.found

    def _add(self, kind: str, text: str, end: int) -> None:
        self.found.append(Token(kind, text, "\n".join(self._comments), self._has_newline))
        self._comments, self._at, self._has_newline = [], end, False

    def _comment(self, text: str) -> None:
        if self._has_newline or not self.found or self.found[-1].text in ("{", "("):
            self._comments.append(text)
        else:
            self.found[-1].behind = text

    def _line_comment(self) -> None:
        end = self._text.find("\n", self._at)
        end = len(self._text) if end < 0 else end
        self._comment(self._text[self._at : end].lstrip("/").strip())
        self._at = end

    def _block_comment(self) -> None:
        end = self._text.find("*/", self._at + 2)
        if end < 0:
            raise NotRead(gettext_noop("A comment in this TypeScript never ends. Add */ to it."))
        inner = self._text[self._at + 2 : end].strip("*")
        self._comment(_STARS.sub("", inner).strip())
        self._at = end + 2

    def _string(self, quote: str) -> None:
        match = _STRINGS[quote].match(self._text, self._at)
        if match:
            text = _ESCAPE.sub(lambda found: _ESCAPES.get(found[1], found[1]), match[1])
            self._add("text", text, match.end())
            return
        end = self._text.find("\n", self._at)
        self._quotes_end = len(self._text) if end < 0 else end
        self._add("mark", quote, self._at + 1)

    def _template(self) -> None:
        end = self._text.find("`", self._at + 1)
        while end > 0 and self._text[end - 1] == "\\":
            end = self._text.find("`", end + 1)
        end = len(self._text) if end < 0 else end + 1
        self._add("template", "", end)


def split_words(text: str) -> Tokens:
    """Split a text into words. Raises `NotRead` for one that is too long or nested too deeply."""
    if len(text) > MOST_TYPESCRIPT:
        raise NotRead(
            gettext_noop(
                "TypeScript can have at most %(limit)s characters here; this has %(actual)s. Paste"
                " the declarations alone."
            ),
            limit=MOST_TYPESCRIPT,
            actual=len(text),
        )
    tokens = Tokens(_Splitter(text).split())
    still_open: list[int] = []
    for index, token in enumerate(tokens.found):
        if token.kind != "mark":
            continue
        if token.text in _PAIRS:
            still_open.append(index)
            if len(still_open) > _MOST_LEVELS:
                raise NotRead(
                    gettext_noop("This TypeScript is nested too deeply. Paste the signature alone.")
                )
        elif still_open and token.text == _PAIRS[tokens.found[still_open[-1]].text]:
            tokens.closes[still_open.pop()] = index
    return tokens
