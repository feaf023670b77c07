"""What is asked for is seen where people look: the list, an assistant's pages, the review, Home."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from admin_ui.display.times import exact
from assistants.approval.flow import Move
from assistants.models import Assistant, ChangeRequest
from assistants.services.change_requests.deciding import decide
from assistants.services.change_requests.schedules import schedule_round
from assistants.services.change_requests.submitting import submit_deletion
from assistants.wording.chips import OPEN_REQUEST_CHIPS
from tests.change_requests.conftest import draft, submitted
from tests.conftest import Cast
from tests.services.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)
LIST, HOME = "/w/main/assistants/", "/w/main/"
TO_REQUEST = 'href="/w/main/requests/1/"'


def text_of(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def section(page: str, name: str) -> str:
    """Return the section of Home that `name` labels; "" if it is not there."""
    _before, begun, rest = page.partition(f'aria-labelledby="{name}"')
    return rest.partition("</section>")[0] if begun else ""


def test_each_state_of_an_open_request_has_its_chip() -> None:
    asked = {(kind, state) for kind, state in OPEN_REQUEST_CHIPS}
    open_states = ("open", "changes_requested", "approved", "failed")
    assert asked == {(kind, state) for kind in ("change", "delete") for state in open_states}


def pages_of(live: Assistant) -> list[str]:
    about = f"{LIST}{live.pk}/"
    return [LIST, *(f"{about}{page}/" for page in ("edit", "history", "code", "delete"))]


def test_a_deletion_that_waits_is_seen_on_every_page(
    cast: Cast, live: Assistant, needs_one: None
) -> None:
    asked = submit_deletion(author=cast.editor, assistant=live, title="Away")
    for text in ("Deletion in review", "Deletion approved"):
        for path in pages_of(live):
            page = text_of(cast.client("admin"), path)
            assert text in page, path
            assert TO_REQUEST in page, path
        decide(member=cast.admin, request=asked, move=Move.APPROVE, seen=1)
    decide(member=cast.editor, request=asked, move=Move.WITHDRAW, seen=1)
    assert "Deletion" not in text_of(cast.client("viewer"), LIST)


def test_a_deletion_is_shown_before_a_newer_change(
    cast: Cast, live: Assistant, needs_one: None
) -> None:
    submit_deletion(author=cast.editor, assistant=live, title="Away")
    submitted(cast.publisher, live)
    page = text_of(cast.client("viewer"), LIST)
    assert "Deletion in review" in page
    assert "In review</a>" not in page


def test_the_author_finds_on_home_what_they_sent(
    cast: Cast, live: Assistant, needs_one: None
) -> None:
    submit_deletion(author=cast.editor, assistant=live, title="Away with it")
    sent = section(text_of(cast.client("editor"), HOME), "sent")
    assert "Away with it" in sent
    assert "Deletion of" in sent
    assert TO_REQUEST in sent
    assert not section(text_of(cast.client("publisher"), HOME), "sent")


def test_what_is_back_with_the_author_is_listed_once(
    cast: Cast, live: Assistant, needs_one: None
) -> None:
    asked = submitted(cast.editor, live)
    decide(member=cast.admin, request=asked, move=Move.REQUEST_CHANGES, seen=1, word="Why?")
    page = text_of(cast.client("editor"), HOME)
    assert "Summer wording" in section(page, "reviews")
    assert not section(page, "sent")


def scheduled(cast: Cast, live: Assistant) -> ChangeRequest:
    asked = submitted(cast.editor, live)
    decide(member=cast.admin, request=asked, move=Move.APPROVE, seen=1)
    at = timezone.now() + timedelta(days=2)
    schedule_round(member=cast.publisher, request=asked, seen=1, publish_at=at, zone="UTC")
    return asked


def test_what_is_scheduled_is_on_home_once(cast: Cast, live: Assistant, needs_one: None) -> None:
    scheduled(cast, live)
    for who in ("editor", "admin"):
        page = text_of(cast.client(who), HOME)
        assert "Summer wording" in section(page, "scheduled")
        assert not section(page, "sent")
        assert not section(page, "others")


@pytest.mark.parametrize(
    ("move", "said"),
    [
        (None, "Round 1 of this draft is in review."),
        (Move.APPROVE, "Round 1 of this draft is approved."),
        (Move.REQUEST_CHANGES, "Reviewers requested changes to round 1 of this draft."),
    ],
)
def test_the_review_of_a_draft_says_how_far_its_round_is(
    cast: Cast, live: Assistant, needs_one: None, move: Move | None, said: str
) -> None:
    asked = submitted(cast.editor, live)
    if move:
        decide(member=cast.admin, request=asked, move=move, seen=1, word="Why?")
    address = f"{LIST}{live.pk}/review/?drafter={cast.editor.user.pk}"
    page = text_of(cast.client("publisher"), address)
    assert said in page
    assert TO_REQUEST in page
    assert "The draft has changed since." not in page
    draft(cast.editor, live, temperature=0.1)
    assert "The draft has changed since." in text_of(cast.client("publisher"), address)


def test_the_review_says_when_it_is_scheduled(cast: Cast, live: Assistant, needs_one: None) -> None:
    asked = scheduled(cast, live)
    at = exact(asked.schedules.get().publish_at)
    page = text_of(cast.client("editor"), f"{LIST}{live.pk}/review/")
    assert f"Round 1 of this draft is approved and scheduled for {at}." in page


@pytest.mark.parametrize("path", [LIST, HOME])
def test_more_of_it_costs_no_more_queries(
    cast: Cast, live: Assistant, needs_one: None, path: str
) -> None:
    client = cast.client("publisher")
    submitted(cast.publisher, live)

    def counted() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    counted()
    before = counted()
    submit_deletion(author=cast.editor, assistant=fresh(live), title="Away")
    assert counted() == before
