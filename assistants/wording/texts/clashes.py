"""The places where two people changed the same lines of a text, prepared for a choice."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import thread_time

from django.utils.safestring import SafeString

from assistants.diff import MergedLines, word_diff
from assistants.wording.marks import marked
from assistants.wording.texts.blocks import CONTEXT, show_pieces

_HEADING = re.compile(r"#{1,6}[ \t]+(.*\S)")
_MOST_SHOWN = 120
_BUDGET = 0.35


@dataclass(frozen=True, slots=True)
class ShownClash:
    """One place: its lines on each side, those of `mine` and `theirs` compared with the base."""

    heading: str
    """The heading above it in the text; "" if there is none."""
    before: SafeString
    after: SafeString
    """A few lines around it that nobody has to choose."""
    base: SafeString
    mine: SafeString
    theirs: SafeString
    is_mine_same: bool
    is_theirs_same: bool
    """Whether that side left the lines as they were in the base."""
    is_mine_gone: bool
    is_theirs_gone: bool
    """Whether that side has no line here."""
    twice: str
    """A line that both added in different places."""
    text: str
    """My lines, for somebody who writes their own."""


def show_clashes(stretches: Sequence[MergedLines]) -> Iterator[ShownClash]:
    """Yield each place for which a person has to choose."""
    deadline = thread_time() + _BUDGET
    heading, runs = "", _runs(stretches)
    between = next(runs)
    shown = 0  # lines of it that were shown after the place before
    for clash in filter(lambda stretch: stretch.is_clash, stretches):
        heading = _last_heading(between) or heading
        before, between = _with_words(between)[shown:], next(runs)
        after = _with_words(between)[:CONTEXT]
        yield _show(clash, heading, before[-CONTEXT:], after, deadline - thread_time())
        shown = len(after)


def _runs(stretches: Sequence[MergedLines]) -> Iterator[list[str]]:
    """Yield the lines before, between and after the places, which nobody has to choose."""
    lines: list[str] = []
    for stretch in stretches:
        if stretch.is_clash:
            yield lines
            lines = []
        else:
            lines += stretch.agreed
    yield lines


def _show(
    clash: MergedLines, heading: str, before: Sequence[str], after: Sequence[str], left: float
) -> ShownClash:
    base, mine, theirs = map("\n".join, (clash.base, clash.mine, clash.theirs))
    return ShownClash(
        heading=heading,
        before=marked("\n".join(before)),
        after=marked("\n".join(after)),
        base=marked(base),
        mine=show_pieces(word_diff(base, mine, budget=left)),
        theirs=show_pieces(word_diff(base, theirs, budget=left)),
        is_mine_same=clash.mine == clash.base,
        is_theirs_same=clash.theirs == clash.base,
        is_mine_gone=not clash.mine,
        is_theirs_gone=not clash.theirs,
        twice=clash.twice,
        text=mine,
    )


def _with_words(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if line.strip()]


def _last_heading(lines: Sequence[str]) -> str:
    for line in reversed(lines):
        if found := _HEADING.fullmatch(line.rstrip()):
            return found[1].rstrip("# ")[:_MOST_SHOWN]
    return ""
