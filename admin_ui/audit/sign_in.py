"""Limits on signing in, which no stranger can use to lock a person out."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils import timezone

from admin_ui.address import address_of, network_of
from admin_ui.audit.budgets import (
    Limit,
    forget,
    report,
    report_the_rest,
    seconds_to_wait,
    spend,
)
from admin_ui.audit.models import Kind, KnownNetwork
from admin_ui.audit.record import record

if TYPE_CHECKING:
    from admin_ui.accounts.models import User

PAIR = Limit("sign-in of an account from a network", 5, timedelta(minutes=5))
NETWORK = Limit("sign-in from a network", 30, timedelta(minutes=10))
ACCOUNT = Limit("sign-in of an account", 100, timedelta(hours=1))
"""Of all networks together. It does not count for those that the person has signed in from."""
RESET_ADDRESS = Limit("password reset of an address", 5, timedelta(minutes=10))
RESET_NETWORK = Limit("password reset from a network", 20, timedelta(minutes=10))


def must_wait(request: HttpRequest, email: str) -> int:
    """Return in how many seconds a password for `email` is looked at again; 0 if now."""
    network = network_of(address_of(request))
    wait = seconds_to_wait(_counting(email, network))
    if wait:
        # One row for the whole network: invented addresses must not make a row each.
        whole = seconds_to_wait([(NETWORK, NETWORK.key(network))])
        about = "any account" if whole else _shown(email)
        report(Kind.LOCKED_OUT, about=about, address=network)
    return wait


def failed(request: HttpRequest, email: str) -> None:
    """Count a wrong password, or an unknown address, which is counted in the same way."""
    network = network_of(address_of(request))
    spend(_counting(email, network))
    report(Kind.SIGN_IN_FAILED, about=_shown(email), address=network)
    report_the_rest()


def succeeded(request: HttpRequest, user: "User") -> None:
    """Remember the network, and let the person's own wrong tries from there count no longer."""
    network = network_of(address_of(request))
    forget(PAIR.key(_normal(user.email), network))
    KnownNetwork.objects.update_or_create(
        user=user, network=network, defaults={"last_at": timezone.now()}
    )
    record(Kind.SIGN_IN, actor=user, about=user.email)
    report_the_rest()


def reset_must_wait(request: HttpRequest, email: str) -> int:
    """Count a request for a password link; returns in how many seconds another is taken."""
    network = network_of(address_of(request))
    limits = [
        (RESET_ADDRESS, RESET_ADDRESS.key(_normal(email))),
        (RESET_NETWORK, RESET_NETWORK.key(network)),
    ]
    wait = seconds_to_wait(limits)
    if not wait:
        spend(limits)
    return wait


def _counting(email: str, network: str) -> list[tuple[Limit, str]]:
    """Return the limits that count for a try from there: a known network has its own."""
    limits = _limits(email, network)
    if _is_known(email, network):
        return [pair for pair in limits if pair[0] is not ACCOUNT]
    return limits


def _limits(email: str, network: str) -> list[tuple[Limit, str]]:
    name = _normal(email)
    return [
        (PAIR, PAIR.key(name, network)),
        (NETWORK, NETWORK.key(network)),
        (ACCOUNT, ACCOUNT.key(name)),
    ]


def _is_known(email: str, network: str) -> bool:
    known: Any = KnownNetwork.objects.filter(user__email=_normal(email), network=network)
    return bool(known.exists())


def _normal(email: str) -> str:
    return email.strip().lower().replace("\0", "")[:254]


def _shown(email: str) -> str:
    """Return what an event says of a typed address: people type their password there too."""
    try:
        validate_email(_normal(email))
    except ValidationError:
        return "not an e-mail address"
    return _normal(email)
