"""Sets of whole numbers as sorted [first, last] ranges, short for consecutive numbers."""

from bisect import bisect_right
from collections.abc import Iterable
from operator import itemgetter

Ranges = list[list[int]]


def merged(ranges: Ranges, numbers: Iterable[int]) -> Ranges:
    """Return `ranges` with `numbers` added, as few ranges as possible."""
    found: Ranges = []
    for first, last in sorted([*ranges, *([number, number] for number in numbers)]):
        if found and first <= found[-1][1] + 1:
            found[-1][1] = max(found[-1][1], last)
        else:
            found.append([first, last])
    return found


def holds(ranges: Ranges, number: int) -> bool:
    """Return whether `number` is in one of `ranges`."""
    place = bisect_right(ranges, number, key=itemgetter(0))
    return place > 0 and number <= ranges[place - 1][1]
