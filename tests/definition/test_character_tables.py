"""The tables of characters, to the first and last of each range."""

import unicodedata

import pytest

from assistants.definition import find_marks, look_alike, mixed_words, spelled_in, tally
from assistants.definition.characters import CHARACTER_NAMES, character_name, is_space

OURS = {  # where Unicode has no name, or one that says little
    0x000B: "vertical tab",
    0x000C: "form feed",
    0x0085: "next-line control",
    0x115F: "Hangul filler",
    0x1160: "Hangul filler",
    0x17B4: "inherent Khmer vowel",
    0x17B5: "inherent Khmer vowel",
    0x200B: "zero-width space",
    0x200C: "zero-width non-joiner",
    0x200D: "zero-width joiner",
    0x2061: "invisible function sign",
    0x2062: "invisible times sign",
    0x2063: "invisible comma",
    0x2064: "invisible plus sign",
    0x205F: "mathematical space",
    0x2068: "first-strong isolate",
    0x2800: "blank Braille pattern",
    0xFEFF: "byte order mark",
    0xFFA0: "Hangul filler",
}
RUNS = [
    (0x0000, 0x0008, "control character"),
    (0x000E, 0x001F, "control character"),
    (0x007F, 0x0084, "control character"),
    (0x0086, 0x009F, "control character"),
    (0x180B, 0x180D, "variation selector"),
    (0x180F, 0x180F, "variation selector"),
    (0x2065, 0x2065, "invisible formatting character"),
    (0x206A, 0x206F, "invisible formatting character"),
    (0xE000, 0xF8FF, "private-use character"),
    (0xFE00, 0xFE0F, "variation selector"),
    (0xFFF0, 0xFFFB, "invisible formatting character"),
    (0x1BCA0, 0x1BCA3, "invisible formatting character"),
    (0x1D173, 0x1D17A, "invisible formatting character"),
    (0xE0000, 0xE007F, "tag character"),
    (0xE0080, 0xE00FF, "invisible formatting character"),
    (0xE0100, 0xE01EF, "variation selector"),
    (0xE01F0, 0xE0FFF, "invisible formatting character"),
    (0xF0000, 0x10FFFF, "private-use character"),
]


def test_each_character_is_called_as_unicode_calls_it() -> None:
    unicode = {point: unicodedata.name(chr(point), "").lower() for point in CHARACTER_NAMES}
    assert {point: CHARACTER_NAMES[point].lower() for point in CHARACTER_NAMES} == {
        **unicode,
        **{point: name.lower() for point, name in OURS.items()},
    }
    assert OURS.items() <= CHARACTER_NAMES.items()


def test_all_that_makes_no_shape_is_in_the_table() -> None:
    seen = {
        "\t",
        "\n",
        "\r",
        " ",
        *"\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2",
    }
    points = [*range(0x2FFF), 0x3000, 0xE000, 0xF8FF, *range(0xFE00, 0xFFFF)]
    missing = [
        hex(point)
        for point in points
        if unicodedata.category(chr(point)) in {"Cc", "Cf", "Co", "Zs", "Zl", "Zp"}
        and chr(point) not in seen
        and tally(chr(point)) != {character_name(chr(point)): 1}
    ]
    assert missing == []
    spaces = {point for point in CHARACTER_NAMES if unicodedata.category(chr(point)) == "Zs"}
    assert {point for point, name in CHARACTER_NAMES.items() if is_space(name)} == spaces


@pytest.mark.parametrize(("first", "last", "name"), RUNS)
def test_a_run_is_called_so_from_its_first_to_its_last(first: int, last: int, name: str) -> None:
    for point in (first, last):
        assert character_name(chr(point)) == name
        assert tally(f"a{chr(point)}") == {name: 1}
    around = [point for point in (first - 1, last + 1) if 0 <= point <= 0x10FFFF]
    for point in around:
        other = character_name(chr(point))
        assert other != name
        assert tally(f"a{chr(point)}") == ({other: 1} if other else {})


def usual(text: str) -> bool:
    return next(find_marks(text)).usual


def edges(*ranges: tuple[int, int]) -> list[int]:
    return [point for pair in ranges for point in pair]


@pytest.mark.parametrize("point", edges((0x300, 0x36F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF)))
def test_a_combining_mark_needs_a_letter(point: int) -> None:
    assert tally(f" {chr(point)}") == {"combining mark without a letter": 1}


@pytest.mark.parametrize("point", [0x2FF, 0x370, 0x1AAF, 0x1B00, 0x1DBF, 0x1E00, 0x20CF, 0x2100])
def test_what_combines_with_nothing_needs_none(point: int) -> None:
    assert tally(f" {chr(point)}") == {}


def test_combining_signs_need_one_too() -> None:
    assert [tally(f" {sign}").total() for sign in "\u20d0\u20ff"] == [1, 1]


@pytest.mark.parametrize("point", edges((0x600, 0xEFF), (0xF00, 0x109F), (0x1780, 0x18AF)))
def test_a_space_of_no_width_parts_letters_that_join(point: int) -> None:
    assert usual(f"{chr(point)}\u200bx")


@pytest.mark.parametrize("point", [0x5FF, 0x10A0, 0x177F, 0x18B0])
def test_elsewhere_it_parts_nothing(point: int) -> None:
    assert not usual(f"{chr(point)}\u200bx")


RIGHT_TO_LEFT = edges(
    (0x590, 0x61B),
    (0x61D, 0x8FF),
    (0xFB1D, 0xFDFF),
    (0xFE70, 0xFEFC),
    (0x10800, 0x10FFF),
    (0x1E800, 0x1EFFF),
)


@pytest.mark.parametrize("point", RIGHT_TO_LEFT)
@pytest.mark.parametrize("mark", "\u061c\u200e\u200f")
def test_a_mark_of_direction_is_usual_beside_such_letters(point: int, mark: str) -> None:
    assert usual(f"{mark}a{chr(point)}")


@pytest.mark.parametrize(
    "point", [0x58F, 0x900, 0xFB1C, 0xFE6F, 0xFEFD, 0x107FF, 0x11000, 0x1E7FF, 0x1F000]
)
def test_a_mark_of_direction_is_odd_beside_others(point: int) -> None:
    assert not usual(f"\u200fa{chr(point)}")


@pytest.mark.parametrize(("far", "found"), [(199, True), (200, False)])
def test_beside_means_within_two_hundred_characters(far: int, found: bool) -> None:
    assert usual("\u200f" + "a" * far + "א") is found
    assert usual("א" + "a" * far + "\u200f" + "a" * 300) is found


LETTERS = {
    "Latin": edges((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2AF)),
    "Greek": [0x370, 0x3FF, 0x1F00, 0x1FFC],
    "Cyrillic": [0x400, 0x52F],
    "Armenian": [0x531, 0x587],
    "Cherokee": [0x13A0, 0x13FD, 0xAB70, 0xABBF],
}


@pytest.mark.parametrize(
    ("script", "point"), [(script, point) for script in LETTERS for point in LETTERS[script]]
)
def test_a_word_of_two_scripts_is_mixed(script: str, point: int) -> None:
    other, letter = ("Greek", "ο") if script == "Cyrillic" else ("Cyrillic", "а")
    ((start, end, scripts),) = mixed_words(f"so {chr(point)}{letter}, ")
    assert (start, end, set(scripts)) == (3, 5, {script, other})


@pytest.mark.parametrize("point", [0x2B0, 0x530, 0x588, 0x1400, 0xABC0])
def test_letters_of_further_scripts_mix_with_nothing(point: int) -> None:
    assert list(mixed_words(f"{chr(point)}а")) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\ufe00\ufe00", []),
        ("".join(chr(0xE0100 + ord(letter) - 16) for letter in "Go!"), ["Go!"]),
        ("".join(chr(0xE0100 + ord(letter) - 16) for letter in "Go"), []),
        ("".join(chr(0xE0100 + ord(letter) - 16) for letter in "a\nb"), []),
        ("\ufe0f\ufe0f\ufe0f", []),
        ("".join(chr(0xE0100 + byte - 16) for byte in "é!".encode()), ["é!"]),
        (chr(0xE0100 + 0xFF - 16) * 3, []),
        (chr(0xE0020) + chr(0xE0001) + chr(0xE007E) + chr(0xE007F), [" ~"]),
    ],
)
def test_runs_spell_what_a_model_may_read(text: str, said: list[str]) -> None:
    assert spelled_in(f"a{text}b") == said


@pytest.mark.parametrize(
    ("one", "two", "alike"),
    [("Re\u200bfund", "Refund", True), ("a\u00a0b", "a b", True), ("a\u00a0b", "ab", False)],
)
def test_spaces_are_seen_and_nothing_else_is(one: str, two: str, alike: bool) -> None:
    assert look_alike(one, two) is alike


def selectors(said: str) -> str:
    return "".join(chr(0xE0100 + ord(letter) - 16) for letter in said)


def test_each_run_of_one_character_is_a_mark() -> None:
    text = f"a\u200b\u200b\u200b\u200cb{selectors('Go')}c{selectors('Go!')}"
    found = [(mark.start, mark.end, mark.name, mark.spells) for mark in find_marks(text)]
    assert found == [
        (1, 4, "zero-width space", ""),
        (4, 5, "zero-width non-joiner", ""),
        (6, 8, "variation selector", ""),
        (9, 12, "variation selector", "Go!"),
    ]


FLAG, LETTER, CANCEL = "\U0001f3f4", "\U000e0067", "\U000e007f"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FLAG + LETTER * 3 + CANCEL, True),
        (FLAG + LETTER * 6 + CANCEL, True),
        (FLAG + LETTER * 2 + CANCEL, False),
        (FLAG + LETTER * 7 + CANCEL, False),
        (FLAG + LETTER * 5, False),
        ("a" + LETTER * 5 + CANCEL, False),
        ("क\u200dष", True),
        ("क\u200d\u200dष", False),
        ("\u200dष", False),
        ("\ufe0fa", False),
        ("👩\u200d💻", True),
        ("👩\u200b💻", False),
        ("👩\u200d", False),
        ("\u1800\u180b", True),
        ("\u18af\u180b", True),
        ("\u17dc\u180b", False),
        ("\u18b0\u180b", False),
        ("a\u00adb", True),
        ("1\u00adb", False),
        ("a\u00ad1", False),
    ],
)
def test_what_is_usual_where_it_is(text: str, expected: bool) -> None:
    assert usual(text) is expected
