"""How many messages this process sends at once, so that receivers that hang hold nobody up."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


class Places:
    """Counts the messages that are being sent. Safe to share between threads; nobody waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: dict[int, bool] = {}

    @contextmanager
    def taken(self, webhook: int, *, is_failing: bool) -> Iterator[bool]:
        """Take a place while a message is sent to `webhook`; yields False if there is none.

        A webhook has one place. Those whose last attempt failed get half of the places, so that
        the others find one.
        """
        with self._lock:
            failing = sum(self._taken.values())
            has_place = webhook not in self._taken and len(self._taken) < most_places()
            if is_failing and failing >= most_places() // 2:
                has_place = False
            if has_place:
                self._taken[webhook] = is_failing
        try:
            yield has_place
        finally:
            if has_place:
                with self._lock:
                    del self._taken[webhook]

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._taken.clear()


def most_places() -> int:
    """Return how many messages a process sends at once: as many as a quarter of its threads, and
    at least two."""
    threads: int = settings.WEB_THREADS
    return max(threads // 4, 2)


PLACES = Places()
"""Those of this process. A forked child has none of the threads, so it begins empty."""
os.register_at_fork(after_in_child=PLACES._forget)
