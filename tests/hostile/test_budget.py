"""The token buckets: what goes at once, what comes back, and who can spoil it for others."""

import threading
import time

from hypothesis import given
from hypothesis import strategies as st

from admin_ui.request.budget import Refusal, TokenBuckets


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_minutes_worth_at_once_and_then_evenly() -> None:
    clock = Clock()
    budget = TokenBuckets(lambda: 60, clock=clock)
    assert [budget.take("a") for _ in range(60)] == [None] * 60
    assert budget.take("a") == Refusal(seconds=1, count=1)
    clock.now += 0.5
    refusal = budget.take("a")
    assert refusal is not None
    assert refusal.seconds == 0.5
    clock.now += 0.5
    assert budget.take("a") is None
    assert budget.take("a") is not None
    clock.now += 3600  # an hour of silence does not add up
    assert sum(budget.take("a") is None for _ in range(200)) == 60


def test_one_caller_spends_nothing_of_another() -> None:
    budget = TokenBuckets(lambda: 1, clock=Clock())
    assert [budget.take("a"), budget.take("b")] == [None, None]
    assert budget.take("a") is not None
    assert budget.take("c") is None


def test_asking_takes_nothing() -> None:
    budget = TokenBuckets(lambda: 1, clock=Clock())
    assert [budget.lacks("a") for _ in range(5)] == [None] * 5
    assert budget.take("a") is None
    assert budget.lacks("a") is not None


def test_none_means_no_limit() -> None:
    for none in (0, -1):
        budget = TokenBuckets(lambda none=none: none)  # type: ignore[misc]
        assert [budget.take("a") for _ in range(1000)] == [None] * 1000
        budget.charge("a", 1000, longest_wait=10)
        assert len(budget) == 0


def test_a_flood_is_reported_once_a_minute_with_its_number() -> None:
    clock = Clock()
    budget = TokenBuckets(lambda: 1, clock=clock)
    budget.take("a")
    counts = []
    for _ in range(1200):
        clock.now += 0.1
        if refusal := budget.take("a"):
            counts.append(refusal.count)
    reported = [count for count in counts if count]
    assert reported[0] == 1
    assert len(reported) == 2
    assert reported[1] > 500


def test_strangers_do_not_fill_the_memory() -> None:
    budget = TokenBuckets(lambda: 1, callers=100, clock=Clock())
    for number in range(10_000):
        budget.take(number)
    assert len(budget) == 100
    assert 9_999 in budget
    assert 0 not in budget


def test_what_is_charged_afterwards_never_costs_a_longer_wait() -> None:
    clock = Clock()
    budget = TokenBuckets(lambda: 60, clock=clock)
    for _ in range(50):
        budget.charge("a", 25, longest_wait=10)
    refusal = budget.lacks("a", 0)
    assert refusal is not None
    assert refusal.seconds == 10
    clock.now += 10
    assert budget.lacks("a", 0) is None


@given(st.lists(st.tuples(st.floats(0, 30), st.floats(0, 5)), max_size=60))
def test_one_thing_after_the_other_never_meets_the_limit(steps: list[tuple[float, float]]) -> None:
    clock = Clock()
    budget = TokenBuckets(lambda: 60.001, clock=clock)
    for worked, paused in steps:
        assert budget.lacks("a", 0) is None
        clock.now += worked
        budget.charge("a", worked, longest_wait=10)
        clock.now += paused


class Slow(float):
    """A number that lets other threads go first between the look at a budget and the taking."""

    def __le__(self, other: float) -> bool:
        found = super().__le__(other)
        time.sleep(0.001)
        return found


def test_threads_do_not_take_the_same_token() -> None:
    budget = TokenBuckets(lambda: 20, clock=Clock())
    taken: list[None] = []

    def work() -> None:
        taken.extend(None for _ in range(10) if budget.take("a", Slow(1)) is None)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 20
