"""A round with an end: at its time the version that was approved with it comes back, or nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Role
from admin_ui.notices.models import Happening
from assistants.approval.flow import Move
from assistants.approval.rules import Policy, Rule
from assistants.models import Assistant, ChangeRequest, Clearance, Kind, Revision, Schedule
from assistants.services.approving.changing import set_policy
from assistants.services.approving.freezing import add_freeze
from assistants.services.change_requests.carrying_out import carry_out
from assistants.services.change_requests.deciding import decide
from assistants.services.change_requests.errors import BadTime, NoReturn, ReturnIsOver
from assistants.services.change_requests.publishing import bring_back_after, publish_request
from assistants.services.change_requests.schedules import cancel_schedule, schedule_round
from assistants.services.change_requests.timing import Timing
from assistants.services.errors import NeedsApproval, NotNow
from assistants.services.ledger.verify import verify
from assistants.services.publishing.publish import publish
from assistants.tasks import schedules_due
from tests.change_requests.conftest import ONE, Clock, submitted
from tests.conftest import Cast
from tests.services.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _policy(cast: Cast, live: Assistant) -> None:
    set_policy(actor=cast.admin, policy=ONE)


def until(live: Assistant, when: str = "at_time", **changes: Any) -> Timing:
    """From in an hour on, for two hours; then what is live now comes back."""
    now = timezone.now()
    options = {
        "when": when,
        "publish_at": now + HOUR if when == "at_time" else None,
        "zone": "Europe/Berlin",
        "back_at": now + 3 * HOUR,
        "back_to": fresh(live).live,
        **changes,
    }
    return Timing(**options)


def approved(cast: Cast, live: Assistant, **changes: Any) -> ChangeRequest:
    request = submitted(cast.publisher, live, timing=until(live, **changes))
    return decide(member=cast.admin, request=request, move=Move.APPROVE, seen=1)


def held() -> Schedule:
    return Schedule.objects.get(next_at__isnull=False)


def live_one(live: Assistant) -> Revision:
    revision = fresh(live).live
    assert revision is not None
    return revision


def test_it_goes_live_at_its_time_and_comes_back_at_its_end(
    cast: Cast, live: Assistant, clock: Clock
) -> None:
    before = fresh(live).live_digest
    request = approved(cast, live)
    clock(timedelta(minutes=61))
    schedules_due.enqueue()
    assert fresh(live).live_version == 2
    assert held().is_return
    clock(timedelta(minutes=118))
    for jump in (-1, 1):
        clock(jump * HOUR)
        schedules_due.enqueue()
    assert fresh(live).live_version == 2, "a minute too early"
    clock(timedelta(minutes=2))
    for jump in (0, -1, 2):
        clock(jump * HOUR)
        schedules_due.enqueue()
    row = fresh(live)
    assert (row.live_version, row.live_digest) == (3, before)
    assert (live_one(live).kind, live_one(live).author_name) == (Kind.RESTORE, "Pia")
    assert "change request #1" in live_one(live).note
    request.refresh_from_db()
    assert request.state == "published"
    assert [step.kind for step in request.steps.order_by("pk")] == [
        "submitted",
        "scheduled",
        "approved",
        "published",
        "returned",
    ]
    cleared = Clearance.objects.get(revision=row.live)
    assert (cleared.kind, cleared.approvers, cleared.is_return) == ("approved", ["Ada"], True)
    assert list(Schedule.objects.values_list("state", "attempts")) == [("done", 1)] * 2
    assert list(verify(assistant=row)) == []


@pytest.mark.parametrize("when", ["by_hand", "on_approval"])
def test_it_comes_back_however_it_was_published(
    cast: Cast, live: Assistant, clock: Clock, when: str
) -> None:
    before = fresh(live).live_digest
    request = approved(cast, live, when=when)
    if when == "by_hand":
        publish_request(member=cast.publisher, request=request, seen=1)
    else:
        schedules_due.enqueue()
    assert fresh(live).live_version == 2
    clock(timedelta(minutes=181))
    schedules_due.enqueue()
    assert fresh(live).live_digest == before


def edit_live(cast: Cast, live: Assistant) -> None:
    row = fresh(live)
    wanted = live_one(live).definition.replace(temperature=0.1)
    publish(author=cast.admin, assistant=row, wanted=wanted, base=row.live, override="Now.")


def lose_right(cast: Cast, live: Assistant) -> None:
    Member.objects.filter(pk=cast.publisher.pk).update(role=Role.EDITOR)


def lose_approval(cast: Cast, live: Assistant) -> None:
    Member.objects.filter(pk=cast.admin.pk).update(role=Role.VIEWER)


def ask_for_two(cast: Cast, live: Assistant) -> None:
    set_policy(actor=cast.admin, policy=Policy((Rule(2, role="publisher"),)))


@pytest.mark.parametrize(
    ("happens", "trouble"),
    [
        (edit_live, "moved"),
        (lose_right, "right"),
        (lose_approval, "approval"),
        (ask_for_two, "approval"),
    ],
)
def test_nothing_comes_back_when_something_has_changed(
    cast: Cast, live: Assistant, clock: Clock, happens: Any, trouble: str
) -> None:
    request = approved(cast, live, when="by_hand")
    publish_request(member=cast.publisher, request=request, seen=1)
    happens(cast, live)
    before = Revision.objects.count()
    clock(3 * HOUR)
    schedule = held()
    assert carry_out(schedule.pk) == trouble
    assert Revision.objects.count() == before
    schedule.refresh_from_db()
    assert (schedule.state, schedule.trouble) == ("stopped", trouble)
    told = Happening.objects.filter(kind="failed").latest("pk").people
    assert cast.publisher.user.pk in told
    assert "did not come back" in cast.client("viewer").get("/w/main/requests/1/").content.decode()


def test_who_calls_the_return_off_keeps_it_live(cast: Cast, live: Assistant, clock: Clock) -> None:
    request = approved(cast, live, when="by_hand")
    publish_request(member=cast.publisher, request=request, seen=1)
    schedule = held()
    cancel_schedule(member=cast.publisher, request=request)
    clock(3 * HOUR)
    schedules_due.enqueue()
    assert carry_out(schedule.pk) == ""
    assert fresh(live).live_version == 2
    assert request.steps.latest("pk").kind == "called_off"


def test_what_is_back_already_comes_back_once(cast: Cast, live: Assistant, clock: Clock) -> None:
    """A person may bring it back before its time: it was approved."""
    first = live_one(live)
    request = approved(cast, live, when="by_hand")
    publish_request(member=cast.publisher, request=request, seen=1)
    row = fresh(live)
    publish(author=cast.publisher, assistant=row, wanted=first.definition, base=row.live)
    assert Clearance.objects.get(revision=fresh(live).live).is_return
    assert not Schedule.objects.filter(next_at__isnull=False).exists()
    clock(3 * HOUR)
    schedules_due.enqueue()
    assert fresh(live).live_version == 3


def test_only_the_return_was_approved(cast: Cast, live: Assistant) -> None:
    """Nothing else passes on top of it, and it passes on top of nothing else."""
    first = live_one(live)
    request = approved(cast, live, when="by_hand")
    wanted = first.definition.replace(temperature=0.2)
    with pytest.raises(NeedsApproval):
        publish(author=cast.publisher, assistant=fresh(live), wanted=wanted, base=first)
    publish_request(member=cast.publisher, request=request, seen=1)
    row = fresh(live)
    with pytest.raises(NeedsApproval):
        publish(author=cast.publisher, assistant=row, wanted=wanted, base=row.live)
    edit_live(cast, live)
    row = fresh(live)
    with pytest.raises(NeedsApproval):
        publish(author=cast.publisher, assistant=row, wanted=first.definition, base=row.live)


def test_after_an_override_it_comes_back_for_the_same_reason(
    cast: Cast, live: Assistant, clock: Clock
) -> None:
    request = submitted(cast.publisher, live, timing=until(live, when="by_hand"))
    publish_request(member=cast.admin, request=request, seen=1, override="The sale begins.")
    clock(3 * HOUR)
    assert carry_out(held().pk) == ""
    cleared = Clearance.objects.get(revision=fresh(live).live)
    assert (cleared.kind, cleared.reason) == ("overridden", "The sale begins.")
    assert (cleared.user_name, cleared.is_own, cleared.is_return) == ("Ada", False, True)
    assert list(verify(assistant=fresh(live))) == []


def test_it_waits_for_a_freeze_window_and_for_the_gateway(
    cast: Cast, live: Assistant, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = approved(cast, live, when="by_hand")
    publish_request(member=cast.publisher, request=request, seen=1)
    now = timezone.now()
    begin, end = now + 2 * HOUR, now + 4 * HOUR
    add_freeze(actor=cast.admin, starts_at=begin, ends_at=end, zone="UTC", reason="Audit.")
    clock(3 * HOUR)
    assert carry_out(held().pk) == "frozen"
    assert held().next_at == end
    clock(HOUR)
    name = "assistants.services.change_requests.carrying_out.bring_back_after"
    with monkeypatch.context() as patch:

        def not_now(**_: object) -> None:
            raise NotNow

        patch.setattr(name, not_now)
        assert carry_out(held().pk) == "gateway"
    clock(timedelta(minutes=1))
    assert carry_out(held().pk) == ""
    assert fresh(live).live_version == 3


def test_an_end_that_is_over_publishes_nothing(cast: Cast, live: Assistant, clock: Clock) -> None:
    request = approved(cast, live, when="by_hand")
    clock(3 * HOUR)
    with pytest.raises(ReturnIsOver):
        publish_request(member=cast.publisher, request=request, seen=1)
    assert fresh(live).live_version == 1


def test_what_cannot_be_chosen(cast: Cast, live: Assistant) -> None:
    now = timezone.now()
    for changes, error in (
        ({"publish_at": now - HOUR}, BadTime),
        ({"back_at": now + HOUR / 2}, BadTime),
        ({"back_at": now + timedelta(days=400)}, BadTime),
        ({"back_to": None}, NoReturn),
    ):
        with pytest.raises(error):
            submitted(cast.editor, live, timing=until(live, **changes))
    assert not ChangeRequest.objects.exists()
    request = submitted(cast.editor, live, timing=until(live, when="by_hand"))
    late = now + 4 * HOUR
    with pytest.raises(BadTime):
        schedule_round(member=cast.publisher, request=request, seen=1, publish_at=late, zone="UTC")


def test_an_editor_asks_for_a_time_and_the_last_approval_schedules_it(
    cast: Cast, live: Assistant, clock: Clock
) -> None:
    request = submitted(cast.editor, live, timing=until(live))
    assert not Schedule.objects.exists()
    decide(member=cast.admin, request=request, move=Move.APPROVE, seen=1)
    assert held().user == cast.admin.user
    schedules_due.enqueue()
    assert fresh(live).live_version == 1
    clock(timedelta(minutes=61))
    schedules_due.enqueue()
    assert fresh(live).live_version == 2


def test_what_was_called_off_is_not_arranged_again(cast: Cast, live: Assistant) -> None:
    request = submitted(cast.publisher, live, timing=until(live))
    cancel_schedule(member=cast.publisher, request=request)
    decide(member=cast.admin, request=request, move=Move.APPROVE, seen=1)
    assert not Schedule.objects.filter(next_at__isnull=False).exists()


def test_a_round_names_the_fields_of_both_changes(cast: Cast, live: Assistant) -> None:
    """An older version may differ in more than the round does: its approvers are asked too."""
    first = live_one(live)
    row = fresh(live)
    wanted = first.definition.replace(model="gpt-4.1-mini")
    publish(author=cast.admin, assistant=row, wanted=wanted, base=first, override="Now.")
    request = submitted(cast.editor, live, timing=until(live, when="by_hand", back_to=first))
    assert request.rounds.get().fields == ["model", "temperature"]


def test_the_form_asks_for_both_and_the_page_says_both(cast: Cast, live: Assistant) -> None:
    client = cast.client("publisher")
    submitted(cast.publisher, live)
    path = f"/w/main/assistants/{live.pk}/submit/"
    page = client.get(path)
    form = {
        "seen": page.context["seen"],
        "title": "Black Friday",
        "when": "at_time",
        "day": (timezone.now() + timedelta(days=2)).date().isoformat(),
        "time": "08:00",
        "zone": "Europe/Berlin",
        "ends": "1",
        "back_to": str(live_one(live).number),
        "back_day": (timezone.now() + timedelta(days=4)).date().isoformat(),
        "back_time": "09:30",
    }
    for wrong in ({"back_day": ""}, {"back_day": form["day"], "back_time": "07:00"}, {"time": ""}):
        refused = client.post(path, {**form, **wrong})
        assert refused.status_code == 422, wrong
        assert 'value="08:00"' in refused.content.decode() or "time" in wrong
    assert client.post(path, form).status_code == 303
    shown = client.get("/w/main/requests/1/").content.decode()
    assert "Scheduled for" in shown
    assert "then version 1 comes back" in shown
    sent = ChangeRequest.objects.get().rounds.latest("pk")
    assert (sent.number, sent.back_to) == (2, live_one(live))
    again = client.get(path).content.decode()
    assert 'value="09:30"' in again, "the next round begins with it"


def test_what_is_called_off_while_it_is_sent_is_not_sent(cast: Cast, live: Assistant) -> None:
    """Calling off and sending have one order: the assistant's row is locked by both."""
    request = approved(cast, live)
    schedule = held()
    cancel_schedule(member=cast.publisher, request=request)
    with pytest.raises(NeedsApproval):
        publish_request(member=cast.publisher, request=request, seen=1, unattended=schedule)
    publish_request(member=cast.publisher, request=request, seen=1)
    schedule = held()
    cancel_schedule(member=cast.publisher, request=request)
    with pytest.raises(NeedsApproval):
        bring_back_after(member=cast.publisher, schedule=schedule)
    assert fresh(live).live_version == 2


def test_the_lists_show_for_when_and_until_when(cast: Cast, live: Assistant, clock: Clock) -> None:
    editors = submitted(cast.editor, live, timing=until(live), temperature=0.7)
    decide(member=cast.admin, request=editors, move=Move.APPROVE, seen=1)
    page = cast.client("viewer").get(f"/w/{cast.workspace.slug}/requests/?show=open")
    assert "Scheduled for" in page.text
    assert "Live until" not in page.text
    clock(timedelta(minutes=61))
    schedules_due.enqueue()
    page = cast.client("viewer").get(f"/w/{cast.workspace.slug}/requests/?show=closed")
    assert "Live until" in page.text
    assert "Scheduled for" not in page.text
