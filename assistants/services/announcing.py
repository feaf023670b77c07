"""Announcing what happened to an assistant, to its followers and to those named."""

from collections.abc import Iterable, Mapping
from typing import Any

from admin_ui.accounts.models import User
from admin_ui.notices.announcing import announce
from admin_ui.notices.kinds import NoticeKind
from admin_ui.notices.models import Happening
from assistants.models import Assistant, Kind, Outcome, Revision, Status
from assistants.selectors.addresses import AssistantPages

KIND_OF_TROUBLE = {Status.REJECTED: NoticeKind.REFUSED, Status.NOT_DELIVERED: NoticeKind.FAILED}
NOT_TOLD = (Kind.BRING_IN, Kind.DELETE)
"""Kinds of changes that nobody hears of: thousands may be brought in at once."""


def announce_assistant(
    *,
    kind: NoticeKind,
    assistant: Assistant,
    people: Iterable[int] = (),
    actor: User | None = None,
    actor_name: str = "",
    subject: str = "",
    path: str = "",
    details: Mapping[str, Any] | None = None,
) -> Happening:
    """Announce something about `assistant` to `people` (ids), and to its followers if `kind` is
    one of `FOLLOWED_KINDS`; they are read when it is spread.

    Part of the caller's transaction. `subject` and `path` default to the name of the assistant
    and its history. The other arguments are those of `announce`.
    """
    about = {
        "assistant": assistant.pk,
        "assistant_id": assistant.remote_id or "",
        "assistant_name": str(assistant)[:256],
    }
    return announce(
        kind=kind,
        workspace=assistant.workspace,
        people=people,
        subject=subject or str(assistant),
        path=path or AssistantPages.of(assistant).history,
        actor=actor,
        actor_name=actor_name,
        details=about | dict(details or {}),
    )


def announce_applied(*, assistant: Assistant, revision: Revision, outcome: Outcome) -> None:
    """Announce that a change took effect, unless the gateway only filled in its defaults."""
    if revision.kind in NOT_TOLD:
        return
    is_outside = revision.kind in (Kind.OUTSIDE, Kind.MISSING)
    if is_outside and outcome.filled_in:
        return
    kind = NoticeKind.CHANGED_OUTSIDE if is_outside else NoticeKind.PUBLISHED
    _announce_change(kind, assistant, revision, {"version": outcome.version})


def announce_no_effect(*, assistant: Assistant, revision: Revision, status: str) -> None:
    """Announce that a change was refused or not delivered; nothing for one in doubt."""
    if status in KIND_OF_TROUBLE:
        _announce_change(KIND_OF_TROUBLE[Status(status)], assistant, revision, {})


def announce_long_doubt(*, assistant: Assistant, revision: Revision) -> None:
    """Announce that nobody has known for ten minutes whether a change took effect."""
    _announce_change(NoticeKind.IN_DOUBT, assistant, revision, {})


def _announce_change(
    kind: NoticeKind, assistant: Assistant, revision: Revision, details: Mapping[str, Any]
) -> None:
    announce_assistant(
        kind=kind,
        assistant=assistant,
        people=filter(None, (revision.author_id, revision.drafter_id)),
        actor=revision.author,
        actor_name=revision.author_name,
        path=AssistantPages.of(assistant).revision(revision.number),
        details={"revision": revision.number, **details},
    )
