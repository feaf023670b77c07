"""Freeze windows: those that hold now, and those that come."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from admin_ui.compiled import CompiledQuery
from assistants.models import FreezeWindow

LISTED = 100
ANNOUNCED_BEFORE = timedelta(days=1)
"""How long before a freeze window begins Home says so."""


def _to_come(workspace: int, now: datetime) -> QuerySet[FreezeWindow]:
    rows = FreezeWindow.objects.filter(workspace=workspace, ends_at__gt=now, removed_at=None)
    return rows.order_by("starts_at", "pk")[:LISTED]


_TO_COME = CompiledQuery(_to_come)


def freezes_to_come(workspace: int) -> list[FreezeWindow]:
    """Return the windows that are not over, the first to begin first. One query."""
    return _TO_COME(workspace, timezone.now())


def last_to_hold(windows: Iterable[FreezeWindow], at: datetime) -> FreezeWindow | None:
    """Return the window at whose end something that is due `at` then can be published.

    `windows` begin one after the other. Where one begins before another ends, it is the last.
    """
    found: FreezeWindow | None = None
    for row in windows:
        held_at = found.ends_at if found else at
        if row.starts_at <= held_at < row.ends_at:
            found = row
    return found


def freeze_then(workspace: int, at: datetime) -> FreezeWindow | None:
    """Return `last_to_hold` of a workspace. One query."""
    return last_to_hold(freezes_to_come(workspace), at)


def freeze_in_force(workspace: int) -> FreezeWindow | None:
    """Return the window that holds now; of several the one that ends last. One query."""
    return _holding(freezes_to_come(workspace), timezone.now())


def freeze_soon(workspace: int) -> FreezeWindow | None:
    """Return the window that holds, or that begins within `ANNOUNCED_BEFORE`. One query."""
    now, windows = timezone.now(), freezes_to_come(workspace)
    soon = (row for row in windows if row.starts_at <= now + ANNOUNCED_BEFORE)
    return _holding(windows, now) or next(soon, None)


def _holding(windows: Iterable[FreezeWindow], now: datetime) -> FreezeWindow | None:
    held = [row for row in windows if row.starts_at <= now]
    return max(held, key=lambda row: row.ends_at, default=None)
