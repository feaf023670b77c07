"""Where in a text the words of a search are."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistants.search.folding import MARK, character_kinds, fold
from assistants.search.query import Query, Term
from assistants.search.tokens import pieces, tokens

_JOINERS = str.maketrans("", "", "-_'")


class Span(NamedTuple):
    start: int
    end: int
    term: Term


def spans(text: str, query: Query) -> Iterator[Span]:
    """Yield the places in `text` that hold a term of `query`, in order and apart.

    A word is one place, whatever part of it is searched; of a run only what is searched is.
    """
    runs, others, letters = query.sought
    known: dict[str, Term | None] = {}
    for kind, start, end in pieces(text):
        raw = text[start:end]
        if kind == "run":
            yield from _in_run(raw, start, [term for term in runs if term.run in fold(raw)])
            continue
        if raw not in known:
            known[raw] = _holds(tokens(raw, kind), others) if _may_hold(raw, letters) else None
        if term := known[raw]:
            yield Span(start, end, term)


def _may_hold(raw: str, letters: frozenset[str]) -> bool:
    """Return whether one of the `letters` may begin a token of `raw`: not for most words."""
    joined = raw.lower().translate(_JOINERS)
    return not raw.isascii() or any(part in joined for part in letters)


def _holds(words: list[str], terms: Sequence[tuple[Term, tuple[str, ...]]]) -> Term | None:
    line = f" {' '.join(words)} "
    for term, needles in terms:
        for needle in needles:
            if needle in line:
                return term
    return None


def _in_run(raw: str, start: int, terms: list[Term]) -> Iterator[Span]:
    """Yield the longest term at each place of a run that begins at `start`."""
    if not terms:
        return
    folded, places = _aligned(raw)
    by_word = {term.run: term for term in terms}
    longest_first = sorted(by_word, key=len, reverse=True)
    for match in re.finditer("|".join(map(re.escape, longest_first)), folded):
        first, last = match.span()
        yield Span(start + places[first], start + places[last], by_word[match[0]])


def _aligned(raw: str) -> tuple[str, list[int]]:
    """Return `raw` folded, and for each character of that (and the end) its place in `raw`."""
    folded, places, start = "", [], 0
    kind = character_kinds(raw)
    while start < len(raw):
        end = start + 1
        while end < len(raw) and (kind[end] == MARK or _grows(raw[end])):
            end += 1
        letter = fold(raw[start:end])
        folded += letter
        places += [start] * len(letter)
        start = end
    return folded, [*places, len(raw)]


def _grows(char: str) -> bool:
    """Return whether folding joins `char` to the letter before: Hangul vowels, voicing of Kana."""
    first = unicodedata.normalize("NFKD", char)[0]
    return "\u1160" <= first <= "\u11ff" or first in "\u3099\u309a"
