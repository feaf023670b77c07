"""Saving and removing connections, and choosing the default one."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, NotAllowed, can
from admin_ui.accounts.services import lock_actor
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record
from admin_ui.encryption import encrypt
from assistants.gateway import Endpoint
from assistants.models import Connection, StoreChange
from assistants.services.connections.client import REGISTRY
from assistants.services.connections.endpoints import (
    check_endpoint,
    kept_of,
    moved,
    to_enter_again,
    unencrypted_hosts,
)
from assistants.services.connections.environment import is_described
from assistants.services.connections.offers import forget_offers
from assistants.services.errors import ConnectionArchived, ConnectionKept, Invalid


def check_allowed(
    author: Member, connection: Connection, action: Action = Action.MANAGE_CONNECTIONS
) -> None:
    """Raise `NotAllowed` unless `author` may do `action` with a connection of their workspace."""
    if not can(author, action) or connection.workspace_id != author.workspace_id:
        raise NotAllowed(action)


def save_connection(
    *,
    author: Member,
    connection: Connection | None,
    name: str,
    profile: str,
    base_url: str,
    credentials: Mapping[str, str],
    options: Mapping[str, Any],
    is_default: bool = False,
    way: str = "",
    only_check: bool = False,
) -> Connection:
    """Add a connection to the author's workspace, or change one.

    `credentials` has only those to change; an empty value removes one. A kept one belongs to its
    destination: if that changes, each has to be entered again or removed. Unreadable ones stay as
    they are if only the name changes. `way` is the chosen way of signing in, whose fields are
    required. With `only_check` nothing is written. Raises `Invalid`, and `NotAllowed`, also for the
    connection of another workspace, of the environment or of the registry. An archived one cannot
    become the default: `ConnectionArchived`.
    """
    row = connection or Connection(workspace=author.workspace)
    check_allowed(author, row)
    if is_default and row.archived_at is not None:
        raise ConnectionArchived
    if row.from_environment or REGISTRY in (row.profile, profile):
        raise NotAllowed(Action.MANAGE_CONNECTIONS)
    kept = kept_of(connection) if connection else {}
    readable = {} if kept is None else kept
    secrets = {key: value for key, value in {**readable, **credentials}.items() if value}
    endpoint = Endpoint(
        profile=profile, base_url=base_url, credentials=secrets, options=dict(options)
    )
    allowed = unencrypted_hosts(endpoint, from_environment=False)
    found = check_endpoint(endpoint, name=name, way=way, unencrypted_hosts=allowed)
    stays_unreadable = False
    if connection is not None:
        moves = moved(connection, readable, endpoint)
        stays_unreadable = kept is None and not credentials and not moves
        if stays_unreadable:
            found = [one for one in found if one.code not in ("required", "one_required")]
        elif moves or kept is None:
            found += to_enter_again(profile, kept, given=credentials, way=way)
    if found:
        raise Invalid(found)
    if only_check:
        return row
    with transaction.atomic():
        lock_actor(author, Action.MANAGE_CONNECTIONS)
        return write_connection(
            row,
            name=name.strip(),
            endpoint=endpoint,
            is_default=is_default or bool(connection and connection.is_default),
            token=row.credentials if stays_unreadable else None,
        )


def write_connection(
    row: Connection, *, name: str, endpoint: Endpoint, is_default: bool, token: str | None = None
) -> Connection:
    """Store an endpoint in `row`, and keep exactly one default connection in the workspace.

    `token` holds encrypted credentials to store as they are. A security event records the change.
    """
    is_new, was_default = row.pk is None, row.is_default
    changed = _changed(row, name=name, endpoint=endpoint, same_keys=token is not None)
    row.name, row.profile, row.base_url = name, endpoint.profile, endpoint.base_url
    row.credentials = encrypt(endpoint.credentials) if token is None else token
    row.options = dict(endpoint.options)
    row.trouble, row.trouble_since = "", None
    row.timeouts, row.paused_until, row.pause_holds_all = 0, None, False
    with transaction.atomic():
        others = Connection.objects.filter(workspace_id=row.workspace_id).exclude(pk=row.pk)
        if is_default:
            others.filter(is_default=True).update(is_default=False)
        row.is_default = is_default or not others.filter(is_default=True).exists()
        row.save()
        if not is_new and set(changed) - {"name"}:
            forget_offers(row)
        if changed or row.is_default != was_default:
            _record(row, endpoint, is_new=is_new, changed=changed)
    return row


def _changed(row: Connection, *, name: str, endpoint: Endpoint, same_keys: bool) -> list[str]:
    """Name what differs between `endpoint` and `row`, without values, since some are secret."""
    sides = {
        "name": (row.name, name),
        "kind": (row.profile, endpoint.profile),
        "address": (row.base_url, endpoint.base_url),
        "options": (row.options, dict(endpoint.options)),
        "keys": (None, None) if same_keys else (kept_of(row), dict(endpoint.credentials)),
    }
    return [what for what, (old, new) in sides.items() if old != new]


def _record(row: Connection, endpoint: Endpoint, *, is_new: bool, changed: list[str]) -> None:
    if row.profile == REGISTRY and not row.from_environment:
        return  # every workspace starts with one
    details = {
        "kind": row.profile,
        "host": endpoint.host,
        "default": row.is_default,
        "from_environment": row.from_environment,
    }
    if not is_new:
        details["changed"] = ", ".join(changed)
    kind = EventKind.CONNECTION_CREATED if is_new else EventKind.CONNECTION_CHANGED
    record(kind, workspace=row.workspace, about=row.name, details=details)


def make_default(*, author: Member, connection: Connection) -> None:
    """Make `connection` the one on which new assistants are created.

    Raises `NotAllowed`, `ConnectionArchived`, and `Connection.DoesNotExist` if it has been removed.
    """
    check_allowed(author, connection)
    with transaction.atomic():
        lock_actor(author, Action.MANAGE_CONNECTIONS)
        here = Connection.objects.filter(workspace_id=connection.workspace_id)
        if here.select_for_update().get(pk=connection.pk).archived_at is not None:
            raise ConnectionArchived
        here.filter(is_default=True).update(is_default=False)
        here.filter(pk=connection.pk).update(is_default=True)
        record(
            EventKind.CONNECTION_CHANGED,
            workspace=connection.workspace,
            about=connection.name,
            details={"default": True},
        )


@transaction.atomic
def remove_connection(*, author: Member, connection: Connection) -> None:
    """Delete `connection` with its credentials and jobs.

    Raises `NotAllowed`, `ConnectionKept`, and `Connection.DoesNotExist` if it has been removed.
    """
    check_allowed(author, connection)
    lock_actor(author, Action.MANAGE_CONNECTIONS)
    row = Connection.objects.select_for_update().get(pk=connection.pk)
    if reason := why_kept(row):
        raise ConnectionKept(reason)
    row.delete()
    record(EventKind.CONNECTION_REMOVED, workspace=author.workspace, about=row.name)


def why_kept(connection: Connection) -> str:
    """Return why `connection` cannot be removed, as `ConnectionKept` says it; "" if it can."""
    needed = why_needed(connection)
    if needed in ("registry", "environment"):
        return needed
    if connection.assistants.exists():
        return "in_use"
    if StoreChange.objects.filter(connection=connection).exists():
        return "documents"
    return needed


def why_needed(connection: Connection) -> str:
    """Return why `connection` cannot be archived, as `ConnectionKept` says it; "" if it can."""
    if connection.profile == REGISTRY:
        return "registry"
    if connection.from_environment and is_described():
        return "environment"
    return "default" if connection.is_default else ""
