"""Tasks of the tests. Each writes into a file, so that other processes are seen too."""

import time
from pathlib import Path

from django_tasks import task

from admin_ui.tasks.enqueue import LONG, STOPPING, Later, TaskFailed, repeatable


def note(path: str, text: str) -> None:
    with Path(path).open("a") as file:
        file.write(f"{text}\n")


@task()
def once(path: str, text: str) -> None:
    note(path, text)


@task()
@repeatable(retries=2)
def fails(path: str) -> None:
    note(path, "failed")
    raise ValueError("no luck")


@task()
def refuses(path: str) -> None:
    note(path, "refused")
    raise TaskFailed("The gateway said no.")


@task()
@repeatable(retries=1)
def not_yet(path: str) -> None:
    note(path, "later")
    raise Later(60)


@task()
@repeatable()
def lasts(path: str, seconds: float) -> None:
    note(path, "begun")
    time.sleep(seconds)
    note(path, "ended")


@task(queue_name=LONG)
@repeatable()
def yields(path: str) -> None:
    note(path, "begun")
    while not STOPPING.is_set():
        time.sleep(0.01)
    raise Later


@task(queue_name=LONG)
def long_one(path: str) -> None:
    note(path, "long")


@task()
def no_json() -> object:
    return object()
