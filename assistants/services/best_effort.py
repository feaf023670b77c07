"""Notes that a page makes while it is being read: they wait for nobody, and may be let go."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

PATIENCE = 250
"""Milliseconds to wait for a busy SQLite; a page must not hang for this."""

logger = logging.getLogger(__name__)


@contextmanager
def best_effort(what: str) -> Iterator[None]:
    """Let a write go that the database does not take at once; `what` names it in the log.

    Not for use inside a transaction that goes on.
    """
    try:
        with _impatient():
            yield
    except DatabaseError:
        logger.debug("%s was not written.", what, exc_info=True)


@contextmanager
def _impatient() -> Iterator[None]:
    """Wait for a busy SQLite only `PATIENCE` long."""
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
