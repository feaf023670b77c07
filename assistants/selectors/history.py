"""What happened to one assistant: its revisions, ready to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString

from admin_ui.paging import Order, ResultPage, is_number, page, rows_of_either
from assistants.models import (
    GONE_STATES,
    Assistant,
    Outcome,
    Revision,
    brief_outcomes,
    can_be_sent_again,
    needs_a_look,
    without_texts,
)
from assistants.search import parse
from assistants.selectors.addresses import AssistantPages
from assistants.selectors.past.finding import ChangedLine, matching_lines, search_of
from assistants.wording import (
    Chip,
    dated,
    defaults_told,
    outcome_chip,
    summary,
)
from assistants.wording.revisions import reason_for_no_effect, revision_title

REVISIONS_A_PAGE = 25
BY_NUMBER = Order(("number",))
NEWEST = Order(("pk",))
FIRST_KINDS = (Revision.Kind.CREATE, Revision.Kind.BRING_IN)
DETECTED_KINDS = (Revision.Kind.OUTSIDE, Revision.Kind.MISSING, Revision.Kind.KEY)
"""What others did: we know when we saw it, not when it happened."""


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """One revision, ready to be shown."""

    number: int
    version: str
    """The number it got when it took effect; "" before or without that."""
    is_live: bool
    url: str
    with_live: str
    with_previous: str
    """Addresses of the comparisons; "" where there is nothing to compare with."""
    restore: str
    """Where it is restored; "" for what is live, what is gone and what changed documents only."""
    recreate: str
    """Where an assistant that is gone is recreated from it; "" for others."""
    send_again: str
    """Where it is sent again; "" for what has arrived as it was sent."""
    accept: str
    """Where it is accepted, as long as it is live and somebody has to look at it; or ""."""
    kind: str
    title: str | SafeString
    """What changed, or what kind of change it was."""
    who: str
    drafter: str
    when: SafeString
    detected: bool
    """Whether `when` is when it was found out: it happened some time before."""
    summary: SafeString
    note: str
    chip: Chip
    reason: str
    filled_in: str
    """Which defaults the gateway filled in; needs nobody's eye."""
    accepted: str
    """Who has accepted it; "" if nobody has."""
    accepted_when: SafeString
    line: ChangedLine | None
    """The line that holds what is searched; None for no search."""


@dataclass(frozen=True)
class HistoryPage:
    rows: list[RevisionRow]
    newer: str
    older: str


def history_of(assistant: Assistant, params: Mapping[str, str]) -> HistoryPage:
    """Return the page of an assistant's history that the query string `params` asks for.

    `q` searches what was added and removed; `person` (as `people_of` names them), `kind`, `field`,
    `since` and `until` filter, `before` and `after` page. A constant number of queries, whatever
    the length of the history, and no definition in them.
    """
    found = revisions_page(assistant, params)
    outcomes = brief_outcomes(found.rows)
    lines = matching_lines([row.pk for row in found.rows], parse(params.get("q", "")))
    pages, now = AssistantPages.of(assistant), timezone.now()
    row_of = partial(shown, assistant=assistant, pages=pages, now=now)
    rows = [row_of(row, outcomes.get(row.pk), line=lines.get(row.pk)) for row in found.rows]
    return HistoryPage(rows, found.newer, found.older)


def revisions_page(assistant: Assistant, params: Mapping[str, str]) -> ResultPage[Revision]:
    """Return a page of revisions as rows of the database, without what may be of any size."""
    rows = without_texts(Revision.objects.filter(assistant=assistant)).select_related("acceptance")
    rows, people = in_time(of_kind(rows, params), params), by_person(params)
    if search := search_of(params, assistant.workspace, assistant):
        return page(rows, NEWEST, params, size=REVISIONS_A_PAGE, read=search.read(*people))
    read = rows_of_either(*people)
    return page(rows, BY_NUMBER, params, size=REVISIONS_A_PAGE, read=read)


def of_kind(rows: QuerySet[Revision], params: Mapping[str, str]) -> QuerySet[Revision]:
    """Keep the revisions of the `kind` that `params` names, if it does."""
    kind = params.get("kind", "")
    return rows.filter(kind=kind) if kind in Revision.Kind.values else rows


def in_time(rows: QuerySet[Revision], params: Mapping[str, str]) -> QuerySet[Revision]:
    """Keep the revisions between the days `since` and `until` of `params`, in the reader's zone."""
    since, until = day_in(params, "since"), day_in(params, "until")
    if since is not None:
        rows = rows.filter(created_at__gte=_midnight(since))
    if until is not None:
        rows = rows.filter(created_at__lt=_midnight(until + timedelta(days=1)))
    return rows


def day_in(params: Mapping[str, str], name: str) -> date | None:
    """Return the day that a parameter names; None for anything that is none."""
    try:
        day = date.fromisoformat(params.get(name, ""))
    except ValueError:
        return None
    return day if 1970 <= day.year < 9999 else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def by_person(params: Mapping[str, str]) -> tuple[Q, ...]:
    """Return the conditions, either of which finds revisions of the `person` in `params`."""
    if is_number(person := params.get("person", "")):
        return Q(author_id=int(person)), Q(drafter_id=int(person))
    if person:
        return (Q(author=None, author_name=person.replace("\0", "")),)
    return (Q(),)


def revision_row(revision: Revision, outcome: Outcome | None, assistant: Assistant) -> RevisionRow:
    """Return one revision of `assistant`, ready to be shown."""
    pages = AssistantPages.of(assistant)
    return shown(revision, outcome, assistant=assistant, pages=pages, now=timezone.now())


def shown(
    revision: Revision,
    outcome: Outcome | None,
    *,
    assistant: Assistant,
    pages: AssistantPages,
    now: datetime,
    line: ChangedLine | None = None,
) -> RevisionRow:
    """Return one revision, ready to be shown; `pages` are those of `assistant`."""
    number, version = revision.number, (outcome.version if outcome else None) or 0
    there = assistant.state == Assistant.State.LIVE
    gone = assistant.state in GONE_STATES
    is_live = there and revision.pk == assistant.live_id
    is_first = revision.kind in FIRST_KINDS
    has_definition = revision.kind != Revision.Kind.DOCUMENTS  # of its own
    changed = SafeString("") if is_first else summary(revision.brief_changes)
    acceptance = getattr(revision, "acceptance", None)
    can_accept = is_live and acceptance is None and needs_a_look(revision, outcome)
    return RevisionRow(
        number=number,
        version=str(version or ""),
        is_live=is_live,
        url=pages.revision(number),
        with_live=pages.compare(version, "live") if version and there and not is_live else "",
        with_previous=pages.compare(version - 1, version) if version > 1 else "",
        restore=pages.restore(number) if there and not is_live and has_definition else "",
        recreate=f"{pages.recreate}?revision={number}" if version and gone else "",
        send_again=pages.send_again(number) if can_be_sent_again(outcome, acceptance) else "",
        accept=pages.accept(number) if can_accept else "",
        kind=revision.kind,
        title=revision_title(revision, outcome, changed),
        who=revision.author_name,
        drafter=revision.drafter_name,
        when=dated(revision.created_at, now),
        detected=revision.kind in DETECTED_KINDS,
        summary=changed,
        note=revision.brief_note,
        chip=outcome_chip(revision, outcome, accepted=acceptance is not None),
        reason=reason_for_no_effect(outcome),
        filled_in=defaults_told(outcome.filled_in) if outcome else "",
        accepted=acceptance.name if acceptance else "",
        accepted_when=dated(acceptance.created_at if acceptance else None, now),
        line=line,
    )
