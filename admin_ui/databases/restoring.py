"""Putting a backup in the place of the database."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.utils import timezone

from admin_ui.databases.connecting import at_file
from admin_ui.databases.contents import (
    NotDone,
    as_default,
    bring_up_to_date,
    chain_faults,
    has_data,
    require_known,
)
from admin_ui.databases.postgres_tools import (
    POSTGRES_MAGIC,
    check_dump,
    load,
    require_no_others,
)
from admin_ui.databases.sqlite_files import SQLITE_MAGIC, check_sqlite, sole_use

_KINDS = {SQLITE_MAGIC: "sqlite", POSTGRES_MAGIC: "postgresql"}
_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def restore_database(path: Path, *, replace: bool) -> tuple[Path | None, list[str]]:
    """Make the default database what a backup holds, migrated to this code.

    Returns where the earlier SQLite database is now, if there was one, and the faults found in the
    chains of digests. Raises `NotDone`; then the database is as it was. `replace` allows to
    replace a database with data.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    kind = _kind_of(path)
    if kind != connection.vendor:
        raise NotDone(
            f"{path} is a backup of {_NAMES[kind]}, and DATABASE_URL names a database of"
            f" {_NAMES[connection.vendor]}. Restore it there; move_database moves SQLite to"
            " PostgreSQL."
        )
    if kind == "sqlite":
        return _restore_sqlite(connection, path, replace=replace)
    _require_backup(path, path, check_dump)
    require_no_others(connection)
    _refuse_data(connection, replace=replace)
    load(connection, path)
    bring_up_to_date()
    return None, list(chain_faults())


def _kind_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            start = file.read(len(SQLITE_MAGIC))
    except OSError as error:
        raise NotDone(f"Cannot read {path}: {(error.strerror or str(error)).lower()}.") from error
    for magic, kind in _KINDS.items():
        if start.startswith(magic):
            return kind
    raise NotDone(f"{path} is no backup: manage.py backup did not write it, or not all of it.")


def _require_backup(path: Path, copy: Path, check: Callable[[Path], set[tuple[str, str]]]) -> None:
    """Raise `NotDone` when the backup `path`, read from `copy`, cannot become the database."""
    try:
        require_known(check(copy))
    except NotDone as error:
        raise NotDone(f"Nothing was restored from {path}. {error}") from error


def _refuse_data(connection: Any, *, replace: bool) -> None:
    try:
        is_used = has_data(connection)
    except DatabaseError:  # it is damaged, and may have held anything
        is_used = True
    if is_used and not replace:
        raise NotDone(
            "The database holds data already, and nothing was changed. Make a backup of it, then"
            " repeat this with --replace."
        )


def _restore_sqlite(connection: Any, path: Path, *, replace: bool) -> tuple[Path | None, list[str]]:
    database = Path(connection.settings_dict["NAME"])
    is_there = database.is_file() and database.stat().st_size > 0
    if is_there:
        if database.samefile(path):
            raise NotDone(f"{path} is the database itself, not a backup.")
        _refuse_data(connection, replace=replace)
    connection.close()
    try:
        with _copied(path, database.parent) as copy:
            _require_backup(path, copy, check_sqlite)
            with as_default(at_file(connection.settings_dict, copy)):
                bring_up_to_date()
                found = list(chain_faults())
            return _put_in_place(copy, database, is_there=is_there), found
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise NotDone(f"Nothing was restored, in {database.parent}: {reason}.") from error


@contextmanager
def _copied(path: Path, folder: Path) -> Iterator[Path]:
    """Yield a private copy of the backup, beside the database."""
    descriptor, name = tempfile.mkstemp(prefix=".restoring-", suffix=".sqlite3", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as copy, path.open("rb") as file:
            shutil.copyfileobj(file, copy)
            copy.flush()
            os.fsync(copy.fileno())
        yield Path(name)
    finally:
        for end in ("", "-wal", "-shm", "-journal"):
            Path(f"{name}{end}").unlink(missing_ok=True)


def _put_in_place(copy: Path, database: Path, *, is_there: bool) -> Path | None:
    """Put `copy` in the place of the database; returns where the earlier one is now."""
    if not is_there:
        copy.replace(database)
        return None
    aside = database.with_name(f"{database.name}.before-{timezone.now():%Y-%m-%d-%H%M%S}")
    try:
        with sole_use(database) as held:
            held.execute("COMMIT")
            held.execute("PRAGMA journal_mode=DELETE")  # all of it in one file
            held.execute("BEGIN EXCLUSIVE")
            os.link(database, aside)
            copy.replace(database)
    except sqlite3.DatabaseError:  # it is damaged: keep what there is
        for end in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                database.with_name(f"{database.name}{end}").rename(f"{aside}{end}")
        os.link(database, aside)
        copy.replace(database)
    return aside
