"""Changing the rows that hold a text, and keeping the digests of what goes."""

from typing import Any

from assistants.definition import Definition
from assistants.models import Clearance, Draft, DraftState, ErasedRow, Erasure, Outcome, Revision
from assistants.models.erasing.erasure import DEFINITION_DIGEST, FIELD_DIGESTS
from assistants.models.text import fetch_texts, join_texts
from assistants.services.approving.clearances import left_of_clearance, reason_digest
from assistants.services.erasing.acts import name_row
from assistants.services.erasing.finding import FoundText
from assistants.services.erasing.places import TEXT_PLACES, Blackened, changes_in
from assistants.services.ledger.digests import (
    NEWEST_FORMAT,
    field_digests,
    left_digest,
    sha256_json,
)
from assistants.triggers import ERASABLE


def rewrite_rows(found: FoundText, erasure: Erasure) -> None:
    """Blackened every row that holds the text. The assistants are locked."""
    new_texts: dict[str, str] = {}
    for place in TEXT_PLACES:
        pks = found.rows[place]
        for change in changes_in(place, found.unwanted, found.texts, pks, new_texts=new_texts):
            row, fields = change.row, set(change.before)
            if place.table in ERASABLE:
                kept, left = _digests(change)
                name_row(erasure, place.table, row.pk, kept=kept, left=left)
            if isinstance(row, Draft | DraftState) and change.touches_definition:
                row.digest = _definition(row.content, row.texts).digest
                fields.add("digest")
            if isinstance(row, Draft):  # an open page learns that its draft was written elsewhere
                row.tab, row.turn = "", 0
                fields.update({"tab", "turn"})
            values = {name: getattr(row, name) for name in fields}
            place.model._default_manager.filter(pk=row.pk).update(**values)


def _digests(change: Blackened) -> tuple[dict[str, Any], str]:
    """Return the digests of what goes from a row, and that of what is left."""
    row, before = change.row, change.before
    if isinstance(row, Clearance):
        return _of_reason(row, before["reason"]), left_of_clearance(row)
    if not isinstance(row, Revision | Outcome):
        return {}, ""
    kept: dict[str, Any] = {
        name: sha256_json(old) for name, old in before.items() if name not in ("values", "texts")
    }
    new = _definition(row.values, row.texts) if row.values is not None else None
    if change.touches_definition and new is not None:
        old = _definition(before.get("values", row.values), before.get("texts", row.texts))
        kept |= _of_definition(row, old, new)
    for earlier in ErasedRow.objects.filter(place=row._meta.db_table, key=str(row.pk)):
        fields = {**kept.get(FIELD_DIGESTS, {}), **earlier.kept.get(FIELD_DIGESTS, {})}
        kept |= earlier.kept | ({FIELD_DIGESTS: fields} if fields else {})
    return kept, left_digest(row, new)


def _of_reason(row: Clearance, before: str) -> dict[str, Any]:
    """Return the digest of the reason as it was written, also if it was erased in part before."""
    earlier = ErasedRow.objects.filter(place=row._meta.db_table, key=str(row.pk)).order_by("pk")
    first = earlier.first()
    return first.kept if first else {"reason": reason_digest(before)}


def _of_definition(row: Revision | Outcome, old: Definition, new: Definition) -> dict[str, Any]:
    if row.digest_format != NEWEST_FORMAT:
        return {DEFINITION_DIGEST: old.digest}
    after = field_digests(new)
    gone = {name: each for name, each in field_digests(old).items() if after.get(name) != each}
    return {FIELD_DIGESTS: gone}


def _definition(values: dict[str, Any], texts: dict[str, str] | None) -> Definition:
    return join_texts(values, texts or {}, fetch_texts((texts or {}).values()))
