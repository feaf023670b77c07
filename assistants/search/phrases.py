"""Phrases: words in quotes, which have to be there one after the other."""

import re
from typing import Final

from assistants.search.folding import UNSPACED, character_kinds, folded_words

QUOTATION_MARKS: Final = '"“”„«»'
_QUOTED: Final = re.compile(f"[{QUOTATION_MARKS}]([^{QUOTATION_MARKS}]+)([{QUOTATION_MARKS}]|$)")


def phrases_in(typed: str, *, most: int) -> tuple[str, ...]:
    """Return the folded phrases in quotes, of the first `most` characters of a search.

    A phrase that goes on beyond them ends with the last whole word.
    """
    found = []
    for match in _QUOTED.finditer(typed):
        phrase, room = match[1], most - match.start(1)
        if match[2] and room > 0:  # a quote that is not closed is none
            found.append(phrase if len(phrase) <= room else phrase[:room].rpartition(" ")[0])
    return tuple(filter(None, map(folded_words, found)))


def has_phrase(text: str, phrase: str) -> bool:
    """Return whether `text` has a folded phrase, with nothing but signs between its words."""
    words = folded_words(text)
    at = words.find(phrase)
    while at >= 0:
        end = at + len(phrase)
        is_word = at == 0 or _may_end(words[at - 1 : at + 1])
        if is_word and (end == len(words) or _may_end(words[end - 1 : end + 1])):
            return True
        at = words.find(phrase, at + 1)
    return False


def _may_end(around: str) -> bool:
    """Return whether a word may end between two characters: always in scripts without spaces."""
    return " " in around or UNSPACED in character_kinds(around)
