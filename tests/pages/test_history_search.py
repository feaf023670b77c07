"""Searching the history by text that was added or removed, and filtering it by field and date."""

import random
import re
from datetime import datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assistants.models import Assistant, ChangedText, Revision
from assistants.selectors.past import finding, hits
from assistants.services.history.older_changes import index_older_changes
from assistants.services.ledger import record
from assistants.services.setup.first_start import create_workspace_with_registry
from tests.conftest import Cast
from tests.pages.editing import address
from tests.pages.past import change, make_assistant
from tests.pages.reading import tight

pytestmark = pytest.mark.django_db(transaction=True)
CHANGES = "/w/main/changes/"


def history(assistant: Assistant) -> str:
    return f"/w/main/assistants/{assistant.pk}/history/"


def found(client: Client, path: str, **params: Any) -> list[int]:
    """The numbers of the revisions on all pages, newest first, walked by key."""
    numbers: list[int] = []
    where = path
    while True:
        page = client.get(where, params).context["page"]
        rows = page.rows if hasattr(page, "rows") else [each.row for each in page.changes]
        numbers += [row.number for row in rows]
        if not page.older:
            return numbers
        where, params = path + page.older, {}


def lines(client: Client, path: str, **params: Any) -> list[tuple[bool, str]]:
    page = client.get(path, params).context["page"]
    return [(row.line.is_added, re.sub("<[^>]+>", "", row.line.html)) for row in page.rows]


def story(cast: Cast) -> Assistant:
    """Refunds come, change, and go, by several people."""
    ada, pia = cast.admin.user, cast.publisher.user
    assistant = make_assistant(cast.workspace, by=ada, instructions="Be kind.")
    assistant = change(assistant, by=pia, instructions="Be kind.\nRefunds take 14 days.")
    assistant = change(assistant, by=ada, temperature=0.5)
    assistant = change(assistant, by=ada, instructions="Be kind.\nRefunds take a week.")
    return change(assistant, by=pia, instructions="Be kind.", name="Refund desk")


def test_added_and_removed_text_is_found_and_shown(cast: Cast) -> None:
    assistant, client = story(cast), cast.client("viewer")
    page = history(assistant)
    assert found(client, page, q="refund") == [5, 4, 2]
    assert lines(client, page, q="refund 14") == [
        (False, "Refunds take 14 days."),
        (True, "Refunds take 14 days."),
    ]
    assert lines(client, page, q="desk") == [(True, "Refund desk")]
    assert found(client, page, q="kind") == [1]
    assert found(client, page, q="nowhere") == []
    text = tight(client.get(page, {"q": "14"}).content.decode())
    assert "<mark>14</mark>" in text
    assert "removed:" in text
    restoring = f'href="{address(assistant, "compare/3..4")}"'
    searched = client.get(page, {"q": "refund 14"}).content.decode().split("match-line")[1:]
    assert [restoring in part for part in searched] == [True, False]
    assert "See the change" in searched[0]
    searched = cast.client("publisher").get(page, {"q": "refund 14"}).content.decode()
    assert searched.count("See and restore") == 1
    assert "No matches" in client.get(page, {"q": "nowhere"}).content.decode()


def test_a_search_and_filters_together(cast: Cast) -> None:
    assistant, client = story(cast), cast.client("viewer")
    page, pia = history(assistant), cast.publisher.user.pk
    assert found(client, page, q="refunds", person=pia) == [5, 2]
    assert found(client, page, q="refunds", person=pia, field="name") == [5]
    assert found(client, page, field="instructions") == [5, 4, 2, 1]
    assert found(client, page, field="temperature") == [3]
    assert found(client, page, field="no_such_field") == [5, 4, 3, 2, 1]
    assert found(client, page, q="kind", kind="edit") == []
    active = client.get(page, {"q": "refunds", "field": "name"}).context["active"]
    assert [(each.label, each.chosen) for each in active] == [("Field", "Name")]


def test_the_workspace_is_searched_and_no_other(cast: Cast) -> None:
    story(cast)
    other = create_workspace_with_registry(slug=cast.stranger.workspace.slug)
    make_assistant(other, instructions="Refunds of theirs.")
    make_assistant(cast.workspace, name="Refunds two")
    client = cast.client("viewer")
    assert found(client, CHANGES, q="refunds") == [1, 5, 4, 2]
    assert found(client, CHANGES, q="theirs") == []
    assert found(client, CHANGES, field="temperature") == [3]
    text = client.get(CHANGES, {"q": "days"}).content.decode()
    assert "Refunds take 14 <mark>days</mark>" in text


def test_pages_in_both_directions_and_a_word_in_everything(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hits, "FIRST_HITS", 2)
    monkeypatch.setattr(hits, "TIMES_FILTERED", 1)
    chance = random.Random(5)
    assistant, expected = make_assistant(cast.workspace, instructions="x"), []
    people = (cast.admin.user, cast.publisher.user)
    for number in range(2, 64):
        by = people[number % 9 == 0]
        word = "often" if chance.random() < 0.8 else "other"
        assistant = change(assistant, by=by, instructions=f"{word} {number}")
        expected.append((number, f"{word}", by))
    client, page = cast.client("viewer"), history(assistant)
    added = {number for number, word, _ in expected if word == "often"}
    every = added | {number + 1 for number in added if number < 63}  # removed by the next
    assert found(client, page, q="often") == sorted(every, reverse=True)
    pia = {number for number, _, by in expected if by == people[1]}
    assert found(client, page, q="often", person=people[1].pk) == sorted(every & pia, reverse=True)

    first = client.get(page, {"q": "often"}).context["page"]
    second = client.get(page + first.older).context["page"]
    back = client.get(page + second.newer).context["page"]
    assert [row.number for row in back.rows] == [row.number for row in first.rows]


@pytest.mark.parametrize(("nearest", "rare"), [((3, 9), 1), ((3, 9), 3), ((3, 99), 0)])
def test_common_and_rare_words_of_a_workspace(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, nearest: tuple[int, int], rare: int
) -> None:
    monkeypatch.setattr(hits, "FIRST_HITS", 2)
    monkeypatch.setattr(finding, "NEAREST", nearest)
    monkeypatch.setattr(finding, "RARE", rare)
    assistant = make_assistant(cast.workspace, instructions="x")
    for number in range(2, 64):
        words = ["often"] * (number % 4 != 0) + ["seldom"] * (number == 9)
        assistant = change(assistant, instructions=" ".join([*words, str(number)]))
    client = cast.client("viewer")
    every = {number for number in range(2, 64) if number % 4 != 0 or (number - 1) % 4 != 0}
    assert found(client, CHANGES, q="often") == sorted(every - {1}, reverse=True)
    assert found(client, CHANGES, q="seldom") == [10, 9]
    assert found(client, CHANGES, q="nowhere") == []
    assert found(client, CHANGES, q="often", person=cast.viewer.user.pk) == []


@pytest.mark.parametrize(
    ("text", "query", "is_found"),
    [
        ("返金は十四日以内に行います。", "十四日", True),
        ("十日。四つの日。", "十四日", False),  # its pairs are there, apart
        ("Die Rückgabe dauert.", "rückg", True),
        ("Die Ruckgabe dauert.", "rückgabe", True),
        ("get_order_status", "order", True),
        ("Возврат за неделю", "возвр", True),
    ],
)
def test_every_script(cast: Cast, text: str, query: str, is_found: bool) -> None:
    assistant = make_assistant(cast.workspace, instructions="x")
    change(assistant, instructions=text)
    numbers = found(cast.client("viewer"), history(assistant), q=query)
    assert numbers == ([2] if is_found else [])


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ('"only tuesdays may"', [4, 3]),  # added, and removed
        ("“Only Tuesdays, may” orders", [4, 3]),
        ('"tuesdays only"', [3, 2]),
        ('"only tuesdays ma"', []),
        ('"nly tuesdays"', []),
        ('only tuesdays ma"', [4, 3, 2]),
        ('"order status"', []),
        ('"十日" "四つの日"', [5]),
        ('"日四"', []),
        ('"it is"', [5, 4]),
        ('"is gone"', [5, 4]),
        ('"it gone"', []),
        (f'"only tuesdays may{" orders" * 40}"', []),
    ],
)
def test_words_in_quotes_are_one_after_the_other(
    cast: Cast, query: str, numbers: list[int]
) -> None:
    assistant = make_assistant(cast.workspace, instructions="x")
    for text in (
        "May you ask on Tuesdays only?",
        "Only Tuesdays (may) getOrderStatus have orders.",
        "It is gone.",
        "十日。四つの日。",
    ):
        assistant = change(assistant, instructions=text)
    client = cast.client("viewer")
    for path in (history(assistant), CHANGES):
        assert found(client, path, q=query) == numbers
    assistant = change(assistant, instructions=f"only x tuesdays may.\n{'and so on ' * 500}")
    if numbers == [4, 3]:  # of a long change the rest is not there to look at
        assert found(client, history(assistant), q=query.replace("orders", "")) == [6, 4, 3]


def test_days_are_those_of_the_reader(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    noon, ticks = timezone.make_aware(datetime(2026, 5, 1, 12)), count()
    clock = SimpleNamespace(now=lambda: noon + timedelta(days=next(ticks) // 2))
    monkeypatch.setattr(record, "timezone", clock)
    assistant = make_assistant(cast.workspace)
    for number in range(2, 7):  # one a day, from the second to the sixth
        assistant = change(assistant, temperature=number / 10)
    client = cast.client("viewer")
    for path in (history(assistant), CHANGES):
        assert found(client, path, since="2026-05-03") == [6, 5, 4, 3]
        assert found(client, path, until="2026-05-02") == [2, 1]
        assert found(client, path, since="2026-05-03", until="2026-05-03") == [3]
        assert found(client, path, since="2027-01-01") == []
        assert found(client, path, since="x", until="2026-13-40") == [6, 5, 4, 3, 2, 1]
        assert found(client, path, since="2026-05-04", q="temperature") == [6, 5, 4]
    client.cookies["zone"] = "Pacific/Kiritimati"  # noon UTC is there the next day
    assert found(client, history(assistant), since="2026-05-07") == [6]


def test_a_history_from_before_the_search_is_indexed_in_parts(cast: Cast) -> None:
    assistant, client = story(cast), cast.client("viewer")
    newest = Revision.objects.filter(assistant=assistant).order_by("-pk").first()
    assert newest
    ChangedText.objects.exclude(pk=newest.pk).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM assistants_changed_words")
    page = history(assistant)
    hint = "Older changes are still being prepared"
    assert hint in client.get(page, {"q": "refund"}).content.decode()
    assert hint not in client.get(page).content.decode()
    assert index_older_changes(seconds=60)
    assert found(client, page, q="refund") == [4, 2]  # the newest counts as indexed
    assert found(client, page, q="14") == [4, 2]
    assert hint not in client.get(page, {"q": "refund"}).content.decode()
    assert index_older_changes(seconds=60)


def test_the_number_of_queries_does_not_grow(cast: Cast) -> None:
    assistant, client = make_assistant(cast.workspace), cast.client("viewer")

    def queries(changes: int) -> list[int]:
        nonlocal assistant
        for number in range(changes):
            assistant = change(assistant, instructions=f"word {number} {assistant.live_version}")
        counts = []
        for path in (history(assistant), CHANGES):
            client.get(path, {"q": "word"})
            with CaptureQueriesContext(connection) as captured:
                client.get(path, {"q": "word", "field": "instructions", "since": "2020-01-01"})
            counts.append(len(captured))
        return counts

    few, many = queries(2), queries(40)
    assert few[0] == many[0]
    assert few[1] >= many[1]  # what is rare is asked of the index, too
