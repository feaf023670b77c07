"""The whole history of a workspace as lines of JSON, with all that its digests cover.

`verifier.py` reads them, and the command `import_history`. A text stands once, before the first row
that holds it, and again after `TEXTS_IN_MEMORY` others: so neither side needs more memory.
"""

import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping

from django.utils import timezone

from admin_ui.accounts.models import Workspace
from admin_ui.display.times import utc
from assistants.models import (
    Assistant,
    Clearance,
    ErasedRow,
    Outcome,
    Revision,
    SealedChain,
    SignedRoot,
    text,
)
from assistants.services.approving.clearances import clearances_in_order
from assistants.services.trust.histories import erased_rows
from assistants.services.trust.root_files import root_values
from assistants.services.trust.verifier import TEXTS_IN_MEMORY, JsonLine

EXPORT_FORMAT = 2
"""The first one has no clearances."""
EXPORTED_AT_ONCE = 100


def history_lines(workspace: Workspace, *, by: str, root: SignedRoot | None) -> Iterator[str]:
    """Yield the lines of the history up to `root`, its newest root, and what was added since.

    `by` is the name of the person who exports it.
    """
    for line in _lines(workspace, by, root):
        yield json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n"


def _lines(workspace: Workspace, by: str, root: SignedRoot | None) -> Iterator[JsonLine]:
    yield {
        "type": "history",
        "format": EXPORT_FORMAT,
        "workspace": workspace.slug,
        "name": workspace.name,
        "exported_at": utc(timezone.now(), "seconds"),
        "exported_by": by,
    }
    last = root.number if root else 0
    roots = SignedRoot.objects.filter(workspace=workspace, number__lte=last).order_by("number")
    for each in roots.iterator(chunk_size=EXPORTED_AT_ONCE):
        yield {"type": "root", **root_values(each)}
    counts = {"assistant": 0, "revision": 0, "outcome": 0, "clearance": 0}
    rows = Assistant.objects.filter(workspace=workspace, last_number__gt=0).order_by("pk")
    for assistant in rows.select_related("connection").iterator(chunk_size=EXPORTED_AT_ONCE):
        for line in _assistant_lines(assistant, last):
            if line["type"] in counts:
                counts[line["type"]] += 1
            yield line
    yield {"type": "end", "counts": counts}


def _assistant_lines(assistant: Assistant, last_root: int) -> Iterator[JsonLine]:
    yield {
        "type": "assistant",
        "name": assistant.name,
        "remote_id": assistant.remote_id,
        "connection": assistant.connection.name,
        "revisions": assistant.last_number,
        "newest": assistant.last_digest,
    }
    texts, numbers = TextsAlready(), {}
    revisions = Revision.objects.filter(assistant=assistant, number__lte=assistant.last_number)
    erased = erased_rows(revisions)
    for revision in revisions.order_by("number").iterator(chunk_size=EXPORTED_AT_ONCE):
        numbers[revision.pk] = revision.number
        yield from texts.lines(revision.texts)
        yield _revision_line(revision, numbers) | _kept(erased.get(revision.pk))
    outcomes = Outcome.objects.filter(assistant=assistant, revision__in=revisions)
    erased = erased_rows(outcomes)
    for outcome in outcomes.order_by("pk").iterator(chunk_size=EXPORTED_AT_ONCE):
        yield from texts.lines(outcome.texts or {})
        yield _outcome_line(outcome, numbers) | _kept(erased.get(outcome.pk))
    passed = clearances_in_order(assistant).filter(revision__in=revisions)
    erased = erased_rows(passed)
    for clearance in passed.iterator(chunk_size=EXPORTED_AT_ONCE):
        yield _clearance_line(clearance, numbers) | _kept(erased.get(clearance.pk))
    seals = SealedChain.objects.filter(assistant=assistant, root__number__lte=last_root)
    for seal in seals.select_related("root").order_by("root__number").iterator():
        yield {"type": "seal", "root": seal.root.number, "position": seal.position, **seal.leaf}


class TextsAlready:
    """The texts that the reader of an assistant's lines still has: the newest in the file."""

    def __init__(self) -> None:
        self._keys: OrderedDict[str, None] = OrderedDict()

    def lines(self, texts: Mapping[str, str]) -> Iterator[JsonLine]:
        """Yield a line for each of these texts that the reader has not."""
        wanted = [key for key in dict.fromkeys(texts.values()) if key not in self._keys]
        found = text.fetch_texts(wanted)
        for key in (key for key in wanted if key in found):
            self._keys[key] = None
            if len(self._keys) > TEXTS_IN_MEMORY:
                self._keys.popitem(last=False)
            yield {"type": "text", "key": key, "value": found[key]}


def _revision_line(revision: Revision, numbers: Mapping[int, int]) -> JsonLine:
    return {
        "type": "revision",
        "number": revision.number,
        "kind": revision.kind,
        "at": utc(revision.created_at, "microseconds"),
        "author": revision.author_name,
        "drafter": revision.drafter_name,
        "note": revision.note,
        "changes": revision.changes,
        "values": revision.values,
        "texts": revision.texts,
        "base": numbers.get(revision.base_id or 0),
        "trace_id": revision.trace_id,
        **_proof(revision),
        "previous": revision.previous_digest,
    }


def _outcome_line(outcome: Outcome, numbers: Mapping[int, int]) -> JsonLine:
    plain = ("status", "version", "values", "texts", "differences", "error", "message", "code")
    return {
        "type": "outcome",
        "revision": numbers.get(outcome.revision_id),
        "at": utc(outcome.created_at, "microseconds"),
        **{name: getattr(outcome, name) for name in (*plain, "param", "request_id")},
        **_proof(outcome),
    }


def _clearance_line(clearance: Clearance, numbers: Mapping[int, int]) -> JsonLine:
    plain = ("kind", "approvers", "reason", "is_own", "fields", "digest")
    return {
        "type": "clearance",
        "revision": numbers.get(clearance.revision_id),
        "at": utc(clearance.created_at, "microseconds"),
        "user": clearance.user_name,
        **{name: getattr(clearance, name) for name in plain},
        "created_at": clearance.created_at.isoformat(),
        **({"is_return": True} if clearance.is_return else {}),
    }


def _kept(erased: ErasedRow | None) -> JsonLine:
    """Return the digests of what was erased from a row, which count in its digest."""
    return {"kept": erased.kept} if erased else {}


def _proof(row: Revision | Outcome) -> JsonLine:
    """Return what a reader needs besides the content to compute the digest of a row."""
    return {
        "created_at": row.created_at.timestamp(),
        "digest": row.digest,
        "format": row.digest_format or 1,
    }
