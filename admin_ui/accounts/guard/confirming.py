"""When a person last proved who they are in a session, which some acts ask for again.

Signing in proves it, and so does each confirmation by password, code or passkey.
"""

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from admin_ui.accounts.guard.open_sessions import renew_key

CONFIRMED_AT = "confirmed_at"
"""The key of the session that holds the time, in seconds since 1970."""


def is_confirmed(request: HttpRequest) -> bool:
    """Return whether the person proved who they are within `CONFIRM_AFTER_MINUTES`."""
    age: float = time.time() - request.session.get(CONFIRMED_AT, 0)
    longest: float = settings.CONFIRM_AFTER_MINUTES * 60
    return 0 <= age < longest


def note_sign_in(request: Any, **_kwargs: Any) -> None:
    """Receive Django's signal of a sign-in."""
    request.session[CONFIRMED_AT] = time.time()


def note_confirmation(request: Any, reauthenticated: bool = False, **_kwargs: Any) -> None:
    """Receive allauth's signal of a step of a sign-in, or of a confirmation in a session."""
    if reauthenticated:
        renew_key(request)
        request.session[CONFIRMED_AT] = time.time()
