"""The gateway client of a connection, and the trouble that its answers show."""

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from admin_ui.accounts.models import Workspace
from admin_ui.encryption import Undecryptable
from assistants.gateway import CredentialsUnreadable, Gateway, GatewayError, Timeouts
from assistants.models import Connection
from assistants.services.connections import admission
from assistants.services.connections.endpoints import (
    endpoint_of,
    private_hosts,
    unencrypted_hosts,
)

REGISTRY = "registry"


def gateway_for(connection: Connection) -> Gateway:
    """Return the client of `connection`. It is cheap, so each use makes its own.

    A call without a deadline ends with its chain (`admission`). Raises `CredentialsUnreadable` if
    no configured key decrypts its credentials.
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
    return Gateway(
        endpoint,
        timeouts=timeouts,
        private_hosts=private_hosts(connection),
        unencrypted_hosts=unencrypted_hosts(endpoint, from_environment=connection.from_environment),
        login_url=settings.ENTRA_LOGIN_URL,
    )


def note_trouble(connection: Connection, error: GatewayError) -> None:
    """Store on the connection that it fails, if the failure concerns all of it.

    A connection that repeatedly does not answer in time is paused.
    """
    if admission.is_cut_short():
        return
    admission.count_failure(connection, error)
    if error.kind in CONCERNS_CONNECTION and connection.trouble != error.kind:
        connection.trouble = error.kind
        connection.trouble_since = timezone.now()
        connection.save(update_fields=["trouble", "trouble_since"])


def note_answer(connection: Connection) -> None:
    """Clear earlier trouble, since the connection has just answered."""
    admission.count_answer(connection)
    if connection.trouble:
        connection.trouble, connection.trouble_since = "", None
        connection.checked_at = timezone.now()
        connection.save(update_fields=["trouble", "trouble_since", "checked_at"])


CONCERNS_CONNECTION = frozenset(
    {
        "unauthorized",
        "sign_in_refused",
        "sign_in_unanswered",
        "endpoint_gone",
        "cannot_read",
        "cannot_list",
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


def registry_of(workspace: Workspace) -> Connection | None:
    """Return the workspace's connection to the built-in registry."""
    return Connection.objects.filter(workspace=workspace, profile=REGISTRY).order_by("pk").first()


def explain_missing(gateway: Gateway, error: GatewayError) -> GatewayError:
    """Find out whether the assistant is gone or the endpoint no longer offers assistants.

    Returns the given error if the list answers. If not, returns what is wrong with the list: an
    `EndpointGone` if it answers 404 too, or an error that leaves the meaning of the 404 open.
    """
    try:
        gateway.list_page(limit=1, deadline=admission.deadline())
    except GatewayError as whole:
        return whole
    return error
