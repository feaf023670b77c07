"""Rotating the encryption key: which values use an older one, and re-encrypting them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from admin_ui.accounts.factors.secrets_at_rest import rotate_factors
from admin_ui.accounts.models import Stash
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record
from admin_ui.encryption import Undecryptable, decrypt, uses_newest_key, with_newest_key
from assistants.models import Connection, Webhook


@dataclass(frozen=True)
class KeyState:
    """How many credentials an older key still encrypts, and connections that no key decrypts."""

    old: int = 0
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rotated:
    """What was encrypted again, and what no configured key decrypts."""

    connections: int
    forms: int
    factors: int
    webhooks: int
    unreadable: tuple[str, ...]


def key_state(connections: Iterable[Connection]) -> KeyState:
    """Return the key state of these connections, without changing any."""
    old, unreadable = 0, []
    for row in connections:
        if not row.credentials or uses_newest_key(row.credentials.encode()):
            continue
        try:
            decrypt(row.credentials)
        except Undecryptable:
            unreadable.append(row.name)
        else:
            old += 1
    return KeyState(old, tuple(unreadable))


def rotate_encryption() -> Rotated:
    """Encrypt credentials, forms kept as typed, the secrets of second factors and those of webhooks
    with the newest key, if they use an older one.

    It is safe to repeat, and beside a running server: a value is replaced only if it has not
    changed since it was read. Values that no configured key decrypts do not change.
    """
    unreadable: list[str] = []
    connections = sum(_rotate_connection(row, unreadable) for row in Connection.objects.iterator())
    forms = sum(map(_rotate_form, Stash.objects.iterator(chunk_size=20)))
    factors = rotate_factors(unreadable)
    webhooks = sum(_rotate_webhook(row, unreadable) for row in Webhook.objects.iterator())
    details = {
        "connections": connections,
        "forms": forms,
        "factors": factors,
        "webhooks": webhooks,
        "unreadable": len(unreadable),
    }
    record(EventKind.KEYS_ROTATED, about=f"{len(settings.ENCRYPTION_KEYS)} keys", details=details)
    return Rotated(connections, forms, factors, webhooks, tuple(unreadable))


def _rotate_connection(row: Connection, unreadable: list[str]) -> int:
    token = _newest(row.credentials, row, unreadable)
    same = Connection.objects.filter(pk=row.pk, credentials=row.credentials)
    return same.update(credentials=token) if token else 0


def _rotate_webhook(row: Webhook, unreadable: list[str]) -> int:
    token = _newest(row.sealed, row, unreadable)
    same = Webhook.objects.filter(pk=row.pk, sealed=row.sealed)
    return same.update(sealed=token) if token else 0


def _newest(token: str, row: Connection | Webhook, unreadable: list[str]) -> str:
    """Return `token` with the newest key; "" if it has that, or no key decrypts it."""
    if not token or uses_newest_key(token.encode()):
        return ""
    try:
        return with_newest_key(token.encode()).decode()
    except Undecryptable:
        unreadable.append(f"{row.workspace.slug}: {row.name}")
        return ""


def _rotate_form(row: Stash) -> int:
    body = bytes(row.body)
    if uses_newest_key(body):
        return 0
    try:
        token = with_newest_key(body)
    except Undecryptable:
        return 0  # kept for a few days only
    with transaction.atomic():
        return Stash.objects.filter(pk=row.pk, created_at=row.created_at).update(body=token)
