"""Reasons why a service refuses. The draft, the history and the remote stay as they were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from assistants.approval.rules import MissingApproval
from assistants.definition import (
    LONG_TEXTS,
    Definition,
    Problem,
    changed_fields,
    note_missing,
)
from assistants.diff import MAX_CHARACTERS, Merge, MergedLines, merge, merge_lines
from assistants.models import ChangeRequest, Draft, Revision

MOST_CLASHES = 50
"""Clashes in one text up to which a person chooses for each of them."""


class ServiceError(Exception):
    """A service cannot do what was asked; nothing is lost."""


class Invalid(ServiceError):
    """A definition, or another form, breaks limits; `problems` lists them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


class NoteRequired(Invalid):
    """The workspace asks for a note with every change, and there is none."""

    def __init__(self) -> None:
        super().__init__([note_missing()])


class Busy(ServiceError):
    """Somebody else is publishing this assistant at the moment."""

    def __init__(self, by: str, until: datetime | None = None) -> None:
        super().__init__(f"{by} is publishing this assistant")
        self.by = by
        self.until = until


class InDoubt(ServiceError):
    """An earlier change may still arrive and replace this one; a person has to decide.

    `revisions` are the changes in doubt, newest first.
    """

    def __init__(self, revisions: Sequence[Revision]) -> None:
        super().__init__("an earlier change may still arrive")
        self.revisions = tuple(revisions)


class NotNow(ServiceError):
    """The connection accepts no calls at the moment.

    `until` is when a paused connection is tried next; None if too many calls over it are running.
    """

    def __init__(self, until: datetime | None = None) -> None:
        super().__init__("the connection is not asked now")
        self.until = until


class ConnectionArchived(NotNow):
    """The connection is archived: nothing is sent over it until an admin reopens it."""


class NeedsApproval(ServiceError):
    """The policy asks for approvals that exactly this change does not have.

    `missing` says which; it is empty if somebody's request for changes is left. `change_request` is
    the one that asks for this change, if there is one.
    """

    def __init__(
        self, missing: Sequence[MissingApproval], change_request: ChangeRequest | None = None
    ) -> None:
        super().__init__("the change needs approval")
        self.missing = tuple(missing)
        self.change_request = change_request


class Frozen(ServiceError):
    """Nothing of the workspace is published `until` then, for this `reason`."""

    def __init__(self, until: datetime, reason: str) -> None:
        super().__init__("the workspace is frozen")
        self.until = until
        self.reason = reason


class NoOverride(ServiceError):
    """Publishing without approval needs a reason, of at most `LIMITS.note` characters."""


class Missing(ServiceError):
    """The remote no longer has the assistant; its history stays, and it can be recreated."""


class ConnectionKept(ServiceError):
    """A connection cannot be removed or archived; `reason` is in_use, documents, default,
    environment or registry."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the connection is kept: {reason}")
        self.reason = reason


class AffectedMoved(ServiceError):
    """Other assistants use the vector store than the person was told about."""


class NoTarget(ServiceError):
    """There is nothing to check, send or delete, such as an assistant without a remote ID."""


class TextErased(NoTarget):
    """A text was erased from the version, so nobody may publish what is left of it."""


class DraftMoved(ServiceError):
    """The draft was saved elsewhere meanwhile; `draft` is the current one, and stays."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("the draft was saved somewhere else meanwhile")
        self.draft = draft


class NoReason(ServiceError):
    """What is done with a colleague's draft needs a note that tells them why."""


class HasDraft(ServiceError):
    """The person who would get a draft already has one of the same assistant; both stay."""


@dataclass(frozen=True)
class ConflictField:
    """One field in which `mine` and `live` differ, with all three sides."""

    field: str
    base: Any
    mine: Any
    theirs: Any
    clash: bool
    """Both sides changed it and cannot be merged, so a person has to choose."""


class Conflict(ServiceError):
    """Live has changed since the draft was begun. Holds all three sides and their merge.

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
        """Names of the fields for which a person has to choose, in display order."""
        return self.merge.clashes

    @cached_property
    def texts(self) -> Mapping[str, tuple[MergedLines, ...]]:
        """The texts that clash in some places only, by field, for a choice in each place.

        A text that is very long, or clashes in more than `MOST_CLASHES` places, is not among them.
        """
        found = {}
        for entry in self.fields:
            sides = [side or "" for side in (entry.base, entry.mine, entry.theirs)]
            if not entry.clash or entry.field not in LONG_TEXTS:
                continue
            if not all(isinstance(side, str) for side in sides):
                continue
            if sum(map(len, sides)) <= MAX_CHARACTERS:
                stretches = tuple(merge_lines(*sides))
                if 0 < sum(stretch.is_clash for stretch in stretches) <= MOST_CLASHES:
                    found[entry.field] = stretches
        return found

    @property
    def fields(self) -> list[ConflictField]:
        """The fields in which `mine` and `live` differ, in display order."""
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
