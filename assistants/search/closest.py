"""Where most of a search is close together: in one line of a text."""

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple

from assistants.search.folding import alone, fold
from assistants.search.phrases import QUOTATION_MARKS
from assistants.search.query import Query, Term
from assistants.search.spans import Span, spans

CLOSE = 160
"""Characters within which words of a search are close together."""
MOST_AROUND = 200
"""Characters of a long line that are read on each side of them."""
MOST_PLACES, FEWEST_PLACES = 128, 8
"""Places that are compared: of several words, and of one."""


class Closest(NamedTuple):
    """A part of one line, and where in it the words of a search are."""

    text: str
    spans: list[Span]
    first: int
    last: int
    """Which of the spans are the ends of those that are close together."""
    is_cut: tuple[bool, bool]
    """Whether the line has more before, and after."""

    @property
    def terms_held(self) -> int:
        """How many terms are close together."""
        return len({span.term for span in self.spans[self.first : self.last + 1]})


def closest(text: str, query: Query) -> Closest | None:
    """Return where most of `query` is close together in a line of `text`: the first such place.

    Letters are found fast, and only what is around them is taken apart. All of `text` is folded
    only if they are not there, as where an accent is a character of its own.
    """
    if found := _around(text, _likely(text, query), query):
        return found
    text = _lines_with_letters(text, query)
    return _around(text, spans(text, query), query) if text else None


def _around(text: str, places: Iterable[Span], query: Query) -> Closest | None:
    found = sorted(places, key=attrgetter("start", "end"))
    if not found:
        return None
    first, last = _densest(text, found, len(query.terms))
    begin, end = text.rfind("\n", 0, found[first].start) + 1, text.find("\n", found[last].end)
    end = len(text) if end < 0 else end
    start, stop = (
        max(begin, found[first].start - MOST_AROUND),
        min(end, found[last].end + MOST_AROUND),
    )
    if start > begin:  # not within a word
        start = max(start, text.find(" ", start, start + MOST_AROUND // 2) + 1)
    if stop < end:
        stop = max(text.rfind(" ", stop - MOST_AROUND // 2, stop), 0) or stop
    piece = text[start:stop].rstrip()
    inside = list(spans(piece, query))
    if not inside:
        return None
    return Closest(
        piece, inside, *_densest(piece, inside, len(query.terms)), (start > begin, stop < end)
    )


def _likely(text: str, query: Query) -> Iterable[Span]:
    """Yield where the letters of a term begin a word, or are in a script without spaces.

    Where `text` has the search as it was typed, only the places in that.
    """
    even, begin, end, most = alone(text), 0, len(text), FEWEST_PLACES
    if len(query.terms) > 1:
        most, typed = (
            max(MOST_PLACES // len(query.terms), most),
            alone(query.text.strip(QUOTATION_MARKS)),
        )
        at = even.find(typed)
        if at == 0 or (at > 0 and not even[at - 1].isalnum()):
            begin, end = at, at + len(typed)
    for term in query.terms:
        for letters in {needle.strip() for needle in term.needles}:
            count, at = 0, even.find(letters, begin, end)
            while at >= 0 and count < most:
                if term.run or not at or not even[at - 1].isalnum():
                    count += 1
                    yield Span(at, at + len(letters), term)
                at = even.find(letters, at + len(letters), end)


def _lines_with_letters(text: str, query: Query) -> str:
    """Return the lines that have the letters of a term: far fewer than to look for words in."""
    letters = {needle.strip() for term in query.terms for needle in term.needles}
    whole = fold(text)
    if not any(part in whole for part in letters):
        return ""
    lines = (line for line in text.split("\n") if line)
    return "\n".join(line for line in lines if any(part in fold(line) for part in letters))


def _densest(text: str, found: Sequence[Span], most: int) -> tuple[int, int]:
    """Return the first and last of the spans where most terms, of `most`, are close together."""
    best, best_count, after = (0, 0), 0, 0
    held = Counter[Term]()
    for first, span in enumerate(found):
        line_end = text.find("\n", span.end, span.start + CLOSE)
        end = span.start + CLOSE if line_end < 0 else line_end
        while after < len(found) and (after <= first or found[after].end <= end):
            held[found[after].term] += 1
            after += 1
            if len(held) > best_count:
                best, best_count = (first, after - 1), len(held)
        if best_count == most:
            break
        held[span.term] -= 1
        if not held[span.term]:
            del held[span.term]
    return best
