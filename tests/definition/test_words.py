import random
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistants.diff import MAX_PIECES, Piece, count_words, word_diff

FAMILY, ACCENT = "👨‍👩‍👧", "e\u0301"


def sides(pieces):
    old = "".join(piece.text for piece in pieces if piece.op != "+")
    new = "".join(piece.text for piece in pieces if piece.op != "-")
    return old, new


def marked(old, new):
    """The difference as one text: what went as [-…-], what came as {+…+}."""
    pieces = word_diff(old, new)
    assert sides(pieces) == (old, new)
    form = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
    return "".join(form[piece.op].format(piece.text) for piece in pieces)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ""),
        ("same", "same", "same"),
        ("", "new", "{+new+}"),
        ("old", "", "[-old-]"),
        ("the cat sat", "the dog sat", "the [-cat-]{+dog+} sat"),
        ("it is not allowed", "it is allowed", "it is [-not -]allowed"),
        ("foo bar", "foo bar baz", "foo bar{+ baz+}"),
        ("the old name", "the new name", "the [-old-]{+new+} name"),
        ("warmth 0.2, please", "warmth 0.7, please", "warmth [-0.2-]{+0.7+}, please"),
        ("we don't know", "we do know", "we [-don't-]{+do+} know"),
        ("call f(x)", "call f(x, y)", "call f(x{+, y+})"),
    ],
)
def test_words_are_the_unit(old, new, expected):
    assert marked(old, new) == expected


READABLE = [
    # Spaces alone between two changed words belong to the change.
    ("say hello world now", "say goodbye moon now", "say [-hello world-]{+goodbye moon+} now"),
    # A word that stayed between two changed words is shown as such.
    ("a quick brown fox", "a slow brown cow", "a [-quick-]{+slow+} brown [-fox-]{+cow+}"),
    # Lines and paragraphs stay apart even where each was rewritten.
    ("- apples\n- pears\n", "- plums\n- figs\n", "- [-apples-]{+plums+}\n- [-pears-]{+figs+}\n"),
    ("Alpha.\n\nBeta.", "Gamma.\n\nDelta.", "[-Alpha-]{+Gamma+}.\n\n[-Beta-]{+Delta+}."),
    # A new line is shown as a whole line, not from the middle of one to that of the next.
    ("Be kind.\nBe brief.", "Be kind.\nBe fair.\nBe brief.", "Be kind.\n{+Be fair.\n+}Be brief."),
    ("Be brief.", "Be fair.\nBe brief.", "{+Be fair.\n+}Be brief."),
    ("one\ntwo\nthree\n", "one\nthree\n", "one\n[-two\n-]three\n"),
    # A doubled word is inserted with the space after it.
    ("a b c", "a b b c", "a b {+b +}c"),
    # Where hardly anything is the same there is one replacement.
    (
        "Write short sentences and avoid jargon in every answer.",
        "Whenever a customer complains apologise first and then offer them a voucher.",
        "[-Write short sentences and avoid jargon in every answer-]"
        "{+Whenever a customer complains apologise first and then offer them a voucher+}.",
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), READABLE)
def test_the_result_is_fit_to_be_read(old, new, expected):
    assert marked(old, new) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a  b", "a b", "a[-  -]{+ +}b"),
        ("a b", "a\tb", "a[- -]{+\t+}b"),
        ("a", "a ", "a{+ +}"),
        ("a\n\nb", "a\nb", "a\n[-\n-]b"),
        ("a\nb", "a\r\nb", "a[-\n-]{+\r\n+}b"),
        (" ", "\n", "[- -]{+\n+}"),
    ],
)
def test_changes_of_space_alone_show(old, new, expected):
    assert marked(old, new) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("我喜欢猫。", "我喜欢大狗。", "我喜欢[-猫-]{+大狗+}。"),
        ("これはペンです", "これは本です", "これは[-ペン-]{+本+}です"),
        (f"caf{ACCENT} au lait", "cafe au lait", f"[-caf{ACCENT}-]{{+cafe+}} au lait"),
        (f"!{ACCENT}", f"?{ACCENT}", f"[-!-]{{+?+}}{ACCENT}"),
        ("हिन्दी भाषा", "हिन्दी भाषाएँ", "हिन्दी [-भाषा-]{+भाषाएँ+}"),
        (f"{FAMILY} here", "👨‍👩‍👦 here", f"[-{FAMILY}-]{{+👨‍👩‍👦+}} here"),
        ("ok 👍🏽", "ok 👍🏿", "ok [-👍🏽-]{+👍🏿+}"),
        ("🇩🇪🇫🇷", "🇩🇪🇫🇮", "🇩🇪[-🇫🇷-]{+🇫🇮+}"),
        ("press #️⃣ now", "press # now", "press [-#️⃣-]{+#+} now"),
        ("ありがとう", "ありがたい", "ありが[-とう-]{+たい+}"),
        ("heart ❤️!", "heart ❤!", "heart [-❤️-]{+❤+}!"),
        ("😀😀😀", "😀🚀😀", "😀[-😀-]{+🚀+}😀"),
    ],
)
def test_no_character_is_torn_apart(old, new, expected):
    assert marked(old, new) == expected


PARTS = ["the", "cat", " ", "  ", "\n", "\r\n", ".", "…", "0.5", "字", "👍🏽", ACCENT]
ODD_PARTS = ["\u0301", "\u200d", "\ufe0f", "\ud800", "\0"]
composed = st.lists(st.sampled_from(PARTS + ODD_PARTS), max_size=60).map("".join)
# Long enough to be taken apart at words that are unique on both sides.
longer = st.lists(st.sampled_from([f"w{n} " for n in range(60)]), min_size=70).map("".join)


@given(composed | st.text(), composed | st.text())
@example("a " * 200, "a " * 150 + "b " + "a " * 60)
def test_both_sides_rebuild_exactly(old, new):
    pieces = word_diff(old, new)
    assert sides(pieces) == (old, new)
    assert all(piece.text for piece in pieces)
    ops = "".join(piece.op for piece in pieces)
    assert re.fullmatch(r"=?(-?\+?=)*-?\+?", ops)
    assert not re.search(r"==|--|\+\+|\+-", ops)


def noise(start):
    return " ".join(f"n{n}" for n in range(start, start + 60))


@given(longer, longer)
@example(f"{noise(0)} A B C D {noise(100)}", f"{noise(200)} A B C x B C D {noise(300)}")
def test_longer_texts_rebuild_exactly(old, new):
    assert sides(word_diff(old, new)) == (old, new)


@given(st.text())
def test_equal_texts_are_one_piece(text):
    assert word_diff(text, text) == ([Piece("=", text)] if text else [])


def long_text(seed, words=40_000):
    rng = random.Random(seed)
    vocabulary = [f"{rng.choice('bcdfghklmnprst')}{n:x}" for n in range(2_000)]
    ends = [" "] * 18 + [". ", "\n"]
    return "".join(rng.choice(vocabulary) + rng.choice(ends) for _ in range(words))


def with_words_changed(text, count, seed=1):
    rng = random.Random(seed)
    tokens = re.findall(r"\w+|\W+", text)
    places = [place for place, token in enumerate(tokens) if token.isalnum()]
    for place in rng.sample(places, count):
        tokens[place] = "CHANGED"
    return "".join(tokens)


REPEATED = "The quick brown fox jumps over the lazy dog. " * 5_500


@pytest.mark.parametrize("text", [long_text(1), REPEATED, "word " * 50_000, "- item\n" * 35_000])
def test_three_changed_words_in_a_long_text_are_found(text):
    changed = with_words_changed(text, 3)
    pieces = word_diff(text, changed, budget=60)
    assert sides(pieces) == (text, changed)
    assert count_words(pieces) == (3, 3)


@pytest.mark.parametrize("text", [long_text(1), REPEATED])
def test_many_changed_words_in_a_long_text_are_found(text):
    changed = with_words_changed(text, 1_000)
    pieces = word_diff(text, changed, budget=60)
    assert sides(pieces) == (text, changed)
    added, removed = count_words(pieces)
    assert 1_000 <= added <= 1_100
    assert added == removed


def test_a_paragraph_put_into_a_long_text_is_found():
    text = long_text(1)
    at = text.index("\n", 100_000) + 1
    inserted = "A whole new paragraph.\n" * 40
    pieces = word_diff(text, text[:at] + inserted + text[at:], budget=60)
    assert pieces == [Piece("=", text[:at]), Piece("+", inserted), Piece("=", text[at:])]


def test_long_paragraphs_put_in_and_taken_out_are_found():
    text = long_text(1)
    first, second, third = (text.index("\n", at) + 1 for at in (50_000, 100_000, 150_000))
    removed, inserted = text[second:third], long_text(2, words=2_000) + "\n"
    new = text[:first] + inserted + text[first:second] + text[third:]
    assert word_diff(text, new, budget=60) == [
        Piece("=", text[:first]),
        Piece("+", inserted),
        Piece("=", text[first:second]),
        Piece("-", removed),
        Piece("=", text[third:]),
    ]


def test_a_rewritten_long_text_is_not_shown_in_crumbs():
    pieces = word_diff(long_text(1), long_text(2), budget=60)
    assert sides(pieces) == (long_text(1), long_text(2))
    assert len(pieces) < 400


@pytest.mark.parametrize("every", [1, 3])
def test_the_number_of_pieces_is_capped_and_the_longest_stay(every):
    lines = [f"line {n} stays" for n in range(8_000)]
    changed = [
        line.replace("stays", "went") if n % every == 0 else line for n, line in enumerate(lines)
    ]
    long_part = "\n".join(f"untouched {n}" for n in range(500))
    old = "\n".join([*lines[:4_000], long_part, *lines[4_000:]])
    new = "\n".join([*changed[:4_000], long_part, *changed[4_000:]])
    pieces = word_diff(old, new, budget=60)
    assert sides(pieces) == (old, new)
    assert MAX_PIECES / 2 < len(pieces) <= MAX_PIECES
    assert any(piece.op == "=" and long_part in piece.text for piece in pieces)


def test_without_time_the_ends_are_still_compared():
    pieces = word_diff("start old words here end", "start new things there end", budget=0)
    assert pieces == [
        Piece("=", "start "),
        Piece("-", "old words here"),
        Piece("+", "new things there"),
        Piece("=", " end"),
    ]
    old, new = long_text(1), long_text(2)
    assert sides(word_diff(old, new, budget=0)) == (old, new)


def test_words_are_counted_without_spaces_and_signs():
    pieces = [Piece("=", "kept words"), Piece("-", "don't. 0.5!"), Piece("+", " — 字字 new\n")]
    assert count_words(pieces) == (3, 2)
    assert count_words([]) == (0, 0)
