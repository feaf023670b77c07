"""What two lists of tokens have in common, as whole values."""

from itertools import combinations, pairwise, permutations
from time import thread_time

import pytest

from assistants.diff.matching import find_matches, longest_rising

WORDS = [f"w{number}" for number in range(300)]
SAME = ["a", "b"] * 200


def matches(old: list[str], new: list[str], seconds: float = 60) -> list[tuple[int, int, int]]:
    return [tuple(match) for match in find_matches(old, new, thread_time() + seconds)]


def test_no_longer_part_rises() -> None:
    for order in permutations(range(5)):
        pairs = list(enumerate(order))
        found = longest_rising(pairs)
        parts = (part for size in range(1, 6) for part in combinations(pairs, size))
        rising = [part for part in parts if all(one[1] < two[1] for one, two in pairwise(part))]
        assert tuple(found) in rising
        assert len(found) == max(map(len, rising))


def test_a_place_that_comes_twice_rises_once() -> None:
    assert len(longest_rising([(0, 3), (1, 3), (2, 4)])) == 2


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("abc", "abc", [(0, 0, 3)]),
        ("abc", "", []),
        ("abc", "xyz", []),
        ("abcdef", "abcXdef", [(0, 0, 3), (3, 4, 3)]),
        ("abcXdef", "abcdef", [(0, 0, 3), (4, 3, 3)]),
        ("abcXdef", "abcYdef", [(0, 0, 3), (4, 4, 3)]),
        ("XabcdY", "VabcdW", [(1, 1, 4)]),
        ("XXXXabYYYY", "VVVVabWWWW", []),
        ("XXXabYYY", "VVVabWWW", [(3, 3, 2)]),
        ("aaa", "aa", [(0, 0, 2)]),
        ("aXa", "aYYa", [(0, 0, 1), (2, 3, 1)]),
    ],
)
def test_small_lists(old: str, new: str, expected: list[tuple[int, int, int]]) -> None:
    assert matches(list(old), list(new)) == expected


def test_long_lists_are_anchored_on_what_is_unique() -> None:
    new = ["first", *WORDS[:100], "x", "y", *WORDS[103:200], *WORDS[210:], "last"]
    assert matches([*WORDS, "end"], new) == [(0, 1, 100), (103, 103, 97), (210, 200, 90)]


def test_of_two_that_changed_places_the_longer_one_stays() -> None:
    new = [*WORDS[200:], *WORDS[:200]]
    assert matches(WORDS, new) == [(0, 100, 200)]


def test_words_alone_anchor_where_no_five_in_a_row_do() -> None:
    old = [token for word in WORDS for token in (word, "-", "old")]
    new = [token for word in WORDS for token in (word, "-", "new")]
    expected = [(3 * number, 3 * number, 2) for number in range(300)]
    assert matches(old, new) == expected


def test_what_repeats_itself_is_followed_past_a_small_change() -> None:
    old, new = ["x", *SAME, "y"], ["v", *SAME[:100], "a", *SAME[100:], "w"]
    assert matches(old, new) == [(1, 1, 101), (102, 103, 299)]


def test_after_the_deadline_only_equal_ends_match() -> None:
    new = [*WORDS[:5], "x", *WORDS[6:100], "y", *WORDS[101:]]
    assert matches(WORDS, new, seconds=-1) == [(0, 0, 5), (101, 101, 199)]
