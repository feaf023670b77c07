"""Checking that the history is unchanged since it was written, but for recorded erasures."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast

from assistants.definition import Definition
from assistants.models import (
    Assistant,
    Clearance,
    ErasedRow,
    Erasure,
    Outcome,
    RequestStep,
    Revision,
    text,
)
from assistants.services.approving.clearances import (
    clearance_digest,
    clearances_in_order,
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

VERIFIED_AT_ONCE = 200
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
    digests: DigestsByPk = {}
    yield from _verify_revisions(assistant, digests)
    yield from _verify_outcomes(assistant, digests)
    yield from _verify_clearances(assistant, digests)
    yield from _lost_clearances(assistant)
    yield from _past_the_end(assistant)


def _verify_revisions(assistant: Assistant, digests: DigestsByPk) -> Iterator[str]:
    """Check the revisions; fills `digests`."""
    previous, number = "", 0
    known: dict[str, Any] = {}
    label, last = f"{label_in_sentences(assistant)} revision", assistant.last_number
    rows = Revision.objects.filter(assistant=assistant, number__lte=last).order_by("number")
    erased = erased_rows(rows)
    for revision in rows.iterator(chunk_size=VERIFIED_AT_ONCE):
        if revision.number > number + 1:
            yield missing_rows(label, number + 1, revision.number - 1)
        elif revision.previous_digest != previous:
            yield f"{label} {revision.number}: it does not follow the one before"
        number = revision.number
        known = _texts_of(revision, known)
        if _is_altered(revision, known, digests, erased.get(revision.pk)):
            yield f"{label} {number}: its content is not what was written"
        previous = digests[revision.pk] = revision.digest
    if number < last:
        yield missing_rows(label, number + 1, last)
    elif previous != assistant.last_digest:
        yield f"{label} {number}: it is not the one that was added last"


def _texts_of(revision: Revision, known: dict[str, Any]) -> dict[str, Any]:
    """Return the long values of a revision; those of the one before are `known`."""
    wanted = set(revision.texts.values())
    found = {key: known[key] for key in wanted & known.keys()}
    return found | text.fetch_texts(wanted - known.keys())


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


def _verify_outcomes(assistant: Assistant, digests: DigestsByPk) -> Iterator[str]:
    """Check the outcomes. Only the revision that holds the slot may be without one."""
    label, ended = label_in_sentences(assistant), set()
    rows = Outcome.objects.filter(
        assistant=assistant, revision__number__lte=assistant.last_number
    ).order_by("pk")
    erased = erased_rows(rows)
    for outcome in rows.iterator(chunk_size=VERIFIED_AT_ONCE):
        ended.add(outcome.revision_id)
        if _is_altered_outcome(outcome, digests, erased.get(outcome.pk)):
            yield f"{label} outcome {outcome.pk}: its content is not what was written"
    for number, pk in enumerate(digests, 1):
        if pk not in ended and pk != assistant.slot_id:
            yield f"{label} revision {number}: its outcome is missing"


def _is_altered_outcome(outcome: Outcome, digests: DigestsByPk, erased: ErasedRow | None) -> bool:
    stored, texts = None, outcome.texts or {}
    if outcome.values is not None:
        found = text.fetch_texts(texts.values())
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


def _verify_clearances(assistant: Assistant, digests: DigestsByPk) -> Iterator[str]:
    """Check how the changes passed the approval policy, and that people have approved them."""
    rows = clearances_in_order(assistant).filter(revision__number__lte=assistant.last_number)
    erased = erased_rows(rows)
    rows = rows.annotate(
        number=F("revision__number"),
        request_of_round=F("round__change_request"),
        assistant_of_request=F("change_request__assistant"),
    )
    left = rows.iterator(chunk_size=VERIFIED_AT_ONCE)
    while some := list(islice(left, VERIFIED_AT_ONCE)):
        approved = _approvals([row.round_id for row in some if row.round_id])
        for row in some:
            where = f"{label_in_sentences(assistant)} revision {row.number}: its clearance {row.pk}"
            if _is_altered_clearance(row, digests, erased.get(row.pk)):
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


def _approvals(rounds: Sequence[int]) -> set[tuple[int, str]]:
    """Return the names of those who have approved some of these rounds, with the round of each."""
    if not rounds:
        return set()
    steps = RequestStep.objects.filter(round__in=rounds, kind=RequestStep.Kind.APPROVED)
    return set(steps.filter(digest=F("round__digest")).values_list("round", "user_name"))


def _lost_clearances(assistant: Assistant) -> Iterator[str]:
    """Name revisions that ended a change request and have no clearance of it."""
    there = Clearance.objects.filter(
        revision=OuterRef("revision"), change_request=OuterRef("change_request")
    )
    steps = RequestStep.objects.filter(
        change_request__assistant=assistant, revision__number__lte=assistant.last_number
    )
    lost = steps.filter(~Exists(there)).order_by("revision__number")
    for number in lost.values_list("revision__number", flat=True).distinct():
        yield f"{label_in_sentences(assistant)} revision {number}: its clearance is missing"


def _past_the_end(assistant: Assistant) -> Iterator[str]:
    """Name revisions with a number that the assistant has not given."""
    rows = Revision.objects.filter(assistant=assistant, number__gt=assistant.last_number)
    label = f"{label_in_sentences(assistant)} revision"
    numbers = list(rows.order_by("number").values_list("number", flat=True))
    if numbers:  # published meanwhile, as a rule
        end = Assistant.objects.values_list("last_number", flat=True).get(pk=assistant.pk)
        for number in (one for one in numbers if one > end):
            yield f"{label} {number}: it is past the end of the history"


def missing_rows(label: str, first: int, last: int) -> str:
    """Return the sentence for rows that are missing."""
    return f"{label} {first}: missing" if first == last else f"{label}s {first} to {last}: missing"


def erased_rows(rows: QuerySet[Any]) -> dict[int, ErasedRow]:
    """Return what erasures last recorded about these rows of an assistant, by primary key."""
    keys = rows.values(key=Cast("pk", TextField()))
    found = ErasedRow.objects.filter(place=rows.model._meta.db_table)
    return {int(row.key): row for row in found.filter(key__in=keys).order_by("pk")}


def erasure_faults() -> Iterator[str]:
    """Yield a sentence for each erasure that is not as it was recorded."""
    for erasure in Erasure.objects.select_related("end").order_by("pk").iterator(chunk_size=50):
        end = getattr(erasure, "end", None)
        rows = list(erasure.rows.order_by("pk"))
        if end is None or (end.rows, end.digest) != (len(rows), erasure_digest(erasure, rows)):
            yield f"erasure {erasure.pk}: its record was altered"
