"""Who suggests words that are accepted wrote a part: everybody sees that they approve nothing."""

import pytest

from admin_ui.accounts.permissions import NotAllowed
from admin_ui.notices.models import Happening
from assistants.approval.flow import Move
from assistants.approval.rules import Policy, Rule
from assistants.models import Assistant, ChangeRequest, Reviewer
from assistants.services.approving.changing import set_policy
from assistants.services.change_requests.deciding import decide
from assistants.services.change_requests.submitting import submit
from assistants.services.change_requests.suggesting import accept_suggestion
from tests.conftest import Cast
from tests.discussion.conftest import Suggest

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/w/main/requests/1/"
NO_LONGER = "can no longer approve it"


def ask_for_approval(cast: Cast) -> None:
    set_policy(actor=cast.admin, policy=Policy((Rule(1, role="publisher"),)))


@pytest.fixture
def second_round(cast: Cast, assistant: Assistant, suggest: Suggest) -> ChangeRequest:
    """The publisher was asked, and suggested what the second round holds."""
    ask_for_approval(cast)
    step = suggest(2, 3, "Refund within ten days.", cast.publisher)
    request = step.thread.change_request
    users = (cast.publisher.user.pk, cast.admin.user.pk)
    for user in users:
        Reviewer.objects.create(change_request=request, workspace=cast.workspace, user_id=user)
    draft = accept_suggestion(author=cast.editor, step=step)
    return submit(
        author=cast.editor,
        assistant=assistant,
        seen=draft.known_digest,
        title="Ten days",
        reviewers=users,
    )


def test_nobody_waits_for_them(cast: Cast, second_round: ChangeRequest) -> None:
    waiting = Reviewer.objects.filter(is_waiting=True)
    assert list(waiting.values_list("user", flat=True)) == [cast.admin.user.pk]
    asked = Happening.objects.filter(kind="asked").latest("pk")
    assert asked.people == [cast.admin.user.pk]
    listed = cast.client("publisher").get("/w/main/requests/?show=waiting").text
    assert "Ten days" not in listed


def test_their_page_says_why_there_is_no_button(cast: Cast, second_round: ChangeRequest) -> None:
    page = cast.client("publisher").get(PATH).text
    assert "You wrote a part of this" in page
    assert 'value="approve"' not in page
    assert "request-decision" not in page
    assert "Wrote a part" in cast.client("admin").get(PATH).text
    assert "You wrote a part of this" not in cast.client("admin").get(PATH).text
    assert "You wrote a part of this" not in cast.client("editor").get(PATH).text
    with pytest.raises(NotAllowed):
        decide(member=cast.publisher, request=second_round, move=Move.APPROVE, seen=2)


@pytest.mark.parametrize("who", ["publisher", "viewer"])
def test_the_author_reads_it_before_accepting(cast: Cast, suggest: Suggest, who: str) -> None:
    ask_for_approval(cast)
    suggest(2, 3, "Refund within ten days.", getattr(cast, who))
    assert (NO_LONGER in cast.client("editor").get(PATH).text) == (who == "publisher")
    assert NO_LONGER not in cast.client("admin").get(PATH).text


@pytest.mark.parametrize("who", ["publisher", "viewer"])
def test_who_suggests_reads_it_before(cast: Cast, request_of_emil: ChangeRequest, who: str) -> None:
    ask_for_approval(cast)
    form = f"{PATH}comment/?field=instructions&first=2&last=3"
    client = cast.client(who)
    assert ("cannot approve the change" in client.get(f"{form}&suggest=1").text) == (
        who == "publisher"
    )
    assert "cannot approve the change" not in client.get(form).text
