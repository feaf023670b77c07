"""Overwriting what a database leaves of deleted bytes in its file."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection

INDEXES = ("assistants_words", "assistants_changed_words")


@contextmanager
def overwrite_bytes() -> Iterator[None]:
    """Let SQLite write zeros over what is deleted meanwhile; rewrite its indexes at the end.

    PostgreSQL reuses the space after its next VACUUM.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete = ON")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for table in INDEXES:
                cursor.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608
            try:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.fetchall()
            except OperationalError:  # others read; a later checkpoint does it
                pass
            cursor.execute("PRAGMA secure_delete = OFF")
