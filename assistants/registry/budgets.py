"""How much an application may ask of the registry in a minute; kept by each process for itself."""

import logging

from django.conf import settings
from django.http import HttpRequest

from admin_ui.accounts.keys import digest_of
from admin_ui.accounts.models import ApiKey
from admin_ui.address import address_of, network_of
from admin_ui.budget import Budget, Refusal
from assistants.registry import errors

logger = logging.getLogger(__name__)

SAFE = ("GET", "HEAD")


def _share(per_minute: float) -> float:
    """Return the part of one process."""
    return per_minute / float(settings.WEB_WORKERS)


READS = Budget(lambda: _share(settings.API_READS_PER_MINUTE))
WRITES = Budget(lambda: _share(settings.API_WRITES_PER_MINUTE))
WRONG_KEYS = Budget(lambda: _share(settings.API_WRONG_KEYS_PER_MINUTE))


def spend(key: ApiKey, request: HttpRequest) -> None:
    """Count a request by `key`; raises a 429 `ApiError` when its minute's worth is spent."""
    reads = request.method in SAFE
    budget = READS if reads else WRITES
    refusal = budget.take(key.digest)
    if refusal is None:
        return
    if refusal.count:
        logger.warning(
            "429, %d times: %s by API key %r (%s…) from %s",
            refusal.count,
            "reads" if reads else "writes",
            key.name,
            key.prefix,
            address_of(request),
        )
    limit = settings.API_READS_PER_MINUTE if reads else settings.API_WRITES_PER_MINUTE
    raise errors.too_many("reads" if reads else "writes", limit, refusal.seconds)


def may_try(secret: str, request: HttpRequest) -> None:
    """Let a key be looked up; raises a 429 `ApiError` where too many wrong ones came from.

    A key that has worked lately is always looked up: a stranger who shares an address with an
    application (or a proxy that names none) must not shut it out.
    """
    known = digest_of(secret)
    if known not in READS and known not in WRITES:
        address = address_of(request)
        _refuse_stranger(WRONG_KEYS.lacks(network_of(address)), address)


def wrong_key(request: HttpRequest) -> None:
    """Count a wrong key; raises a 429 `ApiError` when there were too many from that address."""
    address = address_of(request)
    _refuse_stranger(WRONG_KEYS.take(network_of(address)), address)


def _refuse_stranger(refusal: Refusal | None, address: str) -> None:
    if refusal is None:
        return
    if refusal.count:
        logger.warning("429, %d times: wrong API keys from %s", refusal.count, address)
    raise errors.too_many("wrong keys", settings.API_WRONG_KEYS_PER_MINUTE, refusal.seconds)
