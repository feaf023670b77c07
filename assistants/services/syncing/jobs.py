"""Bringing in what a connection holds, as a job of small steps that can be left and resumed.

A job reads the list page by page. Then it reads each of our assistants that the list did not name,
because only that proves it gone. The holder of the job's lease does the next step.
"""

import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action
from assistants.gateway import (
    MOST_LISTED,
    EndlessList,
    EndpointGone,
    GatewayError,
    Refused,
    Tally,
    UnexpectedAnswer,
    counted,
)
from assistants.models import Connection, Job
from assistants.services.connections import admission
from assistants.services.connections.client import REGISTRY, gateway_for, note_answer, note_trouble
from assistants.services.connections.saving import check_allowed
from assistants.services.errors import ConnectionArchived, NotNow
from assistants.services.ledger.record import new_trace_id
from assistants.services.remote import journal
from assistants.services.syncing.lease import JobStep, TakenOver, fresh, hold_off, take_lease
from assistants.services.syncing.mirror import look_at_unnamed, take_in

LISTED_AT_ONCE = 100
JOBS_KEPT_FOR = timedelta(days=30)
SYNC_PATIENCE = 900.0
"""Seconds that `sync` waits in all at the request of gateways."""
USUAL_WAIT = 30.0
LONGEST_ASKED_WAIT = 600.0
WAITS = 6
"""How many times in a row a job waits before it gives up."""
LONGEST_PACE = 1.0
JobStatus = Job.Status


def start(*, author: Member | None, connection: Connection) -> Job:
    """Start bringing in what `connection` holds, or return the job that already does.

    `author` is None for the sync command. Raises `NotAllowed` and `ConnectionArchived`.
    """
    if author is not None:
        check_allowed(author, connection, Action.BRING_IN)
    if connection.archived_at is not None:
        raise ConnectionArchived
    jobs = Job.objects.filter(connection=connection)
    try:
        with transaction.atomic():
            if running := jobs.filter(status=JobStatus.RUNNING).first():
                return running
            old_jobs().filter(connection=connection).delete()
            return Job.objects.create(
                workspace_id=connection.workspace_id,
                connection=connection,
                trace_id=new_trace_id(),
                started_by=author.user if author else None,
            )
    except IntegrityError:  # somebody else has begun in this moment
        return jobs.latest("pk")


def old_jobs() -> QuerySet[Job]:
    """Return the jobs that ended too long ago to be kept."""
    return Job.objects.filter(finished_at__lt=timezone.now() - JOBS_KEPT_FOR)


def step(*, job: Job, paced: bool = False) -> Job:
    """Do the next step of a running job, and return the updated job.

    Makes at most one list call and a few reads of single assistants. While somebody else holds the
    lease, or the gateway has asked to wait, it does nothing. `paced` delays the next step for as
    long as this one kept a remote busy. A gateway that fails stops the job, with a reason; a new
    job starts from the beginning, which is safe. Raises `NotNow` if the connection accepts no
    calls at the moment; the job does not change.
    """
    try:
        with admission.admitted(job.connection, admission.STEP):
            return _step(job, paced=paced)
    except NotNow:
        hold_off(job)
        raise


def _step(job: Job, *, paced: bool) -> Job:
    current = take_lease(job)
    if current is None:
        return fresh(job.pk)
    job = current.job
    before = job.seen_pks
    with counted() as tally:
        try:
            _do_step(current)
            job.waits = 0
        except TakenOver:
            return fresh(job.pk)
        except GatewayError as error:
            job.waits = job.waits if job.seen_pks == before else 0
            _wait_or_stop(job, error)
        except BaseException:
            current.end()
            raise
    job.calls += tally.calls
    return current.end(pause=_pace(job, tally) if paced else 0.0)


def _do_step(current: JobStep) -> None:
    job = current.job
    job.not_before = None
    is_listed = job.pages > 0 and not job.cursor
    if (is_listed or _read_page(current)) and look_at_unnamed(current):
        now = timezone.now()
        job.status, job.finished_at, job.error, job.seen_pks = JobStatus.DONE, now, "", []
        # What failed failed for single assistants: the connection itself has answered.
        Connection.objects.filter(pk=job.connection_id).update(
            checked_at=now, trouble="", trouble_since=None
        )


def _read_page(current: JobStep) -> bool:
    """Read the next page of the list and compare it. Returns whether the list is complete."""
    job, connection = current.job, current.job.connection
    if connection.profile == REGISTRY and not job.cursor:
        journal.pull(workspace_id=job.workspace_id)
    gateway = gateway_for(connection)
    try:
        page = gateway.list_page(after=job.cursor or None, limit=LISTED_AT_ONCE)
    except (EndpointGone, Refused) as error:
        if not job.cursor:
            raise
        gateway.list_page(limit=1)  # raises what is wrong with the list as a whole
        _begin_anew(job, error)
        return False
    note_answer(connection)
    before = job.seen_pks
    if not take_in(current, page.items):
        return False
    if page.is_cut or (page.next_after and job.seen_pks == before):
        raise UnexpectedAnswer("the list says that there is more, and does not lead there")
    if job.seen > MOST_LISTED:
        raise EndlessList(f"the list has more than {MOST_LISTED:,} assistants")
    job.pages += 1
    job.cursor = page.next_after or ""
    return not job.cursor


def _begin_anew(job: Job, error: GatewayError) -> None:
    """Read the list from the top, once, because the assistant after which it continues is gone."""
    if job.error:
        raise UnexpectedAnswer("the list cannot be read on from where it was") from error
    job.cursor, job.pages, job.seen, job.seen_pks = "", 0, 0, []
    job.error = error.kind


def _wait_or_stop(job: Job, error: GatewayError) -> None:
    now = timezone.now()
    if error.asks_to_wait and job.waits < WAITS:
        asked = USUAL_WAIT if error.retry_after is None else error.retry_after
        job.not_before = now + timedelta(seconds=min(max(asked, 1.0), LONGEST_ASKED_WAIT))
        job.waits += 1
        return
    note_trouble(job.connection, error)
    job.status, job.error, job.finished_at, job.seen_pks = JobStatus.FAILED, error.kind, now, []


def _pace(job: Job, tally: Tally) -> float:
    """Return how long to make no calls, so that others get half of the remote's time."""
    if job.connection.profile == REGISTRY or not _is_running(job):
        return 0.0
    return min(tally.seconds, tally.calls * LONGEST_PACE)


def sync(*, connections: Iterable[Connection], patience: float = SYNC_PATIENCE) -> dict[str, int]:
    """Bring in everything that `connections` hold.

    It continues a job that somebody else has started. If a gateway asks to wait, the other
    connections go first; then it waits, `patience` seconds in all. Returns counts: `connections`,
    `seen`, `added`, `changed`, `missing`, `failed`, `calls`, and `waiting`, the jobs that the next
    run continues.
    """
    with admission.unlimited():
        return _sync(connections, patience)


def go_on(*, job: Job, stop: Callable[[], bool]) -> Job:
    """Do steps of `job` until it is done, its gateway asks to wait, or `stop` returns True.

    The job of a person is not paced. Raises `NotNow` as `step` does.
    """
    return _work(job, paced=job.started_by_id is None, stop=stop)


def _sync(connections: Iterable[Connection], patience: float) -> dict[str, int]:
    jobs = [_work(start(author=None, connection=connection)) for connection in connections]
    while waiting := [_seconds_until(job.not_before) for job in jobs if _is_running(job)]:
        pause = min(waiting)
        patience -= pause
        if patience < 0:
            break
        time.sleep(pause)
        jobs = [_work(job) for job in jobs]
    counts = {"connections": len(jobs)}
    for name in ("seen", "added", "changed", "missing"):
        counts[name] = sum(getattr(job, name) for job in jobs)
    counts["failed"] = sum(len(job.failures) + (job.status == JobStatus.FAILED) for job in jobs)
    counts["calls"] = sum(job.calls for job in jobs)
    counts["waiting"] = sum(_is_running(job) for job in jobs)
    return counts


def _work(job: Job, *, paced: bool = True, stop: Callable[[], bool] = bool) -> Job:
    """Do steps until the job is done, the gateway asks to wait, or `stop` returns True."""
    while _is_running(job) and not _seconds_until(job.not_before) and not stop():
        job = step(job=job, paced=paced)
        # Our own pause, or somebody else's lease: then look again soon.
        time.sleep(min(_seconds_until(job.lease_until), LONGEST_PACE))
    return job


def _is_running(job: Job) -> bool:
    return job.status == JobStatus.RUNNING


def _seconds_until(moment: datetime | None) -> float:
    return max((moment - timezone.now()).total_seconds(), 0.0) if moment else 0.0
