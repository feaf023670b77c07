"""Writes to the registry by key: each becomes a revision, none missing, in the right order."""

import json
from typing import Any

import pytest
from django.test import Client

from assistants.definition import Definition
from assistants.models import Assistant, Connection, Revision
from assistants.services.connections.client import registry_of
from assistants.services.errors import Conflict
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.verify import verify
from assistants.services.publishing.publish import publish
from assistants.services.remote import journal
from tests import factories
from tests.conftest import Cast
from tests.services.conftest import Make
from tests.services.undelivered import take_slot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def registry(cast: Cast) -> Connection:
    found = registry_of(cast.workspace)
    assert found
    return found


class App:
    """An application that writes to the registry with its key."""

    def __init__(self, cast: Cast) -> None:
        _, self.key = factories.make_api_key(cast.workspace, name="Shop")
        self.client = Client()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.client.generic(
            method,
            f"/v1/{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.key}", "OpenAI-Beta": "assistants=v2"},
        )
        assert answer.status_code == 200, answer.content
        return answer.json()


def kinds(assistant: Assistant) -> list[tuple[str, str]]:
    rows = Revision.objects.filter(assistant=assistant).order_by("number")
    return [(row.kind, row.author_name) for row in rows]


def fresh(assistant: Assistant) -> Assistant:
    return Assistant.objects.select_related("connection", "live", "slot").get(pk=assistant.pk)


def test_each_write_by_key_is_a_revision_by_that_key(
    cast: Cast, registry: Connection, published: Make
) -> None:
    assistant, app = published(registry), App(cast)
    app.call("POST", f"assistants/{assistant.remote_id}", {"instructions": "By the shop"})
    app.call("POST", f"assistants/{assistant.remote_id}", {"instructions": "Be kind.\nBe brief."})
    assert kinds(assistant) == [
        ("create", "Pia"),
        ("key", "API key Shop"),
        ("key", "API key Shop"),
    ]
    assert fresh(assistant).live_version == 3
    app.call("DELETE", f"assistants/{assistant.remote_id}")
    assert fresh(assistant).state == "missing"
    assert list(verify(assistant=fresh(assistant))) == []


def test_an_assistant_made_by_key_appears(cast: Cast, registry: Connection) -> None:
    made = App(cast).call("POST", "assistants", {"model": "gpt-5.2", "name": "From the shop"})
    assistant = Assistant.objects.get(remote_id=made["id"])
    assert kinds(assistant) == [("key", "API key Shop")]
    assert (assistant.name, assistant.live_version) == ("From the shop", 1)


def test_a_write_between_read_and_modify_is_never_overwritten_unseen(
    cast: Cast, registry: Connection, published: Make, settings: Any
) -> None:
    settings.REGISTRY_ON_WRITE = "tests.services.test_feed.do_nothing"
    assistant, app = published(registry), App(cast)
    app.call("POST", f"assistants/{assistant.remote_id}", {"instructions": "By the shop"})
    with pytest.raises(Conflict):
        publish(
            author=cast.publisher,
            assistant=assistant,
            wanted=live_definition(assistant).replace(instructions="Mine"),
            base=assistant.live,
        )
    assert kinds(assistant)[-1] == ("key", "API key Shop")
    assert live_definition(fresh(assistant)).value("instructions") == "By the shop"


def test_a_write_and_its_undoing_are_both_recorded(
    cast: Cast, registry: Connection, published: Make, settings: Any
) -> None:
    settings.REGISTRY_ON_WRITE = "tests.services.test_feed.do_nothing"
    assistant, app = published(registry), App(cast)
    app.call("POST", f"assistants/{assistant.remote_id}", {"instructions": "By the shop"})
    app.call("POST", f"assistants/{assistant.remote_id}", {"instructions": "Be kind.\nBe brief."})
    with pytest.raises(Conflict):
        publish(
            author=cast.publisher,
            assistant=assistant,
            wanted=live_definition(assistant).replace(model="gpt-5.2"),
            base=assistant.live,
        )
    assert [kind for kind, _ in kinds(assistant)] == ["create", "key", "key"]


def test_a_publish_that_died_before_its_end_comes_before_the_write_that_followed(
    cast: Cast, registry: Connection, published: Make
) -> None:
    assistant, app = published(registry), App(cast)
    wanted = live_definition(assistant).replace(instructions="Ours, landed")
    revision = take_slot(cast, assistant, wanted)
    assert revision
    from assistants.services.connections.client import gateway_for

    gateway_for(registry).modify(
        str(assistant.remote_id),
        {"instructions": "Ours, landed"},
        trace_id=revision.trace_id,
        deadline=None,
    )
    app.call("POST", f"assistants/{assistant.remote_id}", {"model": "gpt-5.2"})
    after = fresh(assistant)
    assert after.slot is None
    versions = {
        row.kind: row.outcomes.get().version for row in Revision.objects.filter(assistant=after)
    }
    assert versions == {"create": 1, "edit": 2, "key": 3}
    expected = Definition.parse({**wanted.to_dict(), "model": "gpt-5.2"})
    assert live_definition(after) == expected


def test_pulling_again_adds_nothing(cast: Cast, registry: Connection, published: Make) -> None:
    assistant, app = published(registry), App(cast)
    app.call("POST", f"assistants/{assistant.remote_id}", {"instructions": "By the shop"})
    before = kinds(assistant)
    assert journal.pull(workspace_id=cast.workspace.pk) == 0
    assert kinds(assistant) == before


def do_nothing(*, workspace_id: int) -> None:
    """Stands for a process that died before it could take in a write."""
