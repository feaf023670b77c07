"""Testing a connection: which calls work. Nothing is changed."""

from dataclasses import dataclass

from django.utils import timezone

from admin_ui.accounts.models import Member
from assistants.gateway import AssistantMissing, Gateway, GatewayError, ListPage, NotOffered
from assistants.models import Connection
from assistants.services.connections import admission
from assistants.services.connections.client import gateway_for, note_trouble
from assistants.services.connections.saving import check_allowed

NOBODY = "asst_000000000000000000000000"
"""An ID to ask for if there is no assistant yet."""


@dataclass(frozen=True)
class ProbeResult:
    """What a test of a connection found."""

    works: bool
    models: tuple[str, ...] = ()
    error: GatewayError | None = None


def probe_connection(*, author: Member, connection: Connection) -> ProbeResult:
    """List one assistant, read it, and list the models over `connection`. Changes nothing there.

    A pause does not stop it, since this call may end the pause. Raises `NotAllowed`, and `NotNow`
    if too many calls over the connection are running.
    """
    check_allowed(author, connection)
    with admission.admitted(connection, admission.TEST):
        return _probe(connection)


def _probe(connection: Connection) -> ProbeResult:
    try:
        gateway = gateway_for(connection)
        page = gateway.list_page(limit=1, deadline=admission.deadline())
        _read_one(gateway, page)
    except GatewayError as error:
        note_trouble(connection, error)
        return ProbeResult(works=False, error=error)
    admission.count_answer(connection)
    connection.trouble, connection.trouble_since = "", None
    connection.checked_at = timezone.now()
    connection.save(update_fields=["trouble", "trouble_since", "checked_at"])
    try:
        return ProbeResult(works=True, models=tuple(gateway.models(deadline=admission.deadline())))
    except GatewayError:
        return ProbeResult(works=True)


def _read_one(gateway: Gateway, page: ListPage) -> None:
    """Read an assistant of `page`, since some gateways list assistants and read none.

    On an empty page, ask for an ID that does not exist: any answer will do, except that the
    gateway does not offer reading. Raises `GatewayError`.
    """
    remote_id = page.items[0].id if page.items else NOBODY
    try:
        gateway.retrieve(remote_id, deadline=admission.deadline())
    except AssistantMissing:
        return
    except GatewayError as error:
        if page.items or isinstance(error, NotOffered):
            raise
