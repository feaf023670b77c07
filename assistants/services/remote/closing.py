"""Recording the outcome of a change, from the remote's answer or from a read."""

from dataclasses import dataclass, replace

from django.db import transaction

from admin_ui.serving.writers import in_any_case
from assistants.definition import Definition
from assistants.gateway import GatewayError, RemoteAssistant
from assistants.models import Assistant, Connection, Outcome, Revision, Status
from assistants.services.connections.client import note_trouble
from assistants.services.ledger.doubt import look_again
from assistants.services.ledger.outcomes import record_applied, record_no_effect
from assistants.services.ledger.reading import newest_outcome
from assistants.services.ledger.record import lock_assistant
from assistants.services.remote import journal


@dataclass(frozen=True)
class SendResult:
    """The result of a publish: `unchanged`, or the status of the revision's outcome."""

    status: str
    revision: Revision | None = None
    outcome: Outcome | None = None
    error: GatewayError | None = None
    """Why it failed, if that was found out just now."""


def succeed(
    *, revision: Revision, wanted: Definition, answer: RemoteAssistant, connection: Connection
) -> SendResult:
    """Record that the revision took effect, unless it was settled meanwhile."""
    with in_any_case(), transaction.atomic():
        row = lock_assistant(revision.assistant_id)
        outcome = newest_outcome(revision)
        if not open_to_settle(row, revision, outcome):
            pass
        elif _is_anothers(row, answer):
            outcome = record_no_effect(
                assistant=row, revision=revision, status=Status.UNCONFIRMED, error=None
            )
        else:
            outcome = record_applied(assistant=row, revision=revision, sent=wanted, remote=answer)
    journal.skip(connection=connection, etag=answer.etag)
    return _result(revision, outcome)


def _is_anothers(row: Assistant, answer: RemoteAssistant) -> bool:
    """Return whether the remote answered a create with the ID of another assistant that we have."""
    same_id = Assistant.objects.filter(connection_id=row.connection_id, remote_id=answer.id)
    return row.remote_id != answer.id and same_id.exclude(pk=row.pk).exists()


def fail(*, revision: Revision, error: GatewayError, connection: Connection) -> SendResult:
    """Record that nothing changed, because the remote refused or got nothing."""
    note_trouble(connection, error)
    status = Status.REJECTED if error.kind in REFUSALS else Status.NOT_DELIVERED
    return replace(close(revision=revision, status=status, error=error), error=error)


REFUSALS = frozenset({"refused", "unauthorized", "misconfigured"})


def close(*, revision: Revision, status: str, error: GatewayError | None) -> SendResult:
    """Free the slot, and record that the revision had no known effect."""
    with in_any_case(), transaction.atomic():
        row = lock_assistant(revision.assistant_id)
        outcome = newest_outcome(revision)
        news = outcome is None or outcome.status != status
        if news and open_to_settle(row, revision, outcome):
            outcome = record_no_effect(assistant=row, revision=revision, status=status, error=error)
        elif status == Status.UNCONFIRMED:
            look_again(row)
    return _result(revision, outcome)


def open_to_settle(row: Assistant, revision: Revision, outcome: Outcome | None) -> bool:
    """Return whether `revision` may still get an outcome: it holds the slot, or was left in doubt
    and the assistant has not changed since (row locked)."""
    if row.slot_id == revision.pk:
        return True
    in_doubt = outcome is None or outcome.status in (Status.UNCONFIRMED, Status.NOT_DELIVERED)
    return in_doubt and row.slot_id is None and row.live_id == revision.base_id


def _result(revision: Revision, outcome: Outcome | None) -> SendResult:
    if outcome is None:
        raise RuntimeError(f"revision {revision.pk} lost its slot without an outcome")
    return SendResult(outcome.status, revision, outcome)
