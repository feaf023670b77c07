"""Testing a connection: which calls work. Nothing is changed."""

from dataclasses import dataclass, replace

from django.utils import timezone

from admin_ui.accounts.models import Member
from assistants.gateway import (
    AssistantMissing,
    EndpointGone,
    Gateway,
    GatewayError,
    ListPage,
    NotOffered,
    Refused,
    Unauthorized,
)
from assistants.models import Connection
from assistants.services.connections import admission
from assistants.services.connections.client import gateway_for, note_trouble
from assistants.services.connections.saving import check_allowed

NOBODY = "asst_000000000000000000000000"
"""An ID that no assistant has, to ask for and to change."""
STEPS = ("reach", "sign_in", "list", "read", "change")
"""What a test tries, in order."""
BEFORE_AN_ANSWER = frozenset(
    {"unreachable", "unknown_host", "forbidden_host", "unencrypted", "timed_out", "connection_lost"}
)
SIGNING_IN = frozenset(
    {"unauthorized", "sign_in_refused", "sign_in_unanswered", "credentials_unreadable"}
)


@dataclass(frozen=True)
class ProbeResult:
    """What a test of a connection found."""

    works: bool
    """Whether assistants can be listed and read."""
    models: tuple[str, ...] = ()
    error: GatewayError | None = None
    """Why it does not work, or why assistants cannot be changed."""
    failed: str = ""
    """The step of `STEPS` that failed; "" if none did."""
    is_certain: bool = True
    """Whether the step failed for sure; a change without a clear answer may work."""


def probe_connection(*, author: Member, connection: Connection) -> ProbeResult:
    """List one assistant, read it, change one that does not exist, and list the models.

    Nothing changes there. A pause does not stop it, since this call may end the pause. Raises
    `NotAllowed`, and `NotNow` if too many calls over the connection are running.
    """
    check_allowed(author, connection)
    with admission.admitted(connection, admission.TEST):
        return _probe(connection)


def _probe(connection: Connection) -> ProbeResult:
    step = ""
    try:
        gateway = gateway_for(connection)
        page = gateway.list_page(limit=1, deadline=admission.deadline())
        step = "read"
        _read_one(gateway, page)
    except GatewayError as error:
        note_trouble(connection, error)
        return ProbeResult(works=False, error=error, failed=step or _step_of(error))
    admission.count_answer(connection)
    connection.trouble, connection.trouble_since = "", None
    connection.checked_at = timezone.now()
    connection.save(update_fields=["trouble", "trouble_since", "checked_at"])
    found = _change_nobody(gateway)
    try:
        models = tuple(gateway.models(deadline=admission.deadline()))
    except GatewayError:
        return found
    return replace(found, models=models)


def _step_of(error: GatewayError) -> str:
    """Return the step at which listing failed."""
    if error.kind in SIGNING_IN:
        return "sign_in"
    return "reach" if error.kind in BEFORE_AN_ANSWER else "list"


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


def _change_nobody(gateway: Gateway) -> ProbeResult:
    """Send a change without content for an ID that does not exist, as some keys may only read.

    An answer that there is no such assistant, or that the change makes no sense, came from behind
    that check.
    """
    try:
        gateway.modify(NOBODY, {}, deadline=admission.deadline())
    except (AssistantMissing, Refused):
        pass
    except GatewayError as error:
        is_certain = isinstance(error, Unauthorized | NotOffered | EndpointGone)
        return ProbeResult(works=True, error=error, failed="change", is_certain=is_certain)
    return ProbeResult(works=True)
