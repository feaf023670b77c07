"""Review and publishing: nobody publishes what they have not seen, and a note is kept."""

import pytest
from django.test import Client

from assistants.models import Assistant, Draft, Revision
from tests.conftest import Cast
from tests.pages.reading import fields_of
from tests.pages.reviewing import address, assert_published, text_of, write_draft
from tests.services.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_review_shows_the_difference_to_live(cast: Cast, live: Assistant) -> None:
    write_draft(cast.publisher, live, instructions="Be kind.\nBe thorough.", model="gpt-5.2")

    page = text_of(cast.client("publisher").get(address(live)))

    assert "<del>brief</del>" in page
    assert "<ins>thorough</ins>" in page
    assert "gpt-5.2" in page
    assert "Takes effect at once for everyone using this assistant." in page


def test_publishing_leads_to_the_history_with_note_and_version(cast: Cast, live: Assistant) -> None:
    write_draft(cast.publisher, live, name="Better")
    client = cast.client("publisher")

    response = client.post(address(live), {"note": "Customers\r\nasked\0"})

    assert_published(response, live)
    revision = fresh(live).live
    assert revision
    assert (revision.note, revision.author_name) == ("Customers\nasked\ufffd", "Pia")
    assert "Published as v2." in text_of(client.get(address(live, "history")))
    assert not Draft.objects.filter(assistant=live).exists()


def test_an_editor_sees_who_can_publish_and_no_dead_button(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="Better")
    client = cast.client("editor")

    page = text_of(client.get(address(live)))

    assert "Publishers can open it from this assistant" in page
    assert "Pia" in page
    assert "id_note" not in page
    assert client.post(address(live), {"note": "x"}).status_code == 403
    assert fresh(live).live_version == 1


def test_a_publisher_publishes_the_draft_of_a_colleague(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="By Emil")
    path = f"{address(live)}?drafter={cast.editor.user.pk}"
    client = cast.client("publisher")
    assert "Draft by Emil, saved <time" in text_of(client.get(path))

    assert_published(client.post(path, {"note": ""}), live)

    revision = fresh(live).live
    assert revision
    assert (revision.author_name, revision.drafter_name) == ("Pia", "Emil")
    assert not Draft.objects.filter(assistant=live).exists()


@pytest.mark.parametrize("drafter", ["0", "999999", "x", "²", "9" * 30])
def test_an_unknown_drafter_is_not_found(cast: Cast, live: Assistant, drafter: str) -> None:
    path = f"{address(live)}?drafter={drafter}"
    assert cast.client("publisher").get(path).status_code == 404


def test_an_editor_may_not_open_the_draft_of_a_colleague(cast: Cast, live: Assistant) -> None:
    write_draft(cast.publisher, live, name="Better")
    path = f"{address(live)}?drafter={cast.publisher.user.pk}"

    assert cast.client("editor").get(path).status_code == 403


def test_a_new_assistant_is_reviewed_and_created(cast: Cast) -> None:
    client = cast.client("publisher")
    new = {"name": "Fresh", "model": "m", "action": "review"}
    page = client.post("/w/main/assistants/new/", new)["Location"]
    assistant = Assistant.objects.get(name="Fresh")
    text = text_of(client.get(page))
    assert "Review the new assistant" in text
    assert "This creates the assistant on “Built-in registry”." in text

    assert_published(client.post(page, {"note": "First"}), assistant)

    assert fresh(assistant).state == "live"


def test_a_second_click_on_publish_does_no_harm(cast: Cast, live: Assistant) -> None:
    write_draft(cast.publisher, live, name="Better")
    client = cast.client("publisher")
    client.post(address(live), {"note": ""})

    assert_published(client.post(address(live), {"note": ""}), live)

    assert fresh(live).live_version == 2


def test_a_draft_that_says_what_is_live_publishes_nothing(cast: Cast, live: Assistant) -> None:
    write_draft(cast.publisher, live)
    client = cast.client("publisher")
    assert "Nothing to publish" in text_of(client.get(address(live)))

    assert_published(client.post(address(live), {"note": ""}), live)

    assert Revision.objects.filter(assistant=live).count() == 1


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("anonymous", 302),
        ("stranger", 404),
        ("viewer", 403),
        ("editor", 303),
        ("publisher", 200),
        ("admin", 303),
    ],
)
def test_who_may_review(cast: Cast, live: Assistant, who: str, status: int) -> None:
    write_draft(cast.publisher, live, name="Better")
    assert cast.client(who).get(address(live)).status_code == status


def test_discarding_shows_what_goes_and_drops_the_draft(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="Mine")
    client = cast.client("editor")
    assert "Mine" in text_of(client.get(address(live, "discard")))

    response = client.post(address(live, "discard"))

    assert (response.status_code, response["Location"]) == (303, address(live, "edit"))
    assert not Draft.objects.exists()
    assert client.get(address(live, "discard")).status_code == 302


def test_discarding_a_draft_that_was_never_published_removes_the_assistant(cast: Cast) -> None:
    client = cast.client("editor")
    client.post("/w/main/assistants/new/", {"name": "Fresh", "model": "m"})
    assistant = Assistant.objects.get(name="Fresh")

    response = client.post(address(assistant, "discard"))

    assert (response.status_code, response["Location"]) == (303, "/w/main/assistants/")
    assert not Assistant.objects.filter(pk=assistant.pk).exists()


def test_a_note_typed_in_an_ended_session_is_back(cast: Cast, live: Assistant) -> None:
    write_draft(cast.publisher, live, name="Mine")
    cast.publisher.user.set_password("a-long-passphrase")
    cast.publisher.user.save()
    client = Client()
    login = {"login": cast.publisher.user.email, "password": "a-long-passphrase"}
    client.post("/accounts/login/", login)
    client.cookies.pop("sessionid")
    form = "application/x-www-form-urlencoded"
    draft = Draft.objects.get(user=cast.publisher.user)
    typed = f"note=Long+reason&about={draft.user_id}-draft-{draft.pk}"
    client.post(address(live), typed, content_type=form)
    client.post("/accounts/login/", login)

    assert fields_of(client.get(address(live)))["note"] == "Long reason"
