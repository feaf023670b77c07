"""Whether the database takes writes: its disk may be full, or it may be read-only."""

import logging
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from admin_ui.installation.models import Release
from admin_ui.installation.upkeep import BRIEF_MILLISECONDS, brief_wait
from admin_ui.serving import writers

logger = logging.getLogger(__name__)

# Codes of SQLite and of PostgreSQL.
_BUSY = {5, 6, "55P03"}
_FULL = {13, "53100"}
_READ_ONLY = {8, "25006"}


class LockHeld(Exception):
    """Somebody else was writing: nothing was found out."""


class WriteRefused(Exception):
    """The database takes no writes; the text says why, without details."""


def try_to_write() -> None:
    """Commit a change of one row. Raises `WriteRefused`, or `LockHeld` after a quarter of a second.

    Only a commit shows a full disk: SQLite takes space for a change when it is committed.
    """
    try:
        with writers.in_any_case(), brief_wait(connection), transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute(f"SET LOCAL lock_timeout = {BRIEF_MILLISECONDS}")
            Release.objects.bulk_create(
                [Release(written_at=timezone.now())],
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=["written_at"],
            )
    except DatabaseError as error:
        if _code_of(error) in _BUSY:
            raise LockHeld from error
        logger.exception("cannot write to the database")
        raise WriteRefused(f"cannot write to the database: {_reason(error)}") from error


def _reason(error: DatabaseError) -> str:
    if _code_of(error) in _FULL:
        return "its disk is full"
    if is_read_only(error):
        return "it is read-only"
    return "the log says why"


def is_read_only(error: BaseException | None) -> bool:
    """Return whether the database refused a write because it takes none at present."""
    return _code_of(error) in _READ_ONLY


def _code_of(error: BaseException | None) -> int | str | None:
    """Return SQLite's primary result code or PostgreSQL's SQLSTATE behind an error of Django."""
    cause: Any = error and error.__cause__
    number = getattr(cause, "sqlite_errorcode", None)
    return getattr(cause, "sqlstate", None) if number is None else number & 0xFF
