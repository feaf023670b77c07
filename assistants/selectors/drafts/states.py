"""Earlier states of a person's draft, and what colleagues did with it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.accounts.models import User, Workspace
from admin_ui.compiled import CompiledQuery
from admin_ui.display.isolation import isolated
from assistants.definition import PAGE_LIMITS, Definition, changed_fields, quotable
from assistants.models import Assistant, Draft, DraftState, StateReason
from assistants.models.begun import fetch_beginnings, rejoin
from assistants.selectors.addresses import AssistantPages, WorkspacePages
from assistants.wording import ago, clock, dated, field_label, more_fields, summary

TOLD: dict[str, Promise] = {
    StateReason.DISCARDED: gettext_lazy("%(person)s discarded your draft."),
    StateReason.TAKEN_OVER: gettext_lazy("%(person)s took over your draft."),
}
MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class StateRow:
    """One earlier state, ready to be shown."""

    url: str
    when: SafeString
    until: str
    """When it is deleted; "" while its author has not seen who put it away."""
    reason: str
    by: str
    """Who did that, if it was a colleague."""
    note: str
    changes: SafeString
    """What it changed in the version it was begun from."""
    differs: str
    """The fields in which the draft is another now; "" for none."""


@dataclass(frozen=True, slots=True)
class ToldRow:
    """What a colleague did with a person's draft, and why."""

    name: str
    text: str
    note: str
    when: SafeString
    url: str
    """Where to look at it."""
    key: str
    """Names it, so that a page gets only what it does not show yet."""
    at: datetime | None
    is_returned: bool = False


def states_of(*, assistant: Assistant, user: User, current: Definition) -> list[StateRow]:
    """Return the earlier states of the draft of `user`, newest first, beside the `current` text.

    Two queries.
    """
    states = list(_kept(assistant, user).order_by("-taken_at", "-pk"))
    found = fetch_beginnings({key for state in states for key in state.texts.values()})
    pages, now = AssistantPages.of(assistant), timezone.now()
    rows = []
    for state in states:
        shown = rejoin(state.content, state.texts, found)
        names = [] if state.digest == current.digest else changed_fields(current, shown)
        rows.append(
            StateRow(
                url=pages.earlier_state(state.pk),
                when=dated(state.taken_at, now),
                until=clock(state.kept_until) if state.kept_until else "",
                reason=str(StateReason(state.reason).label),
                by="" if state.by_name == str(user) else state.by_name,
                note=state.note,
                changes=summary(state.changes),
                differs=_labels(names),
            )
        )
    return rows


def _labels(names: list[str]) -> str:
    labels = [field_label(quotable(name)) for name in names[: PAGE_LIMITS.fields]]
    left = len(names) - len(labels)
    return ", ".join([*labels, more_fields(left)] if left else labels)


def get_state(*, assistant: Assistant, user: User, pk: int) -> DraftState:
    """Return that earlier state of the person's own draft. Raises `Http404`."""
    state = _kept(assistant, user).select_related("base").filter(pk=pk).first()
    if state is None:
        raise Http404
    return state


def _kept(assistant: Assistant, user: User) -> QuerySet[DraftState]:
    is_kept = Q(kept_until=None) | Q(kept_until__gt=timezone.now())
    return DraftState.objects.filter(is_kept, assistant=assistant, user=user)


def told_in_editor(*, assistant: Assistant, user: User, draft: Draft | None) -> list[ToldRow]:
    """Return what the person has not seen yet of what colleagues did with their draft.

    No query unless there is something.
    """
    pages, found, now = AssistantPages.of(assistant), [], timezone.now()
    if draft is not None and draft.is_returned:
        found.append(_returned(draft, str(assistant), now))
    if assistant.has_untold:
        rows = DraftState.objects.filter(assistant=assistant, user=user)
        found += _put_away(_untold(rows), pages, now)
    return found


def told_keys(rows: Iterable[ToldRow]) -> str:
    """Return the keys of `rows` as a page sends them back; "" for none."""
    return " ".join(row.key for row in rows)


def told_to(*, assistant: Assistant, user: User) -> list[ToldRow]:
    """Return what an open editor says of what colleagues did with the person's draft.

    `assistant` comes from `glance_at`. No query unless there is something.
    """
    mine = Draft.objects.filter(assistant=assistant, user=user, is_returned=True)
    draft = mine.only("returned_at", "returned_by", "returned_note", "is_returned")
    returned = draft.first() if assistant.has_returned else None
    return told_in_editor(assistant=assistant, user=user, draft=returned)


def told_at_home(workspace: Workspace, user: User) -> list[ToldRow]:
    """Return what the person has not seen yet of what became of their drafts. One query."""
    states = _TOLD(workspace.pk, user.pk)
    return list(_put_away(states, WorkspacePages.of(workspace.slug), timezone.now()))


def _untold(states: QuerySet[DraftState]) -> QuerySet[DraftState]:
    rows = states.filter(kept_until=None).select_related("assistant")
    rows = rows.only("reason", "by_name", "note", "taken_at", "assistant__name")
    return rows.order_by("-taken_at", "-pk")[:MOST_TOLD]


def _told_in(workspace: int, user: int) -> QuerySet[DraftState]:
    return _untold(DraftState.objects.filter(assistant__workspace=workspace, user=user))


_TOLD = CompiledQuery(_told_in)


def _put_away(
    states: Iterable[DraftState], pages: AssistantPages | WorkspacePages, now: datetime
) -> Iterator[ToldRow]:
    for state in states:
        own = pages if isinstance(pages, AssistantPages) else pages.assistant(state.assistant_id)
        yield ToldRow(
            name=str(state.assistant),
            text=str(TOLD[state.reason]) % {"person": isolated(state.by_name)},
            note=state.note,
            when=ago(state.taken_at, now),
            url=own.earlier_state(state.pk) if own is pages else own.edit,
            key=str(state.pk),
            at=state.taken_at,
        )


def returned_by(draft: Draft) -> str:
    """Return who returned `draft`, as a sentence."""
    return _("%(person)s returned your draft.") % {"person": isolated(draft.returned_by)}


def _returned(draft: Draft, name: str, now: datetime) -> ToldRow:
    return ToldRow(
        name=name,
        text=returned_by(draft),
        note=draft.returned_note,
        when=ago(draft.returned_at, now),
        url="",
        key=f"returned-{draft.returned_at.timestamp() if draft.returned_at else 0:.0f}",
        at=draft.returned_at,
        is_returned=True,
    )
