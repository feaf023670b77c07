"""Recurring tasks: each due time queues one task, whatever clocks and workers do."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from admin_ui.tasks.timetable import Timetable, entries, is_due, slot_at
from tests.services.test_concurrency import at_once
from tests.tasks.conftest import Work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queue")]
NOON = datetime(2026, 11, 26, 12, 0, 30, tzinfo=UTC)
Clock = Callable[[timedelta], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Clock:
    """Set the clock of the timetable; its tasks are every minute and at three in the night."""
    settings.TIMETABLE = {"settle_due": "60", "clean_up": "03:00"}
    now = [NOON]
    monkeypatch.setattr("admin_ui.tasks.timetable.timezone", Frozen(now))

    def move(by: timedelta) -> None:
        now[0] += by

    return move


class Frozen:
    """Django's `timezone` with a clock of its own."""

    def __init__(self, now: list[datetime]) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now[0]

    localtime = staticmethod(timezone.localtime)


def queued() -> dict[str, int]:
    paths = DBTaskResult.objects.values_list("task_path", flat=True)
    return dict(Counter(path.rpartition(".")[2] for path in paths))


def test_each_time_queues_one_task_however_many_workers_look(clock: Clock, work: Work) -> None:
    at_once(lambda _: Timetable().tick())
    assert queued() == {"settle_due": 1, "clean_up": 1}
    workers = [Timetable() for _ in range(3)]
    for minute in range(2, 5):
        assert work() >= 1
        clock(timedelta(minutes=1))
        for worker in [*workers, *workers]:
            worker.tick()
        assert queued() == {"settle_due": minute, "clean_up": 1}


def test_a_worker_that_was_stopped_for_an_hour_runs_it_once(clock: Clock, work: Work) -> None:
    worker = Timetable()
    worker.tick()
    work()
    clock(timedelta(hours=1))
    for _ in range(3):
        worker.tick()
        work()
    assert queued()["settle_due"] == 2


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(hours=-5), timedelta(days=-400)])
def test_a_clock_that_jumps_queues_one_more_and_then_goes_on(
    clock: Clock, work: Work, jump: timedelta
) -> None:
    worker = Timetable()
    worker.tick()
    work()
    clock(jump)
    for _ in range(3):
        worker.tick()
        work()
    assert queued()["settle_due"] == 2
    clock(timedelta(minutes=1))
    worker.tick()
    assert queued()["settle_due"] == 3


def test_a_machine_whose_clock_is_behind_repeats_nothing(clock: Clock, work: Work) -> None:
    ahead, behind = Timetable(), Timetable()
    for _ in range(5):
        clock(timedelta(seconds=45))
        ahead.tick()
        work()
        clock(timedelta(seconds=-45))
        behind.tick()
        work()
        clock(timedelta(minutes=1))
    assert queued()["settle_due"] == 5


def test_a_task_that_still_waits_is_not_queued_again(clock: Clock) -> None:
    worker = Timetable()
    for _ in range(5):
        worker.tick()
        clock(timedelta(minutes=1))
    assert queued()["settle_due"] == 1


def test_a_quiet_turn_asks_the_database_nothing(
    clock: Clock, django_assert_num_queries: Any
) -> None:
    worker = Timetable()
    worker.tick()
    with django_assert_num_queries(0):
        worker.tick()


def test_a_time_of_day_is_one_of_the_servers_time_zone(settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    timezone.get_default_timezone.cache_clear()
    three = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)  # in Tokyo, the 27th at 03:00
    before, after = (slot_at("03:00", three + timedelta(seconds=by)) for by in (-1, 0))
    assert after == before + 1


def test_only_the_newest_time_but_one_may_be_anothers() -> None:
    assert [is_due(slot, 10) for slot in (8, 9, 10, 11)] == [True, False, False, True]


def test_an_entry_that_is_not_valid_is_left_out_and_logged(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.TIMETABLE = {"settle": "60", "sync_all": "hourly", "clean_up": "0", "settle_due": "9"}
    assert entries() == {"settle_due": "9"}
    assert len(caplog.records) == 3
    assert "TIMETABLE: settle=60 names no task" in caplog.text
