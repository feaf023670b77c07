"""The whole chain: dashboard → real Portkey gateway → the registry served over HTTP."""

from typing import Any

import pytest

from admin_ui.accounts.models import ApiKey
from assistants.definition import Definition
from assistants.gateway import Endpoint
from assistants.models import Assistant, Connection
from assistants.services.connections.client import gateway_for, registry_of
from assistants.services.connections.saving import write_connection
from assistants.services.editing.drafts import new_assistant, save_draft
from assistants.services.errors import Missing
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.verify import verify
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from assistants.services.publishing.recreate import recreate_assistant
from assistants.services.setup.first_start import create_workspace_with_registry
from assistants.services.syncing.jobs import sync
from tests import factories
from tests.conftest import Cast

pytestmark = [pytest.mark.chain, pytest.mark.django_db(transaction=True)]

WANTED = Definition.parse(
    {
        "name": "HR Helper",
        "model": "gpt-5",
        "instructions": "Grüße, 你好 🙂\n" * 2_000,
        "tools": [
            {"type": "file_search", "file_search": {"ranking_options": {"score_threshold": 0.5}}},
            {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}},
        ],
        "metadata": {"team": "people"},
        "temperature": 0.3,
    }
)


@pytest.fixture
def chained(portkey: str, cast: Cast, live_server: Any, settings: Any) -> Connection:
    """A connection of `main` that leads through the gateway to another workspace's registry."""
    settings.GATEWAY_PRIVATE_HOSTS = ["127.0.0.1"]
    home = create_workspace_with_registry(slug="home", name="Home of the assistants")
    _, key = factories.make_api_key(home, name="Portkey")
    address = live_server.url.replace("localhost", "127.0.0.1")
    return write_connection(
        Connection(workspace=cast.workspace),
        name="Through Portkey",
        endpoint=Endpoint(
            profile="portkey-oss",
            base_url=portkey,
            credentials={"api_key": key},
            options={"provider": "openai", "custom_host": f"{address}/v1"},
        ),
        is_default=True,
    )


def fresh(assistant: Assistant) -> Assistant:
    return Assistant.objects.select_related("connection", "live", "slot").get(pk=assistant.pk)


def test_an_assistant_lives_its_life_through_the_gateway(cast: Cast, chained: Connection) -> None:
    home = registry_of(create_workspace_with_registry(slug="home"))
    assert home
    registry = gateway_for(home)
    assistant = new_assistant(author=cast.publisher, connection=chained, definition=WANTED)
    created = publish(author=cast.publisher, assistant=assistant, wanted=WANTED, base=None)
    assert created.status == "applied"
    assistant = fresh(assistant)
    remote_id = str(assistant.remote_id)
    assert registry.retrieve(remote_id).definition == WANTED

    wanted = WANTED.replace(instructions="Short now.", tools=[], temperature=None)
    changed = publish(
        author=cast.publisher, assistant=assistant, wanted=wanted, base=assistant.live, note="Cut"
    )
    assert changed.status == "applied"
    assert registry.retrieve(remote_id).definition == wanted

    # Seen from the other side each is a write by key, with a revision of its own.
    mirrored = Assistant.objects.get(connection=home, remote_id=remote_id)
    kinds = mirrored.revisions.order_by("number").values_list("kind", "author_name")
    assert list(kinds) == [("key", "API key Portkey")] * 2
    assert sync(connections=[chained])["changed"] == 0

    assert delete_assistant(author=cast.publisher, assistant=fresh(assistant)).status == "applied"
    assert fresh(mirrored).state == "missing"
    assert recreate_assistant(author=cast.publisher, assistant=fresh(assistant)).status == "applied"
    assert live_definition(fresh(assistant)) == wanted
    assert list(verify(assistant=fresh(assistant))) == []


def test_an_assistant_deleted_behind_the_gateway_is_missing_and_its_draft_kept(
    cast: Cast, chained: Connection
) -> None:
    assistant = new_assistant(author=cast.publisher, connection=chained, definition=WANTED)
    publish(author=cast.publisher, assistant=assistant, wanted=WANTED, base=None)
    assistant = fresh(assistant)
    home = registry_of(create_workspace_with_registry(slug="home"))
    assert home
    gateway_for(home).delete(str(assistant.remote_id))
    wanted = WANTED.replace(name="New")
    save_draft(author=cast.publisher, assistant=assistant, definition=wanted, base=assistant.live)
    with pytest.raises(Missing):
        publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=assistant.live)
    assert (fresh(assistant).state, assistant.drafts.count()) == ("missing", 1)


def test_a_key_that_may_only_read_is_refused_and_recorded(cast: Cast, chained: Connection) -> None:
    assistant = new_assistant(author=cast.publisher, connection=chained, definition=WANTED)
    ApiKey.objects.update(can_write=False)
    result = publish(author=cast.publisher, assistant=assistant, wanted=WANTED, base=None)
    assert result.status == "rejected"
    assert result.outcome
    assert result.outcome.error == "unauthorized"
    assert fresh(assistant).state == "draft"
    assert assistant.drafts.count() == 1
