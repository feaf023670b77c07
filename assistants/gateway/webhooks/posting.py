"""Sending one message to one address, once, and reading what came back."""

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from assistants.gateway.errors import GatewayError
from assistants.gateway.refusal import clean, retry_after_of
from assistants.gateway.tally import ended
from assistants.gateway.transport import post_once

ANSWER_WITHIN = 15.0
"""How long a receiver may take for its whole answer."""
LONGEST_WORDS = 200
"""Characters kept of what a receiver says."""
MOST_OF_ANSWER = 4_096
"""Bytes read of an answer; the rest is not waited for."""


@dataclass(frozen=True)
class Receipt:
    """How a receiver answered. It has no secret and may be stored and shown."""

    error: str = ""
    """The kind of a failure without an answer, as of `GatewayError`; "" if there was an answer."""
    status: int | None = None
    words: str = ""
    """The first words of an answer that is no success, in one line without secrets."""
    retry_after: float | None = None
    """Seconds, a day at most."""

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def post_message(
    address: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    secrets: Iterable[str],
    private_hosts: Collection[str],
    connect_seconds: float,
) -> Receipt:
    """Send `body` as JSON. Follows no redirect, and raises nothing that a receiver can cause.

    `private_hosts` are the private hosts that may be reached. The receipt has none of the
    `secrets`, nor the address.
    """
    began = time.monotonic()
    hidden = (address, *secrets)
    try:
        answer = post_once(
            address,
            body,
            {"Content-Type": "application/json", **headers},
            seconds=ANSWER_WITHIN,
            connect_seconds=connect_seconds,
            private_hosts=private_hosts,
            most=MOST_OF_ANSWER,
        )
    except GatewayError as error:
        ended("webhook", "POST", error.kind, began)
        return Receipt(error=error.kind)
    receipt = Receipt(status=answer.status, retry_after=retry_after_of(answer.headers))
    ended("webhook", "POST", "ok" if receipt.is_success else "refused", began)
    if receipt.is_success:
        return Receipt(status=answer.status)
    said = answer.start.decode("utf-8", "replace")
    words = clean(said, hidden, LONGEST_WORDS) or ""
    return Receipt(status=answer.status, words=words, retry_after=receipt.retry_after)
