"""Recognising a late change by what it sent."""

from assistants.definition import (
    PROSE,
    Definition,
    changed_fields,
    filled_in,
    same_value,
)
from assistants.gateway import RemoteAssistant
from assistants.models import CHANGE_KINDS, Assistant, Outcome, Revision, Status, brief_outcomes
from assistants.services.ledger.doubt import recent
from assistants.services.ledger.outcomes import record_applied
from assistants.services.ledger.reading import live_definition, may_have_landed, newest_outcome


def _may_be_on_its_way(revision: Revision, outcome: Outcome | None) -> bool:
    if outcome is None or not may_have_landed(outcome):
        return False
    return outcome.status == Status.UNCONFIRMED or revision.may_arrive


def late_landing(row: Assistant, found: Definition) -> Revision | None:
    """Return the newest revision in doubt that explains how `found` differs from live, if any.

    A revision whose fields are all there as sent comes before one that was stored differently,
    which counts only while it may still arrive. A text that differs from what was sent is somebody
    else's: remotes clamp numbers and fill in defaults, but they write no texts.
    """
    live = live_definition(row) if row.live_id else Definition.parse({})
    stored_otherwise = None
    revisions = recent(row)
    outcomes = brief_outcomes(revisions)
    for revision in revisions:
        outcome = outcomes.get(revision.pk)
        if outcome is None or not may_have_landed(outcome) or revision.kind not in CHANGE_KINDS:
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
    """Return whether `found` has the wanted values in these fields. A default that a remote fills
    in for a cleared field counts too, unless it was there before."""
    filled = filled_in(wanted, found)
    return all(
        same_value(found.value(name), wanted.value(name))
        or (name in filled and not same_value(found.value(name), live.value(name)))
        for name in fields
    )


def record_late_arrival(*, row: Assistant, revision: Revision, remote: RemoteAssistant) -> None:
    """Record that `revision` took effect late, on top of what is live now (row locked).

    If it replaced something newer, a person has to look at it, as at an outside change.
    """
    live = live_definition(row) if row.live_id else None
    moved = changed_fields(_began(revision), live) if live else []
    replaces = not set(moved).isdisjoint(_fields_sent(revision))
    record_applied(
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
    """Return whether `found` on the remote shows that the change from `live` to `wanted` arrived.

    One changed field that reads back as wanted is proof, since it had another value before. If the
    remote stored something different, it is enough that only the sent fields differ from `live`,
    and none of them is a text. Other differences are recorded as stored differently.
    """
    sent = changed_fields(live, wanted)
    moved = changed_fields(live, found)
    if any(same_value(found.value(name), wanted.value(name)) for name in sent):
        return True
    theirs = _texts_of_others(live=live, wanted=wanted, found=found)
    return bool(moved) and set(moved) <= set(sent) and not theirs


def _texts_of_others(*, live: Definition | None, wanted: Definition, found: Definition) -> bool:
    """Return whether `found` has a text that differs from what was live and from what was sent."""
    return any(
        name in PROSE and not same_value(found.value(name), wanted.value(name))
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
    """Return what the remote held when `revision` began."""
    outcome = newest_outcome(revision.base) if revision.base else None
    return outcome.definition if outcome else None
