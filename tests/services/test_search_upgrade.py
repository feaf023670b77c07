"""The index of the version before is taken over, whatever its script and size, and given back."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assistants.models import Passage
from assistants.search import parse
from assistants.selectors import search
from tests import past

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TEXTS = {
    "Customer support": "Then get_order_status.",
    "客服中心": "请用中文回答。" * 5_000,
    "Long": "Be kind to everyone.\n" * 12_000 + "Königsallee",
}


def migrate(target: str) -> None:
    past.migrate([("assistants", target)])


@pytest.fixture
def old() -> Iterator[list[int]]:
    """Assistants in a database as it was, with the index as it was; and one row too many."""
    with past.as_it_was([("assistants", "0005_draft_writers")]) as models:
        yield filled(models)


def filled(models: Any) -> list[int]:
    workspace = models.get_model("accounts", "Workspace").objects.create(slug="main", name="Main")
    where = models.get_model("assistants", "Connection").objects.create(
        workspace=workspace, name="Registry", profile="registry"
    )
    model = models.get_model("assistants", "Assistant")
    rows = [model.objects.create(workspace=workspace, connection=where) for _ in TEXTS]
    key = "assistant_id" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO assistants_search ({key}, name, description, instructions, metadata,"
            " identity) VALUES (%s, %s, 'Desk', %s, 'team: shop', '')",
            [(row.pk, *texts) for row, texts in zip(rows, TEXTS.items(), strict=True)]
            + [(rows[-1].pk + 1, "Gone", "Gone")],
        )
    return [row.pk for row in rows]


def found(words: str) -> list[int]:
    from assistants.models import Assistant

    rows = search.matching(Assistant.objects.order_by("pk"), parse(words))
    return list(rows.values_list("pk", flat=True))


def test_what_was_found_before_is_found_and_more(old: list[int]) -> None:
    support, centre, long = old
    migrate("0006_search_in_every_script")
    assert found("customer supp") == [support]
    assert found("order_status") == [support]
    assert found("客服") == [centre]
    assert found("中文回") == [centre]
    assert found("konigsallee") == [long]
    assert found("desk shop") == old
    assert found("gone") == []
    fields = Passage.objects.filter(assistant_id=long, field="instructions").order_by("number")
    assert "".join(fields.values_list("text", flat=True)) == TEXTS["Long"]


def test_the_old_index_is_read_in_chunks(old: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistants.services.ledger.search_index.INDEXED_AT_ONCE", 1)
    with CaptureQueriesContext(connection) as captured:
        migrate("0006_search_in_every_script")
    assert len([q for q in captured if "FROM assistants_search" in q["sql"]]) == len(old) + 1


def test_the_way_back_has_the_texts(old: list[int]) -> None:
    migrate("0006_search_in_every_script")
    migrate("0005_draft_writers")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, instructions FROM assistants_search")
        assert dict(cursor.fetchall()) == TEXTS
