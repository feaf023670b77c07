"""What the pages of an edit cost: queries, and how often a stored definition is read."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assistants.definition import Definition
from assistants.models import Connection
from tests.conftest import Cast
from tests.pages.conftest import Make
from tests.pages.editing import address, keep, open_form
from tests.pages.reading import fields_of

pytestmark = pytest.mark.django_db(transaction=True)
STATEMENTS = ("SELECT", "INSERT", "UPDATE", "DELETE")


@pytest.fixture
def spent(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], tuple[Any, int, int]]:
    """Returns what a call returned, with its statements and its readings of definitions."""
    readings: Counter[str] = Counter()
    for name in ("parse", "stored"):
        original = getattr(Definition, name).__func__

        def counting(cls: Any, *args: Any, original: Any = original) -> Any:
            readings["all"] += 1
            return original(cls, *args)

        monkeypatch.setattr(Definition, name, classmethod(counting))

    def measure(call: Callable[[], Any]) -> tuple[Any, int, int]:
        readings.clear()
        with CaptureQueriesContext(connection) as queries:
            result = call()
        statements = sum(query["sql"].lstrip("( \n").startswith(STATEMENTS) for query in queries)
        return result, statements, readings["all"]

    return measure


def test_an_edit_costs_the_same_few_statements_and_readings(
    cast: Cast, published: Make, connection_to: Connection, spent: Any
) -> None:
    assistant = published(connection_to)
    client = cast.client("publisher")
    open_form(client, assistant)  # fills the caches of the process

    fields, *first_visit = spent(lambda: open_form(client, assistant))
    _, *first_save = spent(lambda: keep(client, address(assistant), fields, name="Once"))
    _, *next_save = spent(lambda: keep(client, address(assistant), fields, name="Twice"))
    _, *next_visit = spent(lambda: open_form(client, assistant))
    page = address(assistant, "review")
    form = fields_of(client.get(page))
    answer, *publishing = spent(lambda: client.post(page, {**form, "note": "Clearer"}))

    assert answer.status_code == 303
    assert {
        "editor": first_visit,
        "first autosave": first_save,
        "next autosave": next_save,
        "editor with a draft": next_visit,
        "publish": publishing,
    } == {
        "editor": [8, 1],
        "first autosave": [11, 2],
        "next autosave": [11, 3],
        "editor with a draft": [12, 2],
        "publish": [30, 5],  # six of them spread what happened, for which workers are there
    }
