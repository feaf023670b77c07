"""Which version brought each word of a line, one step back at a time. No Django, no I/O."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from time import thread_time
from typing import NamedTuple

from assistants.diff.matching import Match, find_matches
from assistants.diff.words import Piece, word_diff

MOST_LOOKED_AT = 40
"""Lines that are looked at to find the one that a line was made of."""
LEAST_KEPT = 3
"""A line was made of another if a third of it, or more, is in the other."""
_SECONDS = 0.2


class WordRun(NamedTuple):
    """A stretch of a line, and the version that brought it; 0 where that was not found out."""

    text: str
    version: int


@dataclass
class TracedWords:
    """A line whose words are followed back, from `line` to the lines that it was made of."""

    line: str
    now: str = ""
    """The line that `line` was made of, as far back as it was followed."""
    _places: list[int | None] = field(default_factory=list)
    """For each character of `now`, where it is in `line`, if it is there."""
    _versions: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.now = self.line
        self._places = list(range(len(self.line)))
        self._versions = [0] * len(self.line)

    @property
    def is_done(self) -> bool:
        return all(place is None for place in self._places)

    def step(self, former: str, *, version: int) -> None:
        """Go back over `version`, which made `now` of the line `former`."""
        places: list[int | None] = []
        at = 0
        for piece in word_diff(former, self.now, budget=_SECONDS):
            if piece.op == "-":
                places += [None] * len(piece.text)
                continue
            if piece.op == "=":
                places += self._places[at : at + len(piece.text)]
            else:
                self._bring(self._places[at : at + len(piece.text)], version)
            at += len(piece.text)
        self.now, self._places = former, places

    def end(self, *, version: int) -> None:
        """Say that `version` brought all that is left."""
        self._bring(self._places, version)
        self._places = [None] * len(self._places)

    def runs(self) -> Iterator[WordRun]:
        start = 0
        for version, same in groupby(self._versions):
            end = start + len(list(same))
            yield WordRun(self.line[start:end], version)
            start = end

    def _bring(self, places: Sequence[int | None], version: int) -> None:
        for place in places:
            if place is not None:
                self._versions[place] = version


def find_former(old: list[str], new: list[str], line: str) -> int | None:
    """Return the place in `old` of the line that became `line` in `new`; None if it was new."""
    i = j = 0
    matches = find_matches(old, new, thread_time() + _SECONDS)
    for match in (*matches, Match(len(old), len(new), 0)):
        gap = new[j : match.new]
        if line in gap:
            near = i + (match.old - i) * gap.index(line) // len(gap)
            first = max(i, near - MOST_LOOKED_AT // 2)
            return _most_alike(old, range(first, min(match.old, first + MOST_LOOKED_AT)), line)
        i, j = match.end
    return None


def _most_alike(old: list[str], places: range, line: str) -> int | None:
    kept = {place: _kept(word_diff(old[place], line, budget=_SECONDS)) for place in places}
    best = max(kept, key=kept.__getitem__, default=None)
    if best is None or kept[best] * LEAST_KEPT < max(len(line), len(old[best])):
        return None
    return best


def _kept(pieces: Sequence[Piece]) -> int:
    return sum(len(piece.text) for piece in pieces if piece.op == "=" and not piece.text.isspace())
