"""Sessions in the database that are read together with their user and member.

Django still decides who is signed in. What the one query found is used only where Django's own
checks accept it. Anything else (another user, an ended session, a changed password, a secret key
that was replaced) takes Django's way, which reads again.
"""

import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends import db
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from admin_ui.accounts.guard.active_days import ACTIVE_DAYS
from admin_ui.accounts.guard.one_query import read_visit
from admin_ui.accounts.guard.open_sessions import SESSION_USES, STARTED_AT, end_of_session
from admin_ui.accounts.models import Member, User
from admin_ui.display.zones import use_zone

_SLUG = re.compile(r"/w/([-a-zA-Z0-9_]+)/")
_MOST_KNOWN = 10_000
_user_ids: dict[str, int] = {}
"""Who used each session last, as far as this process knows: only a guess, which saves a query."""


class SessionStore(db.SessionStore):
    """Django's sessions in the database; reading one also reads who uses it.

    `slug` names the workspace of the request, if any, and `path` its page. After reading, `user`
    and `member` are the session's user and their member in that workspace, or None if this process
    did not know the session yet.
    """

    slug = ""
    path = ""
    user: User | None = None
    member: Member | None = None
    has_notices_here = True
    """False where it is known that no unread notice leads to `path`."""

    def load(self) -> dict[str, Any]:
        key = self.session_key or ""
        user_id = _user_ids.get(key)
        visit = user_id and read_visit(
            session_key=key, user_id=user_id, slug=self.slug, path=self.path
        )
        data: dict[str, Any] = self.decode(visit.session_data) if visit else super().load()
        if visit and data.get(SESSION_KEY) == str(visit.user.pk):
            self.user, self.member = visit.user, visit.member
            self.has_notices_here = visit.has_notices_here
        else:
            _note_user(key, data.get(SESSION_KEY))
        return data

    def save(self, must_create: bool = False) -> None:
        super().save(must_create)
        _note_user(self.session_key or "", self.get(SESSION_KEY))

    def get_expiry_date(self, **_kwargs: Any) -> datetime:
        """Return until when the row is good; the cookie of the browser lives for the longest."""
        return end_of_session(self.get(STARTED_AT))


def _note_user(session_key: str, user_id: str | None) -> None:
    if user_id is None:
        _user_ids.pop(session_key, None)
        return
    if len(_user_ids) >= _MOST_KNOWN:
        _user_ids.clear()
    _user_ids[session_key] = int(user_id)


class PatientSessionMiddleware(SessionMiddleware):
    """Leave the cookie to a page's background requests, which may have an older one.

    One may arrive just after a confirmation has renewed the key (`renew_key`). Django would delete
    the cookie, which is the new one by then.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response = super().process_response(request, response)
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None and not cookie.value and "X-Background" in request.headers:
            del response.cookies[settings.SESSION_COOKIE_NAME]
        return response


class VisitMiddleware(AuthenticationMiddleware):
    """Set `request.user` as Django does, of the query that reads the session if it is right.

    From when the user is known, pages use the time zone and the language that they chose, if any,
    and the day counts as one on which they were active.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        found = _SLUG.match(request.path_info)
        request.session.slug = found[1] if found else ""  # type: ignore[attr-defined]
        # PostgreSQL takes no NUL, and no notice leads to such a page.
        path = "" if "\0" in request.path_info else request.path_info
        request.session.path = path  # type: ignore[attr-defined]
        request.user = SimpleLazyObject(lambda: _at_home(request))  # type: ignore[assignment]


def _at_home(request: HttpRequest) -> AbstractBaseUser | AnonymousUser:
    user = _user_of(request)
    ACTIVE_DAYS.note(request, user)
    SESSION_USES.note(request, user)
    use_zone(getattr(user, "zone", ""))
    if (language := getattr(user, "language", "")) in dict(settings.LANGUAGES):
        translation.activate(language)
    return user


def _user_of(request: HttpRequest) -> AbstractBaseUser | AnonymousUser:
    session: Any = request.session
    if session.get(SESSION_KEY) is None:  # this reads the session
        return AnonymousUser()
    user: User | None = session.user
    if user is None or not _is_signed_in(session, user):
        return auth.get_user(request)
    if request.method not in ("GET", "HEAD"):
        user.may_have_copies = True  # this request may keep one itself
    return user


def _is_signed_in(session: SessionStore, user: User) -> bool:
    """Return whether `auth.get_user` would return `user` for `session`, and change nothing."""
    path = session.get(BACKEND_SESSION_KEY)
    if session.get(SESSION_KEY) != str(user.pk) or path not in settings.AUTHENTICATION_BACKENDS:
        return False
    backend = auth.load_backend(path)
    if not isinstance(backend, ModelBackend) or not backend.user_can_authenticate(user):
        return False
    hashed = session.get(HASH_SESSION_KEY) or ""
    return constant_time_compare(hashed, user.get_session_auth_hash())
