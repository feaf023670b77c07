"""Whether the database is there, in a data folder that has had one."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.signals import request_started
from django.db import connections
from django.db.backends.signals import connection_created

from admin_ui.secrets import marker_of


def remember(connection: Any) -> None:
    """Note in DATA_DIR that an installation exists, and where its database is.

    With PostgreSQL and all secrets in the settings, the folder may be missing; then nothing is
    noted.
    """
    marker, text = marker_of(settings.DATA_DIR), f"{_place(connection)}\n"
    with suppress(OSError):
        if marker.exists() and marker.read_text(encoding="utf-8") == text:
            return
        draft = marker.with_name(f"{marker.name}.{os.getpid()}")
        draft.write_text(text, encoding="utf-8")
        draft.replace(marker)


def loss(connection: Any) -> str | None:
    """Return what to do about a database that vanished, as sentences; None when all is well.

    An empty database counts as vanished. In a new data folder, nothing can have vanished.
    """
    marker = marker_of(settings.DATA_DIR)
    if not marker.exists():
        return None
    if is_missing(connection):
        found = "is missing"
    elif "django_migrations" not in connection.introspection.table_names():
        found = "is empty"
    else:
        return None
    place, earlier = _place(connection), marker.read_text(encoding="utf-8").strip()
    before = "" if earlier == place else f" Before, it was {earlier.removeprefix('The database ')}."
    return (
        f"{place} {found}, but this installation has data.{before} Put the database back, or"
        f" restore a backup. To begin a new installation on purpose, delete the file {marker}."
    )


def is_missing(connection: Any) -> bool:
    """Return whether the database is a SQLite file that does not exist."""
    path = file_of(connection)
    return path is not None and not path.exists()


def file_of(connection: Any) -> Path | None:
    """Return the SQLite file of the database; None on PostgreSQL and in memory."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or ":memory:" in name or name.startswith("file:"):
        return None
    return Path(name)


def watch_files() -> None:
    """Before each request, close connections to a SQLite file that is gone.

    SQLite would go on writing to the deleted file: what people saved would end with the connection.
    """
    connection_created.connect(_note_file, dispatch_uid="installation.note-file")
    request_started.connect(_close_if_gone, dispatch_uid="installation.close-if-gone")


def _note_file(connection: Any, **_kwargs: Any) -> None:
    connection.opened_file = _identity(connection)


def _close_if_gone(**_kwargs: Any) -> None:
    for connection in connections.all(initialized_only=True):
        opened = getattr(connection, "opened_file", None)
        if opened and connection.connection and opened != _identity(connection):
            connection.close()


def _identity(connection: Any) -> tuple[int, int] | None:
    path = file_of(connection)
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _place(connection: Any) -> str:
    path = file_of(connection)
    if path is not None:
        return f"The database {path.absolute()}"
    host = connection.settings_dict["HOST"] or "this machine"
    return f"The database {connection.settings_dict['NAME']} on {host}"
