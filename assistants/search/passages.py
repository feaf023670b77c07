"""Passages: a text in short pieces, of which a list reads only the one with a match."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from assistants.search.folding import UNSPACED, character_kinds, fold, separated
from assistants.search.query import MOST_QUERY_CHARACTERS
from assistants.search.tokens import pairs, pieces, tokens

SIZE = 800
"""Characters of a passage."""


class CutText(NamedTuple):
    text: str
    """As written; all of them together are the text."""
    words: str
    """The tokens of its words and symbols and its whole runs, with a space around each."""


def cut(text: str) -> Iterator[CutText]:
    """Cut `text` at the ends of lines, or else of words, where that is possible."""
    apart, start = separated(text), 0
    known: dict[str, list[str]] = {}  # most of what a text is made of comes again
    while start < len(text):
        end, over = _end(text, apart, start)
        words: dict[str, None] = {}
        for chunk in dict.fromkeys(apart[start:over].split()):
            if chunk not in known:
                known[chunk] = list(_words(chunk))
            words.update(dict.fromkeys(known[chunk]))
        yield CutText(text[start:end], f" {' '.join(words)} ")
        start = end


def cut_again(text: str, earlier: Sequence[CutText]) -> list[CutText]:
    """Cut `text` as `cut` does, but keep those of `earlier` with which it begins and ends.

    The words of a kept passage are not looked for again: only a passage that begins and ends
    between words is kept. After many changes there may be more passages than `cut` would make;
    at half as many again, the whole text is cut afresh.
    """
    head = _kept(text, earlier)
    start = sum(len(passage.text) for passage in head)
    tail = _kept_at_end(text[start:], earlier[len(head) :])
    end = len(text) - sum(len(passage.text) for passage in tail)
    passages = [*head, *cut(text[start:end]), *tail]
    most = 2 + 3 * len(text) // (2 * SIZE)
    return passages if len(passages) <= most else list(cut(text))


def _kept(text: str, earlier: Sequence[CutText]) -> list[CutText]:
    """Return the passages of `earlier` with which `text` begins."""
    start, found = 0, []
    for passage in earlier:
        if not text.startswith(passage.text, start) or not passage.text[-1:].isspace():
            break
        start += len(passage.text)
        found.append(passage)
    return found


def _kept_at_end(text: str, earlier: Sequence[CutText]) -> list[CutText]:
    """Return the passages of `earlier` with which `text` ends."""
    end, kept = len(text), 0
    for count, passage in enumerate(reversed(earlier), 1):
        end -= len(passage.text)
        if end < 0 or not text.startswith(passage.text, end):
            break
        if not end or text[end - 1].isspace():
            kept = count
    return list(earlier[len(earlier) - kept :])


def _end(text: str, apart: str, start: int) -> tuple[int, int]:
    """Return where a passage ends, and up to where its words are taken."""
    most = start + SIZE
    if most >= len(text):
        return len(text), len(text)
    for found in (text.rfind("\n", start, most), apart.rfind(" ", start, most)):
        if found > start:
            return found + 1, found + 1
    return most, most + MOST_QUERY_CHARACTERS  # a word that begins before the cut is found whole


def _words(chunk: str) -> Iterator[str]:
    for kind, start, end in pieces(chunk):
        raw = chunk[start:end]
        yield from [fold(raw)] if kind == "run" else tokens(raw, kind)


def distinct(passages: Iterable[CutText], *, room: int) -> list[str]:
    """Return each token of `passages` once, in order, until `room` bytes are used up."""
    found: dict[str, None] = {}
    for passage in passages:
        for word in passage.words.split():
            for token in (
                pairs(word, last=True) if character_kinds(word[0]) == UNSPACED else (word,)
            ):
                if token not in found:
                    room -= len(token.encode()) + 1
                    if room < 0:
                        return list(found)
                    found[token] = None
    return list(found)
