"""A queue in the database, as the product has it, and a file in which tasks write."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult

from admin_ui.tasks import alive
from admin_ui.tasks.alive import Heart
from admin_ui.tasks.enqueue import STOPPING
from admin_ui.tasks.worker import claim_task, run_claimed
from assistants.models import Assistant, Connection
from tests.services.conftest import Make
from tests.services.conftest import published as made

Work = Callable[[], int]


def forget_answer() -> None:
    """Let the next `has_live_worker` of this process ask the database."""
    alive._answer = (0.0, False)


@pytest.fixture
def queue(settings: Any) -> Iterator[None]:
    backend = {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "long"]}
    settings.TASKS = {"default": backend}
    forget_answer()
    STOPPING.clear()
    yield
    STOPPING.clear()
    forget_answer()


@pytest.fixture
def written(tmp_path: Path) -> Callable[[], list[str]]:
    """Return the lines that tasks wrote into `path`."""
    path = tmp_path / "written"
    path.touch()
    return lambda: path.read_text().split()


@pytest.fixture
def path(tmp_path: Path, written: object) -> str:
    return str(tmp_path / "written")


@pytest.fixture
def heart(queue: None, db: None) -> Heart:
    """The row of a living worker: this process."""
    heart = Heart()
    heart.start()
    return heart


@pytest.fixture
def work(heart: Heart) -> Work:
    """Run every due task; returns how many, without those that tell people what happened."""

    def work() -> int:
        count = 0
        while (row := claim_task(heart.name)) is not None:
            run_claimed(row)
            count += not row.task_path.endswith(".spread")
        return count

    return work


@pytest.fixture
def published(made: Make) -> Make:
    """Publish a new assistant as `made` does, with nobody left to tell of it."""

    def make(connection: Connection, **fields: Any) -> Assistant:
        assistant = made(connection, **fields)
        DBTaskResult.objects.filter(task_path__endswith=".spread").delete()
        return assistant

    return make


def only_task() -> "DBTaskResult[..., object]":
    return DBTaskResult.objects.get()


__all__ = ["made"]
