"""What a person leaves behind when they lose a workspace, and the decision about each item.

Each kind of item is a `Belongings`, registered when its app starts. So the people side can list
drafts without knowing what a draft is.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from admin_ui.accounts.models import User, Workspace
from admin_ui.accounts.permissions import ALLOWED, Action

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


@dataclass(frozen=True)
class BelongingChoice:
    """One possible decision about a belonging; `value` is what the form sends."""

    value: str
    label: str


@dataclass(frozen=True)
class Belonging:
    """One item that a person leaves in a workspace; the first choice is the default."""

    kind: str
    pk: int
    workspace: Workspace
    name: str
    facts: Sequence[str]
    choices: Sequence[BelongingChoice]
    mark: str = ""
    """Changes with the content of the item, so that no decision applies to unseen content."""
    url: str = ""
    """The page of the item, if it has one."""
    needs: frozenset[Action] = frozenset()
    """The actions a role must allow for a person with that role to keep the item."""

    @property
    def field(self) -> str:
        return f"{self.kind}-{self.pk}"

    def exceeds(self, role: str | None) -> bool:
        """Return whether the item needs more than `role` allows; None means no role."""
        return role is None or not self.needs <= ALLOWED[role]

    def allows(self, value: str) -> bool:
        return any(choice.value == value for choice in self.choices)


@dataclass(frozen=True)
class Decision:
    """What to do with one belonging, and its mark at the time of the decision."""

    value: str
    mark: str


class Belongings(ABC):
    """One kind of item that people leave behind. All methods run in the caller's transaction."""

    kind: str
    title: "StrPromise"
    help: "StrPromise"

    def hold(self, user: User, workspace: Workspace | None) -> None:  # noqa: B027
        """Lock what `of` reads, in one order for all callers; most kinds need no lock."""

    @abstractmethod
    def of(self, user: User, workspace: Workspace | None) -> list[Belonging]:
        """Return what `user` has of this kind in `workspace`, or everywhere."""

    @abstractmethod
    def decide(self, belonging: Belonging, value: str) -> None:
        """Carry out the choice `value` for `belonging`, which `of` has just returned."""

    def forget(self, user: User, workspace: Workspace | None) -> None:  # noqa: B027
        """Delete what needs no decision, such as traces of open pages."""


class Undecided(Exception):
    """These belongings need a decision first; nothing was changed."""

    def __init__(self, belongings: Sequence[Belonging]) -> None:
        super().__init__("there is something to decide about first")
        self.belongings = tuple(belongings)


_kinds: dict[str, Belongings] = {}
FORGETTERS: list[Callable[[User, Workspace | None, Collection[int]], None]] = []
"""Delete what a person loses undecided in a workspace, or everywhere but in those with the ids of
the third argument. Apps add functions when they start."""


def register_kind(kind: Belongings) -> None:
    """Add a kind of item to decide about; a later kind of the same name replaces it."""
    _kinds[kind.kind] = kind


def registered_kinds() -> list[Belongings]:
    return list(_kinds.values())


def belongings_of(
    user: User, workspace: Workspace | None = None, *, roles: Mapping[int, str] | None = None
) -> list[Belonging]:
    """Return all that `user` leaves in `workspace`, or everywhere, by workspace and kind.

    `roles` are those that `user` keeps, by the id of a workspace: there, only what exceeds the role
    is left.
    """
    kept = roles or {}
    found = [entry for kind in registered_kinds() for entry in kind.of(user, workspace)]
    left = [entry for entry in found if entry.exceeds(kept.get(entry.workspace.pk))]
    return sorted(left, key=attrgetter("workspace.pk"))


def carry_out_decisions(
    *,
    user: User,
    workspace: Workspace | None,
    decisions: Mapping[str, Decision] | None,
    roles: Mapping[int, str] | None = None,
) -> None:
    """Carry out the decision about each item that `user` leaves, in the caller's transaction.

    `decisions` go by `Belonging.field`; None takes each default. `roles` are as in `belongings_of`.
    Raises `Undecided` where a decision is missing, cannot be carried out, or was made about a thing
    that has changed since; the caller's transaction must not be committed.
    """
    for kind in registered_kinds():
        kind.hold(user, workspace)
    found = belongings_of(user, workspace, roles=roles)
    values = {entry.field: _decided(entry, decisions) for entry in found}
    missing = [entry for entry in found if not values[entry.field]]
    if missing:
        raise Undecided(missing)
    for entry in found:
        _kinds[entry.kind].decide(entry, values[entry.field])
    for kind in registered_kinds():
        if not roles:
            kind.forget(user, workspace)
    for forget in FORGETTERS:
        forget(user, workspace, (roles or {}).keys())


def _decided(entry: Belonging, decisions: Mapping[str, Decision] | None) -> str:
    """Return the decision about `entry`; "" when there is none that can be carried out."""
    if decisions is None:
        return entry.choices[0].value
    decision = decisions.get(entry.field)
    if decision is None or decision.mark != entry.mark or not entry.allows(decision.value):
        return ""
    return decision.value
