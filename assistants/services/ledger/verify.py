"""Checking that the history is unchanged since it was written."""

from collections.abc import Iterator

from assistants.models import Assistant, Outcome, Revision, text
from assistants.services.ledger.digests import outcome_digest, revision_digest

VERIFIED_AT_ONCE = 200
DigestsByPk = dict[int, str]
"""The digest that each revision of an assistant has, by primary key, in their order."""


def label_in_sentences(assistant: Assistant) -> str:
    """Return how a sentence names an assistant: by its ID on the remote, or by ours."""
    return assistant.remote_id or str(assistant.pk)


def verify(*, assistant: Assistant) -> Iterator[str]:
    """Yield a sentence for each altered entry in the assistant's history, as of its row.

    Recomputes every digest from the content and follows the chain from the first revision to the
    newest. What is published meanwhile is not looked at.
    """
    digests: DigestsByPk = {}
    yield from _verify_revisions(assistant, digests)
    yield from _verify_outcomes(assistant, digests)
    yield from _past_the_end(assistant)


def _verify_revisions(assistant: Assistant, digests: DigestsByPk) -> Iterator[str]:
    """Check the revisions; fills `digests`."""
    previous, number = "", 0
    label, last = f"{label_in_sentences(assistant)} revision", assistant.last_number
    rows = Revision.objects.filter(assistant=assistant, number__lte=last).order_by("number")
    for revision in rows.iterator(chunk_size=VERIFIED_AT_ONCE):
        if revision.number > number + 1:
            yield missing_rows(label, number + 1, revision.number - 1)
        elif revision.previous_digest != previous:
            yield f"{label} {revision.number}: it does not follow the one before"
        number = revision.number
        if _found_digest(revision, digests) != revision.digest:
            yield f"{label} {number}: its content is not what was written"
        previous = digests[revision.pk] = revision.digest
    if number < last:
        yield missing_rows(label, number + 1, last)
    elif previous != assistant.last_digest:
        yield f"{label} {number}: it is not the one that was added last"


def _found_digest(revision: Revision, digests: DigestsByPk) -> str:
    """Return the digest of what a revision holds now; empty if one of its texts is missing."""
    texts = text.fetch_texts(revision.texts.values())
    if set(revision.texts.values()) - texts.keys():
        return ""
    definition = text.join_texts(revision.values, revision.texts, texts)
    base = digests.get(revision.base_id or 0, "")
    return revision_digest(revision, definition=definition, base_digest=base)


def _verify_outcomes(assistant: Assistant, digests: DigestsByPk) -> Iterator[str]:
    """Check the outcomes. Only the revision that holds the slot may be without one."""
    label, ended = label_in_sentences(assistant), set()
    rows = Outcome.objects.filter(
        assistant=assistant, revision__number__lte=assistant.last_number
    ).order_by("pk")
    for outcome in rows.iterator(chunk_size=VERIFIED_AT_ONCE):
        ended.add(outcome.revision_id)
        if _found_outcome(outcome, digests) != outcome.digest:
            yield f"{label} outcome {outcome.pk}: its content is not what was written"
    for number, pk in enumerate(digests, 1):
        if pk not in ended and pk != assistant.slot_id:
            yield f"{label} revision {number}: its outcome is missing"


def _found_outcome(outcome: Outcome, digests: DigestsByPk) -> str:
    stored, texts = None, outcome.texts or {}
    if outcome.values is not None:
        found = text.fetch_texts(texts.values())
        if set(texts.values()) - found.keys():
            return ""
        stored = text.join_texts(outcome.values, texts, found)
    changed = digests.get(outcome.revision_id, "")
    return outcome_digest(outcome, revision_digest=changed, stored=stored)


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
