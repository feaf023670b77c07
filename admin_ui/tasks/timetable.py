"""Recurring tasks: each due time queues its task once, however many workers run.

A time has a number: how many intervals, or days, have passed. The worker that raises the number in
the row queues the task, in the same transaction. After a long sleep that is one task, not one for
each time that was missed. If the clock is put back, the numbers begin again from there.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.base import Task

from admin_ui.tasks.enqueue import enqueue
from admin_ui.tasks.models import Recurring

logger = logging.getLogger(__name__)


def slot_at(when: str, now: datetime) -> int:
    """Return the number of the newest time of `when`: seconds, or a time of day as `HH:MM`."""
    hours, colon, minutes = when.partition(":")
    if not colon:
        return int(now.timestamp() // float(when))
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return (timezone.localtime(now) - offset).date().toordinal()


def entries() -> dict[str, str]:
    """Return `settings.TIMETABLE`, without entries that are not valid; those are logged."""
    found = {}
    for name, when in settings.TIMETABLE.items():
        try:
            task_named(name)
            slot_at(when, timezone.now())
        except (ImportError, ValueError, ZeroDivisionError):
            logger.error("TIMETABLE: %s=%s names no task or no time", name, when)
        else:
            found[name] = when
    return found


def task_named(name: str) -> Task[Any, Any]:
    """Return the recurring task with this name. Raises `ImportError`."""
    task: Task[Any, Any] = import_string(f"{settings.RECURRING_TASKS}.{name}")
    return task


def is_due(slot: int, known: int) -> bool:
    """Return whether a time is due. One earlier by one is of a machine whose clock is behind."""
    return slot > known or slot < known - 1


class Timetable:
    """Queues what is due. It asks the database only when something may be."""

    def __init__(self) -> None:
        self._entries = entries()
        self._known: dict[str, int] = {}

    def tick(self) -> None:
        """Queue a task for each entry that is due."""
        now = timezone.now()
        for name, when in self._entries.items():
            slot = slot_at(when, now)
            if name not in self._known or is_due(slot, self._known[name]):
                self._known[name] = _queue(name, slot, now)


def _queue(name: str, slot: int, now: datetime) -> int:
    """Queue the task of `slot` unless somebody has; returns the number that is known now."""
    Recurring.objects.bulk_create([Recurring(name=name)], ignore_conflicts=True)
    with transaction.atomic():
        row = Recurring.objects.select_for_update().get(name=name)
        if is_due(slot, row.slot):
            row.task_id = enqueue(task_named(name), key=f"recurring {name}")
            row.slot, row.queued_at = slot, now
            row.save()
        return row.slot
