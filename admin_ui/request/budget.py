"""A budget for each caller, kept in the memory of one process: a token bucket. Plain Python."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from django.conf import settings

REFUSALS_REPORTED_EVERY = 60.0
"""Seconds between two reports about the same caller, so that a flood does not fill the log."""


@dataclass(frozen=True)
class Refusal:
    """A caller whose budget is used up."""

    seconds: float
    """Seconds until the budget is large enough again."""
    count: int
    """Refusals since the last report, including this one; 0 when no report is due."""


@dataclass
class _Bucket:
    left: float
    at: float
    refused: int = 0
    reported_at: float | None = None


class TokenBuckets:
    """An amount a minute for each caller, refilled evenly.

    Thread-safe. It remembers only the latest `callers`, so that strangers cannot fill the memory. A
    caller that was silent for a minute has a full budget again and need not be remembered.
    """

    def __init__(
        self,
        per_minute: Callable[[], float],
        *,
        at_once: float = 60,
        callers: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`per_minute` is called each time; 0 or less means no limit. A full bucket holds what
        `at_once` seconds refill."""
        self._per_minute = per_minute
        self._at_once = at_once
        self._callers = callers
        self._clock = clock
        self._buckets: OrderedDict[Hashable, _Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, who: Hashable, amount: float = 1) -> Refusal | None:
        """Take `amount` from the budget of `who`, or return a refusal when there is too little."""
        return self._ask(who, amount, take=amount)

    def lacks(self, who: Hashable, amount: float = 1) -> Refusal | None:
        """Return a refusal when there is too little for `amount`; take nothing."""
        return self._ask(who, amount, take=0)

    def charge(self, who: Hashable, amount: float, *, longest_wait: float) -> None:
        """Take a cost that is known only afterwards.

        The budget may become negative, by at most what `longest_wait` seconds refill.
        """
        rate = self._per_minute() / 60
        if rate > 0:
            with self._lock:
                bucket = self._bucket(who, rate)
                bucket.left = max(bucket.left - amount, -longest_wait * rate)

    def clear(self) -> None:
        """Forget every caller."""
        with self._lock:
            self._buckets.clear()

    def __contains__(self, who: Hashable) -> bool:
        """Return whether the bucket of `who` is in memory."""
        return who in self._buckets

    def __len__(self) -> int:
        return len(self._buckets)

    def _ask(self, who: Hashable, amount: float, *, take: float) -> Refusal | None:
        rate = self._per_minute() / 60
        if rate <= 0:
            return None
        with self._lock:
            bucket = self._bucket(who, rate)
            if bucket.left >= amount:
                bucket.left -= take
                return None
            return self._refusal(bucket, seconds=(amount - bucket.left) / rate)

    def _bucket(self, who: Hashable, rate: float) -> _Bucket:
        now, size = self._clock(), rate * self._at_once
        bucket = self._buckets.setdefault(who, _Bucket(size, now))
        self._buckets.move_to_end(who)
        if len(self._buckets) > self._callers:
            self._buckets.popitem(last=False)
        bucket.left = min(size, bucket.left + (now - bucket.at) * rate)
        bucket.at = now
        return bucket

    def _refusal(self, bucket: _Bucket, *, seconds: float) -> Refusal:
        bucket.refused += 1
        last = bucket.reported_at
        if last is not None and bucket.at - last < REFUSALS_REPORTED_EVERY:
            return Refusal(seconds, count=0)
        count, bucket.refused, bucket.reported_at = bucket.refused, 0, bucket.at
        return Refusal(seconds, count)


def of_one_process(per_minute: float) -> float:
    """Return the part of a limit that one of the server's processes may allow."""
    return per_minute / float(settings.WEB_WORKERS)
