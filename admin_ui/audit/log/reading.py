"""Reading the audit log page by page, the newest event first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from admin_ui.audit.log.selection import Selection
from admin_ui.audit.models import AuditEvent
from admin_ui.paging import Order, Stretch, all_rows, page

EVENTS_A_PAGE = 50
SCANNED = 10_000
"""Events in which one page looks for a text, so that a search takes the same time in any log."""
BY_TIME = Order(("at", "number"))


@dataclass(frozen=True)
class LogPage:
    """Some events, and the query strings of the pages before and after ("" where there is none)."""

    rows: list[AuditEvent]
    newer: str
    older: str
    searched_to: datetime | None = None
    """Where the search for a text stopped, if it goes on with `older`."""


def log_page(chain: int, params: Mapping[str, str]) -> LogPage:
    """Return the page of a chain that the query string `params` asks for. One or two queries."""
    selection = Selection.of(params)
    rows, kept = selection.rows(chain), {**selection.params(), **_places(params)}
    if not selection.text:
        found = page(rows, BY_TIME, kept, size=EVENTS_A_PAGE)
        return LogPage(found.rows, found.newer, found.older)
    reader = _TextReader(selection.text)
    found = page(rows, BY_TIME, kept, size=EVENTS_A_PAGE, read=reader.read)
    if found.older or reader.last is None:
        return LogPage(found.rows, found.newer, found.older)
    return LogPage(found.rows, found.newer, found.after(reader.last), reader.last.at)


def having(rows: QuerySet[AuditEvent], text: str) -> QuerySet[AuditEvent]:
    """Keep the events whose actor or subject contains `text`, in capitals or not."""
    return rows.filter(Q(about__icontains=text) | Q(actor_name__icontains=text))


class _TextReader:
    """Looks for a text in a bounded stretch of a log, and knows where it stopped."""

    last: AuditEvent | None = None
    """The last event that was looked at, where more follow."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, rows: QuerySet[AuditEvent], stretch: Stretch) -> list[AuditEvent]:
        ends = list(stretch._replace(most=SCANNED + 1).of(rows)[SCANNED - 1 :])
        if len(ends) == 2:
            # As a place, since an index in order finds that, but not thousands of keys.
            stretch = stretch._replace(end=(ends[1].at, ends[1].number))
        hits = all_rows(having(rows, self.text), stretch)
        more = len(ends) == 2 and len(hits) < stretch.most and not stretch.reverse
        self.last = ends[0] if more else None
        return hits


def _places(params: Mapping[str, str]) -> dict[str, str]:
    return {name: params[name] for name in ("before", "after") if params.get(name)}
