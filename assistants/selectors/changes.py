"""What happened in a workspace, newest first; what happened together is one event."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString

from admin_ui.accounts.models import Workspace
from admin_ui.display.isolation import isolated
from admin_ui.paging import page, rows_of_either
from assistants.models import Assistant, Revision, brief_outcomes, without_texts
from assistants.search import parse
from assistants.selectors.addresses import WorkspacePages
from assistants.selectors.history import (
    NEWEST,
    REVISIONS_A_PAGE,
    RevisionRow,
    by_person,
    day_in,
    in_time,
    of_kind,
    shown,
)
from assistants.selectors.past.finding import matching_lines, search_of
from assistants.wording import brought_in, headline
from assistants.wording.sentences import assistant_link, documents_changed

NAMED_COLUMNS = ("name", "remote_id", "live_id", "state", "connection__name")
EVENT_KINDS = (Revision.Kind.BRING_IN, Revision.Kind.DOCUMENTS)
"""What may concern many assistants at once; their revisions have one trace ID."""
TOGETHER = Q(kind__in=EVENT_KINDS)
_EARLIER = Revision.objects.filter(trace_id=OuterRef("trace_id"), pk__lt=OuterRef("pk"))


@dataclass(frozen=True, slots=True)
class Change:
    """One revision among those of other assistants, or several that are one event."""

    row: RevisionRow
    headline: SafeString
    """Who did what to which assistant."""


@dataclass(frozen=True)
class RecentChanges:
    changes: list[Change]
    newer: str
    older: str
    is_part: bool
    """Whether only one event is shown, with a line for each of its assistants."""


def changes_of(
    workspace: Workspace, params: Mapping[str, str], *, size: int = REVISIONS_A_PAGE
) -> RecentChanges:
    """Return the page of the workspace's changes, newest first, that `params` asks for.

    `brought_in` (a trace id) shows the assistants of one event one by one. Otherwise `q` searches
    what was added and removed, and shows each assistant; `person`, `kind`, `field`, `since` and
    `until` filter, `before` and `after` page. A constant number of queries.
    """
    rows = without_texts(Revision.objects.filter(workspace=workspace)).select_related("acceptance")
    rows, event = of_kind(rows, params), params.get("brought_in", "").replace("\0", "?")
    search, people = search_of(params, workspace), by_person(params)
    if event:
        rows = rows.filter(TOGETHER, trace_id=event)
    elif search is None:
        rows = events(rows)
    read = search.read(*people) if search else rows_of_either(*people)
    rows = in_days(rows, workspace, params)
    found = page(rows, NEWEST, params, size=size, read=read)
    lines = matching_lines([row.pk for row in found.rows], parse(params.get("q", "")))
    outcomes = brief_outcomes(found.rows)
    pks = {row.assistant_id for row in found.rows}
    assistants = Assistant.objects.select_related("connection").only(*NAMED_COLUMNS).in_bulk(pks)
    sizes = {} if event or search else _sizes(found.rows)
    pages, now = WorkspacePages.of(workspace.slug), timezone.now()
    changes = []
    for revision in found.rows:
        assistant, outcome = assistants[revision.assistant_id], outcomes.get(revision.pk)
        own, who = pages.assistant(assistant.pk), revision.author_name
        line = lines.get(revision.pk)
        row = shown(revision, outcome, assistant=assistant, pages=own, now=now, line=line)
        if (count := sizes.get(revision.trace_id, 1)) > 1:
            url = f"{pages.changes}?{urlencode({'brought_in': revision.trace_id})}"
            where = assistant.connection.name
            told = brought_in if revision.kind == Revision.Kind.BRING_IN else documents_changed
            text = told(count, who=who, where=where, url=url)
            changes.append(Change(replace(row, version="", url=url), text))
            continue
        link = assistant_link(isolated(assistant), own.detail)
        changes.append(Change(row, headline(revision, outcome, who=who, what=link)))
    return RecentChanges(changes, found.newer, found.older, is_part=bool(event))


def in_days(
    rows: QuerySet[Revision], workspace: Workspace, params: Mapping[str, str]
) -> QuerySet[Revision]:
    """Keep the revisions between the days `since` and `until`, found along an index.

    Rows are in the order in which they were added, which is that of their times but for a clock
    that was put back: for up to a day.
    """
    if day_in(params, "since") is None and day_in(params, "until") is None:
        return rows
    wide = {
        name: str(day + timedelta(days=step))
        for name, step in (("since", -1), ("until", 1))
        if (day := day_in(params, name))
    }
    there = in_time(Revision.objects.filter(workspace=workspace), wide).values_list("pk", flat=True)
    first = there.order_by("created_at").first()
    last = there.order_by("-created_at").first()
    if first is None or last is None:
        return rows.none()
    return in_time(rows, params).filter(pk__gte=first, pk__lte=last)


def events(rows: QuerySet[Revision]) -> QuerySet[Revision]:
    """Keep, of what happened together, the first revision only: the event is when it began.

    So an event is one row, which no page breaks in two and which stays where it is.
    """
    return rows.filter(~(TOGETHER & Q(Exists(_EARLIER))))


def repeats(rows: QuerySet[Revision]) -> QuerySet[Revision]:
    """Keep, of `rows` that happened together, those that `events` leaves out."""
    return rows.filter(Exists(_EARLIER))


def _sizes(rows: Iterable[Revision]) -> dict[str, int]:
    """Return how many assistants each event among `rows` is about, by its trace id."""
    traces = [row.trace_id for row in rows if row.kind in EVENT_KINDS]
    counts = Revision.objects.filter(trace_id__in=traces).values_list("trace_id")
    return dict(counts.annotate(count=Count("pk")).order_by()) if traces else {}
