"""Announcing what happened: nothing else adds a `Happening`."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import connection

from admin_ui.notices.kinds import NoticeKind
from admin_ui.notices.models import Happening
from admin_ui.notices.tasks import spread
from admin_ui.tasks.enqueue import enqueue

if TYPE_CHECKING:
    from admin_ui.accounts.models import User, Workspace

LONGEST_SUBJECT = 300
LONGEST_ACTOR_NAME = 254


def announce(
    *,
    kind: NoticeKind,
    workspace: "Workspace",
    people: Iterable[int],
    subject: str,
    path: str,
    actor: "User | None" = None,
    actor_name: str = "",
    details: Mapping[str, Any] | None = None,
) -> Happening:
    """Tell `people` (ids of users) and the receivers of `spreading` what happened, once it has.

    Part of the caller's transaction, which there must be: nobody hears of what is rolled back. The
    `subject` is a name, cut to 300 characters; `path` is a page of this dashboard. `actor_name` is
    needed without an `actor`, as where the service acted in somebody's name: then they are told
    too. `details` are small facts for sentences (`act_details`) and webhooks: numbers, times, ids
    and names, never long texts or secrets.
    """
    assert connection.in_atomic_block, "announce in the transaction of what happened"
    happening = Happening.objects.create(
        workspace=workspace,
        kind=kind,
        subject=_short(subject, LONGEST_SUBJECT),
        path=path,
        actor=actor,
        actor_name=_short(actor_name or str(actor or ""), LONGEST_ACTOR_NAME),
        details=dict(details or {}),
        people=sorted(set(people)),
    )
    enqueue(spread, happening.pk)
    return happening


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
