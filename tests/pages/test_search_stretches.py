"""A search looks through the beginning of a list first: same hits, same order, bounded work."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from admin_ui.accounts.models import Workspace
from admin_ui.paging import Order, ResultPage, page, place_after
from assistants.models import Assistant
from assistants.search import parse
from assistants.selectors.assistants import MATCH, ORDERS
from assistants.selectors.search import matching, searching, stretches
from assistants.selectors.search.conditions import in_index
from assistants.services.setup.first_start import create_workspace_with_registry
from tests.conftest import Cast
from tests.pages.past import make_assistant
from tests.pages.searching import LIST

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
SIZE = 5
QUERIES = ("refund", "refund desk", "r", "客服", "客服中心", "e-mail", "👍", "old", "nothing")


def texts(number: int) -> dict[str, Any]:
    """The fields of an assistant; common and rare words, in names, texts or both."""
    return {
        "name": " ".join(
            word
            for word, every in (("Refund", 5), ("客服中心", 7), ("desk", 3), ("e-mail", 6))
            if number % every == 0
        )
        or f"Number {number}",
        "instructions": " ".join(
            word
            for word, is_there in (
                ("refund", number % 4),
                ("desk", number % 2),
                ("客服中心", number % 3 == 1),
                ("客服。服中。中心", number % 3 == 2),
                ("email", number % 5 == 1),
                ("👍🏽", number % 8 == 3),
                ("old", number < 4),
            )
            if is_there
        ),
        "model": "o3" if number % 3 else "gpt-4o",
    }


@pytest.fixture
def many(cast: Cast) -> Workspace:
    elsewhere = create_workspace_with_registry(slug="far")
    for number in range(48):
        workspace = elsewhere if number % 4 == 1 else cast.workspace
        row = make_assistant(workspace, **texts(number))
        moment = MOMENT + timedelta(days=number // 2)  # every two share it
        Assistant.objects.filter(pk=row.pk).update(changed_at=moment)
    return cast.workspace


def everything(rows: Any, order: Order, query: str) -> list[int]:
    """Return all hits in their order, as the index gives them."""
    found = matching(rows, parse(query)).order_by(*order.by(reverse=False))
    return list(found.values_list("pk", flat=True))


def read_page(rows: Any, order: Order, query: str, **place: str) -> ResultPage[Assistant]:
    return page(rows, order, place, size=SIZE, read=searching(parse(query)))


@pytest.mark.slow
@pytest.mark.parametrize("order", [MATCH, *ORDERS.values()], ids=["match", *ORDERS])
def test_pages_are_what_the_index_gives(
    many: Workspace, monkeypatch: pytest.MonkeyPatch, order: Order
) -> None:
    for looked_through in ((2, 4), (8, 20), (200, 1_000), (0,)):
        monkeypatch.setattr(stretches, "LOOKED_THROUGH", looked_through)
        for filters in ({}, {"model": "o3"}):
            rows = Assistant.objects.filter(workspace=many, **filters)
            for query in QUERIES:
                there_and_back(rows, order, query, f"{query}, {filters}, {looked_through}")


def there_and_back(rows: Any, order: Order, query: str, case: str) -> None:
    """Turn the pages of a search to the last, and from each of them back."""
    hits = everything(rows, order, query)
    pages = [read_page(rows, order, query)]
    while pages[-1].older:
        pages.append(read_page(rows, order, query, after=after(pages[-1], order)))
    assert [row.pk for each in pages for row in each.rows] == hits, case
    for newer, older in pairwise(pages):
        place = place_after(order, older.rows[0])
        back = read_page(rows, order, query, before=place)
        assert [row.pk for row in back.rows] == [row.pk for row in newer.rows], case
        assert bool(back.newer) is bool(newer.newer), case


def after(found: ResultPage[Assistant], order: Order) -> str:
    return place_after(order, found.rows[-1])


def test_hits_of_another_workspace_hide_none(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those elsewhere are later, and more than are looked through."""
    monkeypatch.setattr(stretches, "LOOKED_THROUGH", (8,))
    mine = [make_assistant(cast.workspace, name=name) for name in ("Refund", "Other")]
    elsewhere = create_workspace_with_registry(slug="far")
    for _ in range(16):
        make_assistant(elsewhere, name="Refund")
    rows = Assistant.objects.filter(workspace=cast.workspace)
    assert [row.pk for row in read_page(rows, MATCH, "refund").rows] == [mine[0].pk]
    for _ in range(8):  # so that the index is asked
        make_assistant(cast.workspace, name="Other")
    assert [row.pk for row in read_page(rows, MATCH, "refund").rows] == [mine[0].pk]


def test_a_common_word_is_not_looked_up_in_the_index(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretches, "LOOKED_THROUGH", (40,))
    for number in range(45):
        make_assistant(cast.workspace, name=f"Refund {number}")
    client = cast.client("viewer")
    assert index_reads(lambda: client.get(LIST, {"q": "refund"})) == 0
    assert index_reads(lambda: client.get(LIST, {"q": "refund", "sort": "name"})) == 0
    Assistant.objects.filter(name="Refund 3").update(changed_at=MOMENT)
    assert index_reads(lambda: client.get(LIST, {"q": "3"})) == 1  # has few hits
    assert index_reads(lambda: client.get(LIST, {"q": "kind"})) == 1  # any names, all texts


def index_reads(visit: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        visit()
    sign = "unnest" if connection.vendor == "postgresql" else "MATCH"
    return len([query for query in captured if sign in query["sql"]])


def test_the_plan_reads_no_more_than_it_has_to(cast: Cast) -> None:
    """Of a word that every assistant holds, PostgreSQL would rather read the whole table."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO assistants_words SELECT number, '', array_to_tsvector(ARRAY["
                "'refund', 'word' || number]) FROM generate_series(1000001, 1005000) AS number"
            )
            cursor.execute("ANALYZE assistants_words")
            cursor.execute(
                "SELECT reloptions FROM pg_class WHERE relname = 'assistants_words_both'"
            )
            assert cursor.fetchall() == [(["fastupdate=off"],)]
    condition, values = in_index(parse("refund"), "words")
    with connection.cursor() as cursor:
        explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        cursor.execute(f"{explain} SELECT id FROM assistants_assistant WHERE {condition}", values)
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    wanted = "Bitmap Index Scan on assistants_words_both"
    assert (wanted if connection.vendor == "postgresql" else "VIRTUAL TABLE INDEX") in plan
    assert "Seq Scan on assistants_words" not in plan


def test_looking_through_finds_each_row_of_the_index_by_its_key(cast: Cast) -> None:
    for number in range(3):
        make_assistant(cast.workspace, name=f"Refund {number}")
    client = cast.client("viewer")
    with CaptureQueriesContext(connection) as captured:
        client.get(LIST, {"q": "refund"})
    (look,) = [query["sql"] for query in captured if "LEFT JOIN assistants_words" in query["sql"]]
    assert "LIMIT 200" in look
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {look}")
            plan = [str(row[-1]) for row in cursor.fetchall()]
        assert [step for step in plan if "assistants_words" in step and "0:=" in step]
