"""Optional writes of a page that is being read. They do not wait, and may be skipped."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

PATIENCE = 250
"""Milliseconds to wait for a busy SQLite; a page must not hang for this."""

logger = logging.getLogger(__name__)


@contextmanager
def best_effort(what: str) -> Iterator[None]:
    """Skip a write that the database does not accept at once; `what` names it in the log.

    Do not use it inside a transaction that continues.
    """
    try:
        with _impatient():
            yield
    except DatabaseError:
        logger.debug("%s was not written.", what, exc_info=True)


@contextmanager
def _impatient() -> Iterator[None]:
    """Wait at most `PATIENCE` for a busy SQLite."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    database = connection.connection
    (before,) = database.execute("PRAGMA busy_timeout").fetchone()
    database.execute(f"PRAGMA busy_timeout = {PATIENCE}")
    try:
        yield
    finally:
        database.execute(f"PRAGMA busy_timeout = {before}")
