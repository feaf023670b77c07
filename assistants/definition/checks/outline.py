"""Measure JSON from its text: parsing it would take a hundred bytes for each value."""

import re
from itertools import pairwise
from math import inf
from typing import Literal, NamedTuple

_TOKEN = re.compile(
    rb"""[\s,:]*+(?:
    ("[^"]*+"?)           # 1: a string
    (\s*+:)?              # 2: which is the name of a member
    | ([\[{])             # 3
    | ([\]}])             # 4
    | [^\s"\[\]{},:]++    # a number or a word
    | \Z)""",
    re.VERBOSE,
)
_STRING, _NAME, _OPENING, _CLOSING = 1, 2, 3, 4
_CONTINUING = bytes(range(0x80, 0xC0))
"""All bytes of a character in UTF-8 but its first."""


class Passed(NamedTuple):
    """The limit that a text exceeds, and the member of the outermost object that exceeds it."""

    limit: Literal["values", "levels", "characters"]
    member: str
    """Its name as the text writes it, or the beginning of that; empty where there is no member."""


def passed(
    text: bytes, *, values: int, levels: float = inf, characters: float = inf
) -> Passed | None:
    """Return the limit that the JSON in `text` exceeds, without parsing it; None for most texts.

    `values` are numbers, words, strings, objects and arrays; `levels` are counted from the
    outermost one; `characters` are those of all strings, each written as shortly as JSON can.
    Takes time in proportion to the text and no more memory than a copy of it. In what is no JSON,
    what a parser would make before it finds the mistake counts.
    """
    opened = text.count(b"[") + text.count(b"{")
    few = opened <= levels and opened + text.count(b",") < values
    if few and len(text) <= characters:
        return None
    plain = text.replace(rb"\\", b"--").replace(rb"\"", b"--")  # now each `"` bounds a string
    counted = level = quoted = 0
    members = [(0, 0)]
    names = 0
    for token in _TOKEN.finditer(plain):
        kind = token.lastindex
        if kind == _NAME:
            names += 1
            if level == 1:
                members.append(token.span(_STRING))
        elif kind == _CLOSING:
            level -= 1
        else:
            counted += 1
            if kind == _OPENING:
                level += 1
        if kind in (_STRING, _NAME):
            quoted += token.end(_STRING) - token.start(_STRING) - 2
        if counted > values + 1 or names > values:  # the end counts as one
            return Passed("values", _name(text, members[-1]))
        if level > levels:
            return Passed("levels", _name(text, members[-1]))
        if level < 0:
            return None  # no JSON
    if quoted > characters and quoted - _saved(plain) > characters:
        ends = pairwise([*members, (len(text), 0)])
        largest = max(ends, key=lambda pair: pair[1][0] - pair[0][0])[0]
        return Passed("characters", _name(text, largest))
    return None


def _name(text: bytes, span: tuple[int, int]) -> str:
    return text[slice(*span)][1:-1][:400].decode("utf-8", "replace")


def _saved(plain: bytes) -> int:
    """Return how many bytes at most the shortest way of writing its characters saves."""
    continuing = 0 if plain.isascii() else len(plain) - len(plain.translate(None, _CONTINUING))
    # Six bytes may be half a character, two a slash; the four of a line end become two.
    half = plain.count(rb"\u")
    return continuing + 6 * half - half // 2 + plain.count(rb"\/") + 2 * plain.count(rb"\r")
