"""Lines are followed into a later text: to the very same lines, or nowhere."""

import random
from itertools import count
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistants.diff.following.anchors import LEAST_TELLING, Follower, LineRange
from assistants.diff.origins import numbered_lines

SHORT = ["", "Yes.", "No.", "## Tone", "- Be brief."]
LONG = "Answer question {} from the handbook alone."

lines_of_texts = st.lists(st.sampled_from([*SHORT, None]), max_size=14)
edits = st.lists(
    st.tuples(
        st.sampled_from(["insert", "delete", "move", "copy", "long"]),
        st.integers(0, 20),
        st.integers(0, 20),
        st.sampled_from(SHORT),
    ),
    max_size=7,
)


def telling(stretch: list[str]) -> bool:
    return sum(len("".join(line.split())) for line in stretch) >= LEAST_TELLING


def times(stretch: list[str], lines: list[str]) -> int:
    size = len(stretch)
    return sum(lines[at : at + size] == stretch for at in range(len(lines) - size + 1))


def edited(
    old: list[str], steps: list[tuple[str, int, int, str]], fresh: "count[int]"
) -> list[str]:
    new = list(old)
    for what, one, two, line in steps:
        at, other = one % (len(new) + 1), two % (len(new) + 1)
        if what == "insert":
            new.insert(at, line)
        elif what == "long":
            new.insert(at, LONG.format(next(fresh)))
        elif at < len(new):
            taken = new[at] if what == "copy" else new.pop(at)
            if what != "delete":
                new.insert(other, taken)
    return new


@given(lines_of_texts, edits)
def test_lines_are_followed_to_the_same_text_or_nowhere(
    drawn: list[str | None], steps: list[tuple[str, int, int, str]]
) -> None:
    fresh = count()
    old = [LONG.format(next(fresh)) if line is None else line for line in drawn]
    new = edited(old, steps, fresh)
    follower = Follower("\n".join(old), "\n".join(new))
    for first in range(1, len(numbered_lines("\n".join(old))) + 1):
        for last in range(first, min(first + 3, len(old)) + 1):
            lines = LineRange(first, last)
            found = follower.follow(lines)
            wanted = old[first - 1 : last]
            if found is None:
                unique = times(wanted, old) == times(wanted, new) == 1
                assert not (unique and telling(wanted)), "it is there, and nothing like it"
                assert old != new
                continue
            assert new[found.first - 1 : found.last] == wanted
            assert old == new or known(old, new, lines, found)


def known(old: list[str], new: list[str], lines: LineRange, found: LineRange) -> bool:
    """Whether some stretch around both places is telling, the same, and once in each text."""
    for before in range(lines.first):
        for after in range(len(old) - lines.last + 1):
            stretch = old[lines.first - 1 - before : lines.last + after]
            start = found.first - 1 - before
            is_same = start >= 0 and new[start : start + len(stretch)] == stretch
            if is_same and telling(stretch) and times(stretch, old) == times(stretch, new) == 1:
                return True
    return False


OLD = "\n".join(
    ["# Refunds", "Be polite to the customer.", "Yes.", "# Orders", "Be polite to the customer."]
)


@pytest.mark.parametrize(
    ("new", "lines", "where"),
    [
        (OLD, (3, 3), (3, 3)),
        ("First of all.\n" + OLD, (5, 5), (6, 6)),
        (OLD.replace("Yes.", "No."), (1, 2), (1, 2)),
        (OLD.replace("Yes.", "No."), (1, 3), None),
        (OLD.replace("Yes.", "No."), (5, 5), (5, 5)),
        (OLD.replace("# Refunds", "# Money back to customers"), (3, 3), (3, 3)),
        ("Yes.\nEverything else was written anew.", (3, 3), None),
        ("# Orders\nBe polite to the customer.", (2, 2), None),
        ("", (1, 1), None),
        (OLD, (5, 6), None),
    ],
)
def test_places(new: str, lines: tuple[int, int], where: tuple[int, int] | None) -> None:
    found = Follower(OLD, new).follow(LineRange(*lines))
    assert (found and (found.first, found.last)) == where


def test_moved_lines_are_found() -> None:
    old = ["A first line that is long enough", "between", "and a second one, as long as it"]
    found = Follower("\n".join(old), "\n".join([*old[2:], *old[:2]])).follow(LineRange(1, 2))
    assert found == LineRange(2, 3)


def test_the_lines_of_a_range() -> None:
    assert LineRange(2, 9).of("a\nb\nc") == ["b", "c"]
    assert str(LineRange(2, 2)) == "2"
    assert str(LineRange(2, 4)) == "2–4"
    assert LineRange(2, 4).overlaps(LineRange(4, 9))
    assert not LineRange(2, 4).overlaps(LineRange(5, 9))
    for first, last in ((0, 1), (3, 2)):
        with pytest.raises(ValueError, match="no lines"):
            LineRange(first, last)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["prose", "blank", "alike"])
def test_the_longest_texts_take_a_second_at_most(kind: str) -> None:
    """250,000 characters and 500 ranges, edited in a hundred places, and the worst repetitions."""
    chosen = random.Random(14)
    size = {"prose": 4_000, "blank": 250_000, "alike": 31_000}[kind]
    line = {"prose": "", "blank": "", "alike": "the same"}[kind]
    old = [line or (chosen.randbytes(30).hex() if kind == "prose" else "") for _ in range(size)]
    new = list(old)
    for _ in range(100):
        new[chosen.randrange(size)] = "edited here"
    follower = Follower("\n".join(old), "\n".join(new))
    begun = thread_time()
    for at in range(500):
        follower.follow(LineRange(1 + at * (size // 500), 3 + at * (size // 500)))
    assert thread_time() - begun < 2
