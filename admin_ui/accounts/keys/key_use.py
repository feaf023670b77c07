"""Records when API keys were used, in a thread that cannot delay or fail a request."""

import logging
import threading
import time
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import OperationalError, connection
from django.utils import timezone

from admin_ui.accounts.models import ApiKey

logger = logging.getLogger(__name__)

KEY_USE_NOTED_EVERY = timedelta(minutes=5)
"""Precision of the time of use: each process records a key at most once in this time."""
GIVE_UP_AT_ONCE = {
    "sqlite": "PRAGMA busy_timeout = 0",
    "postgresql": "SET lock_timeout = '100ms'",
}
"""Makes a connection give up when another one is writing."""


class KeyUses:
    """Records uses in a separate thread, which lives only while there is something to write.

    A busy database loses a record: the next use after `KEY_USE_NOTED_EVERY` tries again.
    """

    def __init__(self) -> None:
        self._tried: dict[int, float] = {}
        self._pending: dict[int, datetime] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def note(self, key: ApiKey) -> None:
        """Record that `key` is used now, unless a record is recent."""
        now, clock, pause = timezone.now(), time.monotonic(), KEY_USE_NOTED_EVERY.total_seconds()
        if key.last_used_at and now - key.last_used_at < KEY_USE_NOTED_EVERY:
            return
        with self._lock:
            if clock - self._tried.get(key.pk, -pause) < pause:
                return
            self._tried[key.pk] = clock
            self._pending[key.pk] = now
            if self._thread is None:
                thread = threading.Thread(target=self._write, name="key-use", daemon=True)
                with suppress(
                    RuntimeError
                ):  # the system has no thread left; the next key tries again
                    thread.start()
                    self._thread = thread

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
        """Forget which keys were recorded."""
        with self._lock:
            self._tried.clear()

    def _write(self) -> None:
        while (batch := self._next()) is not None:
            try:
                _save(batch)
            except OperationalError:
                logger.debug("The use of API keys was not noted: the database is busy.")
            except Exception:
                logger.exception("The use of API keys was not noted.")

    def _next(self) -> dict[int, datetime] | None:
        with self._lock:
            batch, self._pending = self._pending, {}
            if not batch:
                self._thread = None
            return batch or None


def _save(batch: dict[int, datetime]) -> None:
    """Write through this thread's own connection, which waits for no lock."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(GIVE_UP_AT_ONCE[connection.vendor])
        for pk, used_at in batch.items():
            ApiKey.objects.filter(pk=pk).update(last_used_at=used_at)
    finally:
        connection.close()


KEY_USES = KeyUses()
