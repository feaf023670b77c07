"""A create in doubt: which of the remote's assistants did it make? A person knows best."""

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, NotAllowed, can
from assistants.gateway import RemoteAssistant
from assistants.models import Assistant, Revision
from assistants.services import creation
from assistants.services.connections import REGISTRY, gateway_for
from assistants.services.delivery import Result, succeed
from assistants.services.effect import Kind, State, Status, newest_outcome
from assistants.services.errors import NoTarget
from assistants.services.outside import leased

CREATES = (Kind.CREATE, Kind.RECREATE)


def in_doubt(*, assistant: Assistant, revision: Revision) -> bool:
    """Return whether nobody knows if `revision` has created the assistant.

    Never on the registry: its record says so.
    """
    if revision.kind not in CREATES or assistant.connection.profile == REGISTRY:
        return False
    outcome = newest_outcome(revision)
    unsure = outcome is not None and outcome.status == Status.UNCONFIRMED
    return unsure and assistant.state != State.LIVE and not leased(assistant)


def possible(*, assistant: Assistant, revision: Revision) -> list[RemoteAssistant]:
    """Return the remote assistants that a create in doubt may have made, newest first.

    Empty when it is not in doubt. Raises `GatewayError`.
    """
    if not in_doubt(assistant=assistant, revision=revision):
        return []
    return creation.candidates(
        assistant=assistant,
        gateway=gateway_for(assistant.connection),
        revision=revision,
        wanted=revision.definition,
    )


def claim(*, author: Member, assistant: Assistant, revision: Revision, remote_id: str) -> Result:
    """Say that `remote_id` is what `revision`, a create in doubt, has made: it took effect.

    Raises `NotAllowed`, `GatewayError`, and `NoTarget` when that one is no longer possible.
    """
    if not can(author, Action.PUBLISH):
        raise NotAllowed(Action.PUBLISH)
    for remote in possible(assistant=assistant, revision=revision):
        if remote.id == remote_id:
            return succeed(
                revision=revision,
                wanted=revision.definition,
                answer=remote,
                connection=assistant.connection,
            )
    raise NoTarget
