"""Searching in every script: what is found, in which order, and at what cost, on any database.

The lists are written out, so SQLite and PostgreSQL give the same.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assistants.definition import Definition
from assistants.models import Assistant
from assistants.services.connections.client import registry_of
from assistants.services.editing.drafts import discard_draft, new_assistant, save_draft
from assistants.services.setup.first_start import create_workspace_with_registry
from tests.conftest import Cast
from tests.pages.past import change, make_assistant
from tests.pages.searching import LIST, names

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)

CORPUS: list[dict[str, Any]] = [  # the oldest change first
    {"name": "Customer support", "description": "Answers questions about orders."},
    {"name": "IT help desk", "instructions": "Reset passwords. See https://help.example.com/it."},
    {"name": "客服中心", "instructions": "请用中文回答客户的问题。营业时间是九点。"},
    {"name": "Desk", "instructions": "受付はアシスタントが担当します。返品は窓口へ。"},
    {"name": "ร้านค้า", "instructions": "ตอบลูกค้าอย่างสุภาพและรวดเร็ว"},
    {"name": "ຮ້ານ", "instructions": "ຕອບລູກຄ້າຢ່າງສຸພາບ"},
    {"name": "ហាង", "instructions": "ឆ្លើយអតិថិជនដោយគួរសម"},
    {"name": "ဆိုင်", "instructions": "ဖောက်သည်များကို ယဉ်ကျေးစွာဖြေပါ"},
    {"name": "고객지원센터", "instructions": "우리고객에게 친절하게 답하세요."},
    {"name": "ग्राहक सेवा", "instructions": "हर प्रश्न का उत्तर दें।"},
    {"name": "خدمة العملاء", "instructions": "أجب عن الأسئلة بِلُطفٍ."},
    {"name": "שירות לקוחות", "instructions": "ענה בנימוס. צה״ל"},
    {"name": "Адреса", "instructions": "Ёлка стоит на Тверской улице. Йод."},
    {
        "name": "Adressen",
        "instructions": "Die Straße heißt Königsallee, in KÖLN. Œuvre, København.",
    },
    {"name": "Εξυπηρέτηση", "instructions": "Ο πελάτης ρωτά. ΛΟΓΟΣ"},
    {"name": "Tools", "instructions": "Call get_order_status, then sendReturnLabel or HTTPServer."},
    {"name": "Letters", "instructions": "Write an e-mail; don't promise. L’ordre public."},
    {"name": "Mood", "instructions": "Close with 👍🏽 or ❤️, never 🙈. Fans of 🇩🇪. Price: 5 €."},
    {
        "name": "Hidden",
        "instructions": "Re\u200bfund and war\u00adranty, ＦＵＬＬ width, ｶﾞｲﾄﾞ, ﬁnd.",
    },
    {"name": "Numbers", "instructions": "Room ٤٢, gpt-4o, chapter 第3章."},
    {"name": "Older", "instructions": "A customer asks for support, in customer-support tone."},
    {"name": "Newer", "metadata": {"team": "customer", "topic": "support, it help"}},
]

FOUND: dict[str, list[str]] = {
    # Scripts without spaces, inside a run.
    "客服": ["客服中心"],
    "服中心": ["客服中心"],
    "中文": ["客服中心"],
    "心": ["客服中心"],
    "中客": [],
    "客服中心 客户": ["客服中心"],
    "アシスタント": ["Desk"],
    "シスタン": ["Desk"],
    "窓口": ["Desk"],
    "ガイド": ["Hidden"],
    "ลูกค้า": ["ร้านค้า"],
    "สุภาพ": ["ร้านค้า"],
    "ค้า": ["ร้านค้า"],
    "ລູກຄ້າ": ["ຮ້ານ"],
    "អតិថិជន": ["ហាង"],
    "ယဉ်ကျေး": ["ဆိုင်"],
    "지원": ["고객지원센터"],
    "고객": ["고객지원센터"],
    "第3章": ["Numbers"],
    # Scripts with vowel signs, and accents that do not count.
    "ग्राहक": ["ग्राहक सेवा"],
    "ग्रा": ["ग्राहक सेवा"],
    "गराहक": ["ग्राहक सेवा"],
    "العملاء": ["خدمة العملاء"],
    "بلطف": ["خدمة العملاء"],
    "اجب": ["خدمة العملاء"],
    "לקוחות": ["שירות לקוחות"],
    'צה"ל': ["שירות לקוחות"],
    "צה״ל": ["שירות לקוחות"],
    "елка": ["Адреса"],
    "ЁЛКА": ["Адреса"],
    "ё": ["Адреса"],
    "strasse": ["Adressen"],
    "STRASSE": ["Adressen"],
    "Straße": ["Adressen"],
    "koln": ["Adressen"],
    "Ko\u0308ln": ["Adressen"],
    "oeuvre": ["Adressen"],
    "kobenhavn": ["Adressen"],
    "λογος": ["Εξυπηρέτηση"],
    "πελατης": ["Εξυπηρέτηση"],
    # What cannot be seen, width, other digits.
    "refund": ["Hidden"],
    "ref\u200bund": ["Hidden"],
    "warranty": ["Hidden"],
    "full": ["Hidden"],
    "find": ["Hidden"],
    "42": ["Numbers"],
    # Inside identifiers.
    "order_status": ["Tools"],
    "get_order": ["Tools"],
    "status": ["Tools"],
    "orderStatus": ["Tools"],
    "return_label": ["Tools"],
    "label": ["Tools"],
    "server": ["Tools"],
    "der_status": [],
    "email": ["Letters"],
    "e-mail": ["Letters"],
    "dont": ["Letters"],
    "don’t": ["Letters"],
    "ordre": ["Letters"],
    "help.example.com": ["IT help desk"],
    "GPT-4": ["Numbers"],
    # Symbols.
    "👍": ["Mood"],
    "👍🏿": ["Mood"],
    "❤": ["Mood"],
    "🇩🇪": ["Mood"],
    "🇫🇷": [],
    "€": ["Mood"],
    "🙈 fans": ["Mood"],
    "🎄": [],
    # Names first, then other fields, then the latest change; the last word may be unfinished.
    "customer supp": ["Customer support", "Newer", "Older"],
    "supp customer": ["Customer support", "Newer", "Older"],
    "it help": ["IT help desk", "Newer"],
    "customer-support": ["Customer support", "Newer", "Older"],
    "desk": ["Desk", "IT help desk"],
    "refund customer": [],
    # Near spellings, where nothing holds the word.
    "costumer": ["Customer support", "Newer", "Older"],
    "custmer": ["Customer support", "Newer", "Older"],
    "cusstomer support": ["Customer support", "Newer", "Older"],
    "пелка": ["Адреса"],
    "адрес": ["Адреса"],
    "алреса": ["Адреса"],
    "kostomer": [],
    "refumd": ["Hidden"],
    "cat": [],
}


@pytest.fixture
def corpus(cast: Cast) -> Cast:
    for number, fields in enumerate(CORPUS):
        row = make_assistant(cast.workspace, **{"instructions": "", **fields})
        moment = MOMENT + timedelta(days=number)
        Assistant.objects.filter(pk=row.pk).update(changed_at=moment, changed_by="Pia")
    elsewhere = create_workspace_with_registry(slug="far")
    make_assistant(elsewhere, name="Costumer 👍 客服 ลูกค้า strasse елка refumd")
    return cast


@pytest.mark.slow
def test_the_same_is_found_in_the_same_order_on_any_database(corpus: Cast) -> None:
    client = corpus.client("viewer")
    assert {query: names(client, query) for query in FOUND} == FOUND


@pytest.mark.parametrize("query", ["'", '"', "\u200b", "…!?", "-", "_", "\0 + -", "||", "\u0301"])
def test_a_search_with_nothing_to_search_says_so(corpus: Cast, query: str) -> None:
    response = corpus.client("viewer").get(LIST, {"q": query})
    text = response.content.decode()
    assert not response.context["page"].rows
    assert "Nothing to search for" in text


@pytest.mark.parametrize("query", ["", " ", "\t\n"])
def test_an_empty_search_shows_everything(corpus: Cast, query: str) -> None:
    assert len(names(corpus.client("viewer"), query)) == len(CORPUS)


def test_the_name_comes_first_among_many(cast: Cast) -> None:
    """The latest changes used to fill the first page."""
    for name in ("Customer support", "IT help desk", "客服中心"):
        make_assistant(cast.workspace, name=name)
    for number in range(30):
        make_assistant(
            cast.workspace,
            name=f"Number {number}",
            instructions="Help the customer; support it. 客服中心",
        )
    client = cast.client("viewer")
    assert names(client, "customer supp")[:2] == ["Customer support", "Number 29"]
    assert names(client, "it help")[:2] == ["IT help desk", "Number 29"]
    assert names(client, "客服中心")[:2] == ["客服中心", "Number 29"]
    assert names(client, "customer supp", sort="changed")[:2] == ["Number 29", "Number 28"]
    assert names(client, "customer supp", sort="name")[0] == "Customer support"


@pytest.mark.parametrize("query", ["customer", "costumer", "客服"])
def test_pages_of_a_search_lose_nobody(cast: Cast, query: str) -> None:
    rows = [
        make_assistant(
            cast.workspace,
            name=f"{'Customer 客服' if number % 3 else 'Desk'} {number}",
            instructions="customer 客服",
        )
        for number in range(60)
    ]
    for number, row in enumerate(rows):  # every two share the time of their change
        moment = MOMENT + timedelta(days=number // 2)
        Assistant.objects.filter(pk=row.pk).update(changed_at=moment)
    order = sorted(
        range(60), key=lambda number: (number % 3 > 0, number // 2, number), reverse=True
    )
    client, address, seen, older = cast.client("viewer"), f"{LIST}?q={query}", [], []
    while True:
        page = client.get(address).context["page"]
        older.append([row.name for row in page.rows])
        seen += older[-1]
        if not page.older:
            break
        address = LIST + page.older
    assert seen == [f"{'Customer 客服' if n % 3 else 'Desk'} {n}" for n in order]
    newer = client.get(LIST + page.newer).context["page"]
    assert [row.name for row in newer.rows] == older[1]
    newest = client.get(LIST + newer.newer).context["page"]
    assert [row.name for row in newest.rows] == older[0]


def test_pairs_that_are_apart_are_no_word(cast: Cast) -> None:
    make_assistant(cast.workspace, name="Apart", instructions="客服人員；服中文；中心")
    make_assistant(cast.workspace, name="Split", instructions="ลูกบอล นกค้อน ค้า")
    assert names(cast.client("viewer"), "客服中心") == []
    assert names(cast.client("viewer"), "ลูกค้า") == []


def test_a_name_holds_a_run_only_in_one_piece(cast: Cast) -> None:
    make_assistant(cast.workspace, name="客服・服中・中心", instructions="客服中心")
    make_assistant(cast.workspace, name="Newer", instructions="客服中心")
    assert names(cast.client("viewer"), "客服中心") == ["Newer", "客服・服中・中心"]


def test_a_near_spelling_says_what_it_took(corpus: Cast) -> None:
    text = corpus.client("viewer").get(LIST, {"q": "costumer supp"}).content.decode()
    assert "similar words: <bdi>customer supp</bdi>" in text
    text = corpus.client("viewer").get(LIST, {"q": "customer supp"}).content.decode()
    assert "similar words" not in text


def test_a_word_of_another_workspace_is_no_near_spelling(cast: Cast) -> None:
    make_assistant(create_workspace_with_registry(slug="far"), name="Reorganisation")
    make_assistant(cast.workspace, name="Support")
    text = cast.client("viewer").get(LIST, {"q": "reorganisatoin"}).content.decode()
    assert "organisation" not in text.replace("reorganisatoin", "")
    assert "No matches" in text


def test_a_long_search_is_cut_and_that_is_said(cast: Cast) -> None:
    make_assistant(cast.workspace, name="Long", instructions="word " * 300)
    client = cast.client("viewer")
    for query in ("word " * 300, " ".join(f"w{'o' * n}" for n in range(40))):
        response = client.get(LIST, {"q": query})
        assert response.status_code == 200
    assert "Only the beginning" in client.get(LIST, {"q": "word " * 300}).content.decode()
    assert 'maxlength="200"' in client.get(LIST).content.decode()


WORST = (
    " ".join("abcdefghijklmnop"),
    "ab" * 100,
    "中" * 200,
    "👍" * 200,
    "-a" * 100,
    "a_" * 100,
    " ".join(f"qx{letter}zvkwy" for letter in "abcdefghijklm"),
    "\u0301" * 200,
    "กขค" * 66,
    "&|!():*'\"\\{}" * 20,
)


@pytest.mark.parametrize("query", WORST)
def test_the_number_of_queries_does_not_depend_on_what_is_searched(
    corpus: Cast, query: str
) -> None:
    client = corpus.client("viewer")
    client.get(LIST)
    with CaptureQueriesContext(connection) as captured:
        names(client, query)
    assert len(captured) <= 9
    assert not any("assistants_text" in query["sql"] for query in captured)


@pytest.mark.parametrize("query", ["kind", "中文", "kid"])
def test_more_hits_cost_no_more_queries(cast: Cast, query: str) -> None:
    client = cast.client("viewer")
    counts = []
    for number in (1, 25):
        for each in range(number):
            make_assistant(cast.workspace, name=f"{each}", instructions="Be kind. 请用中文")
        with CaptureQueriesContext(connection) as captured:
            names(client, query)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_word_that_was_replaced_is_not_found_any_more(cast: Cast) -> None:
    row = make_assistant(cast.workspace, instructions="refunds in 客服中心")
    change(row, instructions="returns in 返品窓口")
    client = cast.client("viewer")
    assert [names(client, query) for query in ("refund", "客服", "return", "窓口")] == [
        [], [], ["Support"], ["Support"]
    ]  # fmt: skip


def test_a_draft_that_was_emptied_is_found_by_what_it_says_next(cast: Cast) -> None:
    def write(**fields: str) -> Definition:
        return Definition.parse({"name": "", "instructions": "", **fields})

    where = registry_of(cast.workspace)
    row = new_assistant(author=cast.editor, connection=where, definition=write(name="First 客服"))
    client = cast.client("editor")
    assert names(client, "first 客服") == ["First 客服"]
    for fields, found in (({}, []), ({}, []), ({"name": "Next"}, ["Next"])):
        save_draft(author=cast.editor, assistant=row, definition=write(**fields), base=None)
        assert names(client, "first") == []
        assert names(client, "next") == found
    discard_draft(author=cast.editor, assistant=row)
    assert not Assistant.objects.exists()
    assert names(client, "next") == []


@pytest.mark.parametrize(
    "place",
    ["x", "1", "1~1", "1~2~2026-01-01T00:00:00+00:00", "1~1~2026-01-01", "1~x~y", "1~1~\0", "~~"],
)
def test_a_place_that_makes_no_sense_is_the_first_page(corpus: Cast, place: str) -> None:
    client = corpus.client("viewer")
    for name in ("after", "before"):
        assert names(client, "customer", **{name: place}) == FOUND["customer supp"]
