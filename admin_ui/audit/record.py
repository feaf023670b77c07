"""Adding security events: the only writer of `AuditEvent`."""

import hashlib
import json
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from admin_ui.audit.models import AuditChain, AuditEvent
from admin_ui.audit.origin import origin

if TYPE_CHECKING:
    from admin_ui.accounts.models import User, Workspace

logger = logging.getLogger("admin_ui.audit")

INSTANCE_CHAIN = 0
"""The chain of events that belong to no workspace."""
MAX_TEXT_LENGTH = 254
"""Characters of a name or an address that are kept."""
MAX_VALUE_LENGTH = 300
"""Characters of a value in the details that are kept."""
MAX_VALUES = 20
"""Values that the details of one event may hold."""
ACTOR_COMMAND_LINE = "command line"
"""The actor of commands and of the start."""


def record(
    kind: str,
    *,
    workspace: "Workspace | None" = None,
    actor: "User | None" = None,
    actor_name: str = "",
    about: object = "",
    details: Mapping[str, Any] | None = None,
    address: str = "",
) -> AuditEvent:
    """Add an event to the chain of `workspace`, or to that of the instance, and to the log.

    Part of the caller's transaction, so that an event exists only if the change does. Without an
    `actor` or a name, the actor is the signed-in user of the request, else the command line. The
    `address` defaults to that of the request. Texts are cut to 254 characters,
    `details` to 20 short values; never give it a secret.
    """
    came_from = origin()
    actor = actor or (None if actor_name else came_from.user)
    name = actor_name or (actor.audit_name if actor else came_from.name) or ACTOR_COMMAND_LINE
    chain = workspace.pk if workspace else INSTANCE_CHAIN
    with transaction.atomic():
        end = _lock_end(chain)
        event = AuditEvent(
            workspace=workspace,
            chain=chain,
            number=end.last_number + 1,
            at=timezone.now(),
            kind=kind,
            actor=actor,
            actor_name=_short(name, MAX_TEXT_LENGTH),
            about=_short(about, MAX_TEXT_LENGTH),
            details={
                _short(key, 50): _value(value)
                for key, value in list((details or {}).items())[:MAX_VALUES]
            },
            address=(address or came_from.address)[:45],
            previous_digest=end.last_digest,
        )
        event.digest = event_digest(event)
        event.save(force_insert=True)
        end.last_number, end.last_digest = event.number, event.digest
        end.save(update_fields=["last_number", "last_digest"])
    _log(event)
    return event


def event_digest(event: AuditEvent) -> str:
    """Return the SHA-256 over all that an event says, whose it is, and the digest before it."""
    return _digest(event, chain=event.chain, actor_id=event.actor_id)


def is_unchanged(event: AuditEvent) -> bool:
    """Return whether an event still says what it said when it was added."""
    # The first events were added with a digest over less.
    at_home = event.workspace_id == (event.chain or None)
    return at_home and event.digest in (event_digest(event), _digest(event))


def _digest(event: AuditEvent, **more: int | None) -> str:
    said = more | {
        "number": event.number,
        "at": event.at.timestamp(),
        "kind": str(event.kind),
        "actor": event.actor_name,
        "about": event.about,
        "details": event.details,
        "address": event.address,
        "previous": event.previous_digest,
    }
    encoded = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(encoded.encode()).hexdigest()


def _lock_end(chain: int) -> AuditChain:
    AuditChain.objects.get_or_create(chain=chain)
    return AuditChain.objects.select_for_update().get(chain=chain)


def _short(value: object, length: int) -> str:
    text = str(value).replace("\x00", "").encode("utf-8", "ignore").decode()
    return text if len(text) <= length else text[: length - 1] + "…"


def _value(value: Any) -> Any:
    return (
        value if value is None or isinstance(value, bool | int) else _short(value, MAX_VALUE_LENGTH)
    )


def _log(event: AuditEvent) -> None:
    details = " ".join(f"{key}={value!r}" for key, value in event.details.items())
    logger.info(
        "%s workspace=%s user=%s about=%r address=%s %s",
        event.kind,
        event.workspace.slug if event.workspace else "-",
        event.actor_name,
        event.about,
        event.address or "-",
        details,
    )
