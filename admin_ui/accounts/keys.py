"""API keys: made, found and revoked. A key itself is shown once; only its SHA-256 is kept."""

import secrets
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from admin_ui.accounts.models import ApiKey, User, Workspace
from admin_ui.audit.models import Kind
from admin_ui.audit.record import record

PREFIX = "aa_"
SHOWN = 8
"""Characters of a key that are kept, to recognise it by."""


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
        digest=digest_of(secret),
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
    return ApiKey.objects.filter(digest=digest_of(secret), revoked_at=None).first()


@transaction.atomic
def revoke_api_key(*, key: ApiKey) -> None:
    """End the key for good. Revoking it again keeps the time of the first."""
    if key.revoked_at is None:
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
        record(Kind.KEY_REVOKED, workspace=key.workspace, about=f"{key.name} ({key.prefix}…)")


def digest_of(secret: str) -> str:
    """Return what is kept of a key, as `ApiKey.digest`."""
    return sha256(secret.encode(errors="replace")).hexdigest()
