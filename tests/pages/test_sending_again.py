"""Sending again from the history: what is shown first, what is told, and who may."""

import re
from typing import Any

import pytest

from assistants.models import Assistant, Connection, Draft, Revision
from assistants.services.editing.drafts import save_draft
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.delete import delete_assistant
from tests.conftest import Cast
from tests.pages.trouble import address, page, text_of
from tests.services.conftest import fresh
from tests.services.undelivered import created_in_doubt, held, in_doubt, tried
from tests.upstream import FaultSpec, Upstream, refused

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("nobody_has_looked"),
]
EVERYBODY = ("anonymous", "stranger", "viewer", "editor", "publisher", "admin")


@pytest.fixture
def refusal(cast: Cast, assistant: Assistant, remote: Upstream) -> Revision:
    return tried(cast, assistant, remote, refused("Not now."), model="gpt-5.2")


def send_again(cast: Cast, revision: Revision, **data: str) -> Any:
    path = f"history/{revision.number}/send-again/"
    return cast.client("admin").post(address(revision.assistant, path), data)


def test_what_will_be_sent_is_shown_first(
    cast: Cast, assistant: Assistant, refusal: Revision, remote: Upstream
) -> None:
    text = page(cast, "publisher", assistant, "history/2/send-again/")
    assert '<del dir="auto">gpt-4o</del>' in text
    assert '<ins dir="auto">gpt-5.2</ins>' in text
    assert "For the fair" in text
    assert "Takes effect at once" in text
    assert remote.requests == []


def test_it_is_sent_again_and_told(cast: Cast, assistant: Assistant, refusal: Revision) -> None:
    client = cast.client("admin")
    response = client.post(address(assistant, "history/2/send-again/"))
    assert (response.status_code, response["Location"]) == (303, address(assistant))
    assert "Sent again and published as v2." in text_of(client.get(address(assistant)))
    client.post(address(assistant, "history/2/send-again/"))
    assert "Nothing was sent: the live version already matches" in text_of(
        client.get(address(assistant))
    )
    assert "Nothing to send" in page(cast, "admin", assistant, "history/2/send-again/")


def test_what_had_arrived_is_told_and_not_sent(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    in_doubt(cast, assistant, model="gpt-5.2")
    held(remote, assistant)["model"] = "gpt-5.2"
    remote.requests.clear()
    client = cast.client("admin")
    client.post(address(assistant, "history/2/send-again/"))
    assert "The change had already arrived" in text_of(client.get(address(assistant)))
    assert remote.count_of("POST") == 0


def test_where_live_has_moved_it_becomes_a_draft_to_be_reviewed(
    cast: Cast, assistant: Assistant, refusal: Revision, remote: Upstream
) -> None:
    held(remote, assistant)["model"] = "theirs"
    remote.requests.clear()

    response = send_again(cast, refusal)

    assert (response.status_code, response["Location"]) == (303, address(assistant, "review/"))
    draft = Draft.objects.get(user=cast.admin.user)
    assert (draft.definition, draft.base_id) == (refusal.definition, refusal.base_id)
    assert remote.count_of("POST") == 0
    text = page(cast, "admin", assistant, "history/2/send-again/")
    assert "v2 has gone live since then" in text
    assert "Make it my draft and review" in text
    assert '<ins dir="auto">gpt-5.2</ins>' in text
    assert "theirs" not in text


def test_a_draft_in_the_way_is_asked_about(
    cast: Cast, assistant: Assistant, refusal: Revision, remote: Upstream
) -> None:
    mine = live_definition(assistant).replace(name="Mine")
    save_draft(author=cast.admin, assistant=assistant, definition=mine, base=assistant.live)
    held(remote, assistant)["model"] = "theirs"

    text = text_of(send_again(cast, refusal), 409)

    assert "You have a different draft of this assistant." in text
    assert 'name="replace"' in text
    assert Draft.objects.get(user=cast.admin.user).definition == mine
    assert send_again(cast, refusal, replace="1").status_code == 303
    assert Draft.objects.get(user=cast.admin.user).definition == refusal.definition


def test_a_change_of_what_is_gone_leads_to_recreating(
    cast: Cast, assistant: Assistant, refusal: Revision
) -> None:
    delete_assistant(author=cast.publisher, assistant=fresh(assistant))
    recreate = address(assistant, "recreate/?revision=2")
    assert send_again(cast, refusal)["Location"] == recreate


def test_a_delete_of_what_has_changed_leads_to_looking_at_it(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    remote.fail_next("DELETE", refused("Not now."))
    delete_assistant(author=cast.publisher, assistant=assistant)
    text = page(cast, "publisher", assistant, "history/2/send-again/")
    assert "Delete again?" in text
    assert "Be kind." in text
    held(remote, assistant)["model"] = "theirs"
    refusal = Revision.objects.get(number=2)
    assert send_again(cast, refusal)["Location"] == address(assistant, "delete/")
    assert remote.assistants


def test_a_delete_is_sent_again(cast: Cast, assistant: Assistant, remote: Upstream) -> None:
    remote.fail_next("DELETE", refused("Not now."))
    delete_assistant(author=cast.publisher, assistant=assistant)
    client = cast.client("admin")
    client.post(address(assistant, "history/2/send-again/"))
    assert "Deleted. Its history stays" in text_of(client.get(address(assistant)))
    assert fresh(assistant).state == "deleted"


def test_a_refusal_in_sending_again_is_told_where_it_happened(
    cast: Cast, assistant: Assistant, refusal: Revision, remote: Upstream
) -> None:
    remote.fail_next("POST", refused("Still not."))
    assert "Still not." in text_of(send_again(cast, refusal), 422)
    for _ in range(3):
        remote.fail_next("GET", FaultSpec(status=503, body="{}"))
    assert "Nothing was sent" in text_of(send_again(cast, refusal), 502)


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_has_arrived_leads_back_to_itself(
    cast: Cast, assistant: Assistant, remote: Upstream, method: str
) -> None:
    remote.requests.clear()
    client = cast.client("publisher")
    response = getattr(client, method)(address(assistant, "history/1/send-again/"))
    assert response["Location"] == address(assistant, "history/1/")
    assert remote.requests == []


def test_a_person_picks_what_a_create_in_doubt_has_made(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    assistant = created_in_doubt(cast, connection_to, remote)
    ids = list(remote.assistants)
    text = page(cast, "publisher", assistant, "history/1/send-again/")
    assert "creating it again adds a second assistant" in text
    assert re.findall(r'name="remote_id" value="(\w+)"', text) == list(reversed(ids))
    client = cast.client("publisher")
    claim = address(assistant, "history/1/claim/")

    response = client.post(claim, {"remote_id": "asst_other"})
    assert response["Location"] == address(assistant, "history/1/")
    assert fresh(assistant).remote_id is None

    response = client.post(claim, {"remote_id": ids[0]})
    assert response["Location"] == address(assistant)
    assert f"This assistant is now linked to {ids[0]}, as v1." in text_of(
        client.get(address(assistant))
    )
    assert fresh(assistant).remote_id == ids[0]


def test_a_create_in_doubt_of_which_nothing_is_there_or_nothing_is_known(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    assistant = created_in_doubt(cast, connection_to, remote)
    remote.assistants.clear()
    path = "history/1/send-again/"
    assert "Nothing on the gateway matches" in page(cast, "publisher", assistant, path)
    for _ in range(3):
        remote.fail_next("GET", FaultSpec(status=503, body="{}"))
    text = page(cast, "publisher", assistant, path)
    assert "It is not certain whether the assistant was created." in text
    assert "Create again" in text


@pytest.mark.parametrize(
    ("path", "method", "statuses"),
    [
        ("history/2/accept/", "post", (302, 404, 403, 403, 302, 302)),
        ("history/2/accept/", "get", (302, 404, 403, 403, 405, 405)),
        ("history/2/send-again/", "get", (302, 404, 403, 403, 200, 200)),
        ("history/2/send-again/", "post", (302, 404, 403, 403, 303, 303)),
        ("history/2/claim/", "post", (302, 404, 403, 403, 303, 303)),
        ("history/9/send-again/", "get", (302, 404, 403, 403, 404, 404)),
        ("history/9/accept/", "post", (302, 404, 403, 403, 404, 404)),
    ],
)
def test_who_may_do_what(
    cast: Cast, refusal: Revision, path: str, method: str, statuses: tuple[int, ...]
) -> None:
    found = [
        getattr(cast.client(who), method)(address(refusal.assistant, path)).status_code
        for who in EVERYBODY
    ]
    assert found == list(statuses)
