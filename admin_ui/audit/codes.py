"""Limits on guesses at the codes of a second factor, and codes that were used."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.http import HttpRequest

from admin_ui.audit.budgets import Limit, count_try, report_repeated, reset_counts
from admin_ui.audit.models import EventKind
from admin_ui.audit.sign_in import is_known_network
from admin_ui.request.address import client_address, client_network

if TYPE_CHECKING:
    from admin_ui.accounts.models import User

CODE_FROM_NETWORK = Limit("code of an account from a network", 5, timedelta(minutes=5))
CODE_IN_A_DAY = Limit("code of an account from a network in a day", 50, timedelta(days=1))
CODE_FROM_ANYWHERE = Limit("code of an account", 20, timedelta(hours=1))
"""For all networks together, except those the person has signed in from."""
USED_CODE = Limit("a code that was used", 1, timedelta(minutes=3))
"""Longer than a code is valid. In the database, since each process has a cache of its own."""
SESSION_ASKED = Limit("sessions of strangers from a network", 60, timedelta(minutes=10))
"""Signing in by passkey or with a provider makes a session before anybody has signed in."""


def code_must_wait(request: HttpRequest, user: "User") -> int:
    """Count a guess at a code of `user`; returns the seconds until one is allowed, 0 if now."""
    network = client_network(client_address(request))
    wait = count_try(_counting_codes(user, network))
    if wait:
        report_repeated(EventKind.LOCKED_OUT, about=user.email, address=network)
    return wait


def report_wrong_code(request: HttpRequest, user: "User") -> None:
    """Report a wrong code of `user`, at sign-in or in a session."""
    network = client_network(client_address(request))
    report_repeated(EventKind.WRONG_CODE, about=user.email, address=network)


def code_was_right(request: HttpRequest, user: "User") -> None:
    """Begin to count anew, as nobody can do who only guesses."""
    network = client_network(client_address(request))
    reset_counts(*(key for _, key in _counting_codes(user, network)))


def is_used_before(user: "User", code: str) -> bool:
    """Return whether `code` of an app was used lately; from then on it was."""
    return count_try([(USED_CODE, USED_CODE.key(str(user.pk), code))]) > 0


def session_must_wait(request: HttpRequest) -> int:
    """Count a request that makes a session for a stranger; returns seconds as above."""
    key = SESSION_ASKED.key(client_network(client_address(request)))
    return count_try([(SESSION_ASKED, key)])


def _counting_codes(user: "User", network: str) -> list[tuple[Limit, str]]:
    person = str(user.pk)
    limits = [(limit, limit.key(person, network)) for limit in (CODE_FROM_NETWORK, CODE_IN_A_DAY)]
    if not is_known_network(user.email, network):
        limits.append((CODE_FROM_ANYWHERE, CODE_FROM_ANYWHERE.key(person)))
    return limits
