"""The JSON API holds a member with narrowed rights to the same limits as the pages."""

import json
from typing import Any

import pytest

from assistants.models import Assistant, Draft
from assistants.services.ledger.reading import live_definition
from tests.conftest import Cast
from tests.rights.narrowing import changing, narrowed
from tests.services.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ask(cast: Cast, live: Assistant) -> Any:
    """Send a definition with these fields changed, as Pia, who may change the name of `live`."""
    narrowed(cast, assistants=[live], fields=["name"])
    client = cast.client("publisher")

    def send(assistant: Assistant, way: str, *fields: str) -> int:
        row = fresh(assistant)
        assert row.live
        body = {"definition": changing(row, *fields).to_dict(), "base": row.live.number}
        method = client.put if way == "draft" else client.post
        path = f"/api/w/main/assistants/{assistant.pk}/{way}"
        answer = method(path, json.dumps(body), content_type="application/json")
        return answer.status_code

    return send


@pytest.mark.parametrize("way", ["draft", "publish"])
def test_a_script_reaches_no_further_than_the_pages(live: Assistant, ask: Any, way: str) -> None:
    assert ask(live, way, "name", "model") == 403
    assert live_definition(fresh(live)).value("name") != "Zebra"
    assert not Draft.objects.exists()
    assert ask(live, way, "name") == 200


def test_a_script_creates_and_deletes_nothing(cast: Cast, live: Assistant, ask: Any) -> None:
    client = cast.client("publisher")
    body = json.dumps({"definition": {"model": "m"}})
    answer = client.post("/api/w/main/assistants", body, content_type="application/json")
    assert answer.status_code == 403
    assert client.delete(f"/api/w/main/assistants/{live.pk}").status_code == 403
    assert list(Assistant.objects.values_list("state", flat=True)) == ["live"]
