"""Creates, finds and revokes API keys. A key is shown once; only its SHA-256 is stored."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from admin_ui.accounts.models import ApiKey, User, Workspace
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record
from admin_ui.display.times import utc

KEY_PREFIX = "aa_"
STORED_PREFIX_LENGTH = 8
"""First characters of a key that are stored, for people to recognise it."""
MOST_DAYS_TO_EXPIRY = 3650
"""Latest expiry of a key, in days."""


class KeyLimits(TypedDict, total=False):
    """What limits a key; each is optional."""

    expires_at: datetime | None
    """Refused from then on."""
    networks: Iterable[str]
    """Refused elsewhere, if there are any; as `read_networks` returns them."""
    assistant_ids: Iterable[str]
    """The only assistants that it may use, if there are any."""


@transaction.atomic
def create_api_key(
    *,
    workspace: Workspace,
    name: str,
    can_write: bool,
    created_by: User | None = None,
    **limits: Unpack[KeyLimits],
) -> tuple[ApiKey, str]:
    """Create a key for `workspace`; returns its row and the key, which is not stored.

    Raises `ValidationError` for a blank name, one over 100 characters, and an expiry that has
    passed.
    """
    secret = KEY_PREFIX + secrets.token_urlsafe(32)
    key = ApiKey(
        workspace=workspace,
        name=name.strip(),
        prefix=secret[:STORED_PREFIX_LENGTH],
        digest=key_digest(secret),
        can_write=can_write,
        created_by=created_by,
        expires_at=limits.get("expires_at"),
        networks=" ".join(limits.get("networks", ())),
        assistant_ids=" ".join(limits.get("assistant_ids", ())),
    )
    key.clean_fields(
        exclude=["created_by", "last_used_at", "revoked_at", "expires_at", "replaced_by"]
    )
    if key.is_expired:
        raise ValidationError({"expires_at": _("A key must expire in the future.")})
    key.save()
    record(EventKind.KEY_CREATED, workspace=workspace, about=key.name, details=_details(key))
    return key, secret


def keys_in_force() -> QuerySet[ApiKey]:
    """Return the keys that are neither revoked nor expired, and not of an archived workspace."""
    in_time = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    return ApiKey.objects.filter(in_time, revoked_at=None, workspace__archived_at=None)


def find_api_key(secret: str) -> ApiKey | None:
    """Return the key, or `None` for an unknown, revoked or expired one."""
    return next(iter(find_api_keys([secret])), None)


def find_api_keys(secrets: Iterable[str]) -> list[ApiKey]:
    """Return those of the keys that are in force, with one query at most."""
    digests = [key_digest(secret) for secret in secrets if secret.startswith(KEY_PREFIX)]
    return list(keys_in_force().filter(digest__in=digests)) if digests else []


@transaction.atomic
def revoke_api_key(*, key: ApiKey) -> None:
    """Revoke the key permanently. Revoking it again keeps the first time."""
    now = timezone.now()
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
        key.revoked_at = now
        record(
            EventKind.KEY_REVOKED, workspace=key.workspace, about=key.name, details=_details(key)
        )


def _details(key: ApiKey) -> dict[str, object]:
    """What security events say about a key: never the key itself."""
    expires = utc(key.expires_at, "auto") if key.expires_at else None
    details = {"prefix": key.prefix, "can_write": key.can_write, "expires_at": expires}
    limits = {"networks": key.networks, "assistants": key.assistant_ids}
    return details | {name: value for name, value in limits.items() if value}


def key_digest(secret: str) -> str:
    """Return the digest of a key, as stored in `ApiKey.digest`."""
    return sha256(secret.encode(errors="replace")).hexdigest()
