"""Why a service refused; each leaves the draft, the history and the remote as they were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from assistants.definition import Definition, Problem, changed_fields
from assistants.diff import Merge, merge
from assistants.models import Draft, Revision


class ServiceError(Exception):
    """A service could not do what was asked; nothing was lost."""


class Invalid(ServiceError):
    """The definition (or a form of another kind) breaks limits; `problems` says which."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


class Busy(ServiceError):
    """Somebody else is publishing this assistant at this very moment."""

    def __init__(self, by: str, until: datetime | None = None) -> None:
        super().__init__(f"{by} is publishing this assistant")
        self.by = by
        self.until = until


class InDoubt(ServiceError):
    """An earlier change may still arrive, in place of this one: somebody has to decide.

    `revisions` are the changes in doubt, newest first.
    """

    def __init__(self, revisions: Sequence[Revision]) -> None:
        super().__init__("an earlier change may still arrive")
        self.revisions = tuple(revisions)


class NotNow(ServiceError):
    """The connection may not be asked at this moment.

    `until` says when it is tried next after calls that got no answer in time; None when only too
    many calls over it are under way.
    """

    def __init__(self, until: datetime | None = None) -> None:
        super().__init__("the connection is not asked now")
        self.until = until


class Missing(ServiceError):
    """The assistant is gone from the remote; its history stays and it can be recreated."""


class ConnectionKept(ServiceError):
    """A connection cannot be removed; `reason` is in_use, default, environment or registry."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the connection cannot be removed: {reason}")
        self.reason = reason


class NoTarget(ServiceError):
    """The remote id is not known, so there is nothing to check, send to or delete."""


class DraftMoved(ServiceError):
    """The draft was saved somewhere else meanwhile; `draft` is as it is now, and stays so."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("the draft was saved somewhere else meanwhile")
        self.draft = draft


class NotLeft(ServiceError):
    """The person whose draft it is can still edit it, so it is theirs to decide about."""


class HasDraft(ServiceError):
    """The person who would get a draft has one of the same assistant already; both stay."""


@dataclass(frozen=True)
class ConflictField:
    """One field in which mine and live differ, with all three sides."""

    field: str
    base: Any
    mine: Any
    theirs: Any
    clash: bool
    """Both sides changed it in ways that cannot be brought together: somebody has to choose."""


class Conflict(ServiceError):
    """Live has moved since the draft was begun. Holds all three sides, and what merging gives.

    Nothing was sent. Without `clashes`, `merge.definition` has the changes of both sides and goes
    back to review before it is published.
    """

    def __init__(
        self,
        *,
        base: Definition | None,
        mine: Definition,
        live: Definition,
        live_revision: Revision,
    ) -> None:
        super().__init__("live has moved since this draft was begun")
        self.base = base
        self.mine = mine
        self.live = live
        self.live_revision = live_revision

    @cached_property
    def merge(self) -> Merge:
        return merge(base=self.base, mine=self.mine, theirs=self.live)

    @property
    def clashes(self) -> tuple[str, ...]:
        """Names of the fields for which somebody has to choose, in display order."""
        return self.merge.clashes

    @property
    def fields(self) -> list[ConflictField]:
        """The fields in which mine and live differ, in display order."""
        return [
            ConflictField(
                field=field,
                base=self.base and self.base.value(field),
                mine=self.mine.value(field),
                theirs=self.live.value(field),
                clash=field in self.clashes,
            )
            for field in changed_fields(self.live, self.mine)
        ]
