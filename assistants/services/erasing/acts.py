"""The record of what was removed from the history: an erasure, the rows it names, and its end."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from admin_ui.accounts.models import User
from assistants.models import ErasedRow, Erasure, ErasureEnd
from assistants.services.ledger.digests import erasure_digest
from assistants.services.ledger.record import plain


def begin_erasure(kind: str, *, user: User | None, name: str = "", reason: str = "") -> Erasure:
    """Insert an erasure. The same transaction names its rows, changes them and ends it."""
    return Erasure.objects.create(
        kind=kind,
        user=user,
        name=plain(name or str(user), 200),
        reason=reason,
        created_at=timezone.now(),
    )


def name_row(
    erasure: Erasure,
    table: str,
    key: object,
    *,
    kept: Mapping[str, Any] | None = None,
    left: str = "",
) -> None:
    """Let the triggers pass a change of this row, and record the digests of what goes."""
    ErasedRow.objects.create(
        erasure=erasure, place=table, key=str(key), kept=dict(kept or {}), left=left
    )


def end_erasure(erasure: Erasure) -> ErasureEnd:
    """From here on the triggers refuse again what this erasure named."""
    rows = list(erasure.rows.order_by("pk"))
    return ErasureEnd.objects.create(
        erasure=erasure, rows=len(rows), digest=erasure_digest(erasure, rows)
    )
