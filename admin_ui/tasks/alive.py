"""Which task workers live: they count a beat, and whoever sees it stand still finds them dead.

No clock is compared for that, so a clock that jumps kills nobody. A page only wants to know whether
it may leave work to a worker; for that the time of the last beat will do.
"""

import os
import secrets
import socket
import time
from datetime import timedelta

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
    """Return a name of the processes among which a process ID is unique; "" if unknown."""
    try:
        return f"{socket.gethostname()[:80]} {os.readlink('/proc/self/ns/pid')}"
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


def forget_answer() -> None:
    """Let the next `has_live_worker` of this process ask the database."""
    global _answer  # noqa: PLW0603
    _answer = (0.0, False)


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
            if now - since > DEAD_AFTER or (here and other.place == here and _is_gone(other.pid)):
                gone = TaskWorker.objects.filter(name=other.name, beat=other.beat).delete()
                found = bool(gone[0]) or found
        return found

    def stop(self) -> None:
        TaskWorker.objects.filter(name=self.name).delete()


def _is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
