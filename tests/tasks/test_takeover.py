"""What a worker leaves behind when it dies: its tasks, and nothing that is done twice."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from admin_ui.tasks import alive
from admin_ui.tasks.alive import DEAD_AFTER, Heart, has_live_worker
from admin_ui.tasks.enqueue import enqueue
from admin_ui.tasks.models import TaskKey, TaskWorker
from admin_ui.tasks.worker import MOST_DEATHS, claim_task, run_claimed, take_over_tasks
from tests.tasks import sample
from tests.tasks.conftest import Work, forget_answer, only_task

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queue")]
Written = Callable[[], list[str]]
NO_PROCESS = 2**22 + 1  # larger than any process ID


def another(**values: object) -> Heart:
    """A worker that is seen by its row only."""
    heart = Heart()
    heart.start()
    TaskWorker.objects.filter(name=heart.name).update(**{"place": "elsewhere", **values})
    return heart


def test_the_task_of_a_killed_worker_is_run_by_another(
    path: str, heart: Heart, work: Work, written: Written
) -> None:
    dead = another(place=alive.this_place(), pid=NO_PROCESS)
    enqueue(sample.lasts, path, 0, key="k")
    assert claim_task(dead.name)
    assert take_over_tasks() == 0, "nobody has found it dead"
    assert work() == 0
    assert heart.bury()
    assert take_over_tasks() == 1
    assert work() == 1
    assert written() == ["begun", "ended"]
    assert only_task().worker_ids == [dead.name, heart.name]
    assert not TaskKey.objects.exists()


def test_a_task_that_is_not_repeatable_fails_with_its_worker(
    path: str, heart: Heart, work: Work, written: Written
) -> None:
    dead = another(place=alive.this_place(), pid=NO_PROCESS)
    enqueue(sample.once, path, "x", key="k")
    assert claim_task(dead.name)
    heart.bury()
    assert take_over_tasks() == 1
    assert work() == 0
    assert written() == []
    assert only_task().status == "FAILED"
    assert "WorkerDied" in only_task().traceback
    assert not TaskKey.objects.exists()


def test_a_task_that_kills_its_workers_is_given_up(path: str, heart: Heart) -> None:
    enqueue(sample.lasts, path, 0)
    for _ in range(MOST_DEATHS):
        dead = another(place=alive.this_place(), pid=NO_PROCESS)
        assert claim_task(dead.name)
        heart.bury()
        take_over_tasks()
    assert only_task().status == "FAILED"


def test_a_worker_is_dead_when_its_beat_stands_still_whatever_the_clocks_say(
    heart: Heart, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("admin_ui.tasks.alive.time.monotonic", lambda: now[0])
    living, frozen = another(), another()
    TaskWorker.objects.update(seen_at=timezone.now() - timedelta(days=400))
    for _ in range(int(DEAD_AFTER / 5) + 1):
        assert not heart.bury()
        assert living.beat()
        now[0] += 5
    assert heart.bury()
    assert set(TaskWorker.objects.values_list("name", flat=True)) == {heart.name, living.name}
    assert not frozen.beat(), "it notices"


def test_what_a_worker_returns_after_it_was_found_dead_does_not_count(
    path: str, heart: Heart, work: Work, written: Written
) -> None:
    """Stopped for an hour and then continued: its task has run elsewhere in the meantime."""
    stopped = another(place=alive.this_place(), pid=NO_PROCESS)
    task = enqueue(sample.lasts, path, 0, key="k")
    late = claim_task(stopped.name)
    assert late
    heart.bury()
    take_over_tasks()
    assert work() == 1
    ended = only_task()
    second = enqueue(sample.lasts, path, 0, key="k")
    run_claimed(late)
    assert DBTaskResult.objects.get(pk=task).finished_at == ended.finished_at
    assert TaskKey.objects.get().task_id == second, "the key of the next one is untouched"


def test_a_page_knows_whether_a_worker_lives(heart: Heart) -> None:
    for seen in (timedelta(minutes=-5), timedelta(minutes=5)):
        assert heart.beat()
        forget_answer()
        assert has_live_worker()
        TaskWorker.objects.update(seen_at=timezone.now() + seen)
        assert has_live_worker(), "it asks every few seconds"
        forget_answer()
        assert not has_live_worker()
    assert heart.beat()
    forget_answer()
    assert has_live_worker()
    heart.stop()
    assert has_live_worker()
    forget_answer()
    assert not has_live_worker()


def test_this_process_is_no_dead_one(heart: Heart) -> None:
    neighbour = Heart()
    neighbour.start()
    assert not heart.bury()
    time.sleep(0.01)
    assert not heart.bury()
