"""Settling and syncing, one task for each connection."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from admin_ui.audit.budgets import report_due_repeats
from admin_ui.installation.upkeep import refresh_statistics
from admin_ui.tasks.enqueue import (
    LONG,
    PAGE_WAITS,
    STOPPING,
    Later,
    TaskFailed,
    enqueue,
    labelled,
    repeatable,
)
from assistants.models import Assistant, Connection, Job, Revision
from assistants.services.documents.looking import open_changes
from assistants.services.documents.settling import settle_on
from assistants.services.errors import NotNow
from assistants.services.remote.long_doubt import announce_long_doubts
from assistants.services.remote.settle import assistants_in_doubt
from assistants.services.syncing import jobs
from assistants.wording.errors import gateway_error
from assistants.wording.pauses import retry_after


@task()
@repeatable(retries=2)
@labelled(_("Looking for unconfirmed changes"))
def settle_due() -> int:
    """Queue a task for each connection with a change in doubt that is due; returns how many.

    Then tell people of changes that have been in doubt for long.
    """
    report_due_repeats()
    due = {
        pk
        for rows in (assistants_in_doubt(), open_changes())
        for pk in rows.filter(connection__archived_at=None)
        .order_by()
        .values_list("connection_id", flat=True)
        .distinct()
    }
    for pk in (found := sorted(due)):
        enqueue(settle_connection, pk, key=f"settle {pk}")
    announce_long_doubts()
    return len(found)


@task(queue_name=LONG)
@repeatable(retries=2)
@labelled(_("Settling unconfirmed changes"))
def settle_connection(pk: int) -> dict[str, int]:
    """Settle what is in doubt on one connection; returns the counts of `settle_all`."""
    counts = settle_on(connection_pk=pk, stop=STOPPING.is_set)
    if STOPPING.is_set():
        raise Later
    return counts


@task()
@repeatable(retries=2)
@labelled(_("Checking every connection"))
def sync_all() -> int:
    """Queue a sync of every open connection of open workspaces; returns how many there are."""
    report_due_repeats()
    refresh_statistics(Assistant, Revision)  # before the next sync reads what the last one added
    rows = Connection.objects.filter(archived_at=None, workspace__archived_at=None).order_by("pk")
    pks = list(rows.values_list("pk", flat=True))
    for pk in pks:
        enqueue(sync_connection, pk, key=sync_key(pk))
    return len(pks)


@task(queue_name=LONG)
@repeatable(retries=2)
@labelled(_("Checking a connection"))
def sync_connection(pk: int) -> dict[str, int]:
    """Bring in what a connection holds, continuing the job that runs, if any. Returns its counts.

    Ends early, to run again later, when the gateway asks to wait or is paused, and when the worker
    stops.
    """
    rows = Connection.objects.select_related("workspace").filter(archived_at=None)
    connection = rows.filter(pk=pk).first()
    if connection is None:
        return {}
    job = jobs.start(author=None, connection=connection)
    try:
        job = jobs.go_on(job=job, stop=STOPPING.is_set)
    except NotNow as error:
        raise Later(retry_after(error.until)) from error
    if job.status == Job.Status.RUNNING:
        wait = (job.not_before - timezone.now()).total_seconds() if job.not_before else 0.0
        raise Later(max(wait, 0.0))
    if job.status == Job.Status.FAILED:
        raise TaskFailed(f"{connection.workspace} / {connection}: {gateway_error(job.error)}")
    return {name: getattr(job, name) for name in ("seen", "added", "changed", "missing", "calls")}


def sync_key(pk: int) -> str:
    """Return the key of the task that syncs connection `pk`."""
    return f"sync {pk}"


def sync_soon(pk: int) -> None:
    """Queue a sync for which a person waits; if one is queued or running already, that one does."""
    enqueue(sync_connection.using(priority=PAGE_WAITS), pk, key=sync_key(pk))
