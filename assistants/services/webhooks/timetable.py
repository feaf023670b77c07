"""When a message is tried again, and how long a receiver that fails is left alone."""

import random
from datetime import datetime, timedelta

DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
    timedelta(hours=24),
    timedelta(hours=24),
)
"""After the first attempt that failed, the second, and so on, as Standard Webhooks suggests: five
days in all."""
JITTER = 0.1
"""A delay is up to a tenth longer, so that the messages of an outage do not come back together."""
FIRST_LEFT_ALONE, LONGEST_LEFT_ALONE = timedelta(seconds=5), timedelta(minutes=5)
DISABLED_AFTER = timedelta(days=5)
"""How long every attempt has to fail before a webhook is disabled."""
FEWEST_FAILURES = len(DELAYS)
"""Failures in a row that it takes too: a clock that jumps ahead disables nothing."""


def next_try(tries: int, *, now: datetime, retry_after: float | None = None) -> datetime | None:
    """Return when to try again after `tries` attempts that failed; None to give up.

    A receiver may ask for a later time by `retry_after` (seconds, a day at most), and for no
    earlier one.
    """
    if tries > len(DELAYS):
        return None
    delay = DELAYS[tries - 1] * random.uniform(1, 1 + JITTER)  # noqa: S311
    return now + max(delay, timedelta(seconds=retry_after or 0.0))


def left_alone_until(failures: int, *, now: datetime, retry_after: float | None = None) -> datetime:
    """Return until when a receiver is left alone after so many failures in a row.

    So a receiver that hangs costs one attempt a pause, however many messages wait for it.
    """
    doubled: int = 2 ** min(failures - 1, 10)
    pause = min(FIRST_LEFT_ALONE * doubled, LONGEST_LEFT_ALONE)
    return now + max(pause, timedelta(seconds=retry_after or 0.0))


def longest_wait() -> timedelta:
    """Return the longest time that `next_try` can ask for: a longer one is of another clock."""
    return DELAYS[-1] * (1 + JITTER)
