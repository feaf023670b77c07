"""Why a service refused; each leaves the draft, the history and the remote as they were."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistants.definition import Definition, Problem, changed_fields
from assistants.models import Revision


class ServiceError(Exception):
    """A service could not do what was asked; nothing was lost."""


class Invalid(ServiceError):
    """The definition (or a form of another kind) breaks limits; `problems` says which."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


class Busy(ServiceError):
    """Somebody else is publishing this assistant at this very moment."""

    def __init__(self, by: str) -> None:
        super().__init__(f"{by} is publishing this assistant")
        self.by = by


class Missing(ServiceError):
    """The assistant is gone from the remote; its history stays and it can be recreated."""


class Kept(ServiceError):
    """A connection cannot be removed; `reason` is in_use, default, environment or registry."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the connection cannot be removed: {reason}")
        self.reason = reason


class NoTarget(ServiceError):
    """The remote id is not known, so there is nothing to check, send to or delete."""


@dataclass(frozen=True)
class ConflictField:
    """One field that somebody changed; `clash` when both sides changed it to different values."""

    field: str
    base: Any
    mine: Any
    theirs: Any
    clash: bool


class Conflict(ServiceError):
    """Live has moved since the draft was begun. Holds all three sides."""

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

    @property
    def fields(self) -> list[ConflictField]:
        """The fields in which mine and live differ, in display order."""
        ours = set(changed_fields(self.base, self.mine))
        theirs = set(changed_fields(self.base, self.live))
        return [
            ConflictField(
                field=field,
                base=self.base and self.base.value(field),
                mine=self.mine.value(field),
                theirs=self.live.value(field),
                clash=field in ours and field in theirs,
            )
            for field in changed_fields(self.live, self.mine)
        ]
