"""SQLite databases as files: copying, checking, and having one alone."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from admin_ui.databases.contents import NotDone

SQLITE_MAGIC = b"SQLite format 3\0"
"""The first bytes of every SQLite database."""
WAIT_SECONDS = 20.0
"""How long to wait for a lock that a short write holds."""
SOLE_USE_SECONDS = 2.0


def sqlite_file(connection: Any) -> Path:
    """Return the file of the database. Raises `NotDone` when it is missing or in memory."""
    name = str(connection.settings_dict["NAME"])
    path = Path(name)
    if ":memory:" in name or name.startswith("file:") or not path.is_file():
        raise NotDone(f"There is no database file {name}. Check DATA_DIR and DATABASE_URL.")
    return path


def open_sqlite(path: Path, *, wait: float = WAIT_SECONDS) -> sqlite3.Connection:
    """Return a connection to an existing file, without transactions of its own.

    `wait` is in seconds.
    """
    address = f"{path.absolute().as_uri()}?mode=rw"
    return sqlite3.connect(address, uri=True, timeout=wait, isolation_level=None)


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database as it is now, while others write. `target` is an empty file.

    Raises `NotDone` with the reason.
    """
    try:
        with closing(open_sqlite(source)) as old, closing(open_sqlite(target)) as new:
            new.execute("PRAGMA synchronous=OFF")  # the caller writes the whole file out at the end
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")  # one file, with no others beside it
    except sqlite3.Error as error:
        raise NotDone(f"Cannot copy {source} to {target.parent}: {error}.") from error


def check_sqlite(path: Path) -> set[tuple[str, str]]:
    """Check every page and index of a database, and return its applied migrations.

    Raises `NotDone` when the file is damaged, or no database.
    """
    try:
        with closing(open_sqlite(path)) as database:
            found = [row[0] for row in database.execute("PRAGMA integrity_check(5)")]
            if found != ["ok"]:
                raise NotDone(f"The database is damaged: {'; '.join(found)}.")
            table = "SELECT 1 FROM sqlite_master WHERE name = 'django_migrations'"
            if database.execute(table).fetchone() is None:
                return set()
            return set(database.execute("SELECT app, name FROM django_migrations"))
    except sqlite3.Error as error:
        raise NotDone(f"The database is damaged: {error}.") from error


@contextmanager
def sole_use(path: Path) -> Iterator[sqlite3.Connection]:
    """Keep every other process away from a database, and yield a connection to it.

    Close other connections of this process first. Raises `NotDone` while another process has the
    database open.
    """
    with closing(open_sqlite(path, wait=SOLE_USE_SECONDS)) as database:
        try:
            database.execute("PRAGMA locking_mode=EXCLUSIVE")
            database.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise NotDone(
                f"Another process uses {path} ({error}). Stop every server, worker and timer,"
                " then try again."
            ) from error
        try:
            yield database
        finally:
            with suppress(sqlite3.Error):
                database.execute("ROLLBACK")
