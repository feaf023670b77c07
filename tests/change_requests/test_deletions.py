"""Deleting by a change request: what it says, what it offers, and words that go along to it."""

import pytest

from admin_ui.notices.models import Happening
from assistants.approval.flow import Move
from assistants.models import Assistant, ChangeRequest
from assistants.services.approving.ending import fail_request
from assistants.services.change_requests.deciding import decide
from assistants.services.change_requests.errors import AsksOtherwise
from assistants.services.change_requests.publishing import publish_request
from assistants.services.change_requests.submitting import submit, submit_deletion
from tests.change_requests.conftest import draft, submitted
from tests.conftest import Cast
from tests.pages.reading import fields_of
from tests.services.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/w/main/requests/1/"


@pytest.fixture
def asked(cast: Cast, live: Assistant, needs_one: None) -> ChangeRequest:
    return submit_deletion(author=cast.publisher, assistant=live, title="Not used any more")


def test_it_says_deleted_wherever_it_ended(
    cast: Cast, live: Assistant, asked: ChangeRequest
) -> None:
    decide(member=cast.admin, request=asked, move=Move.APPROVE, seen=1)
    answer = cast.client("publisher").post(PAGE, {"action": "publish", "seen": "1"}, follow=True)
    page = answer.content.decode()
    assert "Deleted. Its history stays, and you can recreate it." in page
    assert "asked to delete the assistant" in page
    assert "deleted the assistant" in page
    closed = cast.client("viewer").get("/w/main/requests/?show=closed").content.decode()
    for shown in (page, closed):
        assert "Deleted</span>" in shown
        assert "Published" not in shown
        assert "published round" not in shown
        assert "vNone" not in shown


def test_a_second_click_says_that_it_is_deleted(cast: Cast, asked: ChangeRequest) -> None:
    decide(member=cast.admin, request=asked, move=Move.APPROVE, seen=1)
    publish_request(member=cast.publisher, request=asked, seen=1)
    again = cast.client("publisher").post(PAGE, {"action": "publish", "seen": "1"}, follow=True)
    assert "It is deleted already." in again.content.decode()


def test_a_deletion_that_failed_says_so(cast: Cast, asked: ChangeRequest) -> None:
    fail_request(asked, asked.rounds.get(), user=cast.publisher.user)
    page = cast.client("viewer").get(PAGE).content.decode()
    assert "tried to delete the assistant, which failed" in page


def test_an_admins_deletion_without_approval_says_deleted(
    cast: Cast, live: Assistant, asked: ChangeRequest
) -> None:
    publish_request(member=cast.admin, request=asked, seen=1, override="It must go now.")
    number = live.revisions.latest("pk").number
    shown = cast.client("viewer").get(f"/w/main/assistants/{live.pk}/history/{number}/")
    assert "deleted this without the approvals it needed" in shown.content.decode()
    assert "Ada deleted without the approvals" in str(Happening.objects.get(kind="overridden"))


def test_it_offers_no_draft_to_edit_and_nothing_to_suggest(
    cast: Cast, live: Assistant, asked: ChangeRequest
) -> None:
    page = cast.client("publisher").get(PAGE).content.decode()
    for offered in ("Edit the draft", "suggest other words", "Comment on lines", "Ask again"):
        assert offered not in page
    decide(member=cast.admin, request=asked, move=Move.REQUEST_CHANGES, seen=1, word="Why?")
    page = cast.client("publisher").get(PAGE).content.decode()
    assert f"/w/main/assistants/{live.pk}/submit-deletion/" in page
    assert "Ask again" in page


def test_a_change_is_no_round_of_a_deletion(
    cast: Cast, live: Assistant, asked: ChangeRequest
) -> None:
    seen = draft(cast.publisher, live, temperature=0.9)
    with pytest.raises(AsksOtherwise):
        submit(author=cast.publisher, assistant=fresh(live), seen=seen, title="Other")
    client, address = cast.client("publisher"), f"/w/main/assistants/{live.pk}/submit/"
    told = "You have asked to delete this assistant. Withdraw #1 first."
    assert told in client.get(address, follow=True).content.decode()
    refused = client.post(address, {"seen": seen, "title": "Other", "when": "by_hand"})
    assert refused.status_code == 409
    assert told in refused.content.decode()
    assert asked.rounds.count() == 1


def test_a_deletion_is_no_round_of_a_change(cast: Cast, live: Assistant, needs_one: None) -> None:
    submitted(cast.publisher, live)
    with pytest.raises(AsksOtherwise):
        submit_deletion(author=cast.publisher, assistant=fresh(live), title="Away")
    address = f"/w/main/assistants/{live.pk}/submit-deletion/"
    shown = cast.client("publisher").get(address, follow=True).content.decode()
    assert "You have submitted a change of this assistant. Withdraw #1 first." in shown


@pytest.mark.parametrize("page", ["delete", "review"])
def test_what_was_typed_goes_along(cast: Cast, live: Assistant, needs_one: None, page: str) -> None:
    draft(cast.admin, live, temperature=0.9)
    client, address = cast.client("admin"), f"/w/main/assistants/{live.pk}/{page}/"
    sent = fields_of(client.get(address)) | {
        "note": "Nobody asks it\nany more.",
        "action": "submit",
    }
    answer = client.post(address, sent)
    assert answer.status_code == 303
    form = client.get(answer["Location"])
    assert "Nobody asks it\nany more." in form.content.decode()
    fields = fields_of(form)
    assert client.post(answer["Location"], fields | {"title": "Away"}).status_code == 303
    assert ChangeRequest.objects.get().rounds.get().note == "Nobody asks it\nany more."
    assert "Nobody asks it" not in client.get(address).content.decode()
