"""What `/healthz` answers: whether people can read and save, and what needs an operator."""

import logging
import os
import threading
import time
from contextlib import suppress

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from admin_ui.installation import warning
from admin_ui.installation.existence import file_of, is_missing
from admin_ui.installation.fitness import missing_migrations
from admin_ui.installation.release import SERIES, misfit, release_of
from admin_ui.installation.warning import warns
from admin_ui.installation.writing import LockHeld, WriteRefused, try_to_write
from admin_ui.request.http import BUSY_SECONDS
from assistants import triggers

logger = logging.getLogger(__name__)

CHECK_SECONDS = 5.0
"""How long a process answers with what it last found out by writing."""
MOST_BUSY_SECONDS = 30.0
"""How long others may hold the lock for writing before that counts as down."""
LOW_SPACE_MEGABYTES = 256


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 while people can read and save, perhaps with `warnings`; 503 with the reason."""
    try:
        problem = _problem_seen()
        if problem is None:
            problem, warnings = LAST_CHECK.result()
    except DatabaseError:
        logger.exception("health check: the database does not answer")
        problem = "database unavailable"
    if problem:
        retry = {"Retry-After": str(BUSY_SECONDS)}
        return JsonResponse({"status": problem}, status=503, headers=retry)
    return JsonResponse({"status": "ok", **({"warnings": warnings} if warnings else {})})


def _problem_seen() -> str | None:
    """Return what reading alone finds out; asked each time."""
    if is_missing(connection):
        logger.error("health check: the file of the database is missing")
        return "the database file is missing: restore it"
    if triggers.missing(connection):
        if missing_migrations(connection):
            return "the database is not migrated: run migrate"
        return "history is not append-only: run migrate"
    return None


class Check:
    """What one process last found out by writing, for `CHECK_SECONDS`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Let the next request find out anew."""
        self._at = float("-inf")
        self._found: tuple[str | None, list[str]] = (None, [])
        self._busy_since: float | None = None

    def result(self) -> tuple[str | None, list[str]]:
        """Return the problem, if there is one, and the warnings. Other threads do not wait."""
        if time.monotonic() - self._at >= CHECK_SECONDS and self._lock.acquire(blocking=False):
            try:
                self._found = self._look()
                self._at = time.monotonic()
            finally:
                self._lock.release()
        return self._found

    def _look(self) -> tuple[str | None, list[str]]:
        release = release_of(connection)
        if reason := misfit(release):
            logger.error("health check: %s", reason)
            return "this release cannot run with the newer database: the log says why", []
        if missing_migrations(connection):
            return "the database is not migrated: run migrate", []
        try:
            try_to_write()
            self._busy_since = None
        except WriteRefused as error:
            return str(error), []
        except LockHeld:
            self._busy_since = self._busy_since or time.monotonic()
            if time.monotonic() - self._busy_since >= MOST_BUSY_SECONDS:
                return "cannot write to the database: another program holds its lock", []
        warnings = []
        if release and release.number > len(SERIES):
            warnings.append("A newer release has migrated the database: update this server.")
        for function in warning.WARNINGS:
            with suppress(DatabaseError):
                warnings += function()
        return None, warnings


LAST_CHECK = Check()


@warns
def low_space() -> list[str]:
    """Warn when the disk of a SQLite database has little space left."""
    path = file_of(connection)
    if path is None:
        return []
    disk = os.statvfs(path.parent)
    if disk.f_bavail * disk.f_frsize >= LOW_SPACE_MEGABYTES * 1024 * 1024:
        return []
    return [f"Less than {LOW_SPACE_MEGABYTES} MB are free on the disk of the database."]
