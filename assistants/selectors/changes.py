"""What happened in a workspace, newest first; what happened together is one event."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString

from admin_ui.accounts.models import Workspace
from admin_ui.compiled import CompiledQuery
from admin_ui.display.isolation import isolated
from admin_ui.paging import CompiledStretches, is_number
from assistants.models import Assistant, Revision
from assistants.search import parse
from assistants.selectors.addresses import WorkspacePages
from assistants.selectors.assistants import first_assistants
from assistants.selectors.history import REVISIONS_A_PAGE, RevisionRow, shown
from assistants.selectors.past.beside import names_beside, outcomes_beside
from assistants.selectors.past.filtering import PastRows, past_rows, shown_rows
from assistants.selectors.past.finding import matching_lines
from assistants.wording import brought_in, headline
from assistants.wording.sentences import assistant_link, documents_changed

NAMED_COLUMNS = ("name", "remote_id", "live_id", "state", "connection__name")
NAMES_SUGGESTED = 50
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
    has_stopped: bool
    """Whether `older` goes on with a search that has not looked at all changes."""


def changes_of(
    workspace: Workspace, params: Mapping[str, str], *, size: int = REVISIONS_A_PAGE
) -> RecentChanges:
    """Return the page of the workspace's changes, newest first, that `params` asks for.

    `brought_in` (a trace id) shows the assistants of one event one by one. The other `params` are
    as `past_rows` takes them, which also keeps to one `assistant` (see `assistant_named`);
    `before` and `after` page. A constant number of queries.
    """
    past, shows_events = _asked_for(workspace, params)
    found = past.page(params, size=size)
    lines = matching_lines([row.pk for row in found.rows], parse(params.get("q", "")))
    outcomes, names = outcomes_beside(found.rows), names_beside(found.rows)
    pks = {row.assistant_id for row in found.rows}
    assistants = {row.pk: row for row in _NAMED(*pks)} if pks else {}
    sizes = _sizes(found.rows) if shows_events else {}
    pages, now = WorkspacePages.of(workspace.slug), timezone.now()
    changes = []
    for revision in found.rows:
        assistant, outcome = assistants[revision.assistant_id], outcomes.get(revision.pk)
        own, who = pages.assistant(assistant.pk), revision.author_name
        row = shown(
            revision,
            outcome,
            assistant=assistant,
            pages=own,
            now=now,
            line=lines.get(revision.pk),
            named=names.get(revision.pk),
        )
        if (count := sizes.get(revision.trace_id, 1)) > 1:
            url = f"{pages.changes}?{urlencode({'brought_in': revision.trace_id})}"
            where = assistant.connection.name
            told = brought_in if revision.kind == Revision.Kind.BRING_IN else documents_changed
            text = told(count, who=who, where=where, url=url)
            changes.append(Change(replace(row, version="", url=url), text))
            continue
        link = assistant_link(isolated(assistant), own.detail)
        changes.append(Change(row, headline(revision, outcome, who=who, what=link)))
    return RecentChanges(
        changes,
        found.newer,
        found.older,
        is_part=bool(params.get("brought_in")),
        has_stopped=past.has_stopped,
    )


def _named(*pks: int) -> QuerySet[Assistant]:
    rows = Assistant.objects.select_related("connection").only(*NAMED_COLUMNS)
    return rows.filter(pk__in=pks)


_NAMED = CompiledQuery(_named)


def _asked_for(workspace: Workspace, params: Mapping[str, str]) -> tuple[PastRows, bool]:
    """Return the rows of a page of changes, and whether what happened together is one of them."""
    past = all_asked_for(workspace, params)
    if params.get("brought_in") or params.get("assistant") or past.hits:
        return past, False
    rows = events(past.rows)
    read = _EVENTS.reader(rows, workspace.pk) if past.is_whole else past.read
    return replace(past, rows=rows, read=read), True


_EVENTS = CompiledStretches[Revision](lambda workspace: events(shown_rows(workspace=workspace)))


def all_asked_for(workspace: Workspace, params: Mapping[str, str]) -> PastRows:
    """Return each revision that `params` of a page of changes ask for."""
    chosen = assistant_named(workspace, params.get("assistant", ""))
    past = past_rows(params, workspace, chosen)
    if event := params.get("brought_in", "").replace("\0", "?"):
        return replace(past, rows=past.rows.filter(TOGETHER, trace_id=event))
    if params.get("assistant") and chosen is None:
        return replace(past, rows=past.rows.none())
    return past


def assistant_named(workspace: Workspace, text: str) -> Assistant | None:
    """Return the assistant of `workspace` that `text` names: by number, ID or name.

    Of several with that name it is the one that changed last; without any, the best hit of a
    search. None for an empty text, or if nothing fits.
    """
    if not (text := text.replace("\0", "").strip()):
        return None
    rows = Assistant.objects.filter(workspace=workspace)
    if is_number(text) and (found := rows.filter(pk=int(text)).first()):
        return found
    if text.startswith("asst_") and (found := rows.filter(remote_id=text).first()):
        return found
    if named := rows.filter(name=text).order_by("-changed_at", "-pk").first():
        return named
    hits = first_assistants(workspace, text, 1) if parse(text) else []
    return next(iter(hits), None)


def suggested_names(workspace: Workspace) -> list[str]:
    """Return the names to offer while somebody types one: of those that changed last."""
    return _NEWEST(workspace.pk)


def _newest_in(workspace: int) -> QuerySet[Assistant, str]:
    rows = Assistant.objects.filter(workspace=workspace).exclude(state=Assistant.State.DELETED)
    names = rows.order_by("-changed_at", "-pk").values_list("name", flat=True)
    return names[:NAMES_SUGGESTED]


_NEWEST = CompiledQuery(_newest_in)


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
