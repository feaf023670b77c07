"""A new assistant begins as a draft, on the connection that a person picks."""

import pytest

from assistants.models import Assistant, Connection
from assistants.services.connections.client import registry_of
from tests.conftest import Cast
from tests.pages.editing import address, text_of
from tests.pages.reading import fields_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_new_assistant_begins_as_a_draft(cast: Cast) -> None:
    client = cast.client("editor")
    path = "/w/main/assistants/new/"
    fields = fields_of(client.get(path), path)

    response = client.post(
        path, {**fields, "name": "Fresh", "model": "gpt-5.2", "action": "review"}
    )

    assistant = Assistant.objects.get(name="Fresh")
    assert (response.status_code, response["Location"]) == (303, address(assistant, "review"))
    assert assistant.state == "draft"
    assert assistant.connection == registry_of(cast.workspace)
    assert client.get(address(assistant)).status_code == 200


def test_a_new_assistant_needs_a_model_and_loses_nothing(cast: Cast) -> None:
    path = "/w/main/assistants/new/"

    response = cast.client("editor").post(path, {"name": "Fresh", "instructions": "Long text"})

    assert response.status_code == 422
    assert "Choose a model." in text_of(response)
    assert fields_of(response, path)["instructions"] == "Long text"
    assert not Assistant.objects.filter(name="Fresh").exists()


def test_a_new_assistant_lives_on_the_connection_that_was_picked(
    cast: Cast, connection_to: Connection
) -> None:
    registry = registry_of(cast.workspace)
    assert registry
    client = cast.client("editor")
    for number, pick in enumerate((str(registry.pk), str(connection_to.pk), "nonsense")):
        client.post(
            "/w/main/assistants/new/",
            {"name": f"n{number}", "model": "m", "connection": pick, "action": "draft"},
        )

    picked = dict(Assistant.objects.values_list("name", "connection_id"))
    assert picked == {"n0": registry.pk, "n1": connection_to.pk}


@pytest.mark.parametrize(
    ("who", "status"),
    [("anonymous", 302), ("stranger", 404), ("viewer", 403), ("editor", 200), ("admin", 200)],
)
def test_who_may_begin_a_new_assistant(cast: Cast, who: str, status: int) -> None:
    assert cast.client(who).get("/w/main/assistants/new/").status_code == status
