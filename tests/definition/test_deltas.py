"""A difference applied to the older text gives exactly the newer one, whatever they hold."""

import json
import random
import sys
import unicodedata

import pytest

from assistants.deltas import FAR_MOST, NEAR_MOST, apply_delta, make_delta, pack_near

ODD = ["\x00", "\\n", "\\", '"', "\r\n", "\ud800", "\udfff", "🔑", "é", "e\u0301", "\u202e", ". "]


def every_script() -> list[str]:
    """A few letters of each script, and of each kind of character."""
    found: dict[str, str] = {}
    for code in range(0x20, sys.maxunicode + 1, 7):
        name = unicodedata.name(chr(code), "")
        script = name.partition(" ")[0]
        found[script] = (found.get(script, "") + chr(code))[:5]
    return list(found.values())


def text(source: random.Random, words: list[str], length: int) -> str:
    return "".join(source.choice(words) for _ in range(length))


@pytest.mark.parametrize("seed", range(40))
def test_applying_it_gives_the_new_text(seed: int) -> None:
    source = random.Random(seed)
    words = [*ODD, *source.sample(every_script(), 30), "\n", ". ", "word "]
    old = text(source, words, source.randrange(400))
    pieces = [old[at : at + 20] for at in range(0, len(old), 20)]
    for _ in range(source.randrange(6)):
        place = source.randrange(len(pieces) + 1)
        pieces[place : place + source.randrange(3)] = [text(source, words, source.randrange(9))]
    source.random() < 0.3 and source.shuffle(pieces)
    new = "".join(pieces)
    for one, other in ((old, new), (new, old), (old, ""), ("", new), (old, old)):
        assert apply_delta(one, make_delta(one, other)) == other
        encoded = [json.dumps(each, ensure_ascii=False) for each in (one, other)]
        assert apply_delta(encoded[0], make_delta(*encoded)) == encoded[1]


def test_it_is_short_where_little_changed() -> None:
    source = random.Random(1)
    words = every_script()
    old = "\\n".join(text(source, words, 12) for _ in range(4000))
    new = old.replace("\\n", "\\nSomething new.", 1)[:-40] + "Another end."
    assert len(make_delta(old, new)) < 200


def test_no_chain_grows_long() -> None:
    """A near difference first, then one to the whole text, then a whole text."""
    old, whole = "a. " * 20_000, 50_000
    small, other = old + "New.", text(random.Random(2), every_script(), 60_000)
    assert pack_near(small, [old], whole)
    near = pack_near(small + "x", [small, old], whole)
    assert near
    assert near.base == 0
    far = pack_near(small + "y", [small + "x", small, old], whole)
    assert far
    assert far.base == 1
    larger = small + other[:NEAR_MOST]
    root = pack_near(larger, [small + "x", small, old], whole)
    assert root
    assert root.base == 2
    assert len(root.data) <= FAR_MOST
    assert pack_near(other, [small + "x", small, old], whole) is None
