"""Narrowing the rights of a member to some assistants and some fields, and lifting that again."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action
from admin_ui.accounts.services import check_actor, lock_team, recheck_actor
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record
from assistants.definition import FIELD_NAMES
from assistants.models import Assistant, Narrowing

MOST_REACHED = 1000
"""Assistants that can be chosen for one member."""
MOST_NUMBERS_TOLD = 50
"""Of these, how many the audit log names."""


class NotNarrowable(Exception):
    """The rights of admins and owners, and one's own, cannot be narrowed."""


class NothingChosen(Exception):
    """Only some assistants or fields were wanted (`part`), and none of the workspace was chosen."""

    def __init__(self, part: str) -> None:
        super().__init__(f"no {part} chosen")
        self.part = part


class TooManyChosen(Exception):
    """More assistants were chosen than one member can be limited to."""


@dataclass(frozen=True)
class Reach:
    """What a member may change: None is everything, of assistants or of fields."""

    assistants: frozenset[int] | None = None
    fields: tuple[str, ...] | None = None

    @property
    def is_everything(self) -> bool:
        return self.assistants is None and self.fields is None

    def told(self) -> dict[str, str]:
        """Return it for the audit log: numbers of assistants, and names of fields."""
        return {
            "assistants": _numbers(self.assistants),
            "fields": "all" if self.fields is None else ", ".join(self.fields),
        }


def _numbers(chosen: frozenset[int] | None) -> str:
    if chosen is None:
        return "all"
    first, more = sorted(chosen)[:MOST_NUMBERS_TOLD], len(chosen) - MOST_NUMBERS_TOLD
    return ", ".join(map(str, first)) + (f" (+{more})" if more > 0 else "")


EVERYTHING = Reach()


def reach_of(member: Member) -> Reach:
    """Return what `member` may change, as far as their role allows it."""
    found = Narrowing.objects.filter(member=member.pk).first()
    if found is None:
        return EVERYTHING
    chosen = found.assistants.values_list("pk", flat=True)
    return Reach(
        None if found.every_assistant else frozenset(chosen),
        None if found.every_field else tuple(found.fields),
    )


def may_narrow(actor: Member, member: Member) -> bool:
    """Return whether the rights of `member` can be narrowed, by `actor`."""
    return member.user_id != actor.user.pk and member.can_be_narrowed


@transaction.atomic
def narrow(*, actor: Member, member: Member, reach: Reach) -> Member:
    """Let `member` change only what `reach` names; all that their role allows if it is everything.

    Assistants of other workspaces and unknown fields are left out. Raises `NotAllowed`,
    `NotNarrowable`, `NothingChosen`, `TooManyChosen` and `Member.DoesNotExist`.
    """
    check_actor(actor, member.workspace)
    member = lock_team(member)
    recheck_actor(actor, Action.MANAGE_TEAM)
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)  # waits for what they save now
    if not may_narrow(actor, member):
        raise NotNarrowable
    wanted, before = _checked(member, reach), reach_of(member)
    if wanted == before:
        return member
    _store(member, wanted)
    member.is_narrowed = not wanted.is_everything
    member.save(update_fields=["is_narrowed"])
    details = wanted.told() | {f"{name}_before": told for name, told in before.told().items()}
    record(EventKind.NARROWED, workspace=member.workspace, about=member.user.email, details=details)
    return member


def _checked(member: Member, reach: Reach) -> Reach:
    """Return `reach` with what exists only, in one order."""
    fields = reach.fields
    if fields is not None:
        fields = tuple(name for name in FIELD_NAMES if name in fields)
    chosen = reach.assistants
    if chosen is not None and len(chosen) > MOST_REACHED:
        raise TooManyChosen
    if chosen is not None:
        here = Assistant.objects.filter(workspace=member.workspace_id, pk__in=chosen)
        chosen = frozenset(here.values_list("pk", flat=True))
    if chosen is not None and not chosen:
        raise NothingChosen("assistants")
    if fields == ():
        raise NothingChosen("fields")
    return Reach(chosen, fields)


def _store(member: Member, reach: Reach) -> None:
    if reach.is_everything:
        Narrowing.objects.filter(member=member.pk).delete()
        return
    values: dict[str, Any] = {
        "every_assistant": reach.assistants is None,
        "every_field": reach.fields is None,
        "fields": list(reach.fields or ()),
    }
    row, _made = Narrowing.objects.update_or_create(member=member, defaults=values)
    row.assistants.set(reach.assistants or ())
