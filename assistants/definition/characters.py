"""The invisible characters, and those that change the direction of text, in one table.

Nothing here removes a character. A model reads code points and a person sees shapes, so every
character without a shape of its own is found and named here; `wording.marks` shows it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from assistants.definition.plain_text import odd_matches
from assistants.definition.translation import gettext_noop as _

TAG = _("tag character")
PRIVATE_USE = _("private-use character")
CONTROL = _("control character")
LONE = _("combining mark without a letter")
SELECTOR = _("variation selector")
FORMAT = _("invisible formatting character")

_DIRECTIONS = {
    0x061C: _("Arabic letter mark"),
    0x200E: _("left-to-right mark"),
    0x200F: _("right-to-left mark"),
    0x202A: _("left-to-right embedding"),
    0x202B: _("right-to-left embedding"),
    0x202C: _("pop directional formatting"),
    0x202D: _("left-to-right override"),
    0x202E: _("right-to-left override"),
    0x2066: _("left-to-right isolate"),
    0x2067: _("right-to-left isolate"),
    0x2068: _("first-strong isolate"),
    0x2069: _("pop directional isolate"),
}
_SPACES = {
    0x00A0: _("no-break space"),
    0x1680: _("Ogham space mark"),
    0x2000: _("en quad"),
    0x2001: _("em quad"),
    0x2002: _("en space"),
    0x2003: _("em space"),
    0x2004: _("three-per-em space"),
    0x2005: _("four-per-em space"),
    0x2006: _("six-per-em space"),
    0x2007: _("figure space"),
    0x2008: _("punctuation space"),
    0x2009: _("thin space"),
    0x200A: _("hair space"),
    0x202F: _("narrow no-break space"),
    0x205F: _("mathematical space"),
    0x3000: _("ideographic space"),
}
_INVISIBLE = {
    0x000B: _("vertical tab"),
    0x000C: _("form feed"),
    0x0085: _("next-line control"),
    0x00AD: _("soft hyphen"),
    0x034F: _("combining grapheme joiner"),
    0x115F: _("Hangul filler"),
    0x1160: _("Hangul filler"),
    0x17B4: _("inherent Khmer vowel"),
    0x17B5: _("inherent Khmer vowel"),
    0x180E: _("Mongolian vowel separator"),
    0x200B: _("zero-width space"),
    0x200C: _("zero-width non-joiner"),
    0x200D: _("zero-width joiner"),
    0x2028: _("line separator"),
    0x2029: _("paragraph separator"),
    0x2060: _("word joiner"),
    0x2061: _("invisible function sign"),
    0x2062: _("invisible times sign"),
    0x2063: _("invisible comma"),
    0x2064: _("invisible plus sign"),
    0x2800: _("blank Braille pattern"),
    0x3164: _("Hangul filler"),
    0xFEFF: _("byte order mark"),
    0xFFA0: _("Hangul filler"),
    0xFFFC: _("object replacement character"),
}
_RUNS = (  # first and last, and what each of them is called
    (0x0000, 0x0008, CONTROL),
    (0x000E, 0x001F, CONTROL),
    (0x007F, 0x009F, CONTROL),
    (0x180B, 0x180D, SELECTOR),
    (0x180F, 0x180F, SELECTOR),
    (0x2065, 0x2065, FORMAT),
    (0x206A, 0x206F, FORMAT),
    (0xE000, 0xF8FF, PRIVATE_USE),
    (0xFE00, 0xFE0F, SELECTOR),
    (0xFFF0, 0xFFFB, FORMAT),
    (0x1BCA0, 0x1BCA3, FORMAT),
    (0x1D173, 0x1D17A, FORMAT),
    (0xE0000, 0xE007F, TAG),
    (0xE0080, 0xE00FF, FORMAT),
    (0xE0100, 0xE01EF, SELECTOR),
    (0xE01F0, 0xE0FFF, FORMAT),
    (0xF0000, 0x10FFFF, PRIVATE_USE),
)
CHARACTER_NAMES = {**_DIRECTIONS, **_SPACES, **_INVISIBLE}
"""What each single character is called, by code point. `character_name` knows ranges too."""


def _class(*ranges: tuple[int, int]) -> str:
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


def _ones(points: dict[int, str]) -> str:
    return _class(*((point, point) for point in points))


_COMBINING = _class((0x300, 0x36F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF))
_NAMED = f"{_ones(CHARACTER_NAMES)}{_class(*(run[:2] for run in _RUNS))}"
# A named character, or an accent without a letter. It begins with one class, not with a choice of
# two: that finds the next candidate in a third of the time.
_FOUND = re.compile(
    rf"[{_NAMED}{_COMBINING}](?:(?<=[{_NAMED}])|(?<=\s[{_COMBINING}])|(?<=\A[{_COMBINING}]))"
)
_SPELLING = re.compile(
    f"[{_class((0xE0000, 0xE007F))}]+|[{_class((0xFE00, 0xFE0F), (0xE0100, 0xE01EF))}]{{3,}}"
)
_SPACE_NAMES = frozenset(_SPACES.values())
_IMPLICIT = frozenset(map(chr, (0x061C, 0x200E, 0x200F)))
# Scripts in which letters join, or words are parted, by characters of no width.
_JOINING = re.compile(f"[{_class((0x600, 0xEFF), (0xF00, 0x109F), (0x1780, 0x18AF))}]")
_RIGHT_TO_LEFT = re.compile(
    f"[{_class((0x590, 0x61B), (0x61D, 0x8FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFC))}"
    f"{_class((0x10800, 0x10FFF), (0x1E800, 0x1EFFF))}]"
)
_SEQUENCE = re.compile("[\u20e3\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
_NEAR = 200  # characters
_FLAG, _CANCEL = "\U0001f3f4", "\U000e007f"


@dataclass(frozen=True, slots=True)
class CharacterMark:
    """A run of one invisible character in a text, from `start` up to `end`."""

    start: int
    end: int
    name: str
    """The name of the character, in English."""
    code: int
    """The first one's code point."""
    spells: str = ""
    """The sentence that tag characters, or variation selectors in a row, spell."""
    usual: bool = False
    """Whether it is usual there: in a flag or a family emoji, between Persian letters, in
    French before a colon."""

    @property
    def count(self) -> int:
        return self.end - self.start


def character_name(character: str) -> str | None:
    """Return the name of an invisible character; None for a visible one."""
    point = ord(character)
    if point in CHARACTER_NAMES:
        return CHARACTER_NAMES[point]
    return next((name for first, last, name in _RUNS if first <= point <= last), None)


def is_space(name: str) -> bool:
    """Return whether the character with this name looks like a space."""
    return name in _SPACE_NAMES


def find_marks(text: str) -> Iterator[CharacterMark]:
    """Yield every run of invisible characters in a text, in order."""
    matches = odd_matches(_FOUND, text)
    places = ((found.start(), character_name(found[0]) or LONE) for found in matches)
    run: list[int] = []
    name = ""
    for place, called in chain(places, ((len(text) + 1, ""),)):
        if run and (place != run[-1] + 1 or called != name):
            yield _mark(text, run[0], run[-1] + 1, name)
            run = []
        run.append(place)
        name = called


def _mark(text: str, start: int, end: int, name: str) -> CharacterMark:
    spells = _spelled(text[start:end])
    return CharacterMark(
        start, end, name, ord(text[start]), spells, _is_usual(text, start, end, name)
    )


def tally(text: str) -> Counter[str]:
    """Count the invisible characters in a text by name; quicker than `find_marks`."""
    counts = Counter[str]()
    for character, count in Counter(found[0] for found in odd_matches(_FOUND, text)).items():
        counts[character_name(character) or LONE] += count
    return counts


def spelled_in(text: str) -> list[str]:
    """Return the sentences that runs of invisible characters spell, in order."""
    return [said for run in _SPELLING.finditer(text) if (said := _spelled(run[0]))]


def _spelled(run: str) -> str:
    """Return what a model reads in a run: tags are ASCII, variation selectors are bytes."""
    name = character_name(run[0])
    if name == TAG:
        said = "".join(chr(ord(tag) - 0xE0000) for tag in run)
        return "".join(character for character in said if character.isprintable())
    if name != SELECTOR or len(run) < 3:  # no emoji has three in a row
        return ""
    points = [ord(character) for character in run]
    data = bytes((p - 0xFE00 if p < 0xE0100 else p - 0xE0100 + 16) & 0xFF for p in points)
    said = data.decode("utf-8", "replace")
    return said if said.isprintable() and "\ufffd" not in said else ""


def _is_usual(text: str, start: int, end: int, name: str) -> bool:
    before, after, first = text[start - 1 : start], text[end : end + 1], text[start]
    if is_space(name):
        return True
    if name == TAG:
        return before == _FLAG and text[end - 1] == _CANCEL and 3 < end - start < 8
    if end - start > 1 or (start == 0 and first not in _IMPLICIT):
        return False
    if name == SELECTOR:
        return unicodedata.category(before)[0] in "SP" or _takes_selector(before)
    if first in _IMPLICIT:  # looked for nearby only, or a text full of them would take for ever
        return _RIGHT_TO_LEFT.search(text, max(start - _NEAR, 0), end + _NEAR) is not None
    return _joins(first, before, after)


def _joins(character: str, before: str, after: str) -> bool:
    """Return whether it has an effect there: joins or parts letters, pictures, syllables."""
    if character == "\u200d" and _is_picture(after):
        return _is_picture(before) or _SEQUENCE.match(before) is not None
    if character in "\u200b\u200c\u200d":
        return _JOINING.match(before) is not None
    return character == "\u00ad" and before.isalpha() and after.isalpha()


def _takes_selector(character: str) -> bool:
    """Return whether it has another form: a keycap digit, a Han or Mongolian letter, an emoji."""
    return character.isdigit() or "\u1800" <= character <= "\u18af" or _is_wide(character)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _is_picture(character: str) -> bool:
    return bool(character) and unicodedata.category(character) == "So"


# Letters that look like others.

_SCRIPTS = {
    _("Latin"): ((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2AF)),
    _("Greek"): ((0x370, 0x3FF), (0x1F00, 0x1FFF)),
    _("Cyrillic"): ((0x400, 0x52F),),
    _("Armenian"): ((0x531, 0x587),),
    _("Cherokee"): ((0x13A0, 0x13FF), (0xAB70, 0xABBF)),
}
_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеорсухіјѕһԁԛԝѵҮΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορικυՕԼՍոսօցհ",
    "ABESIJKMHOPCTYXaeopcyxijshdqwvYABEZHIKMNOPTYXavopikuOLUnuogh",
)
_OTHER_SCRIPTS = re.compile(f"[{_class(*chain(*list(_SCRIPTS.values())[1:]))}]")
_WORDS = re.compile(r"[^\W\d_]+")


def mixed_words(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield start, end and the scripts of each word that mixes letters which look alike.

    "Refund" with a Cyrillic letter does; "Δt" does not, since no Latin letter looks like a delta.
    """
    if text.isascii() or not _OTHER_SCRIPTS.search(text):
        return
    for found in _WORDS.finditer(text):
        word = found[0]
        if not _OTHER_SCRIPTS.search(word) or word.translate(_LOOKALIKES) == word:
            continue
        scripts = tuple(
            name
            for name, ranges in _SCRIPTS.items()
            if any(first <= ord(letter) <= last for letter in word for first, last in ranges)
        )
        if len(scripts) > 1:
            yield found.start(), found.end(), scripts


def look_alike(one: str, two: str) -> bool:
    """Return whether two different texts look the same."""
    return one != two and _seen(one) == _seen(two)


def _seen(text: str) -> str:
    shown = _FOUND.sub(lambda found: " " if is_space(character_name(found[0]) or "") else "", text)
    return unicodedata.normalize("NFKC", shown).translate(_LOOKALIKES)
