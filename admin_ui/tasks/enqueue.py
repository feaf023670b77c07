"""Queueing work for the task workers. `docs/recipes.md` has an example.

A task is a function with `django_tasks.task`. By default it runs at most once: if its worker is
killed, it fails. `repeatable` marks one that is safe to run again.
"""

from collections.abc import Callable
from threading import Event
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django_tasks import task_backends
from django_tasks.base import Task
from django_tasks_db import DatabaseBackend

from admin_ui.tasks.models import TaskKey
from admin_ui.tasks.wake import wake_workers

LONG = "long"
"""The queue of tasks that may last; they get at most half of a worker's threads."""
PAGE_WAITS = 50
"""The priority of a task whose result an open page shows."""
TaskFunction = TypeVar("TaskFunction", bound=Callable[..., Any])


STOPPING = Event()
"""Set when this process ends. A long task looks at it and raises `Later`."""


class TaskFailed(Exception):
    """Raised by a task that failed for a reason that people can read. It is not repeated."""


class Later(Exception):
    """Raised by a task to end now and run again in `seconds`; that counts as no failure."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def labelled(label: str | Promise) -> Callable[[TaskFunction], TaskFunction]:
    """Give a task's function the name that people read; put it below `@task`."""

    def mark(function: TaskFunction) -> TaskFunction:
        function.label = label  # type: ignore[attr-defined]
        return function

    return mark


def label_of(task: Any) -> str:
    """Return the name of a task that people read."""
    return str(getattr(task.func, "label", task.name))


def repeatable(*, retries: int = 0) -> Callable[[TaskFunction], TaskFunction]:
    """Mark a task's function as safe to run again from its beginning; put it below `@task`.

    If its worker is killed, another one runs it. If it raises, it runs again up to `retries` times,
    after 2 seconds, then 4, 8 and so on up to `LONGEST_BACKOFF`.
    """

    def mark(function: TaskFunction) -> TaskFunction:
        function.retries = retries  # type: ignore[attr-defined]
        return function

    return mark


def is_queued(alias: str = "default") -> bool:
    """Return whether tasks wait in the database. Other backends run them at once (the tests)."""
    return isinstance(task_backends[alias], DatabaseBackend)


def enqueue(task: Task[Any, Any], *args: Any, key: str = "", **kwargs: Any) -> UUID:
    """Queue `task` with these arguments, which must be JSON. Returns its ID.

    If a task with the same `key` is queued or running, returns the ID of that one and queues
    nothing. Inside a transaction, the task exists once that commits. Raises `DatabaseError`.
    """
    if not is_queued(task.backend):
        task.enqueue(*args, **kwargs)  # it has run; its ID is no UUID
        return uuid4()
    while True:
        same = TaskKey.objects.filter(key=key).first() if key else None
        if same is not None:
            return same.task_id
        try:
            with transaction.atomic():
                queued = UUID(task.enqueue(*args, **kwargs).id)
                if key:
                    TaskKey.objects.create(key=key, task_id=queued)
                wake_workers()
        except IntegrityError:
            continue  # another process was quicker
        return queued
