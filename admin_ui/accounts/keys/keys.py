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

KEY_PREFIXES = {ApiKey.Opens.REGISTRY: "aa_", ApiKey.Opens.API: "sa_"}
"""How keys begin, so that one of the API is recognised, and never looked up by the registry."""
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
    service: User | None
    """The service account that it belongs to."""
    is_exempt: bool
    """Whether it needs no approval to write."""
    opens: str
    """One of `ApiKey.Opens`; the API only for a service account."""


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
    service = limits.get("service")
    opens = ApiKey.Opens(limits.get("opens", ApiKey.Opens.REGISTRY))
    if opens is ApiKey.Opens.API and service is None:
        raise ValidationError({"opens": _("Only a service account has keys for the JSON API.")})
    secret = KEY_PREFIXES[opens] + secrets.token_urlsafe(32)
    key = ApiKey(
        workspace=workspace,
        name=name.strip(),
        prefix=secret[:STORED_PREFIX_LENGTH],
        digest=key_digest(secret),
        can_write=can_write,
        opens=opens,
        service=service,
        is_exempt=limits.get("is_exempt", False) and can_write,
        created_by=created_by,
        expires_at=limits.get("expires_at"),
        networks=" ".join(limits.get("networks", ())),
        assistant_ids=" ".join(limits.get("assistant_ids", ())),
    )
    key.clean_fields(
        exclude=["created_by", "service", "last_used_at", "revoked_at", "expires_at", "replaced_by"]
    )
    if key.is_expired:
        raise ValidationError({"expires_at": _("A key must expire in the future.")})
    key.save()
    record(EventKind.KEY_CREATED, workspace=workspace, about=key.name, details=_details(key))
    return key, secret


def keys_in_force() -> QuerySet[ApiKey]:
    """Return the keys that are neither revoked nor expired.

    Those of an archived workspace and of a deactivated service account are not among them.
    """
    in_time = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    active = Q(service=None) | Q(service__is_active=True)
    return ApiKey.objects.filter(in_time, active, revoked_at=None, workspace__archived_at=None)


def find_api_key(secret: str, *, opens: str = ApiKey.Opens.REGISTRY) -> ApiKey | None:
    """Return the key, or `None` for an unknown, revoked or expired one."""
    return next(iter(find_api_keys([secret], opens=opens)), None)


def find_api_keys(secrets: Iterable[str], *, opens: str = ApiKey.Opens.REGISTRY) -> list[ApiKey]:
    """Return those of the keys that are in force and open that, with one query at most."""
    prefix = KEY_PREFIXES[ApiKey.Opens(opens)]
    digests = [key_digest(secret) for secret in secrets if secret.startswith(prefix)]
    return list(keys_in_force().filter(digest__in=digests, opens=opens)) if digests else []


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
    limits = {
        "networks": key.networks,
        "assistants": key.assistant_ids,
        "service_account": key.service.name if key.service else "",
        "without_approval": key.is_exempt,
    }
    return details | {name: value for name, value in limits.items() if value}


def key_digest(secret: str) -> str:
    """Return the digest of a key, as stored in `ApiKey.digest`."""
    return sha256(secret.encode(errors="replace")).hexdigest()
