"""Queued tasks: one for each key, in order, repeated, each run by one worker."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from admin_ui.tasks.alive import Heart
from admin_ui.tasks.enqueue import enqueue
from admin_ui.tasks.models import TaskKey
from admin_ui.tasks.worker import claim_task, mend_times, run_claimed, take_over_tasks
from tests.services.test_concurrency import at_once
from tests.tasks import sample
from tests.tasks.conftest import Work, only_task

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queue")]
Written = Callable[[], list[str]]


def due_now() -> None:
    DBTaskResult.objects.update(run_after=timezone.now())


def seconds_to_wait() -> float:
    return (only_task().run_after - timezone.now()).total_seconds()


def test_at_most_one_task_has_a_key_however_many_processes_queue_it(path: str) -> None:
    found = at_once(lambda _: enqueue(sample.once, path, "x", key="sync 1"))
    assert {str(each) for each in found} == {str(only_task().pk)}
    enqueue(sample.once, path, "x", key="sync 2")
    assert DBTaskResult.objects.count() == 2


def test_a_key_is_free_again_once_its_task_has_ended(
    path: str, work: Work, written: Written
) -> None:
    first = enqueue(sample.once, path, "x", key="k")
    running = claim_task("somebody")
    assert running
    assert enqueue(sample.once, path, "y", key="k") == first, "it runs"
    DBTaskResult.objects.update(status="READY")
    assert work() == 1
    assert not TaskKey.objects.exists()
    assert enqueue(sample.once, path, "y", key="k") != first


def test_a_key_that_was_rolled_back_was_never_there(path: str) -> None:
    with transaction.atomic():
        enqueue(sample.once, path, "x", key="k")
        transaction.set_rollback(True)
    assert not TaskKey.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_urgent_tasks_come_first_and_none_before_its_time(
    path: str, work: Work, written: Written
) -> None:
    later = timezone.now() + timedelta(hours=1)
    enqueue(sample.once.using(priority=-5), path, "slow")
    enqueue(sample.once.using(run_after=later, priority=90), path, "tomorrow")
    enqueue(sample.once, path, "usual")
    enqueue(sample.once.using(priority=50), path, "page")
    assert work() == 3
    assert written() == ["page", "usual", "slow"]


def test_each_task_is_run_by_one_of_two_workers(path: str, written: Written) -> None:
    for number in range(40):
        enqueue(sample.once, path, str(number))

    def worker(number: int) -> int:
        count = 0
        while (row := claim_task(f"worker {number}")) is not None:
            run_claimed(row)
            count += 1
        return count

    counts = at_once(worker, 2)
    assert sum(counts) == 40
    assert sorted(written(), key=int) == [str(number) for number in range(40)]


def test_a_failure_is_repeated_after_a_growing_pause_and_then_kept(
    path: str, work: Work, written: Written
) -> None:
    enqueue(sample.fails, path, key="k")
    for pause in (2, 4):
        assert work() == 1
        assert only_task().status == "READY"
        assert pause - 1 < seconds_to_wait() <= pause
        assert TaskKey.objects.exists(), "it is still the one of its key"
        due_now()
    assert work() == 1
    assert only_task().status == "FAILED"
    assert "no luck" in only_task().traceback
    assert written() == ["failed"] * 3
    assert not TaskKey.objects.exists()


def test_a_task_that_is_not_repeatable_fails_at_once(
    path: str, work: Work, written: Written
) -> None:
    enqueue(sample.refuses, path)
    assert work() == 1
    assert work() == 0
    assert only_task().status == "FAILED"


def test_a_task_that_waits_for_something_has_not_failed(
    path: str, work: Work, written: Written
) -> None:
    enqueue(sample.not_yet, path, key="k")
    for _ in range(5):
        assert work() == 1
        assert 59 < seconds_to_wait() <= 60
        assert only_task().worker_ids == []
        due_now()


def test_a_clock_that_was_put_back_delays_no_repeated_task(path: str, work: Work) -> None:
    enqueue(sample.not_yet, path)
    assert work() == 1
    DBTaskResult.objects.update(run_after=timezone.now() + timedelta(hours=2))
    mend_times()
    assert seconds_to_wait() <= 0
    DBTaskResult.objects.update(run_after=get_date_max())
    mend_times()
    assert only_task().run_after == get_date_max()


def test_a_task_for_a_coming_day_waits_for_it(path: str) -> None:
    enqueue(sample.once.using(run_after=timezone.now() + timedelta(days=2)), path, "x")
    mend_times()
    assert seconds_to_wait() > 86_400


def test_what_cannot_be_run_or_stored_fails(work: Work, path: str) -> None:
    enqueue(sample.no_json)
    enqueue(sample.once, path, "x")
    DBTaskResult.objects.filter(task_path__endswith="once").update(task_path="gone.module.once")
    assert work() == 2
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"FAILED"}


def test_a_worker_that_is_full_of_long_tasks_takes_short_ones_only(path: str, heart: Heart) -> None:
    enqueue(sample.long_one.using(priority=90), path)
    enqueue(sample.once, path, "x")
    found = claim_task(heart.name, any_queue=False)
    assert found
    assert found.task_path.endswith("once")
    assert claim_task(heart.name, any_queue=False) is None
    assert claim_task(heart.name) is not None


def test_ten_thousand_queued_tasks_cost_no_page_and_no_worker_more(path: str, heart: Heart) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            enqueue(sample.once.using(priority=50), path, "x", key=f"k {timezone.now()}")
            row = claim_task(heart.name)
            assert row
            run_claimed(row)
            take_over_tasks()
        return len(captured)

    few = cost()
    enqueue(sample.once, path, "x")
    row = DBTaskResult.objects.filter(status="READY").get()
    names = [field.attname for field in DBTaskResult._meta.concrete_fields if field.name != "id"]
    values = {name: getattr(row, name) for name in names}
    DBTaskResult.objects.bulk_create(DBTaskResult(**values) for _ in range(10_000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert cost() == few
    plan = DBTaskResult.objects.ready().filter(backend_name="default")[:1].explain()
    assert "tasks_db_new_ordering_idx" in plan
    assert "SCAN" not in plan
    assert "Seq Scan" not in plan
