"""What is published is what was looked at, and trouble is said in plain words."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from assistants.definition import Definition
from assistants.models import Assistant, Connection, Revision
from assistants.services.connections.client import registry_of
from assistants.services.editing import drafts
from assistants.services.editing.drafts import new_assistant, save_draft
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.publish import publish
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def assistant(cast: Cast) -> Assistant:
    """An assistant with a draft by the editor."""
    registry = registry_of(cast.workspace)
    assert registry
    wanted = Definition.parse({"name": "Support", "model": "gpt-5", "instructions": "Be kind."})
    made = new_assistant(author=cast.publisher, connection=registry, definition=wanted)
    publish(author=cast.publisher, assistant=made, wanted=wanted, base=None)
    row = Assistant.objects.select_related("live").get(pk=made.pk)
    write(cast, row, "Looked at.")
    return row


def write(cast: Cast, assistant: Assistant, instructions: str) -> None:
    definition = live_definition(assistant).replace(instructions=instructions)
    save_draft(author=cast.editor, assistant=assistant, definition=definition, base=assistant.live)


def review_of(cast: Cast, assistant: Assistant) -> str:
    return f"/w/main/assistants/{assistant.pk}/review/?drafter={cast.editor.user.pk}"


def reviewed(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    return page.split('name="reviewed" value="')[1].split('"')[0]


def test_what_the_vendor_does_not_document_is_named_before_publishing(
    cast: Cast, assistant: Assistant
) -> None:
    wanted = live_definition(assistant).replace(reasoning_effort="low")
    save_draft(author=cast.editor, assistant=assistant, definition=wanted, base=assistant.live)
    client, address = cast.client("publisher"), review_of(cast, assistant)
    assert "not documented for" not in client.get(address).content.decode()
    Connection.objects.filter(pk=assistant.connection_id).update(profile="portkey")
    assert "Reasoning effort: not documented for" in client.get(address).content.decode()


def test_a_draft_that_changed_since_it_was_looked_at_is_shown_again(
    cast: Cast, assistant: Assistant
) -> None:
    client, address = cast.client("publisher"), review_of(cast, assistant)
    seen = reviewed(client, address)
    write(cast, assistant, "Nobody has looked at this.")
    answer = client.post(address, {"note": "Looks good", "reviewed": seen})
    assert answer.status_code == 409
    assert "The draft has changed since you opened this page." in answer.content.decode()
    assert "Looks good" in answer.content.decode()
    assert Revision.objects.filter(kind="edit").count() == 0
    answer = client.post(address, {"note": "ok", "reviewed": reviewed(client, address)})
    assert answer.status_code == 303
    assert Revision.objects.get(kind="edit").definition.value("instructions") == (
        "Nobody has looked at this."
    )


def test_a_note_has_a_limit_and_is_shown_again(cast: Cast, assistant: Assistant) -> None:
    answer = cast.client("publisher").post(review_of(cast, assistant), {"note": "n" * 5001})
    assert answer.status_code == 422
    assert "5,000" in answer.content.decode()
    assert "n" * 5001 in answer.content.decode()
    assert Revision.objects.filter(kind="edit").count() == 0


def test_a_busy_database_is_a_503_in_plain_words(
    cast: Cast, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(**_: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(drafts, "duplicate_as_draft", locked)
    client = cast.client("editor")
    client.raise_request_exception = False
    answer = client.post(f"/w/main/assistants/{assistant.pk}/duplicate/")
    assert answer.status_code == 503
    assert "The database is busy or full" in answer.content.decode()
    assert "Try again in 5 seconds." in answer.content.decode()


def test_a_body_without_a_length_is_refused(cast: Cast, assistant: Assistant) -> None:
    answer = cast.client("editor").post(
        f"/w/main/assistants/{assistant.pk}/edit/",
        {"action": "draft"},
        headers={"Transfer-Encoding": "chunked"},
    )
    assert answer.status_code == 411


def test_an_unknown_connection_is_not_swapped_for_another(cast: Cast) -> None:
    answer = cast.client("editor").post(
        "/w/main/assistants/new/", {"name": "n", "model": "m", "connection": "99999"}
    )
    assert answer.status_code == 404
    assert not Assistant.objects.exists()
