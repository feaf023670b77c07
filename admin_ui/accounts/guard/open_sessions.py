"""When sessions end, and what their people see of them: browser, address and last use.

The row of Django's session holds its end. It is the idle limit after the last use, and never later
than the absolute limit, so no page makes another query to find out.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from admin_ui.accounts.guard.background_notes import BackgroundNotes
from admin_ui.accounts.models import OpenSession, User
from admin_ui.request.address import client_address

STARTED_AT = "started_at"
"""The key of the session that holds when it began, in seconds since 1970."""
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""Marks and names. Browsers also claim to be those that come later in this list."""
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
LONGEST_AGENT = 1000
"""Characters that are looked at; the header comes from anybody."""


def end_of_session(started_at: float | None) -> datetime:
    """Return when a session that is used now ends; one without a beginning begins now."""
    latest = _moment(started_at) + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    idle = timedelta(hours=settings.SESSION_IDLE_HOURS)
    return min(latest, timezone.now() + idle) if idle else latest


def session_began(request: Any, user: User, **_kwargs: Any) -> None:
    """Receive Django's signal of a sign-in: note the beginning and the browser."""
    request.session[STARTED_AT] = time.time()
    list_session(request, user)


def list_session(request: Any, user: User) -> None:
    """Write the row of the session of `request`, which has a new key.

    It has none yet when its person signed in while another session went on.
    """
    if request.session.session_key is None:
        request.session.create()
    key = request.session.session_key
    times = {"started_at": _moment(request.session.get(STARTED_AT)), "last_used_at": timezone.now()}
    defaults = {"user": user, **times, **_seen(request)}
    OpenSession.objects.update_or_create(session_key=key, defaults=defaults)
    SESSION_USES.is_noted(key)


def renew_key(request: HttpRequest) -> None:
    """Give the session of `request` another key; the one before opens nothing."""
    before = request.session.session_key
    request.session.cycle_key()
    key = request.session.session_key
    OpenSession.objects.filter(session_key=before).update(session_key=key)


def _moment(seconds: float | None) -> datetime:
    return datetime.fromtimestamp(seconds, UTC) if seconds else timezone.now()


def ended_sessions() -> QuerySet[OpenSession]:
    """Return the rows whose session has ended."""
    return OpenSession.objects.exclude(
        Exists(Session.objects.filter(session_key=OuterRef("session_key")))
    )


class SessionUses(BackgroundNotes[str]):
    """Moves the end of each session that is used, at most once in five minutes."""

    name = "session-use"
    what = "The use of sessions"

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[str, dict[str, Any]] = {}

    def note(self, request: HttpRequest, user: Any) -> None:
        """Record that `user` uses their session, unless an open page asks by a timer."""
        key = request.session.session_key
        if not isinstance(user, User) or not key:
            return
        if request.headers.get("X-Background") == "true" or self.is_recent(key):
            return
        started_at = request.session.get(STARTED_AT)
        self._seen[key] = {"user_id": user.pk, "started_at": started_at, **_seen(request)}
        self.add(key)

    def save(self, batch: Mapping[str, datetime]) -> None:
        for key, moment in batch.items():
            if seen := self._seen.pop(key, None):
                _write_use(key, moment, **seen)


def _write_use(key: str, moment: datetime, *, started_at: float | None, **seen: Any) -> None:
    """Write a use, unless the session has ended; one of an earlier release gets a row now."""
    row = OpenSession.objects.filter(session_key=key).first()
    began = started_at or (row.started_at.timestamp() if row else None)
    running = Session.objects.filter(session_key=key, expire_date__gt=timezone.now())
    if not running.update(expire_date=end_of_session(began)):
        return
    seen["last_used_at"] = moment
    if row is None:
        OpenSession.objects.create(session_key=key, started_at=_moment(began), **seen)
    else:
        OpenSession.objects.filter(pk=row.pk).update(**seen)


def _seen(request: HttpRequest) -> dict[str, str]:
    browser, system = browser_and_system(request.headers.get("User-Agent", ""))
    return {"browser": browser, "system": system, "address": client_address(request)[:45]}


def browser_and_system(agent: str) -> tuple[str, str]:
    """Return the names in a `User-Agent`, as far as people know them; each "" if unknown."""
    return _first(BROWSERS, agent[:LONGEST_AGENT]), _first(SYSTEMS, agent[:LONGEST_AGENT])


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for mark, name in names if mark in agent), "")


SESSION_USES = SessionUses()
