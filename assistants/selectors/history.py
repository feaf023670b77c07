"""What happened to one assistant: its revisions, ready to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.utils import timezone
from django.utils.safestring import SafeString

from admin_ui.paging import ResultPage
from assistants.models import (
    GONE_STATES,
    Assistant,
    Outcome,
    Revision,
    RevisionName,
    can_be_sent_again,
    needs_a_look,
    newest_names,
)
from assistants.search import parse
from assistants.selectors.addresses import AssistantPages
from assistants.selectors.past.beside import names_beside, outcomes_beside, pinned_of
from assistants.selectors.past.erased import lacking_text
from assistants.selectors.past.filtering import past_rows
from assistants.selectors.past.finding import ChangedLine, matching_lines
from assistants.wording import (
    Chip,
    clearance_chip,
    dated,
    defaults_told,
    outcome_chip,
    summary,
)
from assistants.wording.revisions import reason_for_no_effect, revision_title

REVISIONS_A_PAGE = 25
MOST_NAMED_VERSIONS = 50
"""Named versions that are offered to be compared."""
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
    restore_parts: str
    """Where the rest of a version is restored that lacks an erased text; "" for others."""
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
    passed: Chip | str
    """That it is live without approval, or by an admin who went without; "" for others."""
    reason: str
    filled_in: str
    """Which defaults the gateway filled in; needs nobody's eye."""
    accepted: str
    """Who has accepted it; "" if nobody has."""
    accepted_when: SafeString
    line: ChangedLine | None
    """The line that holds what is searched; None for no search."""
    name: str
    """What people call it; "" for most."""
    is_pinned: bool
    name_url: str
    """Where it is named and pinned."""


@dataclass(frozen=True)
class HistoryPage:
    rows: list[RevisionRow]
    newer: str
    older: str
    pinned: list[RevisionRow]
    """The revisions that are pinned, on the first page of an unfiltered history."""
    has_stopped: bool
    """Whether `older` goes on with a search that has not looked at all revisions."""


def history_of(assistant: Assistant, params: Mapping[str, str]) -> HistoryPage:
    """Return the page of an assistant's history that the query string `params` asks for.

    `params` are as `past_rows` takes them; `before` and `after` page. A constant number of queries,
    whatever the length of the history, and no definition in them.
    """
    past = past_rows(params, assistant.workspace, assistant)
    found = past.page(params, size=REVISIONS_A_PAGE)
    is_whole = not any(params.values())
    pinned = pinned_of(assistant) if is_whole else []
    rows = [*found.rows, *pinned]
    outcomes, names = outcomes_beside(rows), names_beside(rows)
    lacking = lacking_text(rows)
    lines = matching_lines([row.pk for row in found.rows], parse(params.get("q", "")))
    row_of = partial(
        shown, assistant=assistant, pages=AssistantPages.of(assistant), now=timezone.now()
    )
    shown_rows = [
        row_of(
            row,
            outcomes.get(row.pk),
            line=lines.get(row.pk),
            named=names.get(row.pk),
            lacks_text=row.pk in lacking,
        )
        for row in rows
    ]
    count = len(found.rows)
    shown_rows, pinned_rows = shown_rows[:count], shown_rows[count:]
    return HistoryPage(shown_rows, found.newer, found.older, pinned_rows, past.has_stopped)


def named_versions(assistant: Assistant) -> list[tuple[int, str]]:
    """Return the versions of an assistant that have a name, the newest first. One query."""
    rows = newest_names().filter(assistant=assistant, revision__outcomes__version__isnull=False)
    rows = rows.exclude(name="").order_by("-revision")
    found = rows.values_list("revision__outcomes__version", "name")[:MOST_NAMED_VERSIONS]
    return [(version or 0, name) for version, name in found]


def revisions_page(assistant: Assistant, params: Mapping[str, str]) -> ResultPage[Revision]:
    """Return a page of revisions as rows of the database, without what may be of any size."""
    rows = past_rows(params, assistant.workspace, assistant)
    return rows.page(params, size=REVISIONS_A_PAGE)


def revision_row(revision: Revision, outcome: Outcome | None, assistant: Assistant) -> RevisionRow:
    """Return one revision of `assistant`, ready to be shown."""
    pages = AssistantPages.of(assistant)
    now, named = timezone.now(), names_beside([revision]).get(revision.pk)
    lacks_text = bool(lacking_text([revision]))
    return shown(
        revision,
        outcome,
        assistant=assistant,
        pages=pages,
        now=now,
        named=named,
        lacks_text=lacks_text,
    )


def shown(
    revision: Revision,
    outcome: Outcome | None,
    *,
    assistant: Assistant,
    pages: AssistantPages,
    now: datetime,
    line: ChangedLine | None = None,
    named: RevisionName | None = None,
    lacks_text: bool = False,
) -> RevisionRow:
    """Return one revision, ready to be shown; `pages` are those of `assistant`."""
    number, version = revision.number, (outcome.version if outcome else None) or 0
    there = assistant.state == Assistant.State.LIVE
    gone = assistant.state in GONE_STATES
    is_live = there and revision.pk == assistant.live_id
    is_first = revision.kind in FIRST_KINDS
    has_definition = revision.kind != Revision.Kind.DOCUMENTS  # of its own
    can_restore = there and not is_live and has_definition
    changed = SafeString("") if is_first else summary(revision.brief_changes)
    acceptance = getattr(revision, "acceptance", None)
    is_sendable = can_be_sent_again(outcome, acceptance) and not lacks_text
    is_recreatable = version and gone and not lacks_text
    can_accept = is_live and acceptance is None and needs_a_look(revision, outcome)
    return RevisionRow(
        number=number,
        version=str(version or ""),
        is_live=is_live,
        url=pages.revision(number),
        with_live=pages.compare(version, "live") if version and there and not is_live else "",
        with_previous=pages.compare(version - 1, version) if version > 1 else "",
        restore=pages.restore(number) if can_restore and not lacks_text else "",
        restore_parts=pages.restore_parts(number) if can_restore and lacks_text else "",
        recreate=f"{pages.recreate}?revision={number}" if is_recreatable else "",
        send_again=pages.send_again(number) if is_sendable else "",
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
        passed=clearance_chip(outcome.clearance) if outcome else "",
        reason=reason_for_no_effect(outcome),
        filled_in=defaults_told(outcome.filled_in) if outcome else "",
        accepted=acceptance.name if acceptance else "",
        accepted_when=dated(acceptance.created_at if acceptance else None, now),
        line=line,
        name=named.name if named else "",
        is_pinned=named is not None and named.is_pinned,
        name_url=pages.revision_name(number),
    )
