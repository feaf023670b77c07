"""What SQLite needs from time to time: its write-ahead log emptied, its statistics refreshed.

The log is the file beside the database that new writes go to first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Model

BRIEF_MILLISECONDS = 250
"""How long upkeep waits for people who are writing."""


def truncate_wal() -> bool:
    """Move the write-ahead log into the database and empty its file, if nobody is using it.

    Returns whether the file is empty now. Waits a quarter of a second for readers and writers, and
    leaves the rest to the next call. On PostgreSQL there is nothing to do.

    Without such calls, `journal_size_limit` (in the settings) shrinks the file to its limit
    with the first writes after the last reader has ended.
    """
    if connection.vendor != "sqlite":
        return True
    with brief_wait(connection), connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, frames, _moved = cursor.fetchone()
    return not busy and frames <= 0


@contextmanager
def brief_wait(connection: Any) -> Iterator[None]:
    """Let SQLite wait only `BRIEF_MILLISECONDS` for a lock. On PostgreSQL this does nothing."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        usual = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {BRIEF_MILLISECONDS}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")


def refresh_statistics(*grown: type[Model]) -> None:
    """Let SQLite count what its indexes hold. Without that, it walks where it could look up.

    It takes about a second for a million rows; nobody can write meanwhile. With models, this
    happens only if the table of one holds twice the rows that it held last time. PostgreSQL does
    all of it unasked.
    """
    if connection.vendor != "sqlite" or (grown and not any(map(_has_grown, grown))):
        return
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _has_grown(model: type[Model]) -> bool:
    table = model._meta.db_table
    if "sqlite_stat1" not in connection.introspection.table_names():
        return True
    with connection.cursor() as cursor:
        counted = "SELECT max(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = %s"
        cursor.execute(counted, [table])
        before = cursor.fetchone()[0] or 0
    newest = model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
    return bool(newest > 2 * before + 1000)
