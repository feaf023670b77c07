"""How much one caller may ask of the JSON API in a minute; kept by each process for itself.

The limits are those of the registry, counted apart.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from typing import NoReturn

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from admin_ui.accounts.guard.costly import LONGEST_REFUSAL
from admin_ui.accounts.keys.keys import key_digest
from admin_ui.request.address import client_address, client_network
from admin_ui.request.budget import Refusal, TokenBuckets, of_one_process
from assistants.api.errors import ApiRefusal

logger = logging.getLogger(__name__)

SAFE_METHODS = ("GET", "HEAD")


CALLER_READS = TokenBuckets(lambda: of_one_process(settings.API_READS_PER_MINUTE))
CALLER_WRITES = TokenBuckets(lambda: of_one_process(settings.API_WRITES_PER_MINUTE))
CALLER_WORK = TokenBuckets(lambda: settings.COSTLY_SECONDS_PER_MINUTE, at_once=15)
"""Seconds of work."""
STRANGERS = TokenBuckets(lambda: of_one_process(settings.API_WRONG_KEYS_PER_MINUTE))


def name_of_key(digest: str) -> str:
    """Return what a key is called among all callers."""
    return digest[:32]


def spend_call(who: str, request: HttpRequest) -> None:
    """Count a request of a caller; raises a 429 when their minute's worth is spent."""
    bucket = CALLER_READS if request.method in SAFE_METHODS else CALLER_WRITES
    if refusal := CALLER_WORK.lacks(who, 0) or bucket.take(who):
        _refuse(refusal, f"requests of {who[:12]}", request)


def may_try_key(secret: str, request: HttpRequest) -> None:
    """Let a key be looked up; raises a 429 where too many wrong ones came from.

    A key that has worked lately is always looked up.
    """
    who = name_of_key(key_digest(secret))
    known = who in CALLER_READS or who in CALLER_WRITES
    network = client_network(client_address(request))
    if not known and (refusal := STRANGERS.lacks(network)):
        _refuse(refusal, "wrong keys", request)


def count_wrong(request: HttpRequest) -> None:
    """Count a request without a right key; raises a 429 for too many from there."""
    if refusal := STRANGERS.take(client_network(client_address(request))):
        _refuse(refusal, "wrong keys", request)


@contextmanager
def working_for(who: str) -> Iterator[None]:
    """Charge a caller for the time until this is over."""
    start = time.monotonic()
    try:
        yield
    finally:
        CALLER_WORK.charge(who, time.monotonic() - start, longest_wait=LONGEST_REFUSAL)


def _refuse(refusal: Refusal, what: str, request: HttpRequest) -> NoReturn:
    if refusal.count:
        address = client_address(request)
        logger.warning("429, %d times: %s at the JSON API from %s", refusal.count, what, address)
    seconds = max(1, ceil(refusal.seconds))
    text = _("Too many requests. Try again in %(seconds)d seconds.") % {"seconds": seconds}
    raise ApiRefusal(429, "rate_limited", text, headers={"Retry-After": str(seconds)})
