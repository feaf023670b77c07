"""How much an application may ask of the registry in a minute; kept by each process for itself.

Requests are counted, and the time that the server works on them: large ones cost more.
"""

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from django.conf import settings
from django.http import HttpRequest

from admin_ui.accounts.guard.costly import LONGEST_REFUSAL
from admin_ui.accounts.keys.keys import key_digest
from admin_ui.accounts.models import ApiKey
from admin_ui.request.address import client_address, client_network
from admin_ui.request.budget import Refusal, TokenBuckets, of_one_process
from assistants.registry import errors

logger = logging.getLogger(__name__)

SAFE = ("GET", "HEAD")


READS = TokenBuckets(lambda: of_one_process(settings.API_READS_PER_MINUTE))
WRITES = TokenBuckets(lambda: of_one_process(settings.API_WRITES_PER_MINUTE))
WORK = TokenBuckets(lambda: settings.COSTLY_SECONDS_PER_MINUTE, at_once=15)
"""Seconds. Few at once: each thread that works for one key is one that the others wait for."""
WRONG_KEYS = TokenBuckets(lambda: of_one_process(settings.API_WRONG_KEYS_PER_MINUTE))


def spend_request(key: ApiKey, request: HttpRequest) -> None:
    """Count a request by `key`; raises a 429 `ApiError` when its minute's worth is spent."""
    if refusal := WORK.lacks(key.digest, 0):
        limit = settings.COSTLY_SECONDS_PER_MINUTE
        _refuse(key, request, refusal, "seconds of work", limit)
    if request.method in SAFE:
        if refusal := READS.take(key.digest):
            _refuse(key, request, refusal, "reads", settings.API_READS_PER_MINUTE)
    elif refusal := WRITES.take(key.digest):
        _refuse(key, request, refusal, "writes", settings.API_WRITES_PER_MINUTE)


@contextmanager
def work_for(key_digest: str | None) -> Iterator[None]:
    """Charge a key for the time until this is over; the dashboard (None) pays nothing.

    A client that sends one request after the other never spends more than there is.
    """
    start = time.monotonic()
    try:
        yield
    finally:
        if key_digest is not None:
            WORK.charge(key_digest, time.monotonic() - start, longest_wait=LONGEST_REFUSAL)


def _refuse(
    key: ApiKey, request: HttpRequest, refusal: Refusal, what: str, limit: float
) -> NoReturn:
    if refusal.count:
        logger.warning(
            "429, %d times: %s by API key %r (%s…) from %s",
            refusal.count,
            what,
            key.name,
            key.prefix,
            client_address(request),
        )
    raise errors.rate_limit_error(what, limit, refusal.seconds)


def may_try(secrets: Iterable[str], request: HttpRequest) -> None:
    """Let the keys of a request be looked up; raises a 429 `ApiError` where too many wrong ones
    came from.

    A key that has worked lately is always looked up: a stranger who shares an address with an
    application (or a proxy that names none) must not shut it out.
    """
    digests = map(key_digest, secrets)
    if not any(known in READS or known in WRITES for known in digests):
        address = client_address(request)
        _refuse_stranger(WRONG_KEYS.lacks(client_network(address)), address)


def count_wrong_key(request: HttpRequest) -> None:
    """Count a request without a right key; raises a 429 `ApiError` for too many from there."""
    address = client_address(request)
    _refuse_stranger(WRONG_KEYS.take(client_network(address)), address)


def _refuse_stranger(refusal: Refusal | None, address: str) -> None:
    if refusal is None:
        return
    if refusal.count:
        logger.warning("429, %d times: wrong API keys from %s", refusal.count, address)
    raise errors.rate_limit_error("wrong keys", settings.API_WRONG_KEYS_PER_MINUTE, refusal.seconds)
