"""A hit shows its line as written, and opens at its place."""

import re
from unicodedata import normalize

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assistants.models import Assistant
from tests.conftest import Cast
from tests.pages.past import change, make_assistant
from tests.pages.searching import LIST, names


def test_the_end_of_a_long_text_is_found_and_only_its_line_is_read(cast: Cast) -> None:
    long = "Be kind to everyone.\n" * 11_000 + "Then refund the 客服中心 costs."
    make_assistant(cast.workspace, name="Long", instructions=long)
    client = cast.client("viewer")
    assert names(client, "refund") == ["Long"]
    assert names(client, "服中心") == ["Long"]
    with CaptureQueriesContext(connection) as captured:
        response = client.get(LIST, {"q": "refund"})
    assert "Then <mark>refund</mark> the 客服中心 costs." in response.content.decode()
    assert not any("assistants_text" in query["sql"] for query in captured)


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("客服", "请<mark>客服</mark>回答"),
        ("ลูกค้า", "ตอบ<mark>ลูกค้า</mark>อย่าง"),
        ("ﬆrasse", "Die <mark>Straße</mark>."),
        ("order_status", "Call <mark>get_order_status</mark>."),
        ("👍", "End with <mark>👍🏽</mark>!"),
        ("ガイ", "<mark>ｶﾞｲ</mark>ﾄﾞ"),
        ("고객", f"우리<mark>{normalize('NFD', '고객')}</mark>에게"),
        ("refumd", "a <mark>refund</mark>"),
        ("& refund", "a <mark>refund</mark> &lt;b&gt;"),
    ],
)
def test_the_line_is_shown_as_written(cast: Cast, query: str, line: str) -> None:
    make_assistant(
        cast.workspace,
        name="Desk",
        instructions="请客服回答\nตอบลูกค้าอย่าง\nDie Straße.\nCall get_order_status.\n"
        f"End with 👍🏽!\nｶﾞｲﾄﾞ\n우리{normalize('NFD', '고객')}에게\na refund <b>",
    )
    assert line in cast.client("viewer").get(LIST, {"q": query}).content.decode()


@pytest.fixture
def place(cast: Cast) -> str:
    """Where the hit of a search for "refund straße" leads to."""
    row = make_assistant(
        cast.workspace,
        name="Refund desk",
        description="Streets",
        instructions="Be kind.\n" * 200 + "<i>Refunds</i> only in the STRASSE.\nNo refund later.",
    )
    Assistant.objects.filter(pk=row.pk).update(changed_by="Pia")
    text = cast.client("viewer").get(LIST, {"q": "refund straße"}).content.decode()
    found = re.search(r'class="row-link" href="([^"]+)"', text)
    assert found
    return found[1]


@pytest.mark.parametrize("who", ["viewer", "editor", "publisher", "admin"])
def test_a_hit_opens_at_its_place(cast: Cast, place: str, who: str) -> None:
    address, _, fragment = place.partition("#")
    response = cast.client(who).get(address)
    text = response.content.decode()
    assert response.status_code == 200
    assert fragment == "hit"
    assert text.count('id="hit"') == 1
    assert (
        '&lt;i&gt;<mark id="hit">Refunds</mark>&lt;/i&gt; only in the <mark>STRASSE</mark>.' in text
    )
    assert "3 matches" in text
    assert ("choose Edit" in text) is (who != "viewer")


def test_a_hit_in_the_name_or_the_id_opens_as_ever(cast: Cast) -> None:
    row = make_assistant(cast.workspace, name="Refund desk")
    for query in ("refund", str(row.remote_id)):
        response = cast.client("viewer").get(LIST, {"q": query})
        assert response.context["page"].rows[0].url == f"{LIST}{row.pk}/"


def test_a_place_that_is_gone_is_said(cast: Cast, place: str) -> None:
    change(Assistant.objects.get(name="Refund desk"), instructions="Nothing.")
    text = cast.client("viewer").get(place.partition("#")[0]).content.decode()
    assert "No matches for" in text
    assert 'id="hit"' not in text


def test_a_page_marks_a_bounded_number_of_places(cast: Cast) -> None:
    row = make_assistant(cast.workspace, instructions="a " * 100_000)
    text = cast.client("viewer").get(f"{LIST}{row.pk}/", {"q": "a"}).content.decode()
    assert text.count("<mark") == 500
