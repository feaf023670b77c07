"""Near spellings: one letter too many, missing or another one, or two letters swapped."""

from collections.abc import Iterator
from functools import lru_cache

from assistants.search.folding import LETTER, MARK, character_kinds, fold

SHORTEST_WORD, LONGEST_WORD = 4, 16
MOST_SPELLINGS = 1_500
"""Spellings of one word; alphabets differ in size."""


def near(word: str) -> list[str]:
    """Return the spellings near a folded word, the likelier mistakes first; [] for a short one."""
    if not SHORTEST_WORD <= len(word) <= LONGEST_WORD:
        return []
    found = dict.fromkeys(each for each in _near(word) if len(each) >= SHORTEST_WORD)
    found.pop(word, None)
    return list(found)[:MOST_SPELLINGS]


def _near(word: str) -> Iterator[str]:
    places = range(len(word))
    for first in places:
        for second in places[first + 1 :]:
            middle = word[first + 1 : second]
            yield word[:first] + word[second] + middle + word[first] + word[second + 1 :]
    for place in places:
        yield word[:place] + word[place + 1 :]
    letters = sorted(set().union(*map(_alphabet, {ord(letter) // 128 for letter in word})))
    for place in [*places, len(word)]:
        for letter in letters:
            yield word[:place] + letter + word[place:]
            yield word[:place] + letter + word[place + 1 :]


@lru_cache(maxsize=64)
def _alphabet(block: int) -> frozenset[str]:
    """Return the letters that Unicode keeps in one place, which are those of one script."""
    chars = map(chr, range(block * 128, block * 128 + 128))
    return frozenset(
        char for char in chars if character_kinds(char) in (LETTER, MARK) and not char.isdigit()
        if fold(char) == char
    )  # fmt: skip
