"""Recording outside changes and removals, and settling what a read of the remote decides."""

from assistants.definition import (
    stored_otherwise,
)
from assistants.gateway import RemoteAssistant
from assistants.models import (
    CREATE_KINDS,
    REMOVAL_KINDS,
    Assistant,
    Kind,
    Revision,
    State,
    Status,
    brief_outcomes,
)
from assistants.services.ledger.doubt import look_again, recent, revisions_in_doubt, unseen
from assistants.services.ledger.outcomes import record_applied, record_no_effect, record_removed
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.record import Author, add_revision
from assistants.services.remote.late import _may_be_on_its_way, has_landed

OUTSIDE = Author("Outside this dashboard")


def settle_slot(row: Assistant, remote: RemoteAssistant) -> None:
    """Settle a publish whose process died, by what the remote holds (row locked)."""
    revision = row.slot
    assert revision is not None
    sent = revision.definition
    if revision.kind not in REMOVAL_KINDS and has_landed(
        live=live_definition(row), wanted=sent, found=remote.definition
    ):
        record_applied(assistant=row, revision=revision, sent=sent, remote=remote)
    else:
        status = unseen(revision, certain=row.connection.is_in_process)
        record_no_effect(assistant=row, revision=revision, status=status, error=None)


def record_outside(
    *, row: Assistant, remote: RemoteAssistant, kind: str, author: Author, trace_id: str = ""
) -> Revision:
    """Record an outside change as the next version (row locked).

    If the remote has only filled in defaults, that is recorded without a warning.
    """
    old = live_definition(row) if row.live_id else None
    quiet = kind == Kind.OUTSIDE and row.state == State.LIVE and not row.trouble
    filled = quiet and old is not None and not stored_otherwise(old, remote.definition)
    revision = add_revision(
        assistant=row,
        kind=kind,
        definition=remote.definition,
        old=old,
        base=row.live,
        author=author,
        trace_id=trace_id,
    )
    settle_doubt(row)
    record_applied(
        assistant=row,
        revision=revision,
        sent=remote.definition,
        remote=remote,
        expected=old if filled else None,
    )
    return revision


def record_missing(*, row: Assistant, author: Author = OUTSIDE, trace_id: str = "") -> None:
    """Record that the remote no longer has the assistant (row locked). Its history stays."""
    if author is OUTSIDE:  # seen by reading; a record of who did it needs no guessing
        if row.is_leased:
            return
        if ours := _removal(row):
            record_removed(assistant=row, revision=ours)
            return
    if row.slot is not None and not row.is_leased:
        record_no_effect(assistant=row, revision=row.slot, status=Status.NOT_DELIVERED, error=None)
    if row.state != State.LIVE:
        return
    settle_doubt(row, certain=True)
    live = live_definition(row)
    revision = add_revision(
        assistant=row,
        kind=Kind.MISSING,
        definition=live,
        old=live,
        base=row.live,
        author=author,
        trace_id=trace_id,
    )
    record_removed(assistant=row, revision=revision)


def _removal(row: Assistant) -> Revision | None:
    """Return our own delete that may have removed the assistant from the remote, if any."""
    if row.slot is not None:
        return row.slot if row.slot.kind == Kind.DELETE else None
    if row.state != State.LIVE:
        return None
    revisions = recent(row)
    outcomes = brief_outcomes(revisions)
    for revision in revisions:
        if revision.kind in CREATE_KINDS:
            break  # before it, another one was meant
        if revision.kind == Kind.DELETE and _may_be_on_its_way(revision, outcomes.get(revision.pk)):
            return revision
    return None


def settle_doubt(row: Assistant, *, certain: bool = False) -> None:
    """Settle changes in doubt after a read of the remote that does not show them (row locked).

    `certain` means that they can no longer arrive, for instance because the assistant is gone.
    """
    if row.doubt_look_at is None:
        return
    trouble = row.trouble
    for revision in revisions_in_doubt(row):
        status = unseen(revision, certain=certain)
        if status == Status.NOT_DELIVERED:
            record_no_effect(assistant=row, revision=revision, status=status, error=None)
    if revisions_in_doubt(row):
        row.trouble = trouble
    look_again(row)
    row.save(update_fields=["trouble"])
