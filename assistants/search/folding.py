"""Folding: the form in which texts are compared, whatever their case, accents and width."""

import unicodedata
from bisect import bisect
from collections.abc import Callable
from functools import lru_cache
from typing import Final

LETTER, UPPER, UNSPACED = "a", "A", "u"
MARK, JOINER, SYMBOL, FLAG, GAP = "m", "_", "s", "r", " "

JOINERS: Final = frozenset("_-'’\u2010\u2011\u05f3\u05f4")
"""Between two letters these belong to the word: get_order, e-mail, l'ordre."""

SCRIPTS_WITHOUT_SPACES: Final = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1100, 0x11FF),  # Hangul: it has spaces, but between groups of words
    (0x1780, 0x17FF),  # Khmer
    (0x1950, 0x1AAF),  # Tai Le, New Tai Lue, Tai Tham
    (0x1B00, 0x1B7F),  # Balinese
    (0x2E80, 0x31FF),  # Han, Hiragana, Katakana, Bopomofo
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0xA48F),  # Han, Yi
    (0xA960, 0xA9FF),  # Hangul, Javanese, Burmese
    (0xAA60, 0xAA7F),  # Burmese
    (0xAC00, 0xD7FF),  # Hangul
    (0xF900, 0xFAFF),  # Han
    (0xFF66, 0xFFDC),  # narrow Katakana and Hangul
    (0x1B000, 0x1B16F),  # Hiragana, Katakana
    (0x20000, 0x3FFFF),  # Han
)
_FIRSTS = [first for first, _ in SCRIPTS_WITHOUT_SPACES]
_FLAGS = range(0x1F1E6, 0x1F200)
_SKINS = range(0x1F3FB, 0x1F400)
_ALIKE: Final = str.maketrans(
    {
        # Letters that Unicode does not take apart.
        **{"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ð": "d"},
        **{"æ": "ae", "œ": "oe", "þ": "th"},
        # Arabic ones that are typed for one another.
        **{"\u0649": "\u064a", "\u06cc": "\u064a", "\u0629": "\u0647", "\u06a9": "\u0643"},
    }
)


_BY_CATEGORY: Final = {
    **dict.fromkeys(("Lu", "Lt"), UPPER),
    **dict.fromkeys(("Ll", "Lm", "Lo", "Nl", "Nd", "No"), LETTER),
    **dict.fromkeys(("Mn", "Mc", "Me", "Cf"), MARK),
    # Of what this Python does not know yet (Cn), most is emoji.
    **dict.fromkeys(("So", "Sc", "Sm", "Co", "Cn"), SYMBOL),
}


def _kind(code: int) -> str:
    category = unicodedata.category(chr(code))
    if chr(code) in JOINERS:
        return JOINER
    if code in _FLAGS or code in _SKINS:
        return FLAG if code in _FLAGS else MARK
    if category in ("Lo", "Lm", "Nl") and _is_unspaced(code):
        return UNSPACED
    if category == "Sm" and code < 128:  # signs of code, which are everywhere
        return GAP
    return _BY_CATEGORY.get(category, GAP)


def _is_unspaced(code: int) -> bool:
    place = bisect(_FIRSTS, code) - 1
    return place >= 0 and code <= SCRIPTS_WITHOUT_SPACES[place][1]


def _folded(code: int) -> str | None:
    """What is left of a character that is taken apart already; None for nothing."""
    char, category = chr(code), unicodedata.category(chr(code))
    if code < 128:
        return char if char.isalnum() or char == "$" else None
    if category in ("Cf", "Me") or code in _SKINS:
        return None
    if category == "Mn":
        # By their class: accents and vowel signs that a reader can do without, but no mark that
        # makes another letter, as in Thai, Devanagari or Kana. A variation selector has no class.
        placed = unicodedata.combining(char)
        is_accent = placed >= 200 or 10 <= placed <= 35
        return None if is_accent or "VARIATION SELECTOR" in unicodedata.name(char, "") else char
    if category == "Nd":
        return str(unicodedata.decimal(char))
    return char


class _Remembered(dict[int, str | None]):
    """A table for `str.translate` that works an entry out once it is needed."""

    MOST = 20_000
    """Entries that are kept; there are more than a million characters."""

    def __init__(self, work_out: Callable[[int], str | None]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, code: int) -> str | None:
        value = self._work_out(code)
        if len(self) < self.MOST:
            self[code] = value
        return value


_KINDS = _Remembered(_kind)
_SEPARATED = _Remembered(lambda code: " " if _kind(code) == GAP else chr(code))
_FOLDED = _Remembered(_folded)
_FOLDED_APART = _Remembered(lambda code: " " if code == 32 else _folded(code))
_ALONE = _Remembered(lambda code: one if len(one := fold(chr(code))) == 1 else chr(code))


def character_kinds(text: str) -> str:
    """Return the kind of each character of `text`, a letter each: as long as the text."""
    return text.translate(_KINDS)


def separated(text: str) -> str:
    """Return `text` with a space for each character between what can be searched: as long."""
    return text.translate(_SEPARATED)


def alone(text: str) -> str:
    """Return `text` with each character folded alone, where that leaves one: as long."""
    return text.translate(_ALONE)


def folded_words(text: str) -> str:
    """Return the words and symbols of `text`, each folded, with a space between them."""
    apart = separated(text)
    if apart.isascii():
        return " ".join(apart.lower().translate(_FOLDED_APART).split())
    return " ".join(filter(None, map(fold, apart.split())))


def fold(word: str) -> str:
    """Return `word` without case, accents, width and what cannot be seen; ß is ss.

    Folding again changes nothing. No ASCII but letters, digits and "$" is left; "" may be.
    """
    if word.isascii():
        return word.lower() if word.isalnum() else word.lower().translate(_FOLDED)
    return _fold_short(word) if len(word) <= SHORT else _fold(word)


SHORT = 32
"""Characters of a word that is remembered folded."""


def _fold(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word).casefold()
    apart = unicodedata.normalize("NFKD", apart).casefold().translate(_FOLDED)
    return unicodedata.normalize("NFC", apart.translate(_ALIKE))


_fold_short = lru_cache(maxsize=4_096)(_fold)
