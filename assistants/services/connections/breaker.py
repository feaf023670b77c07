"""Pausing a connection that does not answer in time. After the pause, one caller tries it.

The state is in the connection's row, so all processes and machines share it. It is written when a
call gets no answer in time, when a trial begins, and at the first answer after that.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from assistants.gateway import (
    ConnectionLost,
    GatewayError,
    ServerTrouble,
    SignInUnanswered,
    TimedOut,
    Unreachable,
)
from assistants.models import Connection
from assistants.models.connections.connection import LONGEST_PAUSE
from assistants.services.errors import NotNow

IN_A_ROW = 3
"""Number of calls in a row without an answer in time that begin a pause."""
FIRST_PAUSE = timedelta(seconds=15)
"""The first pause; each further one is twice as long, up to `LONGEST_PAUSE`."""
TRIAL = timedelta(seconds=60)
"""How long others wait for a trial whose process never reports the result."""
SLOW = 3.0
"""Seconds after which another failure (a broken connection, a 502) counts as a timeout."""


def ask(connection: Connection, *, patient: bool, at_once: bool = False) -> bool:
    """Return whether the next call is the trial after a pause. Raises `NotNow` during a pause.

    Makes no query unless the connection is, or was, paused. The first caller gets the trial.
    `patient` means that it waits longer than a page check does. If only page checks timed out,
    patient callers need not wait for the end of the pause. `at_once` never waits.
    """
    until = connection.paused_until
    if until is None:
        return False
    early = at_once or (patient and not connection.pause_holds_all)
    if connection.next_try is not None and not early:
        raise NotNow(until)
    lease = timezone.now() + TRIAL
    same = Connection.objects.filter(pk=connection.pk, paused_until=until)
    if same.update(paused_until=lease, pause_holds_all=True):
        connection.paused_until, connection.pause_holds_all = lease, True
        return True
    connection.refresh_from_db(fields=["paused_until", "pause_holds_all", "timeouts"])
    if connection.paused_until is not None:
        raise NotNow(connection.paused_until)
    return False


def give_back_trial(connection: Connection) -> None:
    """Give the trial to the next caller, because this one ended without a call or without an answer
    that shows whether the connection works."""
    same = Connection.objects.filter(pk=connection.pk, paused_until=connection.paused_until)
    same.update(paused_until=timezone.now())


def is_timeout(error: GatewayError, seconds: float) -> bool:
    """Return whether a call that failed after `seconds` counts as not answered.

    That is a timeout, no connection, also to the login server, and any other failure that took
    long, since each keeps a web thread busy. A host name that does not exist does not count.
    """
    if isinstance(error, SignInUnanswered) and error.status is None:
        return True
    if isinstance(error, TimedOut) or error.kind == Unreachable.kind or error.status == 504:
        return True
    return isinstance(error, ConnectionLost | ServerTrouble) and seconds >= SLOW


def note_timeout(connection: Connection, *, trial: bool, patient: bool) -> None:
    """Count a call without an answer in time, and pause the connection after too many.

    A call that began before a pause and fails in it does not count.
    """
    with transaction.atomic():
        row = Connection.objects.select_for_update(no_key=True).get(pk=connection.pk)
        if row.next_try is not None and not trial:
            if patient and not row.pause_holds_all:
                Connection.objects.filter(pk=row.pk).update(pause_holds_all=True)
            return
        count = min(row.timeouts + 1, 100)
        until = timezone.now() + pause_after(count) if count >= IN_A_ROW else None
        values = {"timeouts": count, "paused_until": until, "pause_holds_all": patient}
        Connection.objects.filter(pk=row.pk).update(**values)
    for name, value in values.items():
        setattr(connection, name, value)


def note_reply(connection: Connection) -> None:
    """Clear timeouts and pause, since the connection has answered. Writes only if there are any."""
    if connection.timeouts or connection.paused_until is not None:
        values = {"timeouts": 0, "paused_until": None, "pause_holds_all": False}
        Connection.objects.filter(pk=connection.pk).update(**values)
        for name, value in values.items():
            setattr(connection, name, value)


def pause_after(count: int) -> timedelta:
    """Return how long a connection is paused after `count` timeouts in a row."""
    return min(FIRST_PAUSE * (1 << min(count - IN_A_ROW, 10)), LONGEST_PAUSE)
