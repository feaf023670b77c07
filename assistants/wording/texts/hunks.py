"""Where the changes of a text are: lines on both sides, the heading above, what only moved."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from assistants.diff import Piece

HEADING_LENGTH = 80
"""Characters of a heading that a page shows."""
MOVED_LENGTH = 12
"""Characters from which equal lines that went and came are called moved; shorter ones recur."""
_MARKS = re.compile(r"^ {0,3}(?:(?P<fence>```|~~~)|#{1,6}[ \t]+(?P<title>[^\n]{1,400}))", re.M)


@dataclass(frozen=True, slots=True)
class Lines:
    """Where a stretch begins on one side, from 1, and how many lines it has there."""

    first: int
    count: int

    @property
    def after(self) -> int:
        return self.first + self.count


@dataclass(frozen=True, slots=True)
class RowPlace:
    """Where a row of a compared text is, on both sides."""

    old: Lines
    new: Lines


class Outline:
    """The Markdown headings of a text, by line; those in fenced code are none."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _found(self) -> tuple[list[int], list[str]]:
        lines, titles = [], []
        line, at, fence = 1, 0, ""
        for match in _MARKS.finditer(self._text):
            line, at = line + self._text.count("\n", at, match.start()), match.start()
            opens = match["fence"]
            if opens and fence in ("", opens):
                fence = "" if fence else opens
            elif not fence and match["title"]:
                lines.append(line)
                titles.append(match["title"].strip().rstrip("#").strip(" \t*_`")[:HEADING_LENGTH])
        return lines, titles

    def above(self, line: int) -> tuple[str, int]:
        """Return the nearest heading at or above a line, and its line; "" and 0 for none."""
        lines, titles = self._found
        place = bisect_right(lines, line)
        return (titles[place - 1], lines[place - 1]) if place else ("", 0)

    def within(self, lines: Lines) -> Iterator[str]:
        """Yield the headings that a stretch touches: the one above, and those in it."""
        if above := self.above(lines.first)[0]:
            yield above
        numbers, titles = self._found
        yield from titles[
            bisect_right(numbers, lines.first) : bisect_right(numbers, lines.after - 1)
        ]


def places(rows: Iterable[Sequence[Piece]]) -> Iterator[RowPlace]:
    """Yield where each row of whole lines is."""
    old = new = 1
    for row in rows:
        place = RowPlace(Lines(old, _count(row, "-")), Lines(new, _count(row, "+")))
        old, new = place.old.after, place.new.after
        yield place


def _count(row: Sequence[Piece], op: str) -> int:
    mine = [piece.text for piece in row if piece.op in ("=", op) and piece.text]
    ends = sum(text.count("\n") for text in mine)
    return ends + bool(mine and not mine[-1].endswith("\n"))


def find_moves(
    rows: Sequence[Sequence[Piece]], found: Sequence[RowPlace]
) -> Mapping[tuple[int, str], str]:
    """Return, by the number of a row and its sign, where lines came from or went to.

    They are equal, or half of them is: then somebody moved them and changed some.
    """
    gone: dict[str, list[int]] = {}
    for number, text in _whole_lines(rows, "-"):
        gone.setdefault(text, []).append(number)
    moves: dict[tuple[int, str], str] = {}
    for number, text in _whole_lines(rows, "+"):
        if not (from_ := gone.get(text)):
            continue
        before, after = found[from_[0]].old.first, found[number].new.first
        moves[from_.pop(0), "-"] = _("Moved to line %(line)s") % {"line": f"{after:,}"}
        moves[number, "+"] = _("Moved from line %(line)s") % {"line": f"{before:,}"}
    for from_row, to_row in _mostly_moved(rows, moves):
        before, after = found[from_row].old.first, found[to_row].new.first
        moves[from_row, "-"] = _("Mostly moved to line %(line)s") % {"line": f"{after:,}"}
        moves[to_row, "+"] = _("Mostly moved from line %(line)s") % {"line": f"{before:,}"}
    return moves


def _mostly_moved(
    rows: Sequence[Sequence[Piece]], known: Mapping[tuple[int, str], str]
) -> Iterator[tuple[int, int]]:
    """Yield pairs of rows: what one lost and the other got is the same for one half, or more."""
    gone: dict[str, list[int]] = {}
    sizes: Counter[tuple[int, str]] = Counter()
    shared: Counter[tuple[int, int]] = Counter()
    for op in "-+":
        for number, row in enumerate(rows):
            for line in _changed_lines(row, op) if (number, op) not in known else ():
                sizes[number, op] += len(line)
                if len(line) < MOVED_LENGTH:
                    continue
                if op == "-":
                    gone.setdefault(line, []).append(number)
                elif places := gone.get(line):
                    shared[places.pop(0), number] += len(line)
    taken: set[tuple[int, str]] = set()
    for (from_row, to_row), size in shared.most_common():
        ends = {(from_row, "-"), (to_row, "+")}
        if from_row != to_row and not ends & taken and 2 * size >= max(sizes[end] for end in ends):
            taken |= ends
            yield from_row, to_row


def _changed_lines(row: Sequence[Piece], op: str) -> Iterator[str]:
    for piece in row:
        if piece.op == op:
            yield from filter(None, map(str.strip, piece.text.split("\n")))


def _whole_lines(rows: Sequence[Sequence[Piece]], op: str) -> Iterator[tuple[int, str]]:
    """Yield rows in which no word stayed, and their text on one side."""
    for number, row in enumerate(rows):
        if any(piece.op == "=" and not piece.text.isspace() for piece in row):
            continue
        for piece in row:
            text = piece.text.strip()
            if piece.op == op and len(text) >= MOVED_LENGTH:
                yield number, text
