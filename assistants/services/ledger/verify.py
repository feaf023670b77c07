"""Checking that the history is unchanged since it was written."""

from collections.abc import Iterator

from assistants.models import Assistant, Outcome, Revision, text
from assistants.services.ledger.digests import outcome_digest, revision_digest

VERIFIED_AT_ONCE = 200


def verify(*, assistant: Assistant) -> Iterator[str]:
    """Yield a sentence for each altered entry in the assistant's history.

    Recomputes every digest from the content and follows the chain from the first revision to the
    newest. Memory stays bounded whatever the length of the history.
    """
    previous, number = "", 0
    digests: dict[int, str] = {}
    rows = Revision.objects.filter(assistant=assistant).order_by("number")
    for revision in rows.iterator(chunk_size=VERIFIED_AT_ONCE):
        number += 1
        label = f"{assistant.remote_id or assistant.pk} revision {revision.number}"
        if revision.number != number or revision.previous_digest != previous:
            yield f"{label}: the chain is broken before it"
            number = revision.number
        definition = text.join_texts(
            revision.values, revision.texts, text.fetch_texts(revision.texts.values())
        )
        found = revision_digest(
            revision,
            definition=definition,
            base_digest=digests.get(revision.base_id or 0, ""),
        )
        if found != revision.digest:
            yield f"{label}: its content is not what was written"
        previous = digests[revision.pk] = revision.digest
    if previous != assistant.last_digest:
        yield f"{assistant.remote_id or assistant.pk}: its newest revisions are missing"
    yield from _verify_outcomes(assistant, digests)


def _verify_outcomes(assistant: Assistant, digests: dict[int, str]) -> Iterator[str]:
    rows = Outcome.objects.filter(assistant=assistant).order_by("pk")
    for outcome in rows.iterator(chunk_size=VERIFIED_AT_ONCE):
        stored = None
        if outcome.values is not None:
            texts = outcome.texts or {}
            stored = text.join_texts(outcome.values, texts, text.fetch_texts(texts.values()))
        found = outcome_digest(
            outcome,
            revision_digest=digests.get(outcome.revision_id, ""),
            stored=stored,
        )
        if found != outcome.digest:
            yield f"{assistant.remote_id or assistant.pk} outcome {outcome.pk}: altered"
