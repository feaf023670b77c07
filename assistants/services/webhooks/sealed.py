"""What a webhook keeps encrypted: its address, and the secrets that sign its messages."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from admin_ui.encryption import Undecryptable, decrypt, encrypt
from assistants.models.webhooks.webhook import Webhook

BOTH_SECRETS_FOR = timedelta(hours=24)
"""How long a replaced secret goes on signing beside the new one."""


@dataclass(frozen=True)
class Sealed:
    """The secrets of one webhook. Keep it out of logs and pages."""

    address: str
    secret: str = ""
    """"" for a format whose messages are not signed."""
    earlier: str = ""

    def seal(self) -> str:
        """Return it encrypted."""
        return encrypt({"address": self.address, "secret": self.secret, "earlier": self.earlier})


def sealed_of(webhook: Webhook) -> Sealed | None:
    """Return the secrets of `webhook`; None if no configured key decrypts them."""
    try:
        return Sealed(**decrypt(webhook.sealed))
    except Undecryptable:
        return None


def signing_secrets(webhook: Webhook, sealed: Sealed, *, now: datetime) -> list[str]:
    """Return the secrets that sign a message of `webhook` now, the newest first."""
    until = webhook.earlier_secret_until
    # A much later end than the longest possible one was written before the clock was put back.
    overlaps = until is not None and now < until < now + 2 * BOTH_SECRETS_FOR
    return [*filter(None, (sealed.secret, sealed.earlier if overlaps else ""))]


def earlier_ends() -> datetime:
    """Return when a secret that is replaced now stops to sign."""
    return timezone.now() + BOTH_SECRETS_FOR
