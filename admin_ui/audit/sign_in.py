"""Limits on signing in. A stranger cannot use them to lock a person out."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.utils import timezone

from admin_ui.audit.budgets import (
    CLEANED_AT_ONCE,
    Limit,
    count_try,
    report_due_repeats,
    report_repeated,
    reset_counts,
    seconds_to_wait,
    uncount_try,
)
from admin_ui.audit.models import EventKind, KnownNetwork
from admin_ui.audit.record import record
from admin_ui.request.address import client_address, client_network

if TYPE_CHECKING:
    from admin_ui.accounts.models import User

ACCOUNT_FROM_NETWORK = Limit("sign-in of an account from a network", 5, timedelta(minutes=5))
ANY_ACCOUNT_FROM_NETWORK = Limit("sign-in from a network", 30, timedelta(minutes=10))
ACCOUNT_FROM_ANYWHERE = Limit("sign-in of an account", 100, timedelta(hours=1))
"""For all networks together, except those the person has signed in from."""
RESET_ADDRESS = Limit("password reset of an address", 5, timedelta(minutes=10))
RESET_NETWORK = Limit("password reset from a network", 20, timedelta(minutes=10))
CURRENT_PASSWORD = Limit("current password of an account", 5, timedelta(minutes=5))
"""For a signed-in person, in all their sessions: somebody else may be using one of them."""
DEAD_LINKS = Limit("links that do not exist from a network", 30, timedelta(minutes=10))

KNOWN_FOR = timedelta(days=180)
"""How long a network stays known after the last sign-in from it."""
KNOWN_NETWORKS = 50
"""Known networks of one person; the least recently used goes first."""
UNKNOWN_ADDRESSES = "unknown addresses"
"""How events name all addresses without an account, because people may type passwords there."""


def must_wait(request: HttpRequest, email: str) -> int:
    """Count a try to sign in as `email`; returns the seconds until the next is allowed, 0 if now.

    `uncount_right_password` takes the try back.
    """
    network = client_network(client_address(request))
    wait = count_try(_counting(email, network))
    if wait:
        # One row for the whole network: it may try any number of accounts.
        whole = seconds_to_wait([(ANY_ACCOUNT_FROM_NETWORK, ANY_ACCOUNT_FROM_NETWORK.key(network))])
        report_repeated(
            EventKind.LOCKED_OUT, about="any account" if whole else _shown(email), address=network
        )
    return wait


def report_failure(request: HttpRequest, email: str) -> None:
    """Report a failed sign-in: a wrong password, an unknown address or a deactivated account."""
    network = client_network(client_address(request))
    report_repeated(EventKind.SIGN_IN_FAILED, about=_shown(email), address=network)
    report_due_repeats()


def uncount_right_password(request: HttpRequest, email: str) -> None:
    """Take back a try with the right password. Wrong tries count until a sign-in."""
    uncount_try(_counting(email, client_network(client_address(request))))


def note_success(request: HttpRequest, user: "User", **ways: str) -> None:
    """Remember the network, and reset the count of the person's wrong tries from it.

    `ways` says what they proved, for the event.
    """
    network = client_network(client_address(request))
    reset_counts(ACCOUNT_FROM_NETWORK.key(_normal(user.email), network))
    _remember(user, network)
    record(EventKind.SIGN_IN, actor=user, about=user.email, details=ways)
    report_due_repeats()


def mail_must_wait(request: HttpRequest, email: str) -> int:
    """Count a request for a link by mail; returns the seconds until one is allowed."""
    network = client_network(client_address(request))
    return count_try(
        [
            (RESET_ADDRESS, RESET_ADDRESS.key(_normal(email))),
            (RESET_NETWORK, RESET_NETWORK.key(network)),
        ]
    )


def current_must_wait(user: "User") -> int:
    """Count a try of the current password of `user`; returns seconds as above."""
    return count_try([(CURRENT_PASSWORD, CURRENT_PASSWORD.key(str(user.pk)))])


def report_wrong_current(request: HttpRequest, user: "User") -> None:
    """Report a wrong current password in a session of `user`."""
    report_repeated(
        EventKind.WRONG_CURRENT, about=user.email, address=client_network(client_address(request))
    )


def reset_current(user: "User") -> None:
    """Begin to count anew."""
    reset_counts(CURRENT_PASSWORD.key(str(user.pk)))


def link_must_wait(request: HttpRequest) -> int:
    """Count a link that does not exist; returns seconds as above."""
    return count_try([(DEAD_LINKS, DEAD_LINKS.key(client_network(client_address(request))))])


def _counting(email: str, network: str) -> list[tuple[Limit, str]]:
    """Return the limits for a try from this network; a known network has fewer."""
    name = _normal(email)
    limits = [
        (ACCOUNT_FROM_NETWORK, ACCOUNT_FROM_NETWORK.key(name, network)),
        (ANY_ACCOUNT_FROM_NETWORK, ANY_ACCOUNT_FROM_NETWORK.key(network)),
    ]
    return (
        limits
        if is_known_network(name, network)
        else [*limits, (ACCOUNT_FROM_ANYWHERE, ACCOUNT_FROM_ANYWHERE.key(name))]
    )


def is_known_network(email: str, network: str) -> bool:
    """Return whether the person with that address has signed in from this network lately."""
    since = timezone.now() - KNOWN_FOR
    known = KnownNetwork.objects.filter(user__email=email, network=network, last_at__gte=since)
    return known.exists()


def _remember(user: "User", network: str) -> None:
    now = timezone.now()
    KnownNetwork.objects.update_or_create(user=user, network=network, defaults={"last_at": now})
    theirs = KnownNetwork.objects.filter(user=user).order_by("-last_at", "-pk")
    unused = KnownNetwork.objects.filter(last_at__lt=now - KNOWN_FOR)
    for rows in (theirs[KNOWN_NETWORKS:], unused[:CLEANED_AT_ONCE]):
        if surplus := list(rows.values_list("pk", flat=True)):
            KnownNetwork.objects.filter(pk__in=surplus).delete()


def _normal(email: str) -> str:
    return email.strip().lower().replace("\0", "")[:254]


def _shown(email: str) -> str:
    """Return how an event names a typed address: only addresses with an account appear.

    Events are never deleted, and strangers can invent any number of addresses.
    """
    name = _normal(email)
    return name if get_user_model().objects.filter(email=name).exists() else UNKNOWN_ADDRESSES
