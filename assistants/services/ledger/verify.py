"""Checking that the history is unchanged since it was written, but for recorded erasures."""

from collections.abc import Iterator, Sequence
from typing import Any

from assistants.definition import Definition
from assistants.models import (
    Assistant,
    Clearance,
    ErasedRow,
    Erasure,
    Outcome,
    Revision,
    text,
)
from assistants.services.approving.clearances import (
    clearance_digest,
    left_of_clearance,
)
from assistants.services.ledger.digests import (
    NEWEST_FORMAT,
    OUTCOME_TEXTS,
    REVISION_TEXTS,
    erasure_digest,
    left_digest,
    outcome_digest,
    revision_digest,
)
from assistants.services.trust.histories import Histories

DigestsByPk = dict[int, str]
"""The digest that each revision of an assistant has, by primary key, in their order."""


def label_in_sentences(assistant: Assistant) -> str:
    """Return how a sentence names an assistant: by its ID on the remote, or by ours."""
    return assistant.remote_id or str(assistant.pk)


def verify(*, assistant: Assistant) -> Iterator[str]:
    """Yield a sentence for each altered entry in the assistant's history, as of its row.

    Recomputes every digest from the content and follows the chain from the first revision to the
    newest. Of what was erased, the digests count that the erasure kept. What is published meanwhile
    is not looked at.
    """
    yield from _faults(assistant, Histories([assistant.pk]))


def verify_each(assistants: Sequence[Assistant]) -> Iterator[tuple[Assistant, Iterator[str]]]:
    """Yield each of the assistants, in the order of their keys, with what `verify` yields of it.

    What looks altered is read again: a text may have been erased since the rows of all were.
    """
    histories = Histories(assistant.pk for assistant in assistants)
    for assistant in assistants:
        is_altered = any(_faults(assistant, histories))
        yield assistant, verify(assistant=assistant) if is_altered else iter(())


def _faults(assistant: Assistant, histories: Histories) -> Iterator[str]:
    digests: DigestsByPk = {}
    past_the_end: list[int] = []
    yield from _verify_revisions(assistant, histories, digests, past_the_end)
    yield from _verify_outcomes(assistant, histories, digests)
    yield from _verify_clearances(assistant, histories, digests)
    for number in histories.lost_clearances.of(assistant):
        if number <= assistant.last_number:
            yield f"{label_in_sentences(assistant)} revision {number}: its clearance is missing"
    yield from _past_the_end(assistant, past_the_end)


def _verify_revisions(
    assistant: Assistant, histories: Histories, digests: DigestsByPk, past_the_end: list[int]
) -> Iterator[str]:
    """Check the revisions; fills `digests`, and `past_the_end` with the numbers of later ones."""
    previous, number = "", 0
    label, last = f"{label_in_sentences(assistant)} revision", assistant.last_number
    for revision, texts, erased in histories.revisions.of(assistant):
        if revision.number > last:
            past_the_end.append(revision.number)
            continue
        if revision.number > number + 1:
            yield missing_rows(label, number + 1, revision.number - 1)
        elif revision.previous_digest != previous:
            yield f"{label} {revision.number}: it does not follow the one before"
        number = revision.number
        if _is_altered(revision, texts, digests, erased):
            yield f"{label} {number}: its content is not what was written"
        previous = digests[revision.pk] = revision.digest
    if number < last:
        yield missing_rows(label, number + 1, last)
    elif previous != assistant.last_digest:
        yield f"{label} {number}: it is not the one that was added last"


def _is_altered(
    revision: Revision, texts: dict[str, Any], digests: DigestsByPk, erased: ErasedRow | None
) -> bool:
    if set(revision.texts.values()) - texts.keys():
        return True
    definition = text.join_texts(revision.values, revision.texts, texts)
    found = revision_digest(
        revision,
        definition=definition,
        base_digest=digests.get(revision.base_id or 0, ""),
        kept=erased.kept if erased else None,
    )
    return _differs(revision, found, erased, definition)


def _differs(
    row: Revision | Outcome, found: str, erased: ErasedRow | None, definition: Definition | None
) -> bool:
    """Return whether a row is other than it was written, or than an erasure left it.

    Of the first format, where a digest covers texts that were erased, only the latter is known.
    """
    if erased is None:
        return found != row.digest
    lost = {*REVISION_TEXTS, *OUTCOME_TEXTS} & erased.kept.keys()
    is_known = row.digest_format == NEWEST_FORMAT or not lost
    return (is_known and found != row.digest) or left_digest(row, definition) != erased.left


def _verify_outcomes(
    assistant: Assistant, histories: Histories, digests: DigestsByPk
) -> Iterator[str]:
    """Check the outcomes. Only the revision that holds the slot may be without one."""
    label, ended = label_in_sentences(assistant), set()
    for outcome, texts, erased in histories.outcomes.of(assistant):
        if outcome.number > assistant.last_number:  # type: ignore[attr-defined]
            continue
        ended.add(outcome.revision_id)
        if _is_altered_outcome(outcome, texts, digests, erased):
            yield f"{label} outcome {outcome.pk}: its content is not what was written"
    for number, pk in enumerate(digests, 1):
        if pk not in ended and pk != assistant.slot_id:
            yield f"{label} revision {number}: its outcome is missing"


def _is_altered_outcome(
    outcome: Outcome, found: dict[str, Any], digests: DigestsByPk, erased: ErasedRow | None
) -> bool:
    stored, texts = None, outcome.texts or {}
    if outcome.values is not None:
        if set(texts.values()) - found.keys():
            return True
        stored = text.join_texts(outcome.values, texts, found)
    digest = outcome_digest(
        outcome,
        revision_digest=digests.get(outcome.revision_id, ""),
        stored=stored,
        kept=erased.kept if erased else None,
    )
    return _differs(outcome, digest, erased, stored)


def _verify_clearances(
    assistant: Assistant, histories: Histories, digests: DigestsByPk
) -> Iterator[str]:
    """Check how the changes passed the approval policy, and that people have approved them."""
    for row, approved, erased in histories.clearances.of(assistant):
        if row.number > assistant.last_number:
            continue
        where = f"{label_in_sentences(assistant)} revision {row.number}: its clearance {row.pk}"
        if _is_altered_clearance(row, digests, erased):
            yield f"{where} is not what was written for it"
        on = assistant.pk if row.change_request_id else None
        if (row.request_of_round, row.assistant_of_request) != (row.change_request_id, on):
            yield f"{where} has a round of something else"
        names = row.approvers if row.round_id else ()
        for name in (name for name in names if (row.round_id, name) not in approved):
            yield f"{where} names {name}, who has not approved its round"


def _is_altered_clearance(row: Clearance, digests: DigestsByPk, erased: ErasedRow | None) -> bool:
    kept = erased.kept if erased else None
    if clearance_digest(row, digests.get(row.revision_id, ""), kept=kept) != row.digest:
        return True
    return erased is not None and left_of_clearance(row) != erased.left


def _past_the_end(assistant: Assistant, numbers: Sequence[int]) -> Iterator[str]:
    """Name those of these revisions whose number the assistant has not given."""
    label = f"{label_in_sentences(assistant)} revision"
    if numbers:  # published meanwhile, as a rule
        end = Assistant.objects.values_list("last_number", flat=True).get(pk=assistant.pk)
        for number in (one for one in numbers if one > end):
            yield f"{label} {number}: it is past the end of the history"


def missing_rows(label: str, first: int, last: int) -> str:
    """Return the sentence for rows that are missing."""
    return f"{label} {first}: missing" if first == last else f"{label}s {first} to {last}: missing"


def erasure_faults() -> Iterator[str]:
    """Yield a sentence for each erasure that is not as it was recorded."""
    for erasure in Erasure.objects.select_related("end").order_by("pk").iterator(chunk_size=50):
        end = getattr(erasure, "end", None)
        rows = list(erasure.rows.order_by("pk"))
        if end is None or (end.rows, end.digest) != (len(rows), erasure_digest(erasure, rows)):
            yield f"erasure {erasure.pk}: its record was altered"
