"""The process of a worker: started, told to stop, killed, without a database for a while."""

import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connections
from django_tasks_db.models import DBTaskResult

from admin_ui.tasks.enqueue import STOPPING, enqueue
from admin_ui.tasks.models import TaskKey, TaskWorker
from admin_ui.tasks.worker import Runner
from tests.crash.runs import ended, fork
from tests.tasks import sample
from tests.tasks.conftest import only_task

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("queue"),
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"),
]
Written = Callable[[], list[str]]
PATIENCE = 60.0


@pytest.fixture
def start(settings: object) -> Iterator[Callable[[], int]]:
    """Start a worker in a process of its own, without a timetable; returns its process ID."""
    settings.TIMETABLE = {}  # type: ignore[attr-defined]
    started: list[int] = []

    def work() -> None:
        signal.signal(signal.SIGTERM, lambda *_: STOPPING.set())
        is_clean = Runner(threads=2).run()
        connections.close_all()
        os._exit(0 if is_clean else 1)

    def start() -> int:
        started.append(fork(work))
        return started[-1]

    yield start
    for pid in started:
        try:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        except (ProcessLookupError, ChildProcessError):
            continue


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def status() -> str:
    return only_task().status


def test_a_worker_that_is_told_to_stop_ends_its_task_first(
    path: str, start: Callable[[], int], written: Written
) -> None:
    pid = start()
    enqueue(sample.lasts, path, 1.0, key="k")
    until(lambda: written() == ["begun"])
    enqueue(sample.once, path, "next")
    os.kill(pid, signal.SIGTERM)
    assert ended(pid) == 0
    assert written() == ["begun", "ended"]
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"SUCCESSFUL", "READY"}
    assert not TaskWorker.objects.exists()


def test_a_long_task_hands_itself_on_when_its_worker_stops(
    path: str, start: Callable[[], int], written: Written
) -> None:
    first = start()
    enqueue(sample.yields, path, key="k")
    until(lambda: written() == ["begun"])
    second = start()
    until(lambda: TaskWorker.objects.count() == 2)
    os.kill(first, signal.SIGTERM)
    assert ended(first) == 0
    until(lambda: written() == ["begun", "begun"])
    assert TaskKey.objects.exists()
    os.kill(second, signal.SIGTERM)
    assert ended(second) == 0
    assert status() == "READY"
    assert only_task().worker_ids == []


def test_a_task_that_does_not_end_in_time_is_left_to_the_next_worker(
    path: str, start: Callable[[], int], written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("admin_ui.tasks.worker.TIME_TO_END", 0.3)
    pid = start()
    enqueue(sample.lasts, path, PATIENCE, key="k")
    until(lambda: written() == ["begun"])
    os.kill(pid, signal.SIGTERM)
    assert ended(pid) == 1
    assert status() == "READY"
    assert TaskKey.objects.exists()


def test_a_killed_worker_is_followed_by_the_next(
    path: str, start: Callable[[], int], written: Written
) -> None:
    first = start()
    enqueue(sample.lasts, path, 2.0, key="k")
    until(lambda: written() == ["begun"])
    os.kill(first, signal.SIGKILL)
    ended(first)
    second = start()
    until(lambda: status() == "SUCCESSFUL")
    assert written() == ["begun", "begun", "ended"]
    os.kill(second, signal.SIGTERM)
    assert ended(second) == 0


def test_two_workers_run_each_task_once(
    path: str, start: Callable[[], int], written: Written
) -> None:
    workers = [start(), start()]
    for number in range(50):
        enqueue(sample.once, path, str(number))
    until(lambda: len(written()) >= 50 and not DBTaskResult.objects.ready().exists())
    assert sorted(written(), key=int) == [str(number) for number in range(50)]
    for pid in workers:
        os.kill(pid, signal.SIGTERM)
        assert ended(pid) == 0


def test_a_worker_that_was_stopped_and_continued_finds_its_place_again(
    path: str, start: Callable[[], int], written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("admin_ui.tasks.worker.BEAT_EVERY", 0.2)
    pid = start()
    until(TaskWorker.objects.exists)
    os.kill(pid, signal.SIGSTOP)
    TaskWorker.objects.all().delete()  # others have found it dead
    os.kill(pid, signal.SIGCONT)
    until(TaskWorker.objects.exists)
    enqueue(sample.once, path, "x")
    until(lambda: written() == ["x"])


def test_a_worker_ends_with_its_parent(start: Callable[[], int]) -> None:
    reading, writing = os.pipe()

    def parent() -> None:
        me = os.getpid()
        pid = fork(lambda: Runner(threads=2, parent=me).run() and None)
        os.write(writing, f"{pid}\n".encode())
        time.sleep(PATIENCE)

    pid = fork(parent)
    child = int(os.read(reading, 20))
    until(TaskWorker.objects.exists)
    os.kill(pid, signal.SIGKILL)
    ended(pid)
    until(lambda: not TaskWorker.objects.exists())
    until(lambda: not os.path.exists(f"/proc/{child}/fd/0"))
