"""Where the words of a search are close together, against a look at every word."""

import random
import unicodedata

import pytest

from assistants.search import closest, parse, spans
from assistants.wording import marked_line

FAR = "and much else that nobody looks for " * 12
WORDS = (
    "order",
    "Order",
    "reorder",
    "getOrderStatus",
    "rückgabe",
    "Ruckgabe",
    "返金は",
    "十日",
    "e-mail",
)


def lines(text: str) -> str:
    return (
        marked_line(text, parse("only tuesdays may")).replace("<mark>", "[").replace("</mark>", "]")
    )


def test_the_excerpt_is_where_most_words_are() -> None:
    sentence = "Only Tuesdays may we ship."
    line = lines(f"You may ask.\nmay {FAR}{sentence} {FAR}\nOnly a may.")
    assert "nobody looks for [Only] [Tuesdays] [may] we ship. and much else" in line
    assert line.startswith("…")
    assert line.endswith("…")
    assert len(line) < 200
    apart = f"Only one. {FAR}Tuesdays only, {FAR}may"
    assert "[Tuesdays] [only]" in lines(apart)
    assert lines(f"{FAR}\n  Who may?\n{FAR}") == "Who [may]?"


def test_the_search_as_typed_comes_before_the_same_words() -> None:
    text = "may only tuesdays.\n" * 200 + "Only Tuesdays may."
    assert lines(text) == "[Only] [Tuesdays] [may]."


@pytest.mark.parametrize(
    "typed", ["order", "ruckgabe", "rückgabe order", "十日", "金は", "e-mail", "mail x"]
)
def test_nothing_is_found_that_is_not_there_and_nothing_missed(typed: str) -> None:
    chance, query = random.Random(3), parse(typed)
    for _ in range(200):
        few = chance.sample(WORDS, 3)
        joints = (" ", "\n", ", ", "\n\n", f" {'-' * 450} ")
        text = "".join(chance.choice(few) + chance.choice(joints) for _ in range(12))
        text = unicodedata.normalize(chance.choice(["NFC", "NFD"]), text)
        found, there = closest(text, query), list(spans(text, query))
        assert bool(found) == bool(there), text
        if found:
            assert found.text in text
            assert "\n" not in found.text
            marked = {found.text[span.start : span.end] for span in found.spans}
            assert marked <= {text[span.start : span.end] for span in there}
