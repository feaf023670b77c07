"""Long stretches of equal lines are one token, and the result is the one that words give."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistants.diff import lines, word_diff, words
from assistants.diff.lines import only_in_one, tokenise_both
from assistants.diff.tokens import tokenise

LINE = st.sampled_from(["", "  ", "Be kind.", "Be brief.", "one\r", "1.", *"abcdefgh"])
TEXT = st.lists(LINE, max_size=60).map("\n".join)


def numbered(first: int, last: int) -> list[str]:
    return [f"Line {number} of the text." for number in range(first, last)]


@given(TEXT, TEXT)
def test_tokens_joined_are_the_text(old: str, new: str) -> None:
    a, b = tokenise_both(old, new)
    assert ("".join(a), "".join(b)) == (old, new)


def test_the_inside_of_a_long_equal_stretch_is_one_token() -> None:
    old = "\n".join(["Old.", *numbered(0, 100), "Old."])
    new = "\n".join(["New, and more.", *numbered(0, 100), "New."])
    a, b = tokenise_both(old, new)
    inside = "".join(f"{line}\n" for line in numbered(8, 92))
    assert a.count(inside) == b.count(inside) == 1
    assert len(a) < len(tokenise(old, {})) / 4


@pytest.mark.parametrize(
    "equal", [["Be kind."] * 100, [""] * 100, numbered(0, 16)], ids=["repeated", "blank", "short"]
)
def test_a_stretch_that_is_not_unique_or_not_long_stays_words(equal: list[str]) -> None:
    old, new = "\n".join(["Old.", *equal]), "\n".join(["New.", *equal])
    assert tokenise_both(old, new)[0] == tokenise(old, {})


@pytest.mark.parametrize("seed", range(20))
def test_a_difference_is_the_same_as_without_it(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    text = [f"{line} {chance.choice(['Always.', 'Never.', ''])}" for line in numbered(0, 200)]
    changed = list(text)
    for _ in range(6):
        place = chance.randrange(len(changed))
        changed[place : place + chance.randrange(2)] = chance.choices(
            ["A new line.", "", "Line 7 of another text.", text[chance.randrange(200)]],
            k=chance.randrange(3),
        )
    old, new = "\n".join(text), "\n".join(changed)
    folded = word_diff(old, new, budget=60)
    monkeypatch.setattr(
        words, "tokenise_both", lambda old, new: (tokenise(old, s := {}), tokenise(new, s))
    )
    assert folded == word_diff(old, new, budget=60)


def test_lines_that_one_text_lacks() -> None:
    assert only_in_one("a\nb\nb\nc", "b\nx\na\nc\n") == ("b\nc", "x\nc\n")
    assert only_in_one("same\n", "same\n") == ("", "")
    assert lines._lines("one\r\ntwo\n\nthree") == ["one\r\n", "two\n", "\n", "three"]
