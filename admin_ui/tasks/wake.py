"""Waking the task workers when a task is queued, without asking the database all the time."""

import time
from threading import Event
from typing import Any

from django.db import connection

CHANNEL = "assistants_tasks"
LOOK_EVERY = 0.05
"""Seconds between two looks at the version of a SQLite file, which costs no query."""


def wake_workers() -> None:
    """Wake the workers when the transaction commits. On SQLite, they see it unasked."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")


class Waiting:
    """Waits for a queued task, in the main thread of a worker."""

    def __init__(self, stopping: Event) -> None:
        self._stopping = stopping
        self._listens: Any = None
        self._version = 0

    def wait(self, seconds: float) -> None:
        """Return when something may have been queued, when the worker stops, or after `seconds`."""
        connection.ensure_connection()
        wait = self._listen if connection.vendor == "postgresql" else self._watch
        with connection.wrap_database_errors:
            wait(connection.connection, seconds)

    def _listen(self, raw: Any, seconds: float) -> None:
        if self._listens is not raw:  # a new connection, which may have missed something
            raw.execute(f"LISTEN {CHANNEL}")
            self._listens = raw
            return
        next(raw.notifies(timeout=seconds, stop_after=1), None)

    def _watch(self, raw: Any, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self._stopping.is_set() and time.monotonic() < end:
            (version,) = raw.execute("PRAGMA data_version").fetchone()
            if version != self._version:
                self._version = version
                return
            time.sleep(LOOK_EVERY)
