"""API keys: made, found and revoked. A key itself is shown once; only its SHA-256 is kept."""

import logging
import secrets
from datetime import timedelta
from hashlib import sha256

from django.db import DatabaseError, transaction
from django.utils import timezone

from admin_ui.accounts.models import ApiKey, User, Workspace
from admin_ui.audit.models import Kind
from admin_ui.audit.record import record

logger = logging.getLogger(__name__)

PREFIX = "aa_"
SHOWN = 8
"""Characters of a key that are kept, to recognise it by."""
NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_api_key(
    *, workspace: Workspace, name: str, can_write: bool, created_by: User | None = None
) -> tuple[ApiKey, str]:
    """Make a key for `workspace`; returns its row and the key, which cannot be had again.

    Raises `ValidationError` for a blank name or one over 100 characters.
    """
    secret = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey(
        workspace=workspace,
        name=name.strip(),
        prefix=secret[:SHOWN],
        digest=_digest(secret),
        can_write=can_write,
        created_by=created_by,
    )
    key.clean_fields(exclude=["created_by", "last_used_at", "revoked_at"])
    key.save()
    record(
        Kind.KEY_CREATED,
        workspace=workspace,
        about=f"{key.name} ({key.prefix}…)",
        details={"may_write": can_write},
    )
    return key, secret


def find_api_key(secret: str) -> ApiKey | None:
    """Return the key, or `None` for one that never was or is revoked."""
    if not secret.startswith(PREFIX):
        return None
    return ApiKey.objects.filter(digest=_digest(secret), revoked_at=None).first()


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
    if key.revoked_at is None:
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
        record(Kind.KEY_REVOKED, workspace=key.workspace, about=f"{key.name} ({key.prefix}…)")


def _digest(secret: str) -> str:
    return sha256(secret.encode(errors="replace")).hexdigest()
