"""Recording what others did to the remote: outside changes, removals, and our own late landings."""

from assistants.definition import (
    Definition,
    changed_fields,
    filled_in,
    same_value,
    stored_otherwise,
)
from assistants.gateway import RemoteAssistant
from assistants.models import Assistant, Kind, Outcome, Revision, State, Status, brief_outcomes
from assistants.services.ledger.doubt import in_doubt, look_again, recent, unseen
from assistants.services.ledger.outcomes import REMOVALS, take_away, take_effect, take_no_effect
from assistants.services.ledger.reading import live_definition, may_have_landed, newest_outcome
from assistants.services.ledger.record import Author, add_revision

TEXTS = ("name", "description", "instructions")


CHANGES = (Kind.EDIT, Kind.RESTORE)
OUTSIDE = Author("Outside this dashboard")


def settle_slot(row: Assistant, remote: RemoteAssistant) -> None:
    """Settle a publish whose process never came back, by what the remote holds (row locked)."""
    revision = row.slot
    assert revision is not None
    sent = revision.definition
    if revision.kind not in REMOVALS and has_landed(
        live=live_definition(row), wanted=sent, found=remote.definition
    ):
        take_effect(assistant=row, revision=revision, sent=sent, remote=remote)
    else:
        status = unseen(revision, certain=row.connection.is_in_process)
        take_no_effect(assistant=row, revision=revision, status=status, error=None)


def record_outside(
    *, row: Assistant, remote: RemoteAssistant, kind: str, author: Author, trace_id: str = ""
) -> Revision:
    """Record a definition that somebody else gave the remote, as the next version (row locked).

    If the remote has only filled in its defaults, that is noted and nobody needs to look.
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
    take_effect(
        assistant=row,
        revision=revision,
        sent=remote.definition,
        remote=remote,
        expected=old if filled else None,
    )
    return revision


def record_missing(*, row: Assistant, author: Author = OUTSIDE, trace_id: str = "") -> None:
    """Record that the remote no longer has the assistant; its history stays (row locked)."""
    if author is OUTSIDE:  # seen by reading; a record of who did it needs no guessing
        if row.is_leased:
            return
        if ours := _removal(row):
            take_away(assistant=row, revision=ours)
            return
    if row.slot is not None and not row.is_leased:
        take_no_effect(assistant=row, revision=row.slot, status=Status.NOT_DELIVERED, error=None)
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
    take_away(assistant=row, revision=revision)


def _removal(row: Assistant) -> Revision | None:
    """Return the delete of ours that may be why the remote no longer has the assistant, if any."""
    if row.slot is not None:
        return row.slot if row.slot.kind == Kind.DELETE else None
    if row.state != State.LIVE:
        return None
    revisions = recent(row)
    outcomes = brief_outcomes(revisions)
    for revision in revisions:
        if revision.kind in (Kind.CREATE, Kind.RECREATE):
            break  # before it, another one was meant
        if revision.kind == Kind.DELETE and _may_be_on_its_way(revision, outcomes.get(revision.pk)):
            return revision
    return None


def _may_be_on_its_way(revision: Revision, outcome: Outcome | None) -> bool:
    if outcome is None or not may_have_landed(outcome):
        return False
    return outcome.status == Status.UNCONFIRMED or revision.may_arrive


def settle_doubt(row: Assistant, *, certain: bool = False) -> None:
    """Settle what is in doubt after a reading of the remote that does not show it (row locked).

    `certain` says that it can no longer arrive, for instance because the assistant is gone.
    """
    if row.doubt_look_at is None:
        return
    trouble = row.trouble
    for revision in in_doubt(row):
        status = unseen(revision, certain=certain)
        if status == Status.NOT_DELIVERED:
            take_no_effect(assistant=row, revision=revision, status=status, error=None)
    if in_doubt(row):
        row.trouble = trouble
    look_again(row)
    row.save(update_fields=["trouble"])


def late_landing(row: Assistant, found: Definition) -> Revision | None:
    """Return the newest revision in doubt that explains how `found` differs from live, if any.

    One whose fields are all there as sent goes before one that was stored otherwise, which counts
    only as long as it may have been on its way. Another text than was sent is somebody's own:
    remotes clamp numbers and fill in defaults, but they write no texts.
    """
    live = live_definition(row) if row.live_id else Definition.parse({})
    stored_otherwise = None
    revisions = recent(row)
    outcomes = brief_outcomes(revisions)
    for revision in revisions:
        outcome = outcomes.get(revision.pk)
        if outcome is None or not may_have_landed(outcome) or revision.kind not in CHANGES:
            continue
        wanted = _on_top_of(live, revision)
        fields = changed_fields(live, wanted)
        if fields and _all_there(fields, live=live, wanted=wanted, found=found):
            return revision
        if stored_otherwise is None and _may_be_on_its_way(revision, outcome):
            theirs = _texts_of_others(live=live, wanted=wanted, found=found)
            if not theirs and has_landed(live=live, wanted=wanted, found=found):
                stored_otherwise = revision
    return stored_otherwise


def _all_there(
    fields: list[str], *, live: Definition, wanted: Definition, found: Definition
) -> bool:
    """Return whether `found` holds what was wanted in these fields, or the default that a remote
    fills in where a field was cleared, unless that was there before."""
    filled = filled_in(wanted, found)
    return all(
        same_value(found.value(name), wanted.value(name))
        or (name in filled and not same_value(found.value(name), live.value(name)))
        for name in fields
    )


def credit(*, row: Assistant, revision: Revision, remote: RemoteAssistant) -> None:
    """Record that `revision` took effect late, on top of what is live now (row locked).

    Where something newer was live, that needs somebody's eye: it is as if from outside.
    """
    live = live_definition(row) if row.live_id else None
    moved = changed_fields(_began(revision), live) if live else []
    replaces = not set(moved).isdisjoint(_fields_sent(revision))
    take_effect(
        assistant=row,
        revision=revision,
        sent=revision.definition,
        remote=remote,
        expected=_on_top_of(live, revision) if live else None,
    )
    if replaces and not row.trouble:
        row.trouble = Assistant.Trouble.ARRIVED_LATE
        row.save(update_fields=["trouble"])


def has_landed(*, live: Definition | None, wanted: Definition, found: Definition) -> bool:
    """Return whether `found` on the remote shows that the step from `live` to `wanted` landed.

    One changed field that reads back as wanted is proof enough, since before it was otherwise.
    Where the remote stores something else than was sent, it is enough that nothing differs from
    `live` but what was sent, unless it is a text. What else differs is noted as stored differently.
    """
    sent = changed_fields(live, wanted)
    moved = changed_fields(live, found)
    if any(same_value(found.value(name), wanted.value(name)) for name in sent):
        return True
    theirs = _texts_of_others(live=live, wanted=wanted, found=found)
    return bool(moved) and set(moved) <= set(sent) and not theirs


def _texts_of_others(*, live: Definition | None, wanted: Definition, found: Definition) -> bool:
    """Return whether `found` holds another text than what was live and what was sent."""
    return any(
        name in TEXTS and not same_value(found.value(name), wanted.value(name))
        for name in changed_fields(live, found)
    )


def _on_top_of(live: Definition, revision: Revision) -> Definition:
    """Return `live` with the fields that `revision` sent."""
    sent = revision.definition
    return live.replace(**{name: sent.value(name) for name in _fields_sent(revision)})


def _fields_sent(revision: Revision) -> list[str]:
    """Return the names of the fields that `revision` changes; `changes` may leave some out."""
    return changed_fields(_began(revision), revision.definition)


def _began(revision: Revision) -> Definition | None:
    """Return what the remote held when `revision` was begun."""
    outcome = newest_outcome(revision.base) if revision.base else None
    return outcome.definition if outcome else None
