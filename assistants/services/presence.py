"""Who has an editor open. It blocks nobody; a write that fails is let go.

A tab is the name of one open page, `<user's pk>-<random>`, given by the server with the form.
"""

import logging
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from admin_ui.accounts.models import User
from assistants.models import Assistant, Presence

FORGET = timedelta(minutes=5)
"""A page that has been silent for this long is forgotten (not shown: much sooner)."""
PATIENCE = 250
"""Milliseconds to wait for a busy SQLite; a page must not hang for this."""

logger = logging.getLogger(__name__)


def new_tab(user: User) -> str:
    """Return a name for a page that is being opened; only this person can save from it."""
    return f"{user.pk}-{secrets.token_urlsafe(9)}"


def own_tab(user: User, name: str) -> str:
    """Return `name` if it is that of a page opened by `user`, else ""."""
    return name if re.fullmatch(rf"{user.pk}-[\w-]{{1,40}}", name, re.ASCII) else ""


def here(*, user: User, assistant: Assistant, tab: str) -> None:
    """Note that `tab` of `user` has `assistant` open now; a tab of somebody else is ignored."""
    if not own_tab(user, tab):
        return
    now = timezone.now()
    with _best_effort():
        if Presence.objects.filter(tab=tab, assistant=assistant).update(seen_at=now):
            return
        with transaction.atomic():
            Presence.objects.filter(seen_at__lt=now - FORGET).delete()
            Presence.objects.bulk_create(
                [Presence(assistant=assistant, user=user, tab=tab, seen_at=now)],
                update_conflicts=True,
                unique_fields=["tab"],
                update_fields=["assistant", "seen_at"],
            )


def leave(*, user: User, tab: str) -> None:
    """Note that `tab` of `user` was closed; a tab of somebody else is ignored."""
    if own_tab(user, tab):
        with _best_effort():
            Presence.objects.filter(tab=tab).delete()


@contextmanager
def _best_effort() -> Iterator[None]:
    """Let a write go that the database does not take at once."""
    try:
        with _impatient():
            yield
    except DatabaseError:
        logger.debug("Presence was not written.", exc_info=True)


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
