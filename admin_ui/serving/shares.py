"""How many connections each worker of this server has, so that none takes more than its share.

A connection stays with the worker that accepted it. The one that is awake first would take most of
them, and use one processor while the others wait.
"""

import mmap

from django.conf import settings

UNUSED = -1
FIRST_TRY_SECONDS = 0.001
MOST_FIRST_TRY_SECONDS = 0.01


class Shares:
    """A number for each worker, in memory that the master shares with all workers.

    The master takes a place before it forks a worker, and gives it back when that has ended. A
    worker that finds no place is left out of the comparison.
    """

    def __init__(self, places: int) -> None:
        self._counts = memoryview(mmap.mmap(-1, max(places, 1) * 4)).cast("i")
        for place in range(places):
            self._counts[place] = UNUSED

    def take(self) -> int | None:
        """Return a free place, which then counts as a worker without connections."""
        for place, count in enumerate(self._counts):
            if count == UNUSED:
                self._counts[place] = 0
                return place
        return None

    def give_back(self, place: int | None) -> None:
        if place is not None:
            self._counts[place] = UNUSED

    def note(self, place: int | None, connections: int) -> None:
        """Say how many connections the worker at `place` has."""
        if place is not None:
            self._counts[place] = max(connections, 0)  # less would say that nobody is there

    def first_try(self, place: int | None) -> float:
        """Return the seconds in which others may accept a connection before the worker at `place`.

        They grow with the number of connections that it has more than the worker with fewest.
        """
        if place is None:
            return 0.0
        fewest = min((count for count in self._counts if count > UNUSED), default=0)
        excess = max(self._counts[place] - fewest, 0)
        return min(excess * FIRST_TRY_SECONDS, MOST_FIRST_TRY_SECONDS)


SHARES = Shares(4 * settings.WEB_WORKERS)
"""More places than workers: some end while their successors begin."""
