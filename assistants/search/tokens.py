"""Tokens: what of a text is looked up, for words, parts of identifiers, unspaced scripts, symbols.

Every token is also found by its beginning. So a word gives itself and its ends that begin with a
part: get_order_status gives getorderstatus, orderstatus and status. A stretch of a script without
spaces gives its pairs of characters and its last character.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from assistants.search.folding import character_kinds, fold

LONGEST_TOKEN = 64
"""Characters of a token; what is longer is found by its beginning."""
MOST_PARTS_OF_NAME = 8
"""Parts of an identifier."""
FEWEST_LETTERS = 2.5
"""Letters in a part of getOrderStatus, on average; what has fewer is no name but, say, base64."""

_PIECE = re.compile(
    r"(?P<word>[aA][aAm]*(?:_{1,2}m*[aA][aAm]*){0,7})|(?P<run>u[um]*)|(?P<symbol>(?:s|rr?)m*)"
)
_SPELT = re.compile(r"[aAm]+")
_CAMEL = re.compile(r"(?:Am*)+(?!a)|(?:Am*)?[am]+")
_CLUSTER = re.compile(r".m*")


def pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the words, the runs of unspaced scripts and the symbols of `text`: kind, start, end.

    What is between the pieces cannot be searched.
    """
    for match in _PIECE.finditer(character_kinds(text)):
        yield str(match.lastgroup), match.start(), match.end()


def tokens(raw: str, kind: str) -> list[str]:
    """Return the tokens of a word or a symbol; [] where nothing of it can be searched."""
    if kind == "symbol":
        return list(filter(None, [fold(raw)]))
    if raw.isascii() and raw.isalnum() and _is_one(raw):
        return [raw.lower()[:LONGEST_TOKEN]]  # as almost all are
    folded = [fold(part) for part in _parts(raw)]
    ends = ("".join(folded[begin:])[:LONGEST_TOKEN] for begin in range(len(folded)))
    return list(filter(None, ends))


def _is_one(raw: str) -> bool:
    """Return whether nothing within a word of ASCII letters and digits begins a part of a name."""
    return raw[1:].islower() or raw.isupper() or raw.isdigit() or len(raw) == 1


def pairs(run: str, *, last: bool = False) -> list[str]:
    """Return the pairs of neighbours in a folded run, marks with their letters.

    `last`: the last letter too, so that every letter begins a token.
    """
    letters = [
        run[match.start() : match.end()] for match in _CLUSTER.finditer(character_kinds(run))
    ]
    found = [first + second for first, second in pairwise(letters)]
    return found + letters[-1:] if last or not found else found


def spelt(raw: str) -> list[str]:
    """Return the folded parts of a word that is joined by hyphens and the like."""
    return [
        fold(raw[match.start() : match.end()]) for match in _SPELT.finditer(character_kinds(raw))
    ]


def _parts(raw: str) -> list[str]:
    """Split at what joins and where getOrderStatus or HTTPServer begin a part."""
    found = []
    spelling = character_kinds(raw)
    for part in _SPELT.finditer(spelling):
        begin, end = part.span()
        humps = [match.span() for match in _CAMEL.finditer(spelling, begin, end)]
        if not 1 < len(humps) <= MOST_PARTS_OF_NAME or end - begin < FEWEST_LETTERS * len(humps):
            humps = [(begin, end)]
        found += [raw[first:last] for first, last in humps]
    return found
