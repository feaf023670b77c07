"""How many threads of a process may wait for the database to be written to.

A thread waits 15 to 20 seconds while another process holds SQLite's write lock, or its row on
PostgreSQL. Only some threads may wait, so that the others can answer reads.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

GRACE = 1.0
"""Seconds that a write may take before those who find no place are refused; usual ones take few
milliseconds, and those behind them wait."""

_BEGINS = re.compile(r"\s*BEGIN IMMEDIATE", re.I)
_WRITES = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b|.*\bFOR (?:NO KEY )?UPDATE\b", re.I | re.S
)
_by_key: ContextVar[bool] = ContextVar("by_key", default=False)
_in_any_case: ContextVar[bool] = ContextVar("in_any_case", default=False)


class Writers:
    """The running statements of this process that may be waiting for another write."""

    def __init__(self) -> None:
        self._since: dict[int, float] = {}
        self._numbers = count()
        self._free = threading.Condition()

    @contextmanager
    def place(self, most: int) -> Iterator[None]:
        """Take one of `most` places until the block ends.

        Raises `OperationalError`, with nothing written, when there is none and the oldest writer
        has been at it for longer than `GRACE`.
        """
        number = self._enter(most)
        try:
            yield
        finally:
            with self._free:
                del self._since[number]
                self._free.notify_all()

    @property
    def taken(self) -> int:
        """How many places are taken."""
        with self._free:
            return len(self._since)

    def _enter(self, most: int) -> int:
        with self._free:
            while len(self._since) >= most:
                left = min(self._since.values()) + GRACE - time.monotonic()
                if left <= 0:
                    raise OperationalError("too many are waiting to write to the database")
                self._free.wait(left)
            number = next(self._numbers)
            self._since[number] = time.monotonic()
            return number


WRITERS = Writers()


@contextmanager
def by_key() -> Iterator[None]:
    """Mark this thread as working for an API key until the block ends.

    People get more of the places than API keys do.
    """
    token = _by_key.set(True)
    try:
        yield
    finally:
        _by_key.reset(token)


@contextmanager
def in_any_case() -> Iterator[None]:
    """Let this thread write without a place until the block ends.

    For records of what has already happened, which must not be refused.
    """
    token = _in_any_case.set(True)
    try:
        yield
    finally:
        _in_any_case.reset(token)


def limit() -> None:
    """Let only a part of this process's threads wait to write: half of them for API keys, three
    quarters in all. For the web server; a command has no threads to keep free."""
    connection_created.connect(_watch, dispatch_uid="admin_ui.serving.writers")


def _watch(connection: BaseDatabaseWrapper, **_kwargs: object) -> None:
    if _place_or_execute not in connection.execute_wrappers:
        connection.execute_wrappers.append(_place_or_execute)


def _place_or_execute(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    if _in_any_case.get() or not _may_wait(context["connection"], sql):
        return execute(sql, params, many, context)
    threads = settings.WEB_THREADS
    with WRITERS.place(max(1, threads // 2 if _by_key.get() else threads * 3 // 4)):
        return execute(sql, params, many, context)


def _may_wait(connection: BaseDatabaseWrapper, sql: str) -> bool:
    if connection.vendor == "sqlite":  # a transaction has the lock from its beginning
        return bool(_BEGINS.match(sql) or (not connection.in_atomic_block and _WRITES.match(sql)))
    return bool(_WRITES.match(sql))
