"""Records when something was used, in a thread that cannot delay or fail a request."""

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from math import inf
from typing import Generic, TypeVar

from django.db import OperationalError, connection
from django.utils import timezone

logger = logging.getLogger(__name__)

NOTED_EVERY = timedelta(minutes=5)
"""Each process tries to record one thing at most once in this time."""
GIVE_UP_AT_ONCE = {
    "sqlite": "PRAGMA busy_timeout = 0",
    "postgresql": "SET lock_timeout = '100ms'",
}
"""Makes a connection give up when another one is writing."""


MOST_TRIED = 20_000
"""Things that one process remembers to have tried."""
Used = TypeVar("Used", bound=Hashable)


class BackgroundNotes(ABC, Generic[Used]):
    """Records uses in a separate thread, which lives only while there is something to write.

    A busy database loses a record: the next use after `NOTED_EVERY` tries again.
    """

    name = ""
    """Names the thread."""
    what = ""
    """What is recorded, for the log."""

    def __init__(self) -> None:
        self._tried: dict[Used, float] = {}
        self._pending: dict[Used, datetime] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @abstractmethod
    def save(self, batch: Mapping[Used, datetime]) -> None:
        """Write when each of these was used."""

    def add(self, used: Used) -> None:
        """Record that it is used now, unless this process has tried that lately."""
        now, clock, pause = timezone.now(), time.monotonic(), NOTED_EVERY.total_seconds()
        with self._lock:
            if clock - self._tried.get(used, -pause) < pause:
                return
            if len(self._tried) >= MOST_TRIED:
                self._tried.clear()
            self._tried[used] = clock
            self._pending[used] = now
            if self._thread is None:
                thread = threading.Thread(target=self._write, name=self.name, daemon=True)
                # When the system has no thread left, the next use tries again.
                with suppress(RuntimeError):
                    thread.start()
                    self._thread = thread

    def is_recent(self, used: Used) -> bool:
        """Return whether this process has recorded that use lately, so `add` would do nothing."""
        return time.monotonic() - self._tried.get(used, -inf) < NOTED_EVERY.total_seconds()

    def is_noted(self, used: Used) -> None:
        """Take note that the caller has recorded that use."""
        with self._lock:
            self._tried[used] = time.monotonic()

    def finish(self, timeout: float = 10) -> None:
        """Wait, at most `timeout` seconds, until nothing is left to write."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being written."""
        return self._thread is None

    def clear(self) -> None:
        """Forget what was recorded."""
        with self._lock:
            self._tried.clear()

    def _write(self) -> None:
        while (batch := self._next()) is not None:
            try:
                self._save_without_waiting(batch)
            except OperationalError:
                logger.debug("%s was not noted: the database is busy.", self.what)
            except Exception:
                logger.exception("%s was not noted.", self.what)

    def _next(self) -> dict[Used, datetime] | None:
        with self._lock:
            batch, self._pending = self._pending, {}
            if not batch:
                self._thread = None
            return batch or None

    def _save_without_waiting(self, batch: Mapping[Used, datetime]) -> None:
        """Write through this thread's own connection, which waits for no lock."""
        try:
            with connection.cursor() as cursor:
                cursor.execute(GIVE_UP_AT_ONCE[connection.vendor])
            self.save(batch)
        finally:
            connection.close()
