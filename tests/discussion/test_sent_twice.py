"""A form that is sent twice, by a double click or after going back, acts once."""

import pytest
from django.utils import timezone

from admin_ui.audit.models import AuditEvent
from admin_ui.notices.models import Happening
from assistants.approval.flow import Move
from assistants.approval.rules import Policy, Rule
from assistants.models import ChangeRequest, FreezeWindow, RequestStep, ThreadStep
from assistants.services.approving.changing import set_policy
from assistants.services.approving.ending import add_step, move_on
from assistants.services.change_requests.deciding import decide
from assistants.services.change_requests.talking import (
    begin_thread,
    reply,
    resolve_thread,
    withdraw_comment,
)
from tests.conftest import Cast
from tests.discussion.conftest import Suggest
from tests.services.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/w/main/requests/1/"
LINES = {"field": "instructions", "first": "2", "last": "3"}


def twice(cast: Cast, who: str, path: str, form: dict[str, str]) -> list[int]:
    """Send a form twice at once; returns the statuses of the answers."""
    clients = [cast.client(who) for _ in range(2)]
    answers = at_once(lambda number: clients[number].post(path, form), 2)
    return [answer.status_code for answer in answers]


@pytest.mark.parametrize(
    "form",
    [
        {"note": "Why?"},
        {"note": "Why?", "field": "model"},
        {"note": "Why?", **LINES},
        {"note": "", "suggest": "1", "replacement": "Refund nobody.", **LINES},
    ],
    ids=["whole", "field", "lines", "suggestion"],
)
def test_a_comment_is_there_once(
    cast: Cast, request_of_emil: ChangeRequest, form: dict[str, str]
) -> None:
    sent = {"round": "1", "do": "send", **form}
    assert twice(cast, "viewer", f"{PAGE}comment/", sent) == [303, 303]
    assert cast.client("viewer").post(f"{PAGE}comment/", sent).status_code == 303, "back and again"
    assert ThreadStep.objects.count() == request_of_emil.threads.count() == 1
    assert Happening.objects.filter(kind="commented").count() == 1


def test_going_back_past_another_comment_says_nothing_again(
    cast: Cast, request_of_emil: ChangeRequest
) -> None:
    for text in ("One", "Two", "One"):
        cast.client("viewer").post(f"{PAGE}comment/", {"note": text})
    assert list(ThreadStep.objects.order_by("pk").values_list("text", flat=True)) == ["One", "Two"]


def test_a_reply_is_there_once_and_can_be_said_again_later(cast: Cast, suggest: Suggest) -> None:
    thread = suggest(2, 2, "Refund nobody.").thread
    path, form = f"{PAGE}threads/{thread.pk}/", {"do": "reply", "note": "Yes."}
    assert twice(cast, "admin", path, form) == [303, 303]
    assert thread.steps.count() == 2
    reply(author=cast.viewer, thread=thread, text="Sure?")
    assert cast.client("admin").post(path, form).status_code == 303
    assert thread.steps.count() == 4


def test_what_was_withdrawn_or_resolved_can_be_said_again(
    cast: Cast, request_of_emil: ChangeRequest
) -> None:
    def say() -> ThreadStep:
        of = request_of_emil.rounds.get()
        return begin_thread(author=cast.viewer, request=request_of_emil, of=of, text="Why?")

    first = say()
    assert say() == first
    withdraw_comment(author=cast.viewer, step=first)
    second = say()
    assert second != first
    resolve_thread(author=cast.viewer, thread=second.thread)
    assert say() not in (first, second)
    of = request_of_emil.rounds.get()
    begin_thread(author=cast.admin, request=request_of_emil, of=of, text="Why?")
    assert ThreadStep.objects.filter(text="Why?").count() == 4, "another person says the same"


@pytest.mark.parametrize(
    ("who", "act", "kind"),
    [
        ("viewer", "withdraw", "withdrawn"),
        ("editor", "accept", "accepted"),
        ("editor", "decline", "declined"),
        ("editor", "resolve", "resolved"),
    ],
)
def test_a_step_ends_once(cast: Cast, suggest: Suggest, who: str, act: str, kind: str) -> None:
    step = suggest(2, 2, "Refund nobody.")
    path = f"{PAGE}threads/{step.thread_id}/"
    form = {"do": act, "step": str(step.pk)}
    assert twice(cast, who, path, form) == [303, 303]
    assert cast.client(who).post(path, form).status_code == 303
    assert ThreadStep.objects.filter(kind=kind).count() == 1


@pytest.mark.parametrize(
    ("who", "action", "kind"),
    [
        ("publisher", "approve", "approved"),
        ("publisher", "request_changes", "changes_requested"),
        ("publisher", "reject", "rejected"),
        ("editor", "withdraw", "withdrawn"),
    ],
)
def test_a_decision_is_made_once(
    cast: Cast, request_of_emil: ChangeRequest, who: str, action: str, kind: str
) -> None:
    set_policy(actor=cast.admin, policy=Policy((Rule(2, role="publisher"),)))
    form = {"action": action, "seen": "1", "word": "Because."}
    assert twice(cast, who, PAGE, form) == [303, 303]
    assert cast.client(who).post(PAGE, form).status_code == 303
    assert RequestStep.objects.filter(kind=kind).count() == 1
    assert Happening.objects.filter(kind=kind).count() == 1


def test_another_word_or_another_decision_between_counts(
    cast: Cast, request_of_emil: ChangeRequest
) -> None:
    set_policy(actor=cast.admin, policy=Policy((Rule(2, role="publisher"),)))

    def say(move: Move, word: str = "") -> str:
        return decide(
            member=cast.publisher, request=request_of_emil, move=move, seen=1, word=word
        ).state

    assert say(Move.APPROVE) == "open"
    say(Move.APPROVE, "With pleasure.")
    assert say(Move.REQUEST_CHANGES, "No.") == "changes_requested"
    assert say(Move.APPROVE) == "open"
    kinds = RequestStep.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds)[1:] == ["approved", "approved", "changes_requested", "approved"]


def test_after_a_publish_that_failed_people_approve_again(
    cast: Cast, request_of_emil: ChangeRequest
) -> None:
    def approve() -> str:
        return decide(
            member=cast.publisher, request=request_of_emil, move=Move.APPROVE, seen=1
        ).state

    assert approve() == "approved"
    request, of = ChangeRequest.objects.get(), request_of_emil.rounds.get()
    add_step(request, of, RequestStep.Kind.FAILED, user=cast.publisher.user)
    move_on(request, "failed")
    assert approve() == "approved"


def test_a_freeze_window_is_added_once(cast: Cast) -> None:
    day = timezone.now().date().replace(year=timezone.now().year + 1, month=1, day=3)
    form = {
        "reason": "Sale", "day": f"{day}", "time": "08:00", "zone": "UTC",
        "until_day": f"{day}", "until_time": "18:00",
    }  # fmt: skip
    path = "/w/main/requests/freezes/"
    assert twice(cast, "admin", path, form) == [303, 303]
    assert FreezeWindow.objects.count() == 1
    assert AuditEvent.objects.filter(kind="freeze").count() == 1
    for change in ({"reason": "Other"}, {"until_time": "19:00"}):
        assert cast.client("admin").post(path, {**form, **change}).status_code == 303
    assert FreezeWindow.objects.count() == 3
