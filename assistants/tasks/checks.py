"""The check behind a page: in the web thread while the gateway is quick, else in a task worker.

A web thread waits `FIRST_LOOK_SECONDS` for an answer. If none comes, a worker waits longer, and the
page asks again until it has the result. For a while, checks of that connection go to it at once.
Without a worker, the web thread checks for `GATEWAY_CHECK_DEADLINE`.
"""

import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from admin_ui.tasks.alive import has_live_worker
from admin_ui.tasks.enqueue import PAGE_WAITS, enqueue, labelled, repeatable
from assistants.gateway import error_of_kind
from assistants.models import Assistant, Connection
from assistants.services.connections.admission import CHECK_IN_TASK, FIRST_LOOK
from assistants.services.remote.page_check import look, recent_check
from assistants.services.remote.settle import Checked, check_remote

SLOW_FOR = 60.0
"""Seconds for which a connection counts as slow after it did not answer a glance."""
RESULT_COUNTS_FOR = timedelta(seconds=60)
"""How long a page may show the result of a task as just checked."""
ASK_AGAIN = ((0.9, 1), (6, 3), (3600, 5))
"""Seconds after which a page asks again, for as long as the task is not older than the first."""
_slow: dict[int, float] = {}


@task(priority=PAGE_WAITS)
@labelled(_("Checking an assistant for an open page"))
@repeatable()
def check_assistant(pk: int) -> dict[str, Any]:
    """Check one assistant with its gateway; returns what `unpack_check` reads."""
    assistant = Assistant.objects.select_related("connection__workspace", "live", "slot").get(pk=pk)
    return pack_check(check_remote(assistant=assistant, errand=CHECK_IN_TASK))


def check_behind(*, assistant: Assistant, afresh: bool, ticket: str) -> tuple[Checked, str]:
    """Check `assistant` for an open page, within about a second if a worker runs.

    Returns what was found and "", or `waiting` and the ticket with which the page asks again.
    """
    connection = assistant.connection
    if connection.is_in_process or not has_live_worker():
        return look(assistant=assistant, afresh=afresh), ""
    if ticket and (found := _result(assistant, ticket)):
        return found
    if connection.next_try is None and not _is_slow(connection):
        checked = look(assistant=assistant, afresh=afresh, errand=FIRST_LOOK)
        if checked.found != "cut":
            return checked, ""
        _slow[connection.pk] = time.monotonic() + SLOW_FOR
    elif connection.next_try is not None or assistant.is_leased:
        return look(assistant=assistant, afresh=afresh), ""
    return _hand_over(assistant, afresh)


def _is_slow(connection: Connection) -> bool:
    """Return whether a glance is no use: it was slow a moment ago, or its next call is a trial."""
    is_slow = time.monotonic() < _slow.get(connection.pk, 0.0)
    return is_slow or connection.paused_until is not None


def _hand_over(assistant: Assistant, afresh: bool) -> tuple[Checked, str]:
    if not afresh and (recent := recent_check(assistant)):
        return recent, ""
    try:
        ticket = enqueue(check_assistant, assistant.pk, key=f"check {assistant.pk}")
    except DatabaseError:  # busy: the page may still be checked here
        return look(assistant=assistant, afresh=afresh), ""
    return _waiting(timezone.now(), ticket)


def _waiting(since: datetime, ticket: UUID) -> tuple[Checked, str]:
    now = timezone.now()
    age = abs(now - since).total_seconds()
    wait = next((wait for longest, wait in ASK_AGAIN if age <= longest), ASK_AGAIN[-1][1])
    return Checked("waiting", now, until=now + timedelta(seconds=wait)), str(ticket)


def _result(assistant: Assistant, ticket: str) -> tuple[Checked, str] | None:
    """Return the result of the task that a page was given, if it is about this assistant."""
    try:
        row = DBTaskResult.objects.filter(pk=ticket, task_path=check_assistant.module_path).first()
    except ValidationError:
        return None
    if row is None or row.args_kwargs["args"] != [assistant.pk]:
        return None
    if row.status == TaskResultStatus.SUCCESSFUL:
        checked = unpack_check(row.return_value)
        return (checked, "") if abs(timezone.now() - checked.at) < RESULT_COUNTS_FOR else None
    if row.status == TaskResultStatus.FAILED:
        return None
    return _waiting(row.enqueued_at, row.pk)


def pack_check(checked: Checked) -> dict[str, Any]:
    """Return a check as JSON, for the result of a task."""
    error = checked.error
    return {
        "found": checked.found,
        "at": checked.at.isoformat(),
        "until": checked.until.isoformat() if checked.until else None,
        "error": error and [error.kind, error.message, error.status, error.retry_after],
    }


def unpack_check(packed: dict[str, Any]) -> Checked:
    """Return the check that `pack_check` has packed."""
    error = None
    if packed["error"]:
        kind, message, status, retry_after = packed["error"]
        error = error_of_kind(kind)(message, status=status, retry_after=retry_after)
    until = datetime.fromisoformat(packed["until"]) if packed["until"] else None
    return Checked(packed["found"], datetime.fromisoformat(packed["at"]), error, until)
