"""Running queued tasks: one process, a few threads, until a signal stops it.

The main thread claims tasks, beats, keeps the timetable and takes over from dead workers. A claimed
task carries the worker's name; its result counts only while it does, so one that was taken over
ends once. What a task writes is guarded by its own leases, as between two web processes.
"""

import logging
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.utils import timezone
from django_tasks import TaskContext, TaskResultStatus
from django_tasks.utils import normalize_json
from django_tasks_db.models import DBTaskResult, get_date_max
from django_tasks_db.utils import exclusive_transaction

from admin_ui.monitoring.tracing import export_spans
from admin_ui.tasks.alive import BEAT_EVERY, Heart
from admin_ui.tasks.enqueue import LONG, STOPPING, Later, TaskFailed
from admin_ui.tasks.models import TaskKey, TaskWorker
from admin_ui.tasks.timetable import Timetable
from admin_ui.tasks.wake import Waiting, wake_workers

logger = logging.getLogger(__name__)
LONGEST_BACKOFF = 600.0
"""Seconds until a task is repeated, at most. A longer wait shows that a clock was put back."""
TIME_TO_END = 25.0
"""Seconds that running tasks get to end after the signal to stop."""
MOST_DEATHS = 3
"""Workers that may die of a task before it fails."""
IDLE = 1.0
DBTask = DBTaskResult[..., object]


class WorkerDied(Exception):
    """The worker of a task was killed or did not answer, and the task may not run again."""


class Runner:
    """A task worker. `parent` is the process with which it ends, if any."""

    def __init__(self, *, threads: int, parent: int | None = None) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="task")
        self._threads, self._parent = threads, parent
        self._running: dict[UUID, str] = {}
        self._heart, self._timetable, self._waiting = Heart(), Timetable(), Waiting(STOPPING)
        self._next_beat = 0.0

    def run(self) -> bool:
        """Work until `STOPPING` is set or the parent has gone; then let running tasks end.

        Returns whether they did. Those that did not are run again elsewhere.
        """
        while not STOPPING.is_set():
            try:
                self._turn()
            except DatabaseError as error:
                logger.warning("The database does not answer: %s", str(error).strip()[:200])
                connection.close()
                STOPPING.wait(IDLE)
            if self._parent is not None and os.getppid() != self._parent:
                STOPPING.set()
        return self._end()

    def _turn(self) -> None:
        self._housekeeping()
        self._timetable.tick()
        while len(self._running) < self._threads and not STOPPING.is_set():
            lasting = list(self._running.values()).count(LONG)
            row = claim_task(self._heart.name, any_queue=lasting < self._threads // 2)
            if row is None:
                break
            self._running[row.pk] = row.queue_name
            self._pool.submit(self._work, row)
        self._waiting.wait(IDLE)

    def _housekeeping(self) -> None:
        if time.monotonic() < self._next_beat:
            return
        self._next_beat = time.monotonic() + BEAT_EVERY
        is_new = not self._heart.beat()  # at first, or when others have found it dead
        if is_new:
            self._heart = Heart()
            self._heart.start()
        if self._heart.bury() or is_new:
            take_over_tasks()
        mend_times()

    def _work(self, row: DBTask) -> None:
        try:
            run_claimed(row)
        except Exception:
            logger.exception("The end of task %s could not be stored", row.pk)
        finally:
            self._running.pop(row.pk, None)
            close_old_connections()

    def _end(self) -> bool:
        until = time.monotonic() + TIME_TO_END  # shorter than `DEAD_AFTER`: no beat is missed
        while self._running and time.monotonic() < until:
            time.sleep(0.05)
        try:
            self._heart.stop()
            if self._running:
                take_over_tasks()
        except DatabaseError:
            logger.warning("This worker could not sign off; others will find it dead")
        self._pool.shutdown(wait=not self._running, cancel_futures=True)
        return not self._running


def claim_task(worker: str, *, any_queue: bool = True) -> DBTask | None:
    """Take the due task that comes first, if any; without `any_queue`, none of the queue `LONG`."""
    rows = DBTaskResult.objects.ready().filter(backend_name="default")
    if not any_queue:
        rows = rows.exclude(queue_name=LONG)
    if not rows.order_by().exists():  # a look locks nothing
        return None
    with exclusive_transaction():
        row = rows.get_locked()
        if row is not None:
            row.claim(worker)
    return row


def run_claimed(row: DBTask) -> None:
    """Run a task that this worker has claimed, and store how it ended."""
    names = row.worker_ids
    try:
        task = row.task
        result: Any = row.task_result
        context = [TaskContext(task_result=result)] if task.takes_context else []
        arguments = row.args_kwargs
        value = normalize_json(task.call(*context, *arguments["args"], **arguments["kwargs"]))
    except Later as later:
        _store(row, partial(_queue_again, seconds=later.seconds, worker_ids=names[:-1]))
    except Exception as error:
        logger.warning(
            "Task %s failed: %s", row.task_name, error, exc_info=not isinstance(error, TaskFailed)
        )
        if len(names) <= (_retries(row) or 0) and not isinstance(error, TaskFailed):
            _store(row, partial(_queue_again, seconds=2.0 ** len(names), worker_ids=names))
        else:
            _store(row, partial(_finish, store=DBTaskResult.set_failed, result=error))
    else:
        _store(row, partial(_finish, store=DBTaskResult.set_successful, result=value))


def _store(row: DBTask, end: Callable[[DBTask], None]) -> None:
    """Let `end` store how a task ended if it is still this worker's, once the database answers."""
    while True:
        try:
            with transaction.atomic():
                now = DBTaskResult.objects.select_for_update().filter(pk=row.pk).first()
                ours = (TaskResultStatus.RUNNING, row.worker_ids)
                if now is not None and (now.status, now.worker_ids) == ours:
                    end(now)
            return
        except DatabaseError:
            if STOPPING.is_set():
                raise
            connection.close()
            time.sleep(IDLE)


def _finish(row: DBTask, store: Callable[[Any, Any], None], result: object) -> None:
    store(row, result)
    TaskKey.objects.filter(task_id=row.pk).delete()


def _queue_again(row: DBTask, seconds: float, worker_ids: list[str]) -> None:
    wait = timedelta(seconds=min(seconds, LONGEST_BACKOFF))
    row.run_after = timezone.now() + wait if seconds else get_date_max()
    row.status, row.worker_ids = TaskResultStatus.READY, worker_ids
    row.save(update_fields=["status", "worker_ids", "run_after"])
    wake_workers()


def _retries(row: DBTask) -> int | None:
    """Return how often a task may be repeated after a failure; None if it runs at most once."""
    try:
        return getattr(row.task.func, "retries", None)
    except Exception:  # the code of this task is gone
        return None


def take_over_tasks() -> int:
    """Queue the tasks of workers that have no row any more; returns how many.

    A task that is not `repeatable` fails instead, and so does one of which `MOST_DEATHS` died.
    """
    rows = DBTaskResult.objects.running().order_by("started_at")
    alive = set(TaskWorker.objects.values_list("name", flat=True))
    taken = [pk for pk, names in rows.values_list("pk", "worker_ids") if names[-1] not in alive]
    for pk in taken:
        with transaction.atomic():
            row = rows.select_for_update().filter(pk=pk).first()
            if row is None or row.worker_ids[-1] in alive:
                continue
            retries = _retries(row)
            if retries is None or len(row.worker_ids) >= MOST_DEATHS + retries:
                died = WorkerDied("the worker was killed during this task")
                _finish(row, DBTaskResult.set_failed, died)
            else:
                _queue_again(row, 0.0, row.worker_ids)
    return len(taken)


def mend_times() -> None:
    """Let repeated tasks run that would wait too long, because a clock was put back."""
    latest = timezone.now() + timedelta(seconds=LONGEST_BACKOFF)
    repeated = DBTaskResult.objects.filter(
        status=TaskResultStatus.READY, started_at__isnull=False, run_after__gt=latest
    ).exclude(run_after=get_date_max())
    if repeated.exists():
        repeated.update(run_after=timezone.now())


def work(parent: int | None = None) -> None:
    """Run a worker in this process until SIGTERM, or until `parent` has gone; ends the process.

    It has as many threads as a web process, so that the places for gateways hold here too.
    """
    signal.signal(signal.SIGTERM, lambda *_: STOPPING.set())
    export_spans()
    is_clean = Runner(threads=max(settings.WEB_THREADS, 2), parent=parent).run()
    os._exit(0 if is_clean else 1)  # a thread that still works may not keep the process
