"""What happened to one assistant: its revisions, ready to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

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
from assistants.selectors.paging import Order, ResultPage, is_number, page
from assistants.wording import (
    Chip,
    dated,
    defaults_told,
    field_names,
    gateway_error,
    outcome_chip,
    summary,
)

REVISIONS_A_PAGE = 25
BY_NUMBER = Order(("number",))
NO_EFFECT = (Outcome.Status.REJECTED, Outcome.Status.NOT_DELIVERED)
KINDS = dict(Revision.Kind.choices)
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
    """Where it is restored; "" for what is live, and for what is gone."""
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


@dataclass(frozen=True)
class HistoryPage:
    rows: list[RevisionRow]
    newer: str
    older: str


def history_of(assistant: Assistant, params: Mapping[str, str]) -> HistoryPage:
    """Return the page of an assistant's history that the query string `params` asks for.

    `person` (as `people_of` names them) and `kind` filter, `before` and `after` page. Two queries,
    whatever the length of the history, and no definition in them.
    """
    found = revisions_page(assistant, params)
    outcomes = brief_outcomes(found.rows)
    root, now = root_of(assistant), timezone.now()
    rows = [
        shown(row, outcomes.get(row.pk), assistant=assistant, root=root, now=now)
        for row in found.rows
    ]
    return HistoryPage(rows, found.newer, found.older)


def people_of(assistant: Assistant) -> list[tuple[str, str]]:
    """Return who appears in the history of `assistant`, by name, each with a value for `person`.

    That is a person's primary key, and of what is no person (an API key, the outside) its name.
    """
    rows = Revision.objects.filter(assistant=assistant)
    drafters = rows.exclude(drafter=None).values_list("drafter_id", "drafter_name")
    found = rows.values_list("author_id", "author_name").union(drafters)
    people = {str(pk or name): name for pk, name in found}
    return sorted(people.items(), key=lambda person: person[1].lower())


def revisions_page(assistant: Assistant, params: Mapping[str, str]) -> ResultPage[Revision]:
    """Return a page of revisions as rows of the database, without what may be of any size."""
    rows = without_texts(Revision.objects.filter(assistant=assistant)).select_related("acceptance")
    return page(filtered(rows, params), BY_NUMBER, params, size=REVISIONS_A_PAGE)


def filtered(rows: QuerySet[Revision], params: Mapping[str, str]) -> QuerySet[Revision]:
    """Keep the revisions of the `person` and the `kind` that `params` name, if they do."""
    if is_number(person := params.get("person", "")):
        rows = rows.filter(Q(author_id=int(person)) | Q(drafter_id=int(person)))
    elif person:
        rows = rows.filter(author=None, author_name=person.replace("\0", ""))
    if (kind := params.get("kind", "")) in Revision.Kind.values:
        rows = rows.filter(kind=kind)
    return rows


def root_of(assistant: Assistant) -> str:
    """Return the address below which the pages of an assistant stand."""
    return reverse("assistants:detail", args=[assistant.workspace.slug, assistant.pk])


def revision_row(revision: Revision, outcome: Outcome | None, assistant: Assistant) -> RevisionRow:
    """Return one revision of `assistant`, ready to be shown."""
    root = root_of(assistant)
    return shown(revision, outcome, assistant=assistant, root=root, now=timezone.now())


def shown(
    revision: Revision,
    outcome: Outcome | None,
    *,
    assistant: Assistant,
    root: str,
    now: datetime,
) -> RevisionRow:
    """Return one revision, ready to be shown; `root` is the address of `assistant`."""
    version = outcome.version if outcome and outcome.version else 0
    there = assistant.state == Assistant.State.LIVE
    gone = assistant.state in GONE_STATES
    is_live = there and revision.pk == assistant.live_id
    is_first = revision.kind in FIRST_KINDS
    changed = SafeString("") if is_first else summary(revision.brief_changes)
    acceptance = getattr(revision, "acceptance", None)
    can_accept = is_live and acceptance is None and needs_a_look(revision, outcome)
    own = f"{root}history/{revision.number}/"
    return RevisionRow(
        number=revision.number,
        version=str(version or ""),
        is_live=is_live,
        url=own,
        with_live=f"{root}compare/{version}..live/" if version and there and not is_live else "",
        with_previous=f"{root}compare/{version - 1}..{version}/" if version > 1 else "",
        restore=f"{root}restore/{revision.number}/" if there and not is_live else "",
        recreate=f"{root}recreate/?revision={revision.number}" if version and gone else "",
        send_again=f"{own}send-again/" if can_be_sent_again(outcome, acceptance) else "",
        accept=f"{own}accept/" if can_accept else "",
        kind=revision.kind,
        title=_title(revision, outcome, changed),
        who=revision.author_name,
        drafter=revision.drafter_name,
        when=dated(revision.created_at, now),
        detected=revision.kind in DETECTED_KINDS,
        summary=changed,
        note=revision.brief_note,
        chip=outcome_chip(revision, outcome, accepted=acceptance is not None),
        reason=reason(outcome),
        filled_in=defaults_told(outcome.filled_in) if outcome else "",
        accepted=acceptance.name if acceptance else "",
        accepted_when=dated(acceptance.created_at if acceptance else None, now),
    )


def _title(revision: Revision, outcome: Outcome | None, changed: SafeString) -> str | SafeString:
    if revision.kind == Revision.Kind.EDIT and changed:
        return changed
    if revision.kind == Revision.Kind.OUTSIDE and not changed:
        return _("On the gateway again")
    if revision.kind == Revision.Kind.OUTSIDE and outcome and outcome.filled_in:
        return changed
    kind = str(KINDS[revision.kind])
    if outcome and outcome.status in NO_EFFECT:
        kind = _("Not %(done)s") % {"done": kind[:1].lower() + kind[1:]}
    return format_html("{}: {}", kind, changed) if changed else kind


def reason(outcome: Outcome | None) -> str:
    """Return why a revision did not take effect, or what the gateway stored differently."""
    if outcome is None:
        return ""
    if outcome.stored_otherwise:
        return _("The gateway stored something different in: %(fields)s.") % {
            "fields": field_names(outcome.stored_otherwise)
        }
    if outcome.status == Outcome.Status.APPLIED or not (outcome.error or outcome.message):
        return ""
    return gateway_error(outcome.error, outcome.message)
