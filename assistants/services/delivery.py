"""Handing a revision to the gateway: taking the slot before, settling the outcome after."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import Action, NotAllowed, can
from admin_ui.writers import in_any_case
from assistants.definition import Definition
from assistants.gateway import GatewayError, RemoteAssistant
from assistants.models import Assistant, Connection, Outcome, Revision, Status
from assistants.services import feed
from assistants.services.connections.client import note_trouble
from assistants.services.errors import Busy, InDoubt
from assistants.services.ledger.doubt import in_doubt, look_again
from assistants.services.ledger.outcomes import take_effect, take_no_effect
from assistants.services.ledger.reading import newest_outcome
from assistants.services.ledger.record import Author, add_revision, check_note, lock

READ_BACK_SHARE = 0.25
"""Part of `GATEWAY_PUBLISH_DEADLINE` that is kept for finding out what a write in doubt did."""


@dataclass(frozen=True)
class Result:
    """What became of a publish: `unchanged`, or the status of the revision's outcome."""

    status: str
    revision: Revision | None = None
    outcome: Outcome | None = None
    error: GatewayError | None = None
    """Why it was not carried out, where that has only just turned out."""


def check_verb(author: Member, action: Action, *, note: str) -> None:
    """Raise what keeps a verb that writes to a remote from beginning.

    That is `NotAllowed`, `Invalid` for a note that is too long, or a transaction: its rollback
    would erase the record of a call that has been made.
    """
    if not can(author, action):
        raise NotAllowed(action)
    if transaction.get_connection().in_atomic_block:
        raise RuntimeError(
            "a write to a remote inside a transaction would vanish with its rollback"
        )
    check_note(note)


def write_by(deadline: float) -> float:
    """Return when a write has to be over, so that its answer can be doubted before `deadline`.

    Both are `time.monotonic` values.
    """
    reserve: float = settings.GATEWAY_PUBLISH_DEADLINE * READ_BACK_SHARE
    return deadline - reserve


def begin(
    *,
    assistant: Assistant,
    kind: str,
    wanted: Definition,
    live: Definition | None,
    author: Author,
    drafter: User | None,
    note: str,
    written_by: str = "",
    over_doubt: bool = False,
) -> Revision | None:
    """Insert the revision and take the assistant's slot, in one transaction.

    Returns None when somebody else took the slot or changed what is live since `assistant` was
    read: the caller looks again. Raises `InDoubt` while an earlier change may still arrive, unless
    `over_doubt`.
    """
    with transaction.atomic():
        row = lock(assistant.pk)
        if row.slot_id or row.live_id != assistant.live_id or row.state != assistant.state:
            return None
        if not over_doubt and (doubtful := in_doubt(row)):
            raise InDoubt(doubtful)
        revision = add_revision(
            assistant=row,
            kind=kind,
            definition=wanted,
            old=live,
            base=assistant.live,
            author=author,
            drafter=drafter,
            written_by=written_by,
            note=note,
        )
        row.slot = revision
        row.slot_until = timezone.now() + timedelta(seconds=settings.PUBLISH_LEASE_SECONDS)
        row.save(update_fields=["last_number", "last_digest", "slot", "slot_until"])
    return revision


def busy(assistant: Assistant, *, otherwise: str) -> Busy:
    """Return who has the slot of `assistant` now, and until when; `otherwise` where it is free."""
    fresh = Assistant.objects.select_related("slot").get(pk=assistant.pk)
    if fresh.slot is None:
        return Busy(otherwise)
    return Busy(fresh.slot.author_name, fresh.slot_until)


def succeed(
    *, revision: Revision, wanted: Definition, answer: RemoteAssistant, connection: Connection
) -> Result:
    """Record that the revision took effect, unless somebody has settled it in the meantime."""
    with in_any_case(), transaction.atomic():
        row = lock(revision.assistant_id)
        outcome = newest_outcome(revision)
        if not open_to_settle(row, revision, outcome):
            pass
        elif _is_anothers(row, answer):
            outcome = take_no_effect(
                assistant=row, revision=revision, status=Status.UNCONFIRMED, error=None
            )
        else:
            outcome = take_effect(assistant=row, revision=revision, sent=wanted, remote=answer)
    feed.skip(connection=connection, etag=answer.etag)
    return _result(revision, outcome)


def _is_anothers(row: Assistant, answer: RemoteAssistant) -> bool:
    """Return whether the remote answered a create with the id of an assistant we already have."""
    same_id = Assistant.objects.filter(connection_id=row.connection_id, remote_id=answer.id)
    return row.remote_id != answer.id and same_id.exclude(pk=row.pk).exists()


def fail(*, revision: Revision, error: GatewayError, connection: Connection) -> Result:
    """Record that nothing changed: refused by the remote, or never delivered to it."""
    note_trouble(connection, error)
    status = Status.REJECTED if error.kind in REFUSALS else Status.NOT_DELIVERED
    return replace(close(revision=revision, status=status, error=error), error=error)


REFUSALS = frozenset({"refused", "unauthorized", "misconfigured"})


def close(*, revision: Revision, status: str, error: GatewayError | None) -> Result:
    """Free the slot and record that the revision had no (known) effect."""
    with in_any_case(), transaction.atomic():
        row = lock(revision.assistant_id)
        outcome = newest_outcome(revision)
        news = outcome is None or outcome.status != status
        if news and open_to_settle(row, revision, outcome):
            outcome = take_no_effect(assistant=row, revision=revision, status=status, error=error)
        elif status == Status.UNCONFIRMED:
            look_again(row)
    return _result(revision, outcome)


def open_to_settle(row: Assistant, revision: Revision, outcome: Outcome | None) -> bool:
    """Return whether `revision` may still get an outcome: it holds the slot, or was left in doubt
    and nothing has happened to the assistant since (row locked)."""
    if row.slot_id == revision.pk:
        return True
    in_doubt = outcome is None or outcome.status in (Status.UNCONFIRMED, Status.NOT_DELIVERED)
    return in_doubt and row.slot_id is None and row.live_id == revision.base_id


def _result(revision: Revision, outcome: Outcome | None) -> Result:
    if outcome is None:
        raise RuntimeError(f"revision {revision.pk} lost its slot without an outcome")
    return Result(outcome.status, revision, outcome)
