"""Which version introduced each line, against a simple replay by the same rule."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistants.diff import origins
from assistants.diff.origins import Origins, next_origins, numbered_lines

unique_lines = st.lists(st.sampled_from("abcdefghijkl"), unique=True, max_size=12)
any_lines = st.lists(st.sampled_from(["a", "b", "", "  ", "{"]), max_size=12)


def replayed(texts: Iterable[str]) -> Origins:
    """The origins after all texts, the first of which is version 1."""
    found, old = Origins(), ""
    for version, new in enumerate(texts, 1):
        found = next_origins(found, old, new, version=version)
        old = new
    return found


@given(st.lists(unique_lines, min_size=1, max_size=10))
def test_a_line_belongs_to_the_version_that_first_had_it(history: list[list[str]]) -> None:
    first: dict[str, int] = {}
    for version, lines in enumerate(history, 1):
        for line in lines:
            first.setdefault(line, version)
    found = replayed("\n".join(lines) for lines in history)
    assert found.lines == tuple(first[line] for line in history[-1])


@given(st.lists(any_lines, min_size=1, max_size=10))
def test_a_line_that_repeats_belongs_to_a_version_that_had_it(history: list[list[str]]) -> None:
    texts = ["\n".join(lines) for lines in history]
    found = replayed(texts)
    assert len(found.lines) == len(numbered_lines(texts[-1]))
    for line, version in zip(numbered_lines(texts[-1]), found.lines, strict=True):
        assert line in numbered_lines(texts[version - 1])
    assert Origins.unpack(found.pack()) == found


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["a\nb\nc", "a\nB\nc"], (1, 2, 1)),
        # What comes back keeps its first version, alone or with all the rest.
        (["a\nb\nc", "a\nc", "a\nb\nc"], (1, 1, 1)),
        (["a\nb", "x\ny", "a\nb"], (1, 1)),
        (["a\nb", "x\ny", "x\nb"], (2, 1)),
        # So does a block that moves.
        (["a\nb\nc\nd", "c\nd\na\nb"], (1, 1, 1, 1)),
        # A second copy is new, and so is a blank line.
        (["a", "a\na"], (1, 2)),
        (["a\n\nb", "a\nb", "a\n\nb"], (1, 3, 1)),
        (["", "a", "", "a\nb"], (2, 4)),
        ([""], ()),
    ],
)
def test_examples(texts: list[str], expected: tuple[int, ...]) -> None:
    assert replayed(texts).lines == expected


def test_only_so_many_removed_lines_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(origins, "MOST_REMOVED", 2)
    found = replayed(["a\nb\nc", "", "a\nb\nc"])
    assert found.lines == (3, 1, 1)
    assert len(found.removed) == 2
