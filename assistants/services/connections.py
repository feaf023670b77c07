"""Connections: the gateway client of each, saving, testing, and remembering trouble."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from admin_ui.accounts.models import Member, Workspace
from admin_ui.accounts.permissions import Action, NotAllowed, can
from admin_ui.encryption import Undecryptable, decrypt, encrypt
from assistants.definition import Problem
from assistants.gateway import (
    PROFILES,
    CredentialsUnreadable,
    Endpoint,
    Gateway,
    GatewayError,
    Timeouts,
)
from assistants.models import Connection
from assistants.services.errors import Invalid, Kept

REGISTRY = "registry"
LONGEST = {"name": 100, "base_url": 500}
"""Characters of what a connection's form holds; 2,000 of the rest."""


def endpoint_of(connection: Connection) -> Endpoint:
    """Return where `connection` points, credentials decrypted. Keep it out of logs and pages."""
    return Endpoint(
        profile=connection.profile,
        base_url=connection.base_url,
        credentials=decrypt(connection.credentials),
        options=connection.options,
    )


def gateway_for(connection: Connection) -> Gateway:
    """Return the client of `connection`; cheap, so each use makes its own.

    Raises `CredentialsUnreadable` when no configured key opens its credentials.
    """
    timeouts = Timeouts(
        connect=settings.GATEWAY_CONNECT_TIMEOUT, read=settings.GATEWAY_READ_TIMEOUT
    )
    if connection.profile == REGISTRY:
        application = import_string(settings.REGISTRY_APPLICATION)(connection.workspace_id)
        return Gateway(endpoint_of(connection), timeouts=timeouts, application=application)
    try:
        endpoint = endpoint_of(connection)
    except Undecryptable as error:
        raise CredentialsUnreadable from error
    return Gateway(endpoint, timeouts=timeouts, private_hosts=private_hosts(connection))


def private_hosts(connection: Connection) -> list[str]:
    """Return the private hosts `connection` may reach; the environment's own host is implied."""
    hosts: list[str] = list(settings.GATEWAY_PRIVATE_HOSTS)
    if connection.from_environment:
        hosts.append(Endpoint(connection.profile, connection.base_url).host)
    return hosts


def note_trouble(connection: Connection, error: GatewayError) -> None:
    """Remember on the connection that it fails, when the failure concerns it as a whole."""
    if error.kind in CONCERNS_CONNECTION and connection.trouble != error.kind:
        connection.trouble = error.kind
        connection.trouble_since = timezone.now()
        connection.save(update_fields=["trouble", "trouble_since"])


def note_answer(connection: Connection) -> None:
    """Forget earlier trouble: the connection has just answered."""
    if connection.trouble:
        connection.trouble, connection.trouble_since = "", None
        connection.checked_at = timezone.now()
        connection.save(update_fields=["trouble", "trouble_since", "checked_at"])


CONCERNS_CONNECTION = frozenset(
    {
        "unauthorized",
        "endpoint_gone",
        "misconfigured",
        "credentials_unreadable",
        "unreachable",
        "unknown_host",
        "forbidden_host",
        "timed_out",
        "server_trouble",
        "connection_lost",
        "unexpected_answer",
    }
)


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
) -> Connection:
    """Add a connection to the author's workspace, or change one.

    `credentials` holds only those to change; an empty value removes one. A change of the base URL
    or the profile forgets the kept credentials, so that nobody can send them somewhere else.
    Raises `NotAllowed` and `Invalid`.
    """
    if not can(author, Action.MANAGE_CONNECTIONS):
        raise NotAllowed(Action.MANAGE_CONNECTIONS)
    kept: dict[str, str] = {}
    if connection and (connection.profile, connection.base_url) == (profile, base_url):
        with contextlib.suppress(Undecryptable):
            kept = decrypt(connection.credentials)
    secrets = {key: value for key, value in {**kept, **credentials}.items() if value}
    endpoint = Endpoint(
        profile=profile, base_url=base_url, credentials=secrets, options=dict(options)
    )
    found = check_endpoint(endpoint, name=name)
    if found:
        raise Invalid(found)
    row = connection or Connection(workspace=author.workspace)
    return write(
        row,
        name=name.strip(),
        endpoint=endpoint,
        is_default=is_default or bool(connection and connection.is_default),
    )


def write(row: Connection, *, name: str, endpoint: Endpoint, is_default: bool) -> Connection:
    """Store what an endpoint says in `row`; a workspace has exactly one default connection."""
    row.name, row.profile, row.base_url = name, endpoint.profile, endpoint.base_url
    row.credentials, row.options = encrypt(endpoint.credentials), dict(endpoint.options)
    row.trouble, row.trouble_since = "", None
    with transaction.atomic():
        others = Connection.objects.filter(workspace_id=row.workspace_id).exclude(pk=row.pk)
        if is_default:
            others.filter(is_default=True).update(is_default=False)
        row.is_default = is_default or not others.filter(is_default=True).exists()
        row.save()
    return row


def make_default(*, author: Member, connection: Connection) -> None:
    """Let new assistants be created on `connection`. Raises `NotAllowed`."""
    if not can(author, Action.MANAGE_CONNECTIONS):
        raise NotAllowed(Action.MANAGE_CONNECTIONS)
    with transaction.atomic():
        here = Connection.objects.filter(workspace_id=connection.workspace_id)
        here.filter(is_default=True).update(is_default=False)
        here.filter(pk=connection.pk).update(is_default=True)


@transaction.atomic
def remove_connection(*, author: Member, connection: Connection) -> None:
    """Forget `connection` with its credentials and jobs. Raises `NotAllowed` and `Kept`."""
    if not can(author, Action.MANAGE_CONNECTIONS):
        raise NotAllowed(Action.MANAGE_CONNECTIONS)
    row = Connection.objects.select_for_update().get(pk=connection.pk)
    if reason := why_kept(row):
        raise Kept(reason)
    row.delete()


def why_kept(connection: Connection) -> str:
    """Return why `connection` cannot be removed, as `Kept` says it; "" when it can."""
    if connection.profile == REGISTRY:
        return "registry"
    if connection.from_environment and any(settings.GATEWAY.values()):
        return "environment"
    if connection.assistants.exists():
        return "in_use"
    return "default" if connection.is_default else ""


def check_endpoint(endpoint: Endpoint, *, name: str) -> list[Problem]:
    """Return what is wrong with a connection's form, by field."""
    found = [] if name.strip() else [("name", "required")]
    given = {
        "name": name,
        "base_url": endpoint.base_url,
        **endpoint.credentials,
        **endpoint.options,
    }
    found += [
        (key, "too_long") for key, text in given.items() if len(text) > LONGEST.get(key, 2000)
    ]
    if endpoint.profile not in PROFILES:
        found.append(("profile", "invalid_value"))
    else:
        found += PROFILES[endpoint.profile].problems(endpoint)
    return [
        Problem(field=field, path=field, code=code, params={}, message=f"{field}: {code}")
        for field, code in found
    ]


def registry_of(workspace: Workspace) -> Connection | None:
    """Return the workspace's connection to the built-in registry."""
    return Connection.objects.filter(workspace=workspace, profile=REGISTRY).order_by("pk").first()


@dataclass(frozen=True)
class ProbeResult:
    """What a test of a connection found."""

    works: bool
    models: tuple[str, ...] = ()
    error: GatewayError | None = None


def probe_connection(*, author: Member, connection: Connection) -> ProbeResult:
    """List one assistant and the models over `connection`. Changes nothing remotely."""
    if not can(author, Action.MANAGE_CONNECTIONS):
        raise NotAllowed(Action.MANAGE_CONNECTIONS)
    try:
        gateway = gateway_for(connection)
        gateway.list_page(limit=1)
    except GatewayError as error:
        note_trouble(connection, error)
        return ProbeResult(works=False, error=error)
    connection.trouble, connection.trouble_since = "", None
    connection.checked_at = timezone.now()
    connection.save(update_fields=["trouble", "trouble_since", "checked_at"])
    try:
        return ProbeResult(works=True, models=tuple(gateway.models()))
    except GatewayError:
        return ProbeResult(works=True)


def explain_missing(gateway: Gateway, error: GatewayError) -> GatewayError:
    """Tell "this assistant is gone" from "this endpoint no longer offers assistants".

    Returns the error given when the list answers; else what is wrong with the list: an
    `EndpointGone` when it answers 404 too, or an error that leaves it open what the 404 means.
    """
    try:
        gateway.list_page(limit=1)
    except GatewayError as whole:
        return whole
    return error
