"""API keys: made, found and revoked. A key itself is shown once; only its SHA-256 is kept."""

import logging
import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from admin_ui.accounts.models import ApiKey, User, Workspace
from admin_ui.audit.models import Kind
from admin_ui.audit.record import record

logger = logging.getLogger(__name__)

PREFIX = "aa_"
SHOWN = 8
"""Characters of a key that are kept, to recognise it by."""
NOTED_EVERY = timedelta(minutes=1)
MOST_DAYS = 3650
"""Days after which a key may expire at the latest, if at all."""


def create_api_key(
    *,
    workspace: Workspace,
    name: str,
    can_write: bool,
    created_by: User | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key for `workspace`; returns its row and the key, which cannot be had again.

    It is refused from `expires_at` on. Raises `ValidationError` for a blank name, one over 100
    characters, and an expiry that has passed.
    """
    secret = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey(
        workspace=workspace,
        name=name.strip(),
        prefix=secret[:SHOWN],
        digest=_digest(secret),
        can_write=can_write,
        created_by=created_by,
        expires_at=expires_at,
    )
    key.clean_fields(exclude=["created_by", "last_used_at", "revoked_at", "expires_at"])
    if key.is_expired:
        raise ValidationError({"expires_at": _("A key must expire in the future.")})
    with transaction.atomic():
        key.save()
        record(Kind.KEY_CREATED, workspace=workspace, about=key.name, details=_details(key))
    return key, secret


def keys_in_force() -> QuerySet[ApiKey]:
    """Return the keys that are neither revoked nor expired."""
    in_time = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    return ApiKey.objects.filter(in_time, revoked_at=None)


def find_api_key(secret: str) -> ApiKey | None:
    """Return the key, or `None` for one that never was, is revoked or has expired."""
    if not secret.startswith(PREFIX):
        return None
    return keys_in_force().filter(digest=_digest(secret)).first()


def note_use(key: ApiKey) -> None:
    """Keep when the key was used, to the minute, so that few requests write for it.

    Best effort: a database that cannot be written to must not keep anybody from reading.
    """
    now = timezone.now()
    if key.last_used_at and now - key.last_used_at < NOTED_EVERY:
        return
    try:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    except DatabaseError:
        logger.exception("could not note the use of API key %s", key.pk)


@transaction.atomic
def revoke_api_key(*, key: ApiKey) -> None:
    """End the key for good. Revoking it again keeps the time of the first."""
    now = timezone.now()
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
        key.revoked_at = now
        record(Kind.KEY_REVOKED, workspace=key.workspace, about=key.name, details=_details(key))


def _details(key: ApiKey) -> dict[str, object]:
    """What the record of security events says about a key: never the key itself."""
    expires = key.expires_at.isoformat() if key.expires_at else None
    return {"prefix": key.prefix, "can_write": key.can_write, "expires_at": expires}


def _digest(secret: str) -> str:
    return sha256(secret.encode(errors="replace")).hexdigest()
