"""Connections: the gateway client of each, saving, testing, and remembering trouble."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from admin_ui.accounts.models import Member, Workspace
from admin_ui.accounts.permissions import Action, NotAllowed, can
from admin_ui.audit.models import Kind
from admin_ui.audit.record import record
from admin_ui.encryption import Undecryptable, decrypt, encrypt
from assistants.definition import Problem
from assistants.gateway import (
    PROFILES,
    CredentialsUnreadable,
    Endpoint,
    Gateway,
    GatewayError,
    Timeouts,
    is_kept_private,
)
from assistants.models import Connection
from assistants.services import admission
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

    A call that names no deadline ends with the chain it belongs to (`admission`). Raises
    `CredentialsUnreadable` when no configured key opens its credentials.
    """
    usual = Timeouts(connect=settings.GATEWAY_CONNECT_TIMEOUT, read=settings.GATEWAY_READ_TIMEOUT)
    timeouts = admission.within(usual)
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
    """Remember on the connection that it fails, when the failure concerns it as a whole.

    One that keeps failing to answer in time is not asked for a while.
    """
    admission.failed(connection, error)
    if error.kind in CONCERNS_CONNECTION and connection.trouble != error.kind:
        connection.trouble = error.kind
        connection.trouble_since = timezone.now()
        connection.save(update_fields=["trouble", "trouble_since"])


def note_answer(connection: Connection) -> None:
    """Forget earlier trouble: the connection has just answered."""
    admission.answered(connection)
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
        "unencrypted",
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

    `credentials` holds only those to change; an empty value removes one. Kept ones were given for
    one destination: where that changes, each has to be entered again or removed. Kept ones that
    cannot be read stay as they are if nothing but the name changes. Raises `NotAllowed`, also for
    the environment's connection, and `Invalid`.
    """
    if not can(author, Action.MANAGE_CONNECTIONS) or (connection and connection.from_environment):
        raise NotAllowed(Action.MANAGE_CONNECTIONS)
    kept = kept_of(connection) if connection else {}
    readable = {} if kept is None else kept
    secrets = {key: value for key, value in {**readable, **credentials}.items() if value}
    endpoint = Endpoint(
        profile=profile, base_url=base_url, credentials=secrets, options=dict(options)
    )
    found = check_endpoint(endpoint, name=name, private_hosts=settings.GATEWAY_PRIVATE_HOSTS)
    stays_unreadable = False
    if connection is not None:
        moves = moved(connection, readable, endpoint)
        stays_unreadable = kept is None and not credentials and not moves
        if stays_unreadable:
            found = [problem for problem in found if problem.code != "required"]
        elif moves or kept is None:
            found += to_enter_again(profile, kept, given=credentials)
    if found:
        raise Invalid(found)
    row = connection or Connection(workspace=author.workspace)
    return write(
        row,
        name=name.strip(),
        endpoint=endpoint,
        is_default=is_default or bool(connection and connection.is_default),
        token=row.credentials if stays_unreadable else None,
    )


def kept_of(connection: Connection) -> dict[str, str] | None:
    """Return the stored credentials; None when no configured key opens them."""
    try:
        return decrypt(connection.credentials)
    except Undecryptable:
        return None


def to_enter_again(
    profile: str, kept: Mapping[str, str] | None, *, given: Mapping[str, str]
) -> list[Problem]:
    """Ask for each kept credential that was neither entered nor removed; kept is None if unread."""
    if profile not in PROFILES:
        return []
    names = PROFILES[profile].credentials
    wanted = (PROFILES[profile].required or names[:1]) if kept is None else kept
    return [_problem(name, "enter_again") for name in names if name in wanted and name not in given]


def moved(connection: Connection, kept: Mapping[str, str], endpoint: Endpoint) -> bool:
    """Return whether `endpoint` sends requests somewhere else than `connection` does."""
    if not {connection.profile, endpoint.profile} <= PROFILES.keys():
        return True
    before = Endpoint(
        profile=connection.profile,
        base_url=connection.base_url,
        credentials=kept,
        options=connection.options,
    )
    return before.destination != endpoint.destination


def write(
    row: Connection, *, name: str, endpoint: Endpoint, is_default: bool, token: str | None = None
) -> Connection:
    """Store what an endpoint says in `row`; a workspace has exactly one default connection.

    With a `token` its credentials are those, encrypted already.
    """
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
        is_new = row.pk is None
        row.save()
        if row.profile != REGISTRY:  # which every workspace begins with
            kind = Kind.CONNECTION_CREATED if is_new else Kind.CONNECTION_CHANGED
            details = {"kind": row.profile, "host": endpoint.host, "default": row.is_default}
            record(kind, workspace=row.workspace, about=row.name, details=details)
    return row


def make_default(*, author: Member, connection: Connection) -> None:
    """Let new assistants be created on `connection`. Raises `NotAllowed`."""
    if not can(author, Action.MANAGE_CONNECTIONS):
        raise NotAllowed(Action.MANAGE_CONNECTIONS)
    with transaction.atomic():
        here = Connection.objects.filter(workspace_id=connection.workspace_id)
        here.filter(is_default=True).update(is_default=False)
        here.filter(pk=connection.pk).update(is_default=True)
        record(
            Kind.CONNECTION_CHANGED,
            workspace=connection.workspace,
            about=connection.name,
            details={"default": True},
        )


@transaction.atomic
def remove_connection(*, author: Member, connection: Connection) -> None:
    """Forget `connection` with its credentials and jobs. Raises `NotAllowed` and `Kept`."""
    if not can(author, Action.MANAGE_CONNECTIONS):
        raise NotAllowed(Action.MANAGE_CONNECTIONS)
    row = Connection.objects.select_for_update().get(pk=connection.pk)
    if reason := why_kept(row):
        raise Kept(reason)
    row.delete()
    record(Kind.CONNECTION_REMOVED, workspace=author.workspace, about=row.name)


def why_kept(connection: Connection) -> str:
    """Return why `connection` cannot be removed, as `Kept` says it; "" when it can."""
    if connection.profile == REGISTRY:
        return "registry"
    if connection.from_environment and any(settings.GATEWAY.values()):
        return "environment"
    if connection.assistants.exists():
        return "in_use"
    return "default" if connection.is_default else ""


def check_endpoint(
    endpoint: Endpoint, *, name: str, private_hosts: Collection[str]
) -> list[Problem]:
    """Return what is wrong with a connection's form, by field.

    `private_hosts` may be called without encryption, as loopback may.
    """
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
        wrong = {field for field, _ in found}
        for field, url in (
            ("base_url", endpoint.url),
            ("custom_host", endpoint.get("custom_host")),
        ):
            exposed = endpoint.secrets and url in endpoint.addresses and field not in wrong
            if exposed and not is_kept_private(url, private_hosts):
                found.append((field, "unencrypted"))
    return [_problem(field, code) for field, code in found]


def _problem(field: str, code: str) -> Problem:
    return Problem(field=field, path=field, code=code, params={}, message=f"{field}: {code}")


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
    """List one assistant and the models over `connection`. Changes nothing remotely.

    A pause is not waited for: this may be the call that ends it. Raises `NotAllowed`, and `NotNow`
    when too many calls over it are under way.
    """
    if not can(author, Action.MANAGE_CONNECTIONS):
        raise NotAllowed(Action.MANAGE_CONNECTIONS)
    with admission.admitted(connection, admission.TEST):
        return _probe(connection)


def _probe(connection: Connection) -> ProbeResult:
    try:
        gateway = gateway_for(connection)
        gateway.list_page(limit=1)
    except GatewayError as error:
        note_trouble(connection, error)
        return ProbeResult(works=False, error=error)
    admission.answered(connection)
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
        gateway.list_page(limit=1, deadline=admission.deadline())
    except GatewayError as whole:
        return whole
    return error
