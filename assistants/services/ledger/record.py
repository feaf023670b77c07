"""Writing the history: revisions and outcomes, each chained by digest to the previous one.

Every function here runs inside a transaction that locks the assistant's row (`lock_assistant`). So
numbers, versions and digests have no gap, on any number of processes.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise

from admin_ui.accounts.models import User
from assistants.definition import (
    PAGE_LIMITS,
    Definition,
    changed_fields,
    filled_in,
    note_problems,
    quotable,
)
from assistants.diff import summarise
from assistants.gateway import GatewayError
from assistants.models import FILLED_IN, MORE, Assistant, Outcome, Revision, text
from assistants.services.errors import Invalid
from assistants.services.ledger.change_index import index_changes
from assistants.services.ledger.digests import NEWEST_FORMAT, outcome_digest, revision_digest


@dataclass(frozen=True)
class Author:
    """The author of a change: a user, or only a name (an API key, the sync, somebody outside)."""

    name: str
    user: User | None = None

    @classmethod
    def of(cls, user: User) -> "Author":
        return cls(name=str(user), user=user)


def lock_assistant(pk: int) -> Assistant:
    """Return the assistant, with its row locked until the end of the transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("lock() needs a transaction")
    return Assistant.objects.select_for_update(of=("self",)).get(pk=pk)


def plain(value: str, limit: int | None = None) -> str:
    """Return `value` without NUL and lone surrogates, which databases refuse, cut to `limit`."""
    cleaned = value.replace("\x00", "").encode("utf-8", "ignore").decode()
    return cleaned[:limit]


def new_trace_id() -> str:
    return f"aa-{uuid.uuid4().hex}"


def add_revision(
    *,
    assistant: Assistant,
    kind: str,
    definition: Definition,
    old: Definition | None,
    base: Revision | None,
    author: Author,
    drafter: User | None = None,
    written_by: str = "",
    note: str = "",
    trace_id: str = "",
    changes: list[dict[str, Any]] | None = None,
) -> Revision:
    """Insert the next revision of a locked assistant, which the caller then saves.

    `old` is what the change starts from (for the summary); `changes` is the summary of a change
    that is in no definition. `drafter` is the person who wrote the
    draft, if not the author; `written_by` names all of them if a draft was handed over. Raises
    `Invalid` if the note is too long.
    """
    check_note(note)
    other = str(drafter) if drafter and drafter != author.user else ""
    values, texts, bodies = text.split(definition)
    text.keep_texts(bodies, _relatives(texts, old, base))
    revision = Revision(
        assistant=assistant,
        workspace_id=assistant.workspace_id,
        number=assistant.last_number + 1,
        kind=kind,
        values=values,
        texts=texts,
        base=base,
        changes=summarise(old, definition) if changes is None else changes,
        author=author.user,
        author_name=plain(author.name, 200),
        drafter=drafter if drafter and drafter != author.user else None,
        drafter_name=plain(written_by or other, 200),
        note=plain(note),
        trace_id=trace_id or new_trace_id(),
        created_at=timezone.now(),
        previous_digest=assistant.last_digest,
        digest_format=NEWEST_FORMAT,
    )
    revision.digest = revision_digest(
        revision, definition=definition, base_digest=base.digest if base else ""
    )
    revision.save(force_insert=True)
    index_changes([(revision, old, definition)])
    assistant.last_number = revision.number
    assistant.last_digest = revision.digest
    return revision


def _relatives(
    texts: Mapping[str, str], old: Definition | None, base: Revision | None
) -> dict[str, str]:
    """Return the digest of the older value of the same field, by that of each new long value."""
    earlier = {**(base.texts if base else {}), **(old.sources if old else {})}
    return {
        digest: earlier[field]
        for field, digest in texts.items()
        if field in earlier and earlier[field] != digest
    }


def check_note(note: str) -> None:
    """Raise `Invalid` if a note is too long to be kept for good.

    Actions check this first; `add_revision` checks every note again.
    """
    if found := note_problems(note):
        raise Invalid(found)


def add_outcome(
    *,
    revision: Revision,
    status: str,
    version: int | None = None,
    sent: Definition | None = None,
    stored: Definition | None = None,
    expected: Definition | None = None,
    error: GatewayError | None = None,
) -> Outcome:
    """Add the outcome of a revision. `stored` is kept only if it differs from `sent`.

    `expected` is what should be stored: `sent`, unless somebody else's changes came in between.
    """
    outcome = Outcome(
        revision=revision,
        assistant_id=revision.assistant_id,
        status=status,
        version=version,
        created_at=timezone.now(),
        digest_format=NEWEST_FORMAT,
    )
    if stored is not None and sent is not None and stored.digest != sent.digest:
        outcome.values, outcome.texts, bodies = text.split(stored)
        text.keep_texts(bodies, _relatives(outcome.texts, sent, revision))
    expected = expected or sent
    if stored is not None and expected is not None and stored.digest != expected.digest:
        outcome.differences = differences(expected, stored)
    if error is not None:
        outcome.error = error.kind
        outcome.message = plain(error.message or "", 2000)
        outcome.code = plain(error.code or "", 100)
        outcome.param = plain(error.param or "", 300)
        outcome.request_id = plain(error.request_id or "", 200)
    outcome.digest = outcome_digest(
        outcome,
        revision_digest=revision.digest,
        stored=stored if outcome.values is not None else None,
    )
    outcome.save(force_insert=True)
    return outcome


def differences(sent: Definition, stored: Definition) -> list[dict[str, Any]]:
    """Return the fields that the remote stored differently, with both values (shortened).

    At most `PAGE_LIMITS.fields` of them, then `MORE`. Defaults that it filled in are marked as
    `FILLED_IN`.
    """
    names, filled = changed_fields(sent, stored), filled_in(sent, stored)
    found = [
        {
            "field": quotable(name, PAGE_LIMITS.name),
            "sent": shortened(sent.value(name)),
            "stored": shortened(stored.value(name)),
            **(FILLED_IN if name in filled else {}),
        }
        for name in names[: PAGE_LIMITS.fields]
    ]
    left = len(names) - len(found)
    return [*found, {**MORE, "count": left}] if left else found


def shortened(value: Any) -> Any:
    """Return a value short enough for a list: scalars unchanged, others as text up to 300."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Promise):
        value = str(value)
    return plain(value if isinstance(value, str) else json.dumps(value, ensure_ascii=True), 300)
