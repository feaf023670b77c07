"""The digests of the history: what each covers, and in which format.

The first format covers summaries and notes as they are, and the definition as a whole. The second
covers digests of them, and of each field. So a text can be erased, and what is left still proves to
be what was written. No database ID goes into a digest.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from assistants.definition import Definition
from assistants.definition.value import canonical
from assistants.models import ErasedRow, Erasure, Outcome, Revision
from assistants.models.erasing.erasure import DEFINITION_DIGEST, FIELD_DIGESTS

NEWEST_FORMAT = 2
"""The format of new rows. Rows without a number, also those of older servers, have the first."""
Kept = Mapping[str, Any]
"""Digests of what was erased from a row, by what they are of, in place of those of what is left."""


def sha256_json(value: Any) -> str:
    encoded = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(encoded.encode()).hexdigest()


def revision_digest(
    revision: Revision, *, definition: Definition, base_digest: str, kept: Kept | None = None
) -> str:
    """Return the digest of a revision's content and of the digest before it."""
    kept = kept or {}
    said = {
        "number": revision.number,
        "kind": str(revision.kind),
        "base": base_digest,
        "author": revision.author_name,
        "drafter": revision.drafter_name,
        "trace_id": revision.trace_id,
        "created_at": revision.created_at.timestamp(),
        "previous": revision.previous_digest,
    }
    if revision.digest_format != NEWEST_FORMAT:
        whole = kept.get(DEFINITION_DIGEST) or definition.digest
        said |= {DEFINITION_DIGEST: whole, "changes": revision.changes, "note": revision.note}
        return sha256_json(said)
    parts = {name: getattr(revision, name) for name in REVISION_TEXTS}
    fields = field_digests(definition) | kept.get(FIELD_DIGESTS, {})
    return sha256_json(said | _digests(parts, kept) | {"format": 2, FIELD_DIGESTS: fields})


def outcome_digest(
    outcome: Outcome, *, revision_digest: str, stored: Definition | None, kept: Kept | None = None
) -> str:
    """Return the digest of an outcome's content and of its revision."""
    kept = kept or {}
    said = {
        "revision": revision_digest,
        "status": str(outcome.status),
        "version": outcome.version,
        "error": outcome.error,
        "code": outcome.code,
        "request_id": outcome.request_id,
        "created_at": outcome.created_at.timestamp(),
    }
    parts = {name: getattr(outcome, name) for name in OUTCOME_TEXTS}
    if outcome.digest_format != NEWEST_FORMAT:
        whole = (kept.get(DEFINITION_DIGEST) or stored.digest) if stored else ""
        return sha256_json(said | parts | {"stored": whole})
    fields = field_digests(stored) | kept.get(FIELD_DIGESTS, {}) if stored else None
    return sha256_json(said | _digests(parts, kept) | {"format": 2, FIELD_DIGESTS: fields})


REVISION_TEXTS = ("changes", "note")
OUTCOME_TEXTS = ("differences", "message", "param")
"""The columns with texts, beside those of the definition."""


def field_digests(definition: Definition) -> dict[str, str]:
    """Return the SHA-256 of each field that is set, as canonical JSON."""
    return {
        name: hashlib.sha256(canonical(value).encode()).hexdigest()
        for name, value in definition.content().items()
    }


def _digests(parts: Mapping[str, Any], kept: Kept) -> dict[str, str]:
    return {name: kept.get(name) or sha256_json(value) for name, value in parts.items()}


def left_digest(row: Revision | Outcome, definition: Definition | None) -> str:
    """Return the digest of what an erasure leaves of a row with this definition."""
    if isinstance(row, Outcome):
        return outcome_digest(row, revision_digest="", stored=definition)
    return revision_digest(row, definition=definition or Definition.parse({}), base_digest="")


def erasure_digest(erasure: Erasure, rows: Iterable[ErasedRow]) -> str:
    """Return the digest of an erasure and its rows, which the audit log keeps too."""
    return sha256_json(
        {
            "kind": str(erasure.kind),
            "name": erasure.name,
            "reason": erasure.reason,
            "created_at": erasure.created_at.timestamp(),
            "rows": [[row.place, row.key, row.kept, row.left] for row in rows],
        }
    )
