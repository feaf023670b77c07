"""With the last approval, the service publishes: exactly once, what was approved, or nobody."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Role
from admin_ui.notices.models import Happening
from assistants.approval.flow import Move
from assistants.approval.rules import Policy, Rule
from assistants.gateway import Gateway, GatewayError, Refused, Unreachable
from assistants.models import Assistant, ChangeRequest, Clearance, Revision, Schedule
from assistants.services.approving.changing import set_policy
from assistants.services.change_requests.carrying_out import (
    ATTEMPT_LEASE,
    PAUSES,
    carry_out,
    mend_schedules,
)
from assistants.services.change_requests.deciding import decide
from assistants.services.change_requests.publishing import publish_request
from assistants.services.errors import NotNow
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from assistants.tasks import schedules_due
from tests.change_requests.conftest import ONE, Clock, submitted
from tests.conftest import Cast
from tests.services.conftest import fresh
from tests.services.test_concurrency import at_once
from tests.tasks.conftest import Work, heart, queue, work

__all__ = ["heart", "queue", "work"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _policy(cast: Cast, live: Assistant) -> None:
    set_policy(actor=cast.admin, policy=ONE)


def approved(cast: Cast, live: Assistant, by: Member | None = None) -> ChangeRequest:
    """Submit a change that is published with the last approval, and approve it."""
    request = submitted(cast.editor, live, when="on_approval")
    return decide(member=by or cast.admin, request=request, move=Move.APPROVE, seen=1)


def only() -> Schedule:
    return Schedule.objects.get()


def people_told(kind: str) -> list[int]:
    return Happening.objects.filter(kind=kind).latest("pk").people


def test_the_last_approval_publishes_as_the_approver(
    cast: Cast, live: Assistant, work: Work
) -> None:
    request = approved(cast, live)
    assert fresh(live).live_version == 1, "a worker does it"
    work()
    assistant = fresh(live)
    assert assistant.live_version == 2
    assert assistant.live is not None
    assert (assistant.live.author_name, assistant.live.drafter_name) == ("Ada", "Emil")
    request.refresh_from_db()
    assert request.state == "published"
    assert Clearance.objects.get().approvers == ["Ada"]
    assert (only().state, only().next_at) == ("done", None)


def test_an_approval_that_is_not_the_last_publishes_nothing(cast: Cast, live: Assistant) -> None:
    set_policy(actor=cast.admin, policy=Policy((Rule(2, role="publisher"),)))
    approved(cast, live)
    assert not Schedule.objects.exists()


def test_a_round_that_is_published_by_hand_waits_for_a_person(cast: Cast, live: Assistant) -> None:
    request = submitted(cast.editor, live)
    decide(member=cast.admin, request=request, move=Move.APPROVE, seen=1)
    assert not Schedule.objects.exists()


def test_the_author_publishes_where_the_approver_may_not(cast: Cast, live: Assistant) -> None:
    set_policy(
        actor=cast.admin,
        policy=Policy((Rule(1, people=frozenset({cast.viewer.user.pk})),)),
        reason="Vera knows best.",
    )
    request = submitted(cast.publisher, live, when="on_approval")
    decide(member=cast.viewer, request=request, move=Move.APPROVE, seen=1)
    assert carry_out(only().pk) == ""
    revision = fresh(live).live
    assert revision is not None
    assert revision.author_name == "Pia"


def test_nobody_publishes_where_neither_may_and_people_are_told(
    cast: Cast, live: Assistant
) -> None:
    approved(cast, live)
    Member.objects.filter(pk=cast.admin.pk).update(role=Role.EDITOR)
    assert carry_out(only().pk) == "right"
    assert (only().state, only().trouble) == ("stopped", "right")
    assert fresh(live).live_version == 1
    assert {cast.admin.user.pk, cast.editor.user.pk} <= set(people_told("failed"))


def lose_approval(cast: Cast, live: Assistant, other: Member) -> None:
    """The approver leaves: what they approved counts no more."""
    Member.objects.filter(pk=cast.admin.pk).delete()


def move_live(cast: Cast, live: Assistant, other: Member) -> None:
    assistant = fresh(live)
    assert assistant.live is not None
    wanted = assistant.live.definition.replace(temperature=0.1)
    publish(
        author=cast.admin, assistant=assistant, wanted=wanted, base=assistant.live, override="Now."
    )


def delete_live(cast: Cast, live: Assistant, other: Member) -> None:
    delete_assistant(author=cast.admin, assistant=fresh(live), override="Now.")


def object_to_it(cast: Cast, live: Assistant, other: Member) -> None:
    request = ChangeRequest.objects.get()
    decide(member=other, request=request, move=Move.REQUEST_CHANGES, seen=1, word="Wait.")


@pytest.mark.parametrize(
    ("happens", "trouble"),
    [
        (lose_approval, "right"),
        (move_live, "moved"),
        (delete_live, "approval"),
        (object_to_it, "approval"),
    ],
)
def test_nothing_is_published_when_something_has_changed(
    cast: Cast, live: Assistant, second_publisher: Member, happens: Any, trouble: str
) -> None:
    approved(cast, live)
    happens(cast, live, second_publisher)
    before = Revision.objects.count()
    assert carry_out(only().pk) == trouble
    assert Revision.objects.count() == before
    assert only().state == "stopped"


def test_without_a_policy_a_deleted_assistant_does_not_come_back(
    cast: Cast, live: Assistant
) -> None:
    set_policy(actor=cast.admin, policy=Policy(), reason="For this test.")
    approved(cast, live)
    delete_assistant(author=cast.admin, assistant=fresh(live))
    assert carry_out(only().pk) == "approval"
    assert fresh(live).state == "deleted"


@pytest.mark.parametrize("move", [Move.WITHDRAW, Move.REJECT])
def test_what_is_closed_is_called_off(cast: Cast, live: Assistant, move: Move) -> None:
    request = approved(cast, live)
    member = cast.editor if move is Move.WITHDRAW else cast.publisher
    decide(member=member, request=request, move=move, seen=1, word="No.")
    assert only().state == "cancelled"
    assert carry_out(only().pk) == ""
    assert fresh(live).live_version == 1


def test_a_new_round_calls_the_old_one_off(cast: Cast, live: Assistant) -> None:
    approved(cast, live)
    submitted(cast.editor, live, temperature=0.3)
    assert only().state == "cancelled"


def test_what_was_published_by_hand_meanwhile_is_done(cast: Cast, live: Assistant) -> None:
    request = approved(cast, live)
    publish_request(member=cast.publisher, request=request, seen=1)
    assert carry_out(only().pk) == ""
    assert only().state == "done"
    assert fresh(live).live_version == 2


def make_due() -> None:
    Schedule.objects.filter(next_at__isnull=False).update(next_at=timezone.now())


def test_what_passes_is_tried_again_for_an_hour_and_then_told(
    cast: Cast, live: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(cast, live)

    def not_now(**_: object) -> None:
        raise NotNow

    name = "assistants.services.change_requests.carrying_out.publish_request"
    monkeypatch.setattr(name, not_now)
    told = Happening.objects.count()
    for pause in PAUSES:
        assert carry_out(only().pk) == "gateway"
        wait = only().next_at
        assert wait is not None
        assert abs((wait - timezone.now()).total_seconds() - pause) < 5
        assert carry_out(only().pk) == "", "not before"
        make_due()
    assert Happening.objects.count() == told
    assert carry_out(only().pk) == "gateway"
    assert (only().state, only().next_at) == ("stopped", None)
    assert cast.editor.user.pk in people_told("failed")
    assert sum(PAUSES) == 3600


def test_it_is_not_published_a_day_late(cast: Cast, live: Assistant, clock: Clock) -> None:
    approved(cast, live)
    clock(timedelta(hours=25))
    assert carry_out(only().pk) == "late"
    assert fresh(live).live_version == 1


def test_a_clock_that_is_put_back_lets_nothing_wait_for_an_hour(
    cast: Cast, live: Assistant
) -> None:
    approved(cast, live)
    claimed_before = timezone.now() + timedelta(hours=1) + ATTEMPT_LEASE
    Schedule.objects.update(next_at=claimed_before, attempts=1)
    assert mend_schedules() == 1
    assert carry_out(only().pk) == ""
    assert fresh(live).live_version == 2


def test_two_workers_publish_once(cast: Cast, live: Assistant, work: Work) -> None:
    approved(cast, live)
    pk = only().pk
    at_once(lambda _: carry_out(pk))
    assert fresh(live).live_version == 2
    assert only().attempts == 1
    assert Revision.objects.filter(assistant=live).count() == 2


def test_a_lost_task_is_found_again(cast: Cast, live: Assistant) -> None:
    approved(cast, live)
    assert fresh(live).live_version == 1
    schedules_due.enqueue()
    assert fresh(live).live_version == 2


@pytest.mark.parametrize(
    ("error", "trouble", "state"),
    [
        (Refused("Too long.", status=400), "refused", "stopped"),
        (Unreachable("Nobody there."), "gateway", "waiting"),
    ],
)
def test_a_failure_is_told_once_when_the_service_gives_up(
    cast: Cast,
    live: Assistant,
    monkeypatch: pytest.MonkeyPatch,
    error: GatewayError,
    trouble: str,
    state: str,
) -> None:
    """While it is tried again, the change request stays approved and nobody hears of it."""
    request = approved(cast, live)

    def modify(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Gateway, "modify", modify)
    assert carry_out(only().pk) == trouble
    assert only().state == state
    request.refresh_from_db()
    failed = Happening.objects.filter(kind__in=["failed", "refused"])
    if state == "waiting":
        assert (request.state, failed.count()) == ("approved", 0)
        Schedule.objects.update(attempts=len(PAUSES))
        make_due()
        assert carry_out(only().pk) == trouble
        request.refresh_from_db()
    assert (request.state, failed.count()) == ("failed", 1)
    assert request.steps.filter(kind="failed").count() == 1
    assert {cast.admin.user.pk, cast.editor.user.pk} <= set(people_told("failed"))


def test_publish_sent_twice_publishes_once_and_says_so(cast: Cast, live: Assistant) -> None:
    set_policy(actor=cast.admin, policy=Policy(), reason="For this test.")
    submitted(cast.editor, live)
    client = cast.client("publisher")
    for _ in range(2):
        answer = client.post("/w/main/requests/1/", {"action": "publish", "seen": "1"})
        assert answer.status_code == 303
    assert fresh(live).live_version == 2
    assert "It is published already." in client.get(answer["Location"]).content.decode()
