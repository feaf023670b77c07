"""Which task workers live: each counts a beat, and the others bury one whose beat has stopped.

No clock is compared for that, so a clock that jumps kills nobody. A page only wants to know whether
it may leave work to a worker; for that the time of the last beat will do.
"""

import os
import secrets
import time
from datetime import timedelta
from pathlib import Path

from django.db.models import F
from django.utils import timezone

from admin_ui.tasks.enqueue import is_queued
from admin_ui.tasks.models import TaskWorker

BEAT_EVERY = 5.0
DEAD_AFTER = 45.0
"""Seconds without a beat. Longer than a write may wait for a busy database."""
FRESH = timedelta(seconds=30)
REMEMBERED = 5.0
_BEGAN = time.monotonic()
_answer: tuple[float, bool] = (0.0, False)


def this_place() -> str:
    """Return a name for the processes in this `/proc`, until the next boot; "" if unknown."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return ""


def has_live_worker() -> bool:
    """Return whether a task worker was seen lately; each process asks every few seconds."""
    global _answer  # noqa: PLW0603
    if not is_queued():
        return False
    now = time.monotonic()
    if now >= _answer[0]:
        at = timezone.now()
        rows = TaskWorker.objects.filter(seen_at__range=(at - FRESH, at + FRESH))
        _answer = (now + REMEMBERED, rows.exists())
    return _answer[1]


def lacks_worker() -> bool:
    """Return whether tasks wait in the database and no worker takes them.

    A process that has just begun gives a worker that began with it time to appear.
    """
    return (
        is_queued() and time.monotonic() - _BEGAN > FRESH.total_seconds() and not has_live_worker()
    )


class Heart:
    """The row of this worker, and what it knows about the others."""

    def __init__(self) -> None:
        self.name = secrets.token_hex(8)
        self._beat = 0
        self._seen: dict[str, tuple[int, float]] = {}

    def start(self) -> None:
        place, pid = this_place(), os.getpid()
        TaskWorker.objects.create(name=self.name, place=place, pid=pid, seen_at=timezone.now())

    def beat(self) -> bool:
        """Show that this worker lives; False if others have found it dead."""
        mine = TaskWorker.objects.filter(name=self.name)
        return bool(mine.update(beat=F("beat") + 1, seen_at=timezone.now()))

    def bury(self) -> bool:
        """Remove the rows of dead workers. Returns whether there were any."""
        found, now, here = False, time.monotonic(), this_place()
        for other in TaskWorker.objects.exclude(name=self.name):
            beat, since = self._seen.get(other.name, (-1, now))
            if beat != other.beat:
                since = now
            self._seen[other.name] = (other.beat, since)
            is_gone = here == other.place != "" and not Path(f"/proc/{other.pid}").exists()
            if is_gone or now - since > DEAD_AFTER:
                gone = TaskWorker.objects.filter(name=other.name, beat=other.beat).delete()
                found = bool(gone[0]) or found
        return found

    def stop(self) -> None:
        TaskWorker.objects.filter(name=self.name).delete()
