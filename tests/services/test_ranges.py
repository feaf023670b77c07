"""Sets of numbers as ranges, beside Python's own sets."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assistants.services.syncing.ranges import Ranges, holds, merged

BATCHES = st.lists(st.lists(st.integers(0, 60)))


def of(batches: list[list[int]]) -> Ranges:
    ranges: Ranges = []
    for batch in batches:
        ranges = merged(ranges, batch)
    return ranges


@given(BATCHES)
def test_ranges_hold_what_was_put_in_and_nothing_else(batches: list[list[int]]) -> None:
    ranges = of(batches)
    numbers = {number for batch in batches for number in batch}
    assert {number for number in range(-1, 62) if holds(ranges, number)} == numbers


@given(BATCHES)
def test_ranges_are_sorted_and_as_few_as_can_be(batches: list[list[int]]) -> None:
    ranges = of(batches)
    assert all(first <= last for first, last in ranges)
    assert all(one[1] + 1 < other[0] for one, other in pairwise(ranges))


@given(BATCHES)
def test_how_the_numbers_came_makes_no_difference(batches: list[list[int]]) -> None:
    assert of(batches) == of(batches[::-1]) == merged([], [n for batch in batches for n in batch])


@given(BATCHES, st.lists(st.integers(0, 60)))
def test_adding_leaves_the_ranges_given_as_they_were(
    batches: list[list[int]], more: list[int]
) -> None:
    ranges = of(batches)
    before = [list(pair) for pair in ranges]
    merged(ranges, more)
    assert ranges == before


def test_rows_made_in_order_take_one_range() -> None:
    assert merged(merged([], range(1, 101)), range(101, 10_001)) == [[1, 10_000]]
