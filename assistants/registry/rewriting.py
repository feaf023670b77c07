"""Changing texts in what the registry keeps, for a text that must not be kept."""

from collections.abc import Callable
from typing import Any

from assistants.registry.models import StoredAssistant, Write, pack, unpack


def rewrite_journal(change: Callable[[Any], Any], *, write: bool) -> int:
    """Change the content in all entries of the journal, or only count those that would change.

    What is in use now stays: see `in_use`.
    """
    changed = 0
    for row in Write.objects.filter(packed__isnull=False).iterator(chunk_size=50):
        old = unpack(row.packed or b"")
        new = change(old)
        if new != old:
            changed += 1
            if write:
                Write.objects.filter(pk=row.pk).update(packed=pack(new))
    return changed


def in_use(change: Callable[[Any], Any]) -> list[str]:
    """Return the IDs of the assistants that `change` would change."""
    rows = StoredAssistant.objects.filter(deleted=False).order_by("pk")
    contents = ((row.public_id, row.content) for row in rows.iterator(chunk_size=50))
    return [public_id for public_id, content in contents if change(content) != content]
