"""Passages of a text that changes: most of them stay, and what they hold is found as before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistants.search import CutText, cut, cut_again, distinct
from assistants.search.passages import SIZE

SENTENCE = "Ask for the order number, then look up get_order_status. "
SHORT = [SENTENCE, SENTENCE * 9 + "\n", "客服中文", "\n\n", "é-mail ", "x ", "👍 "]
LONG = ["wort" * 300, "客服中文" * 300]


def texts(*pieces: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces), max_size=12).map("".join)


def edits(*pieces: str) -> st.SearchStrategy[list[tuple[int, int, str]]]:
    places = st.tuples(st.integers(0, 9000), st.integers(0, 900), texts(*pieces))
    return st.lists(places, max_size=4)


def words(passages: list[CutText]) -> list[str]:
    return sorted(distinct(passages, room=10_000_000))


@given(texts(*SHORT, *LONG), edits(*SHORT, *LONG))
def test_what_is_cut_again_is_the_text(text: str, changes: list[tuple[int, int, str]]) -> None:
    passages = list(cut(text))
    for start, length, put_in in changes:
        text = text[:start] + put_in + text[start + length :]
        passages = cut_again(text, passages)
        assert "".join(passage.text for passage in passages) == text
        assert all(0 < len(passage.text) <= SIZE for passage in passages)


@given(texts(*SHORT), edits(*SHORT))
def test_it_has_the_words_of_the_text(text: str, changes: list[tuple[int, int, str]]) -> None:
    """A word longer than a passage is cut, so its last pieces depend on where it begins."""
    passages = list(cut(text))
    for start, length, put_in in changes:
        text = text[:start] + put_in + text[start + length :]
        passages = cut_again(text, passages)
        assert words(passages) == words(list(cut(text)))


@pytest.mark.parametrize("place", [0, 5_000, 9_900])
def test_a_change_of_one_sentence_cuts_one_passage(place: int) -> None:
    text = (SENTENCE + "\n") * 180
    earlier = list(cut(text))
    changed = text[:place] + "Never promise a refund." + text[place + 23 :]
    again = cut_again(changed, earlier)
    assert len([passage for passage in again if passage not in earlier]) <= 2


def test_many_small_changes_leave_few_passages() -> None:
    text = (SENTENCE + "\n") * 180
    passages = list(cut(text))
    for turn in range(400):
        place = 60 * (turn * 37 % 170)
        text = text[:place] + "Word " + text[place:]
        passages = cut_again(text, passages)
    assert len(passages) <= 2 + 3 * len(text) // (2 * SIZE)
