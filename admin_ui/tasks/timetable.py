"""Recurring tasks: each due time queues its task once, however many workers run.

A time has a number: how many intervals, or days, have passed. The worker that raises the number in
the row queues the task, in the same transaction. After a long sleep that is one task, not one for
each time that was missed. If the clock is put back, the numbers begin again from there.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from admin_ui.tasks.enqueue import enqueue
from admin_ui.tasks.models import Recurring


def slot_at(when: str, now: datetime) -> int:
    """Return the number of the newest time of `when`: seconds, or a time of day as `HH:MM`."""
    hours, colon, minutes = when.partition(":")
    if not colon:
        return int(now.timestamp() // float(when))
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return (timezone.localtime(now) - offset).date().toordinal()


def is_due(slot: int, known: int) -> bool:
    """Return whether a time is due. One earlier by one is of a machine whose clock is behind."""
    return slot > known or slot < known - 1


class Timetable:
    """Queues what is due. It asks the database only when something may be."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def tick(self) -> None:
        """Queue a task for each entry of `settings.TIMETABLE` that is due."""
        now = timezone.now()
        for name, when in settings.TIMETABLE.items():
            slot = slot_at(when, now)
            if name not in self._known or is_due(slot, self._known[name]):
                self._known[name] = _queue(name, slot, now)


def _queue(name: str, slot: int, now: datetime) -> int:
    """Queue the task of `slot` unless somebody has; returns the number that is known now."""
    Recurring.objects.bulk_create([Recurring(name=name)], ignore_conflicts=True)
    with transaction.atomic():
        row = Recurring.objects.select_for_update().get(name=name)
        if is_due(slot, row.slot):
            task = import_string(f"{settings.RECURRING_TASKS}.{name}")
            row.task_id = enqueue(task, key=f"recurring {name}")
            row.slot, row.queued_at = slot, now
            row.save()
        return row.slot
