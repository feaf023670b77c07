"""Who decides about a change request, and what each decision leads to."""

import pytest

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import NotAllowed
from admin_ui.notices.models import Happening
from assistants.approval.flow import Move
from assistants.approval.rules import Policy, Rule
from assistants.models import Assistant, ChangeRequest, Draft, Reviewer, Round
from assistants.services.approving.changing import set_policy
from assistants.services.change_requests.deciding import decide
from assistants.services.change_requests.errors import (
    NothingToReview,
    NoTitle,
    NotOpen,
    NotYours,
    NoWord,
    RoundMoved,
)
from assistants.services.change_requests.publishing import publish_request
from assistants.services.change_requests.submitting import submit, submit_deletion
from assistants.services.editing.colleagues import take_over
from assistants.services.errors import Conflict, DraftMoved, NeedsApproval
from assistants.services.publishing.publish import publish
from tests.change_requests.conftest import draft, submitted
from tests.conftest import Cast
from tests.services.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)


def say(member: Member, request: ChangeRequest, move: Move, word: str = "Because.") -> str:
    round_number = ChangeRequest.objects.get(pk=request.pk).round_number
    return decide(member=member, request=request, move=move, seen=round_number, word=word).state


def test_a_round_fixes_what_is_reviewed(cast: Cast, live: Assistant) -> None:
    request = submitted(cast.editor, live, reviewers=(cast.publisher.user.pk,))
    of = request.rounds.get()
    assert of.fields == ["temperature"]
    assert of.base == fresh(live).live
    assert of.definition.value("temperature") == 0.9
    draft(cast.editor, live, temperature=0.1)
    assert request.rounds.get().definition.value("temperature") == 0.9
    assert Reviewer.objects.get().is_waiting
    told = Happening.objects.get(kind="asked")
    assert told.people == [cast.publisher.user.pk]


def test_another_round_of_the_same_request(cast: Cast, live: Assistant, needs_one: None) -> None:
    request = submitted(cast.editor, live)
    assert say(cast.admin, request, Move.APPROVE) == "approved"
    again = submitted(cast.editor, live, temperature=0.4)
    assert (again.pk, again.round_number, again.state) == (request.pk, 2, "open")
    with pytest.raises(NeedsApproval):
        publish_request(member=cast.publisher, request=again, seen=2)
    with pytest.raises(RoundMoved):
        decide(member=cast.admin, request=again, move=Move.APPROVE, seen=1)


def test_the_same_form_sent_twice_sends_one_round(cast: Cast, live: Assistant) -> None:
    submitted(cast.editor, live)
    assert submitted(cast.editor, live).round_number == 1
    assert Round.objects.count() == 1


def test_authors_never_approve_their_own(cast: Cast, live: Assistant, needs_one: None) -> None:
    request = submitted(cast.admin, live)
    with pytest.raises(NotYours):
        say(cast.admin, request, Move.APPROVE)
    with pytest.raises(NotYours):
        say(cast.publisher, request, Move.WITHDRAW)


def test_who_wrote_a_part_does_not_count(cast: Cast, live: Assistant, needs_one: None) -> None:
    draft(cast.publisher, live, temperature=0.9)
    take_over(
        author=cast.admin,
        assistant=live,
        user=cast.publisher.user,
        seen=Draft.objects.get(user=cast.publisher.user).known_digest,
    )
    request = submitted(cast.admin, live, temperature=0.8)
    with pytest.raises(NotAllowed):
        say(cast.publisher, request, Move.APPROVE)


@pytest.mark.parametrize("who", ["viewer", "editor"])
def test_who_is_neither_asked_nor_named_decides_nothing(
    cast: Cast, live: Assistant, needs_one: None, who: str
) -> None:
    request = submitted(cast.publisher, live)
    with pytest.raises(NotAllowed):
        say(getattr(cast, who), request, Move.APPROVE)


def test_a_viewer_whom_the_policy_names_approves(cast: Cast, live: Assistant) -> None:
    legal = Rule(1, people=frozenset({cast.viewer.user.pk}), fields=frozenset({"instructions"}))
    set_policy(actor=cast.admin, policy=Policy((legal,)))
    request = submitted(cast.editor, live, instructions="Be formal.")
    assert say(cast.publisher, request, Move.APPROVE) == "open"
    assert say(cast.viewer, request, Move.APPROVE) == "approved"


def test_an_approval_lapses_with_the_role(
    cast: Cast, live: Assistant, needs_one: None, second_publisher: Member
) -> None:
    request = submitted(cast.editor, live)
    assert say(second_publisher, request, Move.APPROVE) == "approved"
    second_publisher.role = "viewer"
    second_publisher.save()
    with pytest.raises(NeedsApproval):
        publish_request(member=cast.publisher, request=request, seen=1)


def test_an_objection_holds_until_it_is_taken_back(
    cast: Cast, live: Assistant, needs_one: None
) -> None:
    request = submitted(cast.editor, live)
    assert say(cast.admin, request, Move.REQUEST_CHANGES) == "changes_requested"
    assert say(cast.publisher, request, Move.APPROVE) == "changes_requested"
    with pytest.raises(NeedsApproval):
        publish_request(member=cast.publisher, request=request, seen=1)
    assert say(cast.admin, request, Move.APPROVE) == "approved"


@pytest.mark.parametrize("move", [Move.REQUEST_CHANGES, Move.REJECT])
def test_a_refusal_says_why(cast: Cast, live: Assistant, move: Move) -> None:
    request = submitted(cast.editor, live)
    with pytest.raises(NoWord):
        say(cast.publisher, request, move, word="  ")


@pytest.mark.parametrize(
    ("who", "move", "state"),
    [("publisher", Move.REJECT, "rejected"), ("editor", Move.WITHDRAW, "withdrawn")],
)
def test_what_is_closed_stays_closed(
    cast: Cast, live: Assistant, who: str, move: Move, state: str
) -> None:
    request = submitted(cast.editor, live, reviewers=(cast.publisher.user.pk,))
    assert say(getattr(cast, who), request, move) == state
    assert not Reviewer.objects.filter(is_waiting=True).exists()
    with pytest.raises(NotOpen):
        say(cast.admin, request, Move.APPROVE)
    with pytest.raises(NotOpen):
        publish_request(member=cast.publisher, request=request, seen=1)
    assert submitted(cast.editor, live, temperature=0.2).number == 2


def test_strangers_see_and_decide_nothing(cast: Cast, live: Assistant) -> None:
    request = submitted(cast.editor, live)
    with pytest.raises(NotAllowed):
        say(cast.stranger, request, Move.APPROVE)


def test_what_cannot_be_submitted(cast: Cast, live: Assistant) -> None:
    author = cast.editor
    with pytest.raises(Draft.DoesNotExist):
        submit(author=author, assistant=live, seen="", title="A")
    seen = draft(author, live, temperature=0.9)
    with pytest.raises(NoTitle):
        submit(author=author, assistant=live, seen=seen, title=" ")
    with pytest.raises(DraftMoved):
        submit(author=author, assistant=live, seen="0" * 64, title="A")
    seen = draft(author, live, temperature=0.5)
    with pytest.raises(NothingToReview):
        submit(author=author, assistant=live, seen=seen, title="A")
    with pytest.raises(NotAllowed):
        submit(author=cast.viewer, assistant=live, seen=seen, title="A")


def test_a_draft_behind_live_is_combined_first(cast: Cast, live: Assistant) -> None:
    seen = draft(cast.editor, live, temperature=0.9)
    assistant = fresh(live)
    assert assistant.live
    other = assistant.live.definition.replace(name="Other")
    publish(author=cast.publisher, assistant=assistant, wanted=other, base=assistant.live)
    with pytest.raises(Conflict):
        submit(author=cast.editor, assistant=fresh(live), seen=seen, title="A")


def test_a_deletion_is_approved_like_a_change(cast: Cast, live: Assistant, needs_one: None) -> None:
    request = submit_deletion(author=cast.editor, assistant=live, title="Not used any more")
    with pytest.raises(NeedsApproval):
        publish_request(member=cast.publisher, request=request, seen=1)
    say(cast.admin, request, Move.APPROVE)
    assert publish_request(member=cast.publisher, request=request, seen=1).status == "applied"
    request.refresh_from_db()
    assert (request.state, fresh(live).state) == ("published", "deleted")
    told = Happening.objects.get(kind="deleted")
    assert not Happening.objects.filter(kind="published", details__has_key="change_request")
    assert set(told.people) == {
        member.user.pk for member in (cast.editor, cast.publisher, cast.admin)
    }


def test_publishing_the_draft_itself_closes_the_request(cast: Cast, live: Assistant) -> None:
    request = submitted(cast.editor, live)
    assistant = fresh(live)
    wanted = request.rounds.get().definition
    publish(
        author=cast.publisher,
        assistant=assistant,
        wanted=wanted,
        base=assistant.live,
        drafter=cast.editor.user,
    )
    request.refresh_from_db()
    assert request.state == "published"
    assert not Draft.objects.filter(user=cast.editor.user).exists()
