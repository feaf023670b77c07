"""Signatures of the Standard Webhooks scheme (standardwebhooks.com), with shared secrets."""

import base64
import hmac
import secrets
from collections.abc import Iterable

BEGINS_WITH = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """Return a random secret as receivers enter it: `whsec_` and base64."""
    return BEGINS_WITH + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature_headers(
    message_id: str, body: bytes, *, at: int, signing_secrets: Iterable[str]
) -> dict[str, str]:
    """Return the headers that let a receiver check who sent `body`, and when.

    `at` is in seconds since 1970. There is one signature for each secret, so that a receiver can
    change to a new one at its own time.
    """
    signed = b".".join((message_id.encode(), str(at).encode(), body))
    signatures = [
        "v1," + base64.b64encode(hmac.digest(_key(secret), signed, "sha256")).decode()
        for secret in signing_secrets
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signatures),
    }


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(BEGINS_WITH), validate=True)
