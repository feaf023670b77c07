"""Indexing what was in the history before it could be searched, the newest first."""

from collections.abc import Sequence
from time import monotonic

from django.db import transaction

from assistants.models import ChangedText, Revision
from assistants.selectors.versions import both_sides
from assistants.services.ledger.change_index import index_changes

OLDER_AT_ONCE = 20
"""Revisions whose definitions, and those before them, are in memory at once."""


def index_older_changes(*, seconds: float) -> bool:
    """Index revisions that are older than all in the index, for about `seconds`.

    Returns whether all of them are there now. Safe to repeat, and to run twice at a time.
    """
    until = monotonic() + seconds
    while monotonic() < until:
        oldest = ChangedText.objects.order_by("pk").values_list("pk", flat=True).first()
        rows = Revision.objects.select_related("base").defer("values", "note", "base__note")
        rows = rows if oldest is None else rows.filter(pk__lt=oldest)
        batch = list(rows.order_by("-pk")[:OLDER_AT_ONCE])
        if not batch:
            return True
        with transaction.atomic():
            index_batch(batch)
    return False


def index_batch(batch: Sequence[Revision]) -> None:
    """Index revisions, read with their bases, by what they changed of these."""
    bases = [row.base for row in batch if row.base is not None]
    sides = both_sides([*batch, *bases])
    index_changes(
        (row, sides[row.base.pk].stored if row.base else None, sides[row.pk].sent) for row in batch
    )
