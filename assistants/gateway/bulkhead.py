"""Limits on how many web threads of this process call remotes at the same time."""

import os
import threading
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass


@dataclass(frozen=True)
class ChainLimits:
    """How many chains of calls may run at once in a process with `threads` web threads.

    One remote gets at most half of the threads, and all remotes together three quarters. Page
    checks get only a part of each, so that a publish finds a place while every page is checking.
    With fewer than four threads each part is one; with a single thread, none stays free.
    """

    threads: int

    @property
    def all(self) -> int:
        return max(self.threads * 3 // 4, 1)

    @property
    def one(self) -> int:
        """For one remote."""
        return max(self.threads // 2, 1)

    @property
    def checks(self) -> int:
        """For the page checks of all remotes together."""
        return max(self.threads // 2, 1)

    @property
    def checks_of_one(self) -> int:
        return max(self.threads // 4, 1)


class Bulkhead:
    """Counts the running chains of calls by remote. Safe to share between threads.

    No thread waits here: waiting for a place would keep it as busy as waiting for an answer.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: Counter[tuple[Hashable, bool]] = Counter()

    def enter(self, remote: Hashable, places: ChainLimits, *, check: bool) -> bool:
        """Take a place for a chain of calls to `remote`; return False at once if there is none.

        `check` says that it is a page check. The caller gives its place back with `leave`.
        """
        with self._lock:
            both = self._taken[remote, True] + self._taken[remote, False]
            room = both < places.one and self._taken.total() < places.all
            if check:
                room = room and self._taken[remote, True] < places.checks_of_one
                room = room and self._checks() < places.checks
            if room:
                self._taken[remote, check] += 1
            self._taken = +self._taken  # drops the zeros, or it would grow with each remote
            return room

    def leave(self, remote: Hashable, *, check: bool) -> None:
        """Give back a place that `enter` has given."""
        with self._lock:
            self._taken[remote, check] -= 1
            self._taken = +self._taken

    @property
    def taken(self) -> int:
        """How many chains of calls are running."""
        with self._lock:
            return self._taken.total()

    def _checks(self) -> int:
        return sum(count for (_, check), count in self._taken.items() if check)

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._taken.clear()


BULKHEAD = Bulkhead()
"""The one of this process. A forked child has none of the threads, so it begins empty."""
os.register_at_fork(after_in_child=BULKHEAD._forget)
