"""Letting a person decide which assistant on the remote a create in doubt has made."""

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, NotAllowed, can
from assistants.gateway import RemoteAssistant
from assistants.models import CREATE_KINDS, Assistant, Revision, State, Status
from assistants.services.connections import admission
from assistants.services.connections.client import REGISTRY, gateway_for
from assistants.services.errors import NoTarget
from assistants.services.ledger.reading import newest_outcome
from assistants.services.remote import created
from assistants.services.remote.closing import SendResult, succeed


def is_create_in_doubt(*, assistant: Assistant, revision: Revision) -> bool:
    """Return whether `revision` is a create in doubt.

    Never on the registry, whose journal is complete.
    """
    if revision.kind not in CREATE_KINDS or assistant.connection.profile == REGISTRY:
        return False
    outcome = newest_outcome(revision)
    unsure = outcome is not None and outcome.status == Status.UNCONFIRMED
    return unsure and assistant.state != State.LIVE and not assistant.is_leased


def possible(*, assistant: Assistant, revision: Revision) -> list[RemoteAssistant]:
    """Return the remote assistants that a create in doubt may have made, newest first.

    Empty if it is not in doubt. It has the short deadline of a page check. Raises `GatewayError`
    and `NotNow`.
    """
    if not is_create_in_doubt(assistant=assistant, revision=revision):
        return []
    with admission.admitted(assistant.connection, admission.CHECK):
        return created.candidates(
            assistant=assistant,
            gateway=gateway_for(assistant.connection),
            revision=revision,
            wanted=revision.definition,
            deadline=admission.deadline(),
        )


def claim_created(
    *, author: Member, assistant: Assistant, revision: Revision, remote_id: str
) -> SendResult:
    """Record that `revision`, a create in doubt, has made `remote_id`: it took effect.

    Raises `NotAllowed` (also without the right to create), `GatewayError`, `NotNow`, and `NoTarget`
    if that assistant can no longer be the one.
    """
    for action in (Action.PUBLISH, Action.CREATE):
        if not can(author, action):
            raise NotAllowed(action)
    with admission.admitted(assistant.connection, admission.ACT):
        remotes = possible(assistant=assistant, revision=revision)
    for remote in remotes:
        if remote.id == remote_id:
            return succeed(
                revision=revision,
                wanted=revision.definition,
                answer=remote,
                connection=assistant.connection,
            )
    raise NoTarget
