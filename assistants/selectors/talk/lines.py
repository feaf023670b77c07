"""The lines of the instructions in a round, with the threads about them."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from admin_ui.accounts.models import Member
from assistants.diff.following.anchors import LineRange
from assistants.diff.origins import numbered_lines
from assistants.models import ChangeRequest, Round
from assistants.selectors.talk.rounds import LINED, round_texts
from assistants.selectors.talk.threads import ShownThread, show_threads
from assistants.wording.marks import marked

LINES_TO_CHOOSE = 200
MOST_PLACED = 200
"""Threads that are looked for on one page, the oldest of those that are not resolved."""


@dataclass(frozen=True)
class CommentedLine:
    number: int
    html: SafeString
    is_chosen: bool
    threads: list[ShownThread]
    """Those of which this is the last line."""


@dataclass(frozen=True)
class CommentedPage:
    lines: list[CommentedLine]
    first: int
    last: int
    count: int
    chosen: int
    """The line with which a choice begins; 0 for none."""
    newer: str
    older: str

    @property
    def chooses(self) -> str:
        """The query that the number of the first line follows."""
        return f"?line={self.first}&from="


def lines_page(
    request: ChangeRequest, *, of: Round, member: Member, first: int, chosen: int
) -> CommentedPage:
    """Return a page of the lines in the round `of`, from line `first` on (from 1). Six queries."""
    lines = numbered_lines(round_texts([of])[of.pk])
    chosen = chosen if 1 <= chosen <= len(lines) else 0
    first = min(max(first, 1), max(len(lines), 1))
    last = min(first + LINES_TO_CHOOSE - 1, len(lines))
    open_threads = request.threads.filter(is_resolved=False, field=LINED, first_line__gt=0)
    rows = list(open_threads.order_by("pk")[:MOST_PLACED])
    ends: dict[int, list[ShownThread]] = {}
    within = LineRange(first, max(first, last))
    for thread in show_threads(rows, request=request, of=of, member=member, within=within):
        ends.setdefault(thread.last_line, []).append(thread)
    return CommentedPage(
        lines=[
            CommentedLine(number, marked(lines[number - 1]), number == chosen, ends.get(number, []))
            for number in range(first, last + 1)
        ],
        first=first,
        last=last,
        count=len(lines),
        chosen=chosen,
        newer=_page(max(first - LINES_TO_CHOOSE, 1), chosen) if first > 1 else "",
        older=_page(last + 1, chosen) if last < len(lines) else "",
    )


def _page(line: int, chosen: int) -> str:
    return f"?line={line}" + (f"&from={chosen}" if chosen else "")
