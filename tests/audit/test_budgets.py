"""Limits that slide, and events that stay few however many networks and addresses are tried."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from admin_ui.audit import budgets
from admin_ui.audit.budgets import (
    Limit,
    count_try,
    report_due_repeats,
    report_repeated,
    reset_counts,
    seconds_to_wait,
    uncount_try,
)
from admin_ui.audit.models import AuditEvent, Budget, EventKind

pytestmark = pytest.mark.django_db
LIMIT = Limit("test", 6, timedelta(minutes=10))
KEY = LIMIT.key("x")
PAIR = [(LIMIT, KEY)]


class Clock:
    """The time, in minutes since the test began."""

    def __init__(self) -> None:
        self.start = timezone.now()
        self.minutes = 0.0

    def now(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", clock.now)
    return clock


def counted(clock: Clock, moments: list[float]) -> list[float]:
    """Try at each of these minutes; return those at which a try was allowed, and counted."""
    allowed = []
    for clock.minutes in moments:
        waits = seconds_to_wait(PAIR)
        assert count_try(PAIR) == waits
        if not waits:
            allowed.append(clock.minutes)
    return allowed


PATTERNS = {
    "at once": [0.0] * 20,
    "around an edge": [0] + [9.9] * 10 + [10.1] * 10 + [12] * 10 + [19.8] * 9 + [20.2] * 9,
    "steadily": [n / 3 for n in range(200)],
    "in bursts": [burst * 4.9 + n / 100 for burst in range(12) for n in range(4)],
    "late bursts": [burst * 9.7 + n / 100 for burst in range(12) for n in range(9)],
}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_ten_minutes_hold_more_than_the_limit(clock: Clock, pattern: str) -> None:
    allowed = counted(clock, PATTERNS[pattern])
    busiest = max(sum(1 for n in allowed if moment <= n < moment + 10) for moment in allowed)
    assert busiest == 6


def test_nobody_waits_for_longer_than_the_limit_lasts(clock: Clock) -> None:
    counted(clock, [0.0] * 4 + [9.0] * 2)
    assert 595 <= seconds_to_wait(PAIR) <= 601, "six of them: ten minutes from the last"
    clock.minutes = 10.5
    assert count_try(PAIR) > 0, "in the ten minutes before, some were at 9"
    clock.minutes = 19.1
    assert count_try(PAIR) == 0


def test_a_refused_try_costs_nothing_and_makes_no_row(clock: Clock) -> None:
    counted(clock, [0.0] * 6)
    other = LIMIT.key("y")
    assert count_try([(LIMIT, other), *PAIR]) > 0
    assert not Budget.objects.filter(pk=other).exists()
    clock.minutes = 10.01
    assert count_try(PAIR) == 0, "those that were refused did not prolong it"


def test_a_try_is_given_back_and_others_are_forgotten(clock: Clock) -> None:
    counted(clock, [0.0] * 6)
    uncount_try(PAIR)
    assert count_try(PAIR) == 0
    assert count_try(PAIR) > 0
    reset_counts(KEY)
    assert count_try(PAIR) == 0
    reset_counts(KEY)
    uncount_try(PAIR)
    assert Budget.objects.get(pk=KEY).count == 0


@pytest.mark.parametrize("wrong", [timedelta(days=99), timedelta(hours=-3)])
def test_a_clock_that_jumped_is_healed(clock: Clock, wrong: timedelta) -> None:
    counted(clock, [0.0] * 6)
    row = Budget.objects.get(pk=KEY)
    Budget.objects.update(began_at=row.began_at + wrong, expires_at=row.expires_at + wrong)
    assert seconds_to_wait(PAIR) == 0
    assert len(counted(clock, [0.0] * 9)) == 6


def test_counts_of_the_version_before_go_on(clock: Clock) -> None:
    Budget.objects.create(key=KEY, count=6, expires_at=clock.now() + timedelta(minutes=3))
    assert 175 <= count_try(PAIR) <= 181
    clock.minutes = 3.1
    assert count_try(PAIR) == 0


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_counted_exactly() -> None:
    waits: list[int] = []
    start = threading.Barrier(8)

    def spend_some() -> None:
        try:
            start.wait()
            waits.extend(count_try([(LIMIT, LIMIT.key(name)), *PAIR]) for name in "abc")
        finally:
            connection.close()

    threads = [threading.Thread(target=spend_some) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(waits) == 24
    assert waits.count(0) == 6
    assert Budget.objects.get(pk=KEY).count == 6


def test_rows_are_bounded_and_those_counted_most_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "MOST_COUNTS_KEPT", 40)
    monkeypatch.setattr(budgets, "CLEANED_AT_ONCE", 10)
    for _ in range(5):
        count_try(PAIR)
    for number in range(100):
        count_try([(LIMIT, LIMIT.key(str(number)))])
    assert Budget.objects.count() <= 40
    assert Budget.objects.get(pk=KEY).count == 5


def told(kind: EventKind = EventKind.SIGN_IN_FAILED) -> list[tuple[str, str, int]]:
    rows = AuditEvent.objects.filter(kind=kind).order_by("pk")
    return [(row.about, row.address, row.details["count"]) for row in rows]


def test_events_stay_few_however_many_networks_there_are(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budgets, "EVENTS_OF_NETWORKS", Limit("events", 5, timedelta(minutes=10)))
    for number in range(30):
        report_repeated(
            EventKind.SIGN_IN_FAILED, about="unknown addresses", address=f"198.51.100.{number}"
        )
    report_repeated(EventKind.SIGN_IN_FAILED, about="vera@example.com", address="203.0.113.1")
    assert len(told()) == 7
    assert ("unknown addresses", "many networks", 1) in told()
    assert ("vera@example.com", "many networks", 1) in told(), "an account is always named"
    assert Budget.objects.filter(kind=EventKind.SIGN_IN_FAILED).count() == 7
    clock.minutes = 10.1
    report_due_repeats()
    assert sum(count for *_, count in told()) == 31, "and none is missing"


@pytest.mark.slow
def test_networks_that_keep_on_make_no_more_events(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budgets, "EVENTS_OF_NETWORKS", Limit("events", 5, timedelta(minutes=10)))
    for turn in range(8):
        clock.minutes = turn * 10.5
        for number in range(5 * turn + 5):
            for _ in range(2):
                report_repeated(
                    EventKind.LOCKED_OUT, about="any account", address=f"198.51.100.{number}"
                )
        report_due_repeats()
    clock.minutes += 21
    report_due_repeats()
    assert sum(count for *_, count in told(EventKind.LOCKED_OUT)) == 2 * sum(range(5, 45, 5))
    assert len(told(EventKind.LOCKED_OUT)) <= 8 * 7 + 6


@pytest.mark.parametrize("command", ["settle", "sync"])
def test_the_timers_tell_what_was_counted_and_not_told(clock: Clock, command: str) -> None:
    for _ in range(4):
        report_repeated(EventKind.SIGN_IN_FAILED, about="vera@example.com", address="203.0.113.1")
    call_command(command)
    assert [count for *_, count in told()] == [1]
    clock.minutes = 10.1
    call_command(command)
    assert [count for *_, count in told()] == [1, 3]


@pytest.mark.django_db(transaction=True)
def test_many_that_report_at_once_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "EVENTS_OF_NETWORKS", Limit("events", 3, timedelta(minutes=10)))
    failures: list[BaseException] = []

    def report_some(first: int) -> None:
        try:
            for number in range(12):
                address = f"198.51.100.{(first + number) % 12}"
                report_repeated(
                    EventKind.SIGN_IN_FAILED, about="unknown addresses", address=address
                )
                report_due_repeats()
        except BaseException as error:
            failures.append(error)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=report_some, args=[first]) for first in range(0, 12, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    waiting = sum(Budget.objects.values_list("unreported", flat=True))
    assert sum(count for *_, count in told()) + waiting == 72
    assert len(told()) == 4


def test_an_address_of_any_length_can_be_told(db: Any) -> None:
    report_repeated(EventKind.SIGN_IN_FAILED, about="é" * 500, address="x" * 500)
    assert len(told()) == 1
