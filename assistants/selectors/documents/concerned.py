"""For which assistants the documents of a store matter: those that use it, or are about to."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q

from assistants.definition import Definition
from assistants.models import (
    Assistant,
    ChangeRequest,
    Clearance,
    Connection,
    KnowledgeUse,
    Revision,
    Round,
    State,
    text,
)

FIELD = "tool_resources"
"""The field that names the stores, whose rules apply to their documents too."""
_THERE = (State.LIVE, State.MISSING)


@dataclass(frozen=True)
class Concerned:
    """`assistants` of the workspace use a store or are about to; false if nobody does anywhere."""

    assistants: frozenset[int]
    request: ChangeRequest | None
    """An open change request that asks to use it, or to bring that back."""
    is_used_elsewhere: bool

    def __bool__(self) -> bool:
        return bool(self.assistants or self.is_used_elsewhere)


def concerned_by(*, workspace: int, store_id: str) -> Concerned:
    """Return for whom the documents of a store matter, over whichever connection it is used.

    An assistant is about to use a store that an open change request names, that comes back after
    what is live, or that a change in doubt names. The gateway of one connection may be that of
    another, also in another workspace.
    """
    rows = KnowledgeUse.objects.filter(
        connection__in=Connection.objects.values("pk"),
        remote_id=store_id,
        assistant__state__in=_THERE,
    )
    uses = dict(rows.values_list("assistant", "assistant__workspace"))
    asking = [of for of in _asking(workspace, store_id) if _asks_for(store_id, of)]
    found = {
        *(pk for pk, of_workspace in uses.items() if of_workspace == workspace),
        *(of.change_request.assistant_id for of in asking),
        *(row.assistant_id for row in _in_doubt(workspace, store_id)),
    }
    opened = (of.change_request for of in asking if of.change_request.is_open)
    elsewhere = any(of_workspace != workspace for of_workspace in uses.values())
    return Concerned(frozenset(found), next(opened, None), elsewhere)


def _asking(workspace: int, store_id: str) -> Iterable[Round]:
    """Return rounds that may name a store: of open change requests, or with what comes back."""
    rows = Round.objects.select_related("change_request", "back_to").order_by("pk")
    newest = rows.filter(
        change_request__workspace=workspace,
        change_request__is_open=True,
        number=F("change_request__round_number"),
    )
    yield from newest.filter(_may_name(store_id) | Q(back_to__isnull=False))
    passed = Clearance.objects.filter(
        is_return=False,
        round__back_to__isnull=False,
        change_request__workspace=workspace,
        revision=F("change_request__assistant__live"),
    )
    yield from rows.filter(pk__in=passed.values("round"))


def _in_doubt(workspace: int, store_id: str) -> list[Revision]:
    """Return the changes that may have arrived, or still may, and name a store."""
    open_ones = Q(slot__isnull=False) | Q(doubt_look_at__isnull=False)
    rows = Assistant.objects.filter(open_ones, workspace=workspace)
    found = Revision.objects.filter(_may_name(store_id), assistant__in=rows.values("pk"))
    newer = found.filter(Q(assistant__live=None) | Q(number__gt=F("assistant__live__number")))
    return [row for row in newer if _names(store_id, row.definition)]


def _may_name(store_id: str) -> Q:
    """Return a filter that keeps what names a store; a long value has to be read for that."""
    return Q(values__contains=store_id) | Q(texts__contains=FIELD)


def _asks_for(store_id: str, of: Round) -> bool:
    if of.change_request.is_open and _names(store_id, of.definition):
        return True
    return of.back_to is not None and _names(store_id, of.back_to.definition)


def _names(store_id: str, definition: Definition) -> bool:
    named = text.encode_text(store_id)[1]
    return named in text.encode_text(definition.value(FIELD))[1]
