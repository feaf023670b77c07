"""Bring together the lines of a text that two people changed, and cut out where they clash."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from time import thread_time
from typing import Literal, NamedTuple

from assistants.diff.matching import Match, find_matches

_BUDGET = 0.13  # seconds of processor time for finding the lines that one side left alone
_GAP_CELLS = 4_000  # pairs of lines in a gap that is searched for every line that stayed

LineTuple = tuple[str, ...]
PickSide = Literal["mine", "theirs", "both", "written"]


@dataclass(frozen=True, slots=True)
class MergedLines:
    """Some lines of a text as each side has them. All stretches of a side make its text."""

    base: LineTuple
    mine: LineTuple
    theirs: LineTuple
    changed_by: Literal["nobody", "mine", "theirs", "both", "clash"]
    """Whose change counts. "both" made the same one; in a "clash" a person has to choose."""
    twice: str = ""
    """In a clash: a line that both sides added in different places, so it could be there twice."""

    @property
    def is_clash(self) -> bool:
        return self.changed_by == "clash"

    @property
    def agreed(self) -> LineTuple:
        """The lines that nobody has to choose."""
        return self.theirs if self.changed_by == "theirs" else self.mine


@dataclass(frozen=True, slots=True)
class Pick:
    """What a person chose for a clash: `mine`, `theirs`, `both` (mine first), or `written`."""

    side: PickSide
    text: str = ""
    """The text that they wrote, for `written`. An empty one leaves no line."""

    def lines(self, clash: MergedLines) -> LineTuple:
        match self.side:
            case "mine":
                return clash.mine
            case "theirs":
                return clash.theirs
            case "both":
                return clash.mine + clash.theirs
        return tuple(split_lines(self.text))


def split_lines(text: str) -> list[str]:
    """Cut a text at each line feed, so that `"\n".join` makes it again; "" has no line."""
    return text.split("\n") if text else []


def join_picks(stretches: Sequence[MergedLines], picks: Sequence[Pick]) -> str:
    """Return the text of all stretches, with a pick for each clash in its order."""
    chosen = iter(picks)
    lines: list[str] = []
    for stretch in stretches:
        lines += next(chosen).lines(stretch) if stretch.is_clash else stretch.agreed
    return "\n".join(lines)


def merge_lines(base: str, mine: str, theirs: str) -> list[MergedLines]:
    """Cut three texts into stretches, in order.

    Changes between which no unchanged line is left clash, but for the lines with which both sides
    begin or end there. So does a new line that both sides added in different places.
    """
    old, *sides = map(split_lines, (base, mine, theirs))
    mine_hunks, their_hunks = (list(_hunks(old, side)) for side in sides)
    groups = list(_groups(mine_hunks, their_hunks))
    unequal = [group for group in groups if not group.is_equal]
    twice = _new_lines([hunk for group in unequal for hunk in group.mine], old) & _new_lines(
        [hunk for group in unequal for hunk in group.theirs], old
    )
    stretches: list[MergedLines] = []
    done = 0
    for group in groups:
        kept = tuple(old[done : group.start])
        if kept:
            stretches.append(MergedLines(kept, kept, kept, "nobody"))
        stretches += _cut(group, old, twice)
        done = group.end
    rest = tuple(old[done:])
    return [*stretches, MergedLines(rest, rest, rest, "nobody")] if rest else stretches


def choosable_lines(live: str, older: str) -> list[MergedLines]:
    """Cut two texts where their lines differ, for a choice in each of these places.

    `mine` are the lines of `older`, `theirs` those of `live`. So picking "mine" everywhere makes
    the older text, and picking "theirs" everywhere leaves live.
    """
    return [
        stretch if stretch.changed_by == "nobody" else replace(stretch, changed_by="clash")
        for stretch in merge_lines(live, older, live)
    ]


class _Hunk(NamedTuple):
    """The lines that one side has in place of those from `start` to `end` of the base."""

    start: int
    end: int
    lines: LineTuple


@dataclass(slots=True)
class _Group:
    """Hunks of both sides between which no unchanged line is left."""

    start: int
    end: int
    mine: list[_Hunk]
    theirs: list[_Hunk]

    @property
    def is_equal(self) -> bool:
        return self.mine == self.theirs

    def of(self, hunks: list[_Hunk], old: list[str]) -> LineTuple:
        """Return the lines of the side that made `hunks`."""
        lines: list[str] = []
        done = self.start
        for hunk in hunks:
            lines += old[done : hunk.start]
            lines += hunk.lines
            done = hunk.end
        return (*lines, *old[done : self.end])


def _groups(mine: list[_Hunk], theirs: list[_Hunk]) -> Iterator[_Group]:
    group: _Group | None = None
    for hunk, is_mine in sorted([*((h, True) for h in mine), *((h, False) for h in theirs)]):
        if group is None or hunk.start > group.end:
            if group is not None:
                yield group
            group = _Group(hunk.start, hunk.end, [], [])
        group.end = max(group.end, hunk.end)
        (group.mine if is_mine else group.theirs).append(hunk)
    if group is not None:
        yield group


def _cut(group: _Group, old: list[str], twice: set[str]) -> Iterator[MergedLines]:
    """Yield a group as one stretch, or as a clash between what both sides have alike."""
    base = tuple(old[group.start : group.end])
    mine, theirs = group.of(group.mine, old), group.of(group.theirs, old)
    if mine == theirs:
        yield MergedLines(base, mine, theirs, "both")
    elif group.mine and group.theirs:
        yield from _trimmed(base, mine, theirs)
    else:
        hunks = group.mine or group.theirs
        repeated = next((line for hunk in hunks for line in hunk.lines if line in twice), "")
        side: Literal["mine", "theirs"] = "mine" if group.mine else "theirs"
        yield MergedLines(base, mine, theirs, "clash" if repeated else side, repeated)


def _trimmed(base: LineTuple, mine: LineTuple, theirs: LineTuple) -> Iterator[MergedLines]:
    head, most = 0, min(len(mine), len(theirs))
    while head < most and mine[head] == theirs[head]:
        head += 1
    tail, most = 0, most - head
    while tail < most and mine[-1 - tail] == theirs[-1 - tail]:
        tail += 1
    before, after = mine[:head], mine[len(mine) - tail :]
    if before:
        yield MergedLines((), before, before, "both")
    yield MergedLines(
        base, mine[head : len(mine) - tail], theirs[head : len(theirs) - tail], "clash"
    )
    if after:
        yield MergedLines((), after, after, "both")


def _new_lines(hunks: list[_Hunk], old: list[str]) -> set[str]:
    """The lines in these hunks that occur nowhere in the base; blank ones do not count."""
    return {line for hunk in hunks for line in hunk.lines}.difference(old, [""])


def _hunks(old: list[str], new: list[str]) -> Iterator[_Hunk]:
    """What `new` changed, in order; between two hunks stands an unchanged line at least.

    Where a line that stayed occurs more than once, the first place is taken on both sides, so that
    the same change makes the same hunk beside other changes too.
    """
    i = j = 0
    for line in _unchanged(old, new):
        start, end = old.index(line, i), new.index(line, j)
        if i < start or j < end:
            yield _Hunk(i, start, tuple(new[j:end]))
        i, j = start + 1, end + 1
    if i < len(old) or j < len(new):
        yield _Hunk(i, len(old), tuple(new[j:]))


def _unchanged(old: list[str], new: list[str]) -> list[str]:
    """The lines that both have, in the same order on both sides.

    `find_matches` leaves out what would only make a difference harder to read; here every line
    counts.
    """
    deadline = thread_time() + _BUDGET
    lines: list[str] = []
    i = j = 0
    for match in (*find_matches(old, new, deadline), Match(len(old), len(new), 0)):
        gap, other = old[i : match.old], new[j : match.new]
        if 0 < len(gap) * len(other) <= _GAP_CELLS and thread_time() < deadline:
            blocks = SequenceMatcher(None, gap, other, autojunk=False).get_matching_blocks()
            lines += [line for block in blocks for line in gap[block.a : block.a + block.size]]
        i, j = match.end
        lines += old[match.old : i]
    return lines
