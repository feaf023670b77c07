"""After a decision: what the page says, what is to be done next, and which notices are read."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from admin_ui.accounts.models import Member
from admin_ui.notices.models import Notice
from assistants.approval.flow import Move
from assistants.approval.rules import Policy, Rule
from assistants.models import Assistant, ChangeRequest
from assistants.selectors.change_requests.addresses import ChangeRequestPages
from assistants.selectors.change_requests.decisions import newest_round
from assistants.services.approving.changing import set_policy
from assistants.services.approving.freezing import add_freeze
from assistants.services.change_requests.deciding import decide
from assistants.services.change_requests.publishing import publish_request
from assistants.services.change_requests.submitting import submit_deletion
from assistants.services.change_requests.talking import begin_thread
from tests.change_requests.conftest import ONE, draft, submitted
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def address(request: ChangeRequest) -> str:
    return ChangeRequestPages.of("main").request(request.number)


def say(client: Client, request: ChangeRequest, action: str) -> str:
    sent = {"action": action, "seen": "1", "word": "Because."}
    return client.post(address(request), sent, follow=True).content.decode()


def primary(page: str) -> list[str]:
    """The primary buttons of the form in which people decide."""
    form = page.split('class="card request-decision"')[1].split("</form>", maxsplit=1)[0]
    pieces = form.split('class="button')[1:]
    return [
        next(word for word in ("Approve", "Publish", "Edit the draft") if word in piece)
        for piece in pieces
        if "primary" in piece.split('"')[0]
    ]


def freeze(cast: Cast) -> None:
    begin, end = timezone.now() - timedelta(hours=1), timezone.now() + timedelta(hours=1)
    add_freeze(actor=cast.admin, starts_at=begin, ends_at=end, zone="UTC", reason="Sale")


def test_approving_says_what_is_missing_and_what_is_next(cast: Cast, live: Assistant) -> None:
    policy = Policy((Rule(1, role="publisher"), Rule(1, role="admin")))
    set_policy(actor=cast.admin, policy=policy)
    request = submitted(cast.editor, live)
    client = cast.client("publisher")
    assert primary(client.get(address(request)).content.decode()) == ["Approve"]
    said = say(client, request, "approve")
    assert "You approved round 1. Still missing: 1 approval by an admin for" in said
    assert primary(said) == []
    assert "You approved this round." in said
    said = say(cast.client("admin"), request, "approve")
    assert "You approved round 1. No approval is missing. You can publish it now." in said
    assert primary(said) == ["Publish"]


@pytest.mark.parametrize("who", ["viewer", "publisher"])
def test_in_a_freeze_an_approval_says_until_when(cast: Cast, live: Assistant, who: str) -> None:
    member = getattr(cast, who)
    rule = Rule(1, people=frozenset({member.user.pk}))
    set_policy(actor=cast.admin, policy=Policy((rule,)))
    request = submitted(cast.editor, live)
    freeze(cast)
    client = cast.client(who)
    assert primary(client.get(address(request)).content.decode()) == ["Approve"]
    said = say(client, request, "approve")
    assert "You approved round 1. No approval is missing. A freeze window holds until" in said
    assert primary(said) == []


def test_who_cannot_publish_hears_who_can(cast: Cast, live: Assistant) -> None:
    rule = Rule(1, people=frozenset({cast.viewer.user.pk}))
    set_policy(actor=cast.admin, policy=Policy((rule,)))
    request = submitted(cast.editor, live)
    said = say(cast.client("viewer"), request, "approve")
    assert "No approval is missing. A publisher can publish it now." in said


@pytest.mark.parametrize(
    ("action", "who", "said"),
    [
        ("request_changes", "publisher", "You requested changes to round 1."),
        ("reject", "publisher", "You rejected the change request."),
        ("withdraw", "editor", "You withdrew the change request."),
    ],
)
def test_each_decision_is_confirmed(
    cast: Cast, live: Assistant, action: str, who: str, said: str
) -> None:
    set_policy(actor=cast.admin, policy=ONE)
    request = submitted(cast.editor, live)
    assert said in say(cast.client(who), request, action)


def test_the_author_goes_on_with_the_draft_after_an_objection(cast: Cast, live: Assistant) -> None:
    set_policy(actor=cast.admin, policy=ONE)
    request = submitted(cast.editor, live)
    author = cast.client("editor")
    assert primary(author.get(address(request)).content.decode()) == []
    decide(member=cast.admin, request=request, move=Move.REQUEST_CHANGES, seen=1, word="No.")
    assert primary(author.get(address(request)).content.decode()) == ["Edit the draft"]
    assert primary(cast.client("publisher").get(address(request)).content.decode()) == ["Approve"]


def unread(member: Member) -> list[str]:
    rows = Notice.objects.filter(user=member.user, read_at=None).order_by("pk")
    return list(rows.values_list("kind", flat=True))


@pytest.fixture
def asked(cast: Cast, live: Assistant) -> ChangeRequest:
    """The publisher and the admin are asked to review a change of the editor."""
    set_policy(actor=cast.admin, policy=ONE)
    people = (cast.publisher.user.pk, cast.admin.user.pk)
    request = submitted(cast.editor, live, reviewers=people)
    assert unread(cast.publisher) == unread(cast.admin) == ["asked"]
    return request


def test_opening_the_place_reads_its_notices(cast: Cast, asked: ChangeRequest) -> None:
    client = cast.client("publisher")
    client.head(address(asked))
    client.get(address(asked), headers={"HX-Request": "true"})
    client.get("/w/main/requests/")
    assert unread(cast.publisher) == ["asked"]
    page = client.get(address(asked)).content.decode()
    assert unread(cast.publisher) == []
    assert unread(cast.admin) == ["asked"], "each their own"
    assert "1 unread" not in page, "the page that shows it counts it no more"


def test_the_page_of_a_request_reads_what_was_said_there(cast: Cast, asked: ChangeRequest) -> None:
    begin_thread(author=cast.admin, request=asked, of=newest_round(asked), text="Why?")
    assert unread(cast.publisher) == ["asked", "commented"]
    cast.client("publisher").get(address(asked))
    assert unread(cast.publisher) == []


def test_deciding_reads_what_asked_for_it(cast: Cast, asked: ChangeRequest) -> None:
    decide(member=cast.publisher, request=asked, move=Move.APPROVE, seen=1)
    assert unread(cast.publisher) == []
    assert unread(cast.admin) == ["asked", "approved"]


def test_closing_reads_what_asked_for_it(cast: Cast, asked: ChangeRequest) -> None:
    decide(member=cast.editor, request=asked, move=Move.WITHDRAW, seen=1)
    assert unread(cast.publisher) == unread(cast.admin) == ["withdrawn"]


def test_publishing_reads_what_asked_for_it(cast: Cast, asked: ChangeRequest) -> None:
    decide(member=cast.admin, request=asked, move=Move.APPROVE, seen=1)
    publish_request(member=cast.admin, request=asked, seen=1)
    assert "asked" not in unread(cast.publisher)


def test_another_round_asks_once(cast: Cast, live: Assistant, asked: ChangeRequest) -> None:
    draft(cast.editor, live, temperature=0.3)
    submitted(cast.editor, live, temperature=0.3)
    assert unread(cast.publisher) == ["asked"]


def test_the_author_of_a_newer_draft_is_offered_the_next_round(cast: Cast, live: Assistant) -> None:
    request = submitted(cast.editor, live)
    author = cast.client("editor")
    assert "Send round" not in author.get(address(request)).text
    draft(cast.editor, live, temperature=0.7)
    assert "Send round 2" in author.get(address(request)).text
    assert "Send round" not in cast.client("publisher").get(address(request)).text
    submitted(cast.editor, live, temperature=0.7)
    assert "Send round" not in author.get(address(request)).text
    draft(cast.editor, live, temperature=0.6)
    decide(member=cast.editor, request=request, move=Move.WITHDRAW, seen=2)
    assert "Send round" not in author.get(address(request)).text


def test_the_first_steps_of_an_editor_are_done_with_a_submission(
    cast: Cast, live: Assistant
) -> None:
    def left() -> list[bool]:
        return [
            step.is_done for step in cast.client("editor").get("/w/main/").context["home"].steps
        ]

    draft(cast.editor, live, temperature=0.7)
    assert left() == [True, True, False, False]
    submitted(cast.editor, live, temperature=0.7)
    assert left() == [True, True, True, True]


def test_an_approved_deletion_can_be_deleted(cast: Cast, live: Assistant, needs_one: None) -> None:
    request = submit_deletion(author=cast.publisher, assistant=live, title="Not used any more")
    assert "You can delete it now." in say(cast.client("admin"), request, "approve")
