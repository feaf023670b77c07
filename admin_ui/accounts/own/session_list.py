"""The browsers in which a person is signed in, and ending their sessions."""

from dataclasses import dataclass

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from admin_ui.accounts.guard.open_sessions import list_session
from admin_ui.accounts.models import OpenSession, User
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record

MOST_SESSIONS = 50
"""Listed sessions; the least recently used ones are left out."""


@dataclass(frozen=True)
class ListedSession:
    """A running session of a person, and whether it is the one that asks."""

    row: OpenSession
    is_own: bool


def open_sessions(user: User, *, own_key: str | None) -> list[ListedSession]:
    """Return the running sessions of `user`, the one that asks first, in two queries."""
    rows = list(OpenSession.objects.filter(user=user).order_by("-last_used_at")[:MOST_SESSIONS])
    running = _running(user, [row.session_key for row in rows])
    listed = [
        ListedSession(row, row.session_key == own_key) for row in rows if row.session_key in running
    ]
    return sorted(listed, key=lambda entry: not entry.is_own)


def _running(user: User, keys: list[str]) -> set[str]:
    """Return which of these sessions still sign `user` in, as Django would decide."""
    rows = Session.objects.filter(pk__in=keys, expire_date__gt=timezone.now())
    data = {row.session_key: row.get_decoded() for row in rows}
    expected = (str(user.pk), user.get_session_auth_hash())
    return {
        key
        for key, held in data.items()
        if (held.get(SESSION_KEY), held.get(HASH_SESSION_KEY)) == expected
    }


@transaction.atomic
def end_session(*, user: User, pk: int) -> bool:
    """Sign `user` out in one of their browsers; returns whether there was such a session."""
    row = OpenSession.objects.select_for_update().filter(user=user, pk=pk).first()
    if row is None:
        return False
    Session.objects.filter(session_key=row.session_key).delete()
    row.delete()
    details = {"browser": str(row), "from": row.address}
    record(EventKind.SESSIONS_ENDED, actor=user, about=user.email, details=details)
    return True


@transaction.atomic
def end_other_sessions(request: HttpRequest, *, user: User) -> None:
    """Sign `user` out everywhere but in the session of `request`; password links end too.

    Sessions that no list knows end as well: the account counts anew, and each names its count.
    """
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    others = OpenSession.objects.filter(user=user)
    keys = list(others.values_list("session_key", flat=True))
    others.delete()
    Session.objects.filter(pk__in=keys).exclude(pk=request.session.session_key).delete()
    update_session_auth_hash(request, user)
    list_session(request, user)
    request.last_user = user  # type: ignore[attr-defined]  # the cookie names the count too
    details = {"all_others": True}
    record(EventKind.SESSIONS_ENDED, actor=user, about=user.email, details=details)
