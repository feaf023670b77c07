"""Changing texts in what people were told, for a text that must not be kept."""

from collections.abc import Callable
from typing import Any

from admin_ui.notices.announcing import LONGEST_SUBJECT
from admin_ui.notices.models import Happening


def rewrite_happenings(change: Callable[[Any], Any], *, write: bool) -> int:
    """Change names and titles in all happenings, or only count those that would change."""
    changed = 0
    rows = Happening.objects.only("subject", "details")
    for row in rows.iterator(chunk_size=500):
        new = {"subject": change(row.subject), "details": change(row.details)}
        if new != {"subject": row.subject, "details": row.details}:
            changed += 1
            if write:
                new["subject"] = new["subject"][:LONGEST_SUBJECT]
                Happening.objects.filter(pk=row.pk).update(**new)
    return changed
