"""Taking texts apart, whatever is in them: folding, tokens, passages, places, near spellings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistants.search import cut, distinct, near, parse, spans
from assistants.search.folding import character_kinds, fold
from assistants.search.passages import SIZE
from assistants.search.tokens import LONGEST_TOKEN, pieces

SCRIPTS = (
    "aZé_-'’ 1٣\n.ßÅ\u0301\u200b\u00adﬁ½™℃$€+👍🏽❤️🇩🇪客服ガｶﾞลูกค้ากำ"
    "고객\u1100\u1161\u11a8ग्राहकалЁйبِلُאַת𝐀Ａ々ー〇ﷺıİ\ue000\U000e0041\U0010fffe"
)
TEXTS = st.text(st.sampled_from(SCRIPTS) | st.characters(exclude_categories=["Cs"]), max_size=80)


def tokens(text: str) -> list[str]:
    return distinct(cut(text), room=1_000_000)


@given(TEXTS)
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert len(character_kinds(text)) == len(text)


@given(TEXTS)
def test_a_token_needs_no_quoting_in_any_database(text: str) -> None:
    for token in [*tokens(text), *(t for term in parse(text).terms for t in sum(term.choices, ()))]:
        assert token
        assert all(char.isalnum() or char == "$" or char > "\x7f" for char in token)
        assert token.encode().decode() == token
        assert len(token) <= LONGEST_TOKEN or "ﷺ" in text


@given(TEXTS)
def test_what_is_in_a_text_is_found_by_it(text: str) -> None:
    held = tokens(text)
    for _kind, start, end in pieces(text):
        for term in parse(text[start:end]).terms:
            assert any(
                all(
                    any(have == want if term.whole else have.startswith(want) for have in held)
                    for want in choice
                )
                for choice in term.choices
            )


@given(TEXTS)
def test_what_is_searched_is_marked_once_and_in_order(text: str) -> None:
    query = parse(text)
    found = list(spans(text, query))
    assert {span.term for span in found} <= set(query.terms)
    assert bool(found) == bool(query)
    at = 0
    for span in found:
        assert at <= span.start < span.end <= len(text)
        at = span.end


@given(st.text(st.sampled_from(SCRIPTS + "  \n"), max_size=4 * SIZE), st.integers(1, 400))
def test_passages_are_the_whole_text(text: str, times: int) -> None:
    long = (text * times)[: 6 * SIZE]
    passages = list(cut(long))
    assert "".join(passage.text for passage in passages) == long
    assert all(len(passage.text) <= SIZE for passage in passages)


def test_a_word_over_a_hard_cut_is_whole_in_a_passage() -> None:
    text = "客" * (SIZE - 2) + "服務窓口" + "中" * SIZE
    assert any("服務窓口" in passage.words for passage in cut(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("get_order_status", ["getorderstatus", "orderstatus", "status"]),
        ("getOrderStatus", ["getorderstatus", "orderstatus", "status"]),
        ("HTTPServer", ["httpserver", "server"]),
        ("GETOrder", ["getorder", "order"]),
        ("iPhone", ["iphone", "phone"]),
        ("__init__", ["init"]),
        ("Customer CUSTOMER customer", ["customer"]),
        ("Überschrift_größe", ["uberschriftgrosse", "grosse"]),
        ("aGVsbG8gd29ybGQgdGhlcmUgaG93IGFyZQ", ["agvsbg8gd29ybgqgdghlcmugag93igfyzq"]),
        ("客服中心", ["客服", "服中", "中心", "心"]),
        ("ลูกค้า", ["ลูก", "กค้", "ค้า", "า"]),
        ("👩‍💻", ["👩", "💻"]),
    ],
)
def test_tokens(text: str, found: list[str]) -> None:
    assert tokens(text) == found


@pytest.mark.parametrize(
    "text",
    [
        *("aB" * 125_000, "a_" * 125_000, "a-" * 125_000, "_" * 250_000, "a\u0301" * 125_000),
        *("中" * 250_000, "'" * 250_000, "a__" * 80_000),
    ],
)
def test_a_hostile_text_gives_few_tokens(text: str) -> None:
    found = tokens(text)
    assert sum(len(token.encode()) for token in found) <= 100_000


def test_the_room_for_tokens_is_kept() -> None:
    text = "".join(map(chr, range(0x4E00, 0x9FFF))) * 12
    assert sum(len(token.encode()) + 1 for token in distinct(cut(text), room=50_000)) <= 50_000


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("costumer", "customer"),
        ("custmer", "customer"),
        ("custoomer", "customer"),
        ("cusromer", "customer"),
        ("ucstomer", "customer"),
        ("елкп", "елка"),
        ("пеалтис", "пелатис"),
        ("χελατης", "πελατης"),
        ("العملإء", "العملاء"),
        ("ग्रहक", "ग्राहक"),
    ],
)
def test_one_mistake_is_near(typed: str, meant: str) -> None:
    assert fold(typed) == fold(meant) or fold(meant) in near(fold(typed))


@pytest.mark.parametrize("word", ["", "abc", "a" * 17, "客" * 40])
def test_nothing_is_near_what_is_short_or_long(word: str) -> None:
    assert near(word) == []


@given(TEXTS)
def test_near_spellings_are_bounded(text: str) -> None:
    assert len(near(fold(text))) <= 1_500
