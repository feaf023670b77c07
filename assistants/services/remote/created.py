"""Finding the assistant that a create in doubt may have made."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice, takewhile

from assistants.definition import Definition, stored_otherwise
from assistants.gateway import (
    Gateway,
    GatewayError,
    RemoteAssistant,
)
from assistants.models import (
    CREATE_KINDS,
    Assistant,
    Kind,
    Outcome,
    Revision,
    Status,
    definition_changes,
)
from assistants.services.connections import admission
from assistants.services.connections.client import REGISTRY, gateway_for, note_answer, note_trouble
from assistants.services.ledger.doubt import revisions_in_doubt, unseen
from assistants.services.ledger.reading import may_have_landed, newest_outcome
from assistants.services.remote import journal
from assistants.services.remote.closing import SendResult, close, succeed

CLOCK_SKEW = 300
"""Seconds by which the remote's clock may be behind ours."""


MOST_CANDIDATES = 100
"""How many remote assistants are considered for a create in doubt."""


HELD_AT_ONCE = 100
"""How many listed assistants are in memory at once, since a remote may list many long ones."""


def adopt(
    *,
    assistant: Assistant,
    revision: Revision,
    wanted: Definition,
    error: GatewayError | None,
    deadline: float | None = None,
) -> SendResult:
    """Look for the assistant that a create in doubt may have made.

    If there is exactly one unknown remote assistant with the same definition, made since the
    attempt, it is the one. If not, the revision stays unconfirmed and a person decides.
    """
    try:
        found = candidates(
            assistant=assistant,
            gateway=gateway_for(assistant.connection),
            revision=revision,
            wanted=wanted,
            deadline=deadline,
        )
    except GatewayError:
        found = []
    if len(found) != 1:
        return close(revision=revision, status=Status.UNCONFIRMED, error=error)
    return succeed(
        revision=revision, wanted=wanted, answer=found[0], connection=assistant.connection
    )


def candidates(
    *,
    assistant: Assistant,
    gateway: Gateway,
    revision: Revision,
    wanted: Definition,
    deadline: float | None = None,
) -> list[RemoteAssistant]:
    """Return the remote assistants that `revision` may have made, newest first.

    At most `MOST_CANDIDATES`. Raises `GatewayError`.
    """
    new = newcomers(assistant=assistant, gateway=gateway, revision=revision, deadline=deadline)
    return unknown(assistant=assistant, among=new, wanted=wanted)


def unknown(
    *, assistant: Assistant, among: Iterable[RemoteAssistant], wanted: Definition
) -> list[RemoteAssistant]:
    """Return the assistants in `among` that hold what was `wanted` and are unknown here."""
    holding = (remote for remote in among if holds_all(remote.definition, wanted))
    fitting = list(islice(holding, MOST_CANDIDATES))
    known = set(
        Assistant.objects.filter(
            connection=assistant.connection, remote_id__in=[remote.id for remote in fitting]
        ).values_list("remote_id", flat=True)
    )
    return [remote for remote in fitting if remote.id not in known]


def newcomers(
    *,
    assistant: Assistant,
    gateway: Gateway,
    revision: Revision,
    deadline: float | None = None,
) -> Iterator[RemoteAssistant]:
    """Yield the remote assistants made since `revision`, by it or by others, newest first.

    While there is one, `revision` may have made it: the remote may have stored it differently, and
    it may even have been brought in since. Reads the list only as far as the caller iterates, and
    may raise `GatewayError` meanwhile.
    """
    since = revision.created_at.timestamp() - CLOCK_SKEW
    listed = takewhile(
        lambda remote: remote.created_at is None or remote.created_at >= since,
        gateway.list_all(deadline=deadline),
    )
    brought_in = Revision.objects.filter(
        kind=Kind.BRING_IN, number=1, created_at__gte=revision.created_at
    )
    rows = Assistant.objects.filter(connection=assistant.connection)
    earlier = rows.exclude(pk__in=brought_in.values("assistant"))
    while found := list(islice(listed, HELD_AT_ONCE)):
        ids = [remote.id for remote in found]
        ours = set(earlier.filter(remote_id__in=ids).values_list("remote_id", flat=True))
        yield from (remote for remote in found if remote.id not in ours)


def holds_all(found: Definition, wanted: Definition) -> bool:
    """Return whether `found` has every field of `wanted` as sent; servers may add defaults."""
    return set(wanted.fields()).isdisjoint(stored_otherwise(wanted, found))


def find_created(*, assistant: Assistant) -> str:
    """Settle a create that is pending past its lease or in doubt; "" if there is none.

    Returns the outcome's status. An assistant that is found is ours, however late. If none is
    found, the create is unconfirmed as long as it may arrive, and then not delivered. Makes a few
    reads and no write. Raises `GatewayError` if they fail: nothing may be created until the answer
    is known.
    Any other pending change of an assistant that is gone was not delivered.
    """
    newest = assistant.slot or definition_changes(assistant).first()
    found = [] if newest is None else [newest]
    found += [revision for revision in revisions_in_doubt(assistant) if revision != newest]
    statuses = [_settle(assistant, revision) for revision in found]
    return next((status for status in statuses if status == Status.APPLIED), (*statuses, "")[0])


def _settle(assistant: Assistant, revision: Revision) -> str:
    outcome = newest_outcome(revision)
    if revision.kind in CREATE_KINDS:
        if outcome is None or may_have_landed(outcome):
            return _settle_create(assistant=assistant, revision=revision, outcome=outcome)
    elif assistant.slot_id == revision.pk:
        return close(revision=revision, status=Status.NOT_DELIVERED, error=None).status
    return ""


def _settle_create(*, assistant: Assistant, revision: Revision, outcome: Outcome | None) -> str:
    connection, wanted = assistant.connection, revision.definition
    try:
        if connection.profile == REGISTRY:
            return _find_in_record(revision=revision, workspace_id=assistant.workspace_id)
        gateway = gateway_for(connection)
        new = newcomers(
            assistant=assistant, gateway=gateway, revision=revision, deadline=admission.deadline()
        )
        newest = list(islice(new, 1))
        found = unknown(assistant=assistant, among=chain(newest, new), wanted=wanted)
    except GatewayError as error:
        note_trouble(connection, error)
        raise
    note_answer(connection)
    if len(found) == 1:
        return succeed(
            revision=revision, wanted=wanted, answer=found[0], connection=connection
        ).status
    if outcome is not None and outcome.status == Status.NOT_DELIVERED:
        return outcome.status
    status = Status.UNCONFIRMED if newest else unseen(revision)
    return close(revision=revision, status=status, error=None).status


def _find_in_record(*, revision: Revision, workspace_id: int) -> str:
    """Settle from the registry's journal: what is not in it was never written."""
    journal.catch_up(workspace_id=workspace_id)
    outcome = newest_outcome(revision)
    if outcome is not None and outcome.status != Status.UNCONFIRMED:
        return outcome.status
    return close(revision=revision, status=Status.NOT_DELIVERED, error=None).status
