"""Where some lines of a text are in a later one, if they are still there. No Django, no I/O.

Lines are numbered from 1, as pages show them. Lines that could be taken for others count as gone:
a comment may be called outdated, but is never shown beside another text.
"""

from dataclasses import dataclass
from functools import cached_property
from time import thread_time

from assistants.diff.matching import Match, find_matches
from assistants.diff.origins import numbered_lines

LEAST_TELLING = 20
"""Characters, without spaces, by which a stretch of lines is known. A shorter one, such as "Yes.",
could have been written anew elsewhere."""
FOLLOWING_SECONDS = 0.5
"""Processor time for comparing two texts. Lines that are not compared by then count as gone, unless
they alone are telling."""


@dataclass(frozen=True, order=True)
class LineRange:
    """Lines of a text, from `first` to `last`; both are part of it."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if not 1 <= self.first <= self.last:
            raise ValueError(f"no lines from {self.first} to {self.last}")

    def __str__(self) -> str:
        return f"{self.first}–{self.last}" if self.last > self.first else str(self.first)

    def overlaps(self, other: "LineRange") -> bool:
        """Return whether both have a line in common."""
        return self.first <= other.last and other.first <= self.last

    def of(self, text: str) -> list[str]:
        """Return these lines of `text`, as far as it has them."""
        return numbered_lines(text)[self.first - 1 : self.last]


class Follower:
    """Follows lines of the text `old` into the text `new`; the texts are compared once, if at all.

    Lines are found where they stand unchanged and together, in one of two ways. They are telling
    alone: long enough, and once in each text. Or the comparison matches them as part of a telling
    stretch. So lines that were moved are found too, and those that repeat only with what is
    around them.
    """

    def __init__(self, old: str, new: str, *, seconds: float = FOLLOWING_SECONDS) -> None:
        self._seconds = seconds
        self._is_same = old == new
        self._old, self._new = numbered_lines(old), numbered_lines(new)
        self._texts = (f"\n{old}\n", f"\n{new}\n")

    def follow(self, lines: LineRange) -> LineRange | None:
        """Return where these lines of `old` are in `new`, or None where they are gone."""
        if lines.last > len(self._old):
            return None
        if self._is_same:
            return lines
        if place := self._place_of(self._old[lines.first - 1 : lines.last]):
            return LineRange(place, place + lines.last - lines.first)
        for match in self._matches:
            if match.old < lines.first and lines.last <= match.end[0]:
                if not self._place_of(self._old[match.old : match.end[0]]):
                    return None
                moved = match.new - match.old
                return LineRange(lines.first + moved, lines.last + moved)
        return None

    def _place_of(self, stretch: list[str]) -> int:
        """Return the line of `new` at which a telling stretch begins; 0 if it is not telling."""
        if sum(len("".join(line.split())) for line in stretch) < LEAST_TELLING:
            return 0
        needle = "\n{}\n".format("\n".join(stretch))
        before, after = self._texts
        if not (_is_once(needle, before) and _is_once(needle, after)):
            return 0
        return after.count("\n", 0, after.index(needle)) + 1

    @cached_property
    def _matches(self) -> list[Match]:
        return find_matches(self._old, self._new, thread_time() + self._seconds)


def _is_once(needle: str, text: str) -> bool:
    found = text.find(needle)
    return found >= 0 and text.find(needle, found + 1) < 0
