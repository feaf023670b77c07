"""Duplicate, restore, delete, recreate, settle and use in code: what each page asks and does."""

import re
from typing import Any

import pytest

from assistants.gateway import Endpoint
from assistants.models import Assistant, Connection, Draft, Outcome, Revision
from assistants.services.connections.saving import write_connection
from assistants.services.editing.drafts import draft_of, save_draft
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.publish import publish
from tests.conftest import Cast
from tests.services.conftest import START, Make
from tests.upstream import FaultSpec, Upstream, refused

pytestmark = pytest.mark.django_db(transaction=True)


def address(assistant: Assistant, page: str) -> str:
    return f"/w/main/assistants/{assistant.pk}/{page}/"


def text_of(response: Any) -> str:
    return str(response.content.decode())


def fresh(assistant: Assistant) -> Assistant:
    return Assistant.objects.select_related("live", "connection").get(pk=assistant.pk)


def publish_name(cast: Cast, assistant: Assistant, name: str) -> None:
    row = fresh(assistant)
    wanted = live_definition(row).replace(name=name)
    publish(author=cast.publisher, assistant=row, wanted=wanted, base=row.live)


# Duplicate


def test_a_duplicate_is_a_draft_with_the_same_content(cast: Cast, live: Assistant) -> None:
    response = cast.client("editor").post(address(live, "duplicate"))

    copy = Assistant.objects.exclude(pk=live.pk).get(name="Copy of Support")
    assert (response.status_code, response["Location"]) == (303, address(copy, "edit"))
    draft = draft_of(user=cast.editor.user, assistant=copy)
    assert draft
    assert draft.definition == live_definition(live).replace(name="Copy of Support")


def test_the_name_of_a_duplicate_stays_within_its_limit(cast: Cast, published: Make) -> None:
    assistant = published(Connection.objects.get(), name="n" * 256)

    cast.client("editor").post(address(assistant, "duplicate"))

    copy = Assistant.objects.exclude(pk=assistant.pk).get()
    assert len(copy.name) == 256


# Restore


def test_restoring_shows_the_difference_and_leads_to_review(cast: Cast, live: Assistant) -> None:
    publish_name(cast, live, "Second")
    client = cast.client("publisher")
    page = text_of(client.get(address(live, "restore/1")))
    assert "Restore version 1?" in page
    assert "<ins>Support</ins>" in page

    response = client.post(address(live, "restore/1"))

    review = address(live, "review") + "?restores=1"
    assert (response.status_code, response["Location"]) == (303, review)
    assert "Restores v1.</textarea>" in text_of(client.get(review))
    assert "Restores" not in text_of(client.get(address(live, "review") + "?restores=x"))
    client.post(address(live, "review"), {"note": "It was better"})
    revision = fresh(live).live
    assert revision
    assert (revision.kind, revision.note) == ("restore", "It was better")
    assert live_definition(fresh(live)).value("name") == "Support"
    assert fresh(live).live_version == 3


def test_restoring_asks_before_it_replaces_a_draft(cast: Cast, live: Assistant) -> None:
    publish_name(cast, live, "Second")
    mine = live_definition(fresh(live)).replace(name="Mine")
    save_draft(author=cast.publisher, assistant=live, definition=mine, base=fresh(live).live)
    client = cast.client("publisher")

    response = client.post(address(live, "restore/1"))

    assert response.status_code == 409
    assert "Restoring replaces it." in text_of(response)
    assert Draft.objects.get().definition == mine
    assert client.post(address(live, "restore/1"), {"replace": "1"}).status_code == 303
    assert Draft.objects.get().definition.value("name") == "Support"


def test_restoring_what_is_live_has_nothing_to_do(cast: Cast, live: Assistant) -> None:
    page = text_of(cast.client("publisher").get(address(live, "restore/1")))
    assert "Nothing to restore" in page


def test_a_revision_of_another_assistant_is_not_found(
    cast: Cast, live: Assistant, published: Make
) -> None:
    publish_name(cast, live, "Second")
    other = published(live.connection)

    assert cast.client("publisher").get(address(other, "restore/2")).status_code == 404


# Delete and recreate


def test_deleting_keeps_the_history_and_offers_to_recreate(cast: Cast, live: Assistant) -> None:
    client = cast.client("publisher")
    assert "Be kind." in text_of(client.get(address(live, "delete")))

    response = client.post(address(live, "delete"), {"note": "No longer needed"})

    assert (response.status_code, response["Location"]) == (303, address(live, "history"))
    assert fresh(live).state == "deleted"
    assert Revision.objects.filter(assistant=live).latest("number").note == "No longer needed"
    assert client.get(address(live, "delete")).status_code == 303
    page = text_of(client.get(address(live, "history/2")))
    assert "Deletion" in page
    assert "Deleted definition" in page
    assert "no version" not in page
    assert "Recreate" in text_of(client.get(address(live, "edit")))


def test_recreating_brings_it_back_under_a_new_id(cast: Cast, live: Assistant) -> None:
    client = cast.client("publisher")
    assert client.get(address(live, "recreate")).status_code == 303
    client.post(address(live, "delete"))
    assert "Be kind." in text_of(client.get(address(live, "recreate")))

    response = client.post(address(live, "recreate"), {"note": "Missed"})

    assert (response.status_code, response["Location"]) == (303, address(live, "history"))
    again = fresh(live)
    assert again.state == "live"
    assert again.remote_id != live.remote_id
    assert live_definition(again) == live_definition(live)


@pytest.mark.parametrize("page", ["edit", "history", "code", ""])
def test_what_is_deleted_is_nowhere_live_and_leads_to_recreating(
    cast: Cast, live: Assistant, page: str
) -> None:
    client, where = cast.client("publisher"), address(live, page).replace("//", "/")
    link = f'<a class="button small" href="{address(live, "recreate")}">'
    assert link not in text_of(client.get(where, follow=True))
    client.post(address(live, "delete"))

    text = text_of(client.get(where, follow=True))

    assert "This assistant was deleted." in text
    assert link in text
    assert ("can no longer reach it" in text) == (page == "code")
    assert not re.search(r"</svg>Live\b", text)
    read = text_of(cast.client("viewer").get(where, follow=True))
    assert "A publisher can recreate it." in read
    assert "recreate/" not in read


def test_an_unchanged_form_of_what_is_deleted_leads_to_recreating(
    cast: Cast, live: Assistant
) -> None:
    cast.client("publisher").post(address(live, "delete"))

    response = cast.client("publisher").post(address(live, "edit"), {"action": "review"})
    by_editor = cast.client("editor").post(address(live, "edit"), {"action": "review"})

    assert (response.status_code, response["Location"]) == (303, address(live, "recreate"))
    assert by_editor["Location"] == address(live, "edit")


@pytest.mark.parametrize("name", ["Support", "Better"])
def test_a_draft_of_what_is_deleted_is_reviewed_and_recreated(
    cast: Cast, live: Assistant, name: str
) -> None:
    wanted = live_definition(live).replace(name=name)
    save_draft(author=cast.publisher, assistant=live, definition=wanted, base=live.live)
    client = cast.client("publisher")
    client.post(address(live, "delete"))
    page = text_of(client.get(address(live, "review")))
    assert ("matches the last live version, v1" in page) == (name == "Support")
    assert "the last live version, v" in page
    assert "This creates the assistant again on" in page

    response = client.post(address(live, "review"), {"note": ""})

    assert response["Location"] == address(live, "history")
    assert (fresh(live).state, live_definition(fresh(live)).value("name")) == ("live", name)


def test_an_older_version_can_be_recreated(cast: Cast, live: Assistant) -> None:
    publish_name(cast, live, "Second")
    client = cast.client("publisher")
    client.post(address(live, "delete"))
    response = client.get(address(live, "restore/1"))
    assert response["Location"] == address(live, "recreate") + "?revision=1"
    assert "Support" in text_of(client.get(response["Location"]))

    client.post(address(live, "recreate"), {"revision": "1"})

    assert live_definition(fresh(live)).value("name") == "Support"


def test_a_refused_delete_is_told_and_changes_nothing(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    remote.fail_next("DELETE", refused("Not today."))

    response = cast.client("publisher").post(address(assistant, "delete"), {"note": "Why"})

    assert response.status_code == 422
    assert "Not today." in text_of(response)
    assert "Why</textarea>" in text_of(response)
    assert fresh(assistant).state == "live"


@pytest.mark.slow
def test_a_gateway_in_trouble_deletes_nothing(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    for _attempt in range(3):
        remote.fail_next("GET", FaultSpec(status=503, body="{}"))

    response = cast.client("publisher").post(address(assistant, "delete"))

    assert response.status_code == 502
    assert fresh(assistant).state == "live"


def test_a_refused_recreate_is_told(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    client = cast.client("publisher")
    client.post(address(assistant, "delete"))
    remote.fail_next("POST", refused("Unknown model.", param="model"))

    response = client.post(address(assistant, "recreate"))

    assert response.status_code == 422
    assert "Unknown model." in text_of(response)
    assert fresh(assistant).state == "deleted"


def test_deleting_what_was_never_published_drops_the_draft(cast: Cast) -> None:
    client = cast.client("publisher")
    client.post("/w/main/assistants/new/", {"name": "Fresh", "model": "m"})
    assistant = Assistant.objects.get(name="Fresh")

    response = client.post(address(assistant, "delete"))

    assert (response.status_code, response["Location"]) == (303, "/w/main/assistants/")
    assert not Assistant.objects.filter(pk=assistant.pk).exists()


# Settling


def test_settling_finds_out_what_became_of_a_publish(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    remote.assistants[assistant.remote_id]["name"] = "By an application"
    client = cast.client("editor")

    response = client.post(address(assistant, "settle"))

    assert (response.status_code, response["Location"]) == (303, address(assistant, "history"))
    assert "something has changed. The history shows what." in text_of(
        client.get(address(assistant, "history"))
    )
    assert fresh(assistant).live_version == 2
    assert Outcome.objects.filter(assistant=assistant, status="applied").count() == 2


def test_settling_says_why_it_cannot_be_found_out(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    for _attempt in range(3):
        remote.fail_next("GET", FaultSpec(status=503, body="{}"))
    client = cast.client("editor")

    assert client.post(address(assistant, "settle")).status_code == 303
    assert "service behind it, failed" in text_of(client.get(address(assistant, "history")))


# Use in code


def test_code_for_the_registry(cast: Cast, live: Assistant, settings: Any) -> None:
    page = text_of(cast.client("viewer").get(address(live, "code")))

    assert f"{settings.SITE_URL}/v1/assistants/{live.remote_id}" in page
    assert "Authorization: Bearer $API_KEY" in page
    assert "client.beta.assistants.retrieve" in page


def test_code_for_a_gateway_holds_no_secret(cast: Cast, live: Assistant) -> None:
    credentials = {"portkey_api_key": "pk-secret", "api_key": "sk-secret"}
    endpoint = Endpoint("portkey", credentials=credentials, options={"provider": "it's $HOME"})
    write_connection(live.connection, name="Portkey", endpoint=endpoint, is_default=True)

    response = cast.client("viewer").get(address(live, "code"))

    page = text_of(response)
    assert "-secret" not in page
    assert "x-portkey-api-key: $PORTKEY_API_KEY" in page
    assert "os.environ[&quot;PORTKEY_API_KEY&quot;]" in page
    compile(response.context["snippets"].python, "snippet", "exec")


def test_the_python_program_reads_the_assistant(
    cast: Cast, published: Make, connection_to: Connection, monkeypatch: Any, capsys: Any
) -> None:
    assistant = published(connection_to)
    snippets = cast.client("viewer").get(address(assistant, "code")).context["snippets"]
    monkeypatch.setenv("API_KEY", "sk-secret")

    with pytest.warns(DeprecationWarning, match="deprecated"):
        exec(snippets.python, {})

    assert capsys.readouterr().out.strip() == START["instructions"]


def test_there_is_no_code_before_the_first_publish(cast: Cast) -> None:
    client = cast.client("editor")
    client.post("/w/main/assistants/new/", {"name": "Fresh", "model": "m"})

    page = text_of(client.get(address(Assistant.objects.get(name="Fresh"), "code")))

    assert "Not published yet" in page


# Roles

EVERYBODY = ("anonymous", "stranger", "viewer", "editor", "publisher", "admin")


@pytest.mark.parametrize(
    ("page", "method", "statuses"),
    [
        ("duplicate", "post", (302, 404, 403, 303, 303, 303)),
        ("restore/1", "get", (302, 404, 403, 403, 200, 200)),
        ("restore/1", "post", (302, 404, 403, 403, 303, 303)),
        ("delete", "get", (302, 404, 403, 403, 200, 200)),
        ("delete", "post", (302, 404, 403, 403, 303, 303)),
        ("recreate", "get", (302, 404, 403, 403, 303, 303)),
        ("recreate", "post", (302, 404, 403, 403, 303, 303)),
        ("settle", "post", (302, 404, 403, 303, 303, 303)),
        ("discard", "post", (302, 404, 403, 303, 303, 303)),
        ("code", "get", (302, 404, 200, 200, 200, 200)),
        ("check", "get", (302, 404, 200, 200, 200, 200)),
    ],
)
def test_who_may_do_what(
    cast: Cast, live: Assistant, page: str, method: str, statuses: tuple[int, ...]
) -> None:
    found = [
        getattr(cast.client(who), method)(address(live, page)).status_code for who in EVERYBODY
    ]
    assert found == list(statuses)
