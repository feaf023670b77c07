"""Who wrote the lines of the instructions, ready to be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone

from admin_ui.display.times import ago
from assistants.diff.origins import numbered_lines
from assistants.models import Assistant, Outcome, without_texts
from assistants.models.revision import Revision
from assistants.selectors.addresses import AssistantPages
from assistants.selectors.past.erased import lacking_text
from assistants.wording.texts.authored import (
    AuthoredLines,
    LineAuthor,
    LineWords,
    words_html,
)

LINES_A_PAGE = 500


@dataclass(frozen=True)
class AuthoredPage:
    stretches: list[AuthoredLines]
    first: int
    last: int
    count: int
    newer: str
    older: str


def authored_page(
    assistant: Assistant,
    text: str,
    origins: Sequence[int],
    *,
    version: int,
    first: int,
    words: LineWords | None = None,
) -> AuthoredPage:
    """Return a page of lines with their authors, from line `first` on (from 1). Few queries.

    The line of `words` shows which version brought each of them.
    """
    lines = numbered_lines(text)
    first = min(max(first, 1), max(len(lines), 1))
    last = min(first + LINES_A_PAGE - 1, len(lines))
    shown = range(first, last + 1)
    of_words = {run.version for run in words.runs if run.version} if words else set()
    authors = _authors(assistant, {origins[number - 1] for number in shown} | of_words, first)
    asks = f"?version={version}&amp;line={first}&amp;words="

    shown_words = {words.number: words_html(words, authors)} if words else {}
    stretches = [
        AuthoredLines(
            author=authors[origin],
            lines=[(number, lines[number - 1]) for number in numbers],
            asks=asks,
            words=shown_words,
        )
        for origin, numbers in groupby(shown, lambda number: origins[number - 1])
    ]
    return AuthoredPage(
        stretches=stretches,
        first=first,
        last=last,
        count=len(lines),
        newer=_page(version, max(first - LINES_A_PAGE, 1)) if first > 1 else "",
        older=_page(version, last + 1) if last < len(lines) else "",
    )


def _authors(assistant: Assistant, versions: set[int], line: int) -> dict[int, LineAuthor]:
    numbers = Outcome.objects.filter(assistant=assistant, version__in=versions)
    by_revision = dict(numbers.values_list("revision", "version"))
    pages, now = AssistantPages.of(assistant), timezone.now()
    found = {}
    rows = list(without_texts(Revision.objects.filter(pk__in=by_revision)))
    lacking = lacking_text(rows)
    for row in rows:
        version = by_revision[row.pk] or 0
        earlier = version > 1
        found[version] = LineAuthor(
            version=f"v{version}",
            who=row.author_name,
            drafter=row.drafter_name,
            note=row.brief_note,
            when=ago(row.created_at, now),
            change=pages.compare(version - 1, version) if earlier else pages.revision(row.number),
            before=f"{pages.lines}{_page(version - 1, line)}" if earlier else "",
            erased=pages.revision(row.number) if row.pk in lacking else "",
        )
    return found


def _page(version: int, line: int) -> str:
    return f"?version={version}&line={line}"
