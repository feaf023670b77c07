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
KIND_OF_CHANGE = {
    Kind.DELETE: NoticeKind.DELETED,
    Kind.OUTSIDE: NoticeKind.CHANGED_OUTSIDE,
    Kind.MISSING: NoticeKind.CHANGED_OUTSIDE,
}
"""What people hear of a change that took effect; of the other kinds, that it was published.

Nobody hears of what is brought in: that may be thousands at once.
"""


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


def announce_applied(
    *, assistant: Assistant, revision: Revision, outcome: Outcome, others: Iterable[int] = ()
) -> None:
    """Announce that a change took effect, unless the gateway only filled in its defaults.

    To those who wrote it, the followers, and `others` (ids).
    """
    kind = KIND_OF_CHANGE.get(Kind(revision.kind), NoticeKind.PUBLISHED)
    fills_in = kind == NoticeKind.CHANGED_OUTSIDE and bool(outcome.filled_in)
    if revision.kind != Kind.BRING_IN and not fills_in:
        details = {"version": outcome.version}
        _announce_change(kind, assistant, revision, details, others=others)


def announce_no_effect(*, assistant: Assistant, revision: Revision, status: str) -> None:
    """Announce that a change was refused or not delivered; nothing for one in doubt."""
    if status in KIND_OF_TROUBLE:
        _announce_change(KIND_OF_TROUBLE[Status(status)], assistant, revision, {})


def announce_long_doubt(*, assistant: Assistant, revision: Revision) -> None:
    """Announce that nobody has known for ten minutes whether a change took effect."""
    _announce_change(NoticeKind.IN_DOUBT, assistant, revision, {})


def _announce_change(
    kind: NoticeKind,
    assistant: Assistant,
    revision: Revision,
    details: Mapping[str, Any],
    *,
    others: Iterable[int] = (),
) -> None:
    announce_assistant(
        kind=kind,
        assistant=assistant,
        people=filter(None, (revision.author_id, revision.drafter_id, *others)),
        actor=revision.author,
        actor_name=revision.author_name,
        path=AssistantPages.of(assistant).revision(revision.number),
        details={"revision": revision.number, **details},
    )
