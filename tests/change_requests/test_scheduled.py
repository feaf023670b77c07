"""A round is published at the time that a person chose, or not at all."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import NotAllowed, Role
from admin_ui.notices.models import Happening
from assistants.approval.flow import Move
from assistants.forms.change_requests.schedule_form import read_time
from assistants.models import Assistant, ChangeRequest, Schedule
from assistants.services.approving.changing import set_policy
from assistants.services.change_requests.carrying_out import carry_out, due_schedules
from assistants.services.change_requests.deciding import decide
from assistants.services.change_requests.errors import BadTime, NotOpen, RoundMoved
from assistants.services.change_requests.schedules import cancel_schedule, schedule_round
from assistants.tasks import schedules_due
from tests.change_requests.conftest import ONE, submitted
from tests.conftest import Cast
from tests.services.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/w/main/requests/1/"


@pytest.fixture
def request_(cast: Cast, live: Assistant) -> ChangeRequest:
    set_policy(actor=cast.admin, policy=ONE)
    return submitted(cast.editor, live)


def scheduled(
    cast: Cast, request: ChangeRequest, after: timedelta = timedelta(hours=2), **changes: Any
) -> Schedule:
    options = {
        "member": cast.publisher,
        "request": request,
        "seen": 1,
        "publish_at": timezone.now() + after,
        "zone": "Europe/Berlin",
        **changes,
    }
    return schedule_round(**options)


def test_it_is_published_at_its_time_once_whatever_the_clock_does(
    cast: Cast, live: Assistant, request_: ChangeRequest, clock: Any
) -> None:
    made = scheduled(cast, request_)
    assert Happening.objects.filter(kind="scheduled").exists()
    decide(member=cast.admin, request=request_, move=Move.APPROVE, seen=1)
    clock(timedelta(minutes=119))
    assert not due_schedules().exists()
    clock(timedelta(hours=-1))
    schedules_due.enqueue()
    assert fresh(live).live_version == 1, "put back, it waits"
    clock(timedelta(hours=1, minutes=2))
    schedules_due.enqueue()
    assert fresh(live).live_version == 2
    for jump in (-1, 2, -1):
        clock(timedelta(hours=jump))
        schedules_due.enqueue()
    assert fresh(live).live_version == 2
    made.refresh_from_db()
    assert (made.state, made.attempts) == ("done", 1)
    revision = fresh(live).live
    assert revision is not None
    assert revision.author_name == "Pia"


def test_after_a_night_without_a_worker_it_is_published(
    cast: Cast, live: Assistant, request_: ChangeRequest, clock: Any
) -> None:
    scheduled(cast, request_)
    decide(member=cast.admin, request=request_, move=Move.APPROVE, seen=1)
    clock(timedelta(hours=14))
    schedules_due.enqueue()
    assert fresh(live).live_version == 2


def test_without_approval_nothing_is_published(
    cast: Cast, live: Assistant, request_: ChangeRequest, clock: Any
) -> None:
    made = scheduled(cast, request_)
    clock(timedelta(hours=3))
    assert carry_out(made.pk) == "approval"
    assert fresh(live).live_version == 1


def test_who_lost_the_right_publishes_nothing(
    cast: Cast, live: Assistant, request_: ChangeRequest, clock: Any
) -> None:
    made = scheduled(cast, request_)
    decide(member=cast.admin, request=request_, move=Move.APPROVE, seen=1)
    Member.objects.filter(pk=cast.publisher.pk).update(role=Role.EDITOR)
    clock(timedelta(hours=3))
    assert carry_out(made.pk) == "right"
    assert fresh(live).live_version == 1
    assert cast.publisher.user.pk in Happening.objects.filter(kind="failed").latest("pk").people


def test_another_time_replaces_the_first_and_calling_off_ends_it(
    cast: Cast, live: Assistant, request_: ChangeRequest
) -> None:
    first = scheduled(cast, request_)
    second = scheduled(cast, request_, timedelta(hours=5))
    first.refresh_from_db()
    assert first.state == "cancelled"
    cancel_schedule(member=cast.admin, request=request_)
    second.refresh_from_db()
    assert (second.state, second.next_at) == ("cancelled", None)
    with pytest.raises(NotOpen):
        cancel_schedule(member=cast.admin, request=request_)


def test_what_cannot_be_scheduled(cast: Cast, request_: ChangeRequest) -> None:
    for after in (timedelta(seconds=-1), timedelta(days=400)):
        with pytest.raises(BadTime):
            scheduled(cast, request_, after)
    with pytest.raises(RoundMoved):
        scheduled(cast, request_, seen=2)
    with pytest.raises(NotAllowed):
        scheduled(cast, request_, member=cast.editor)
    with pytest.raises(NotAllowed):
        scheduled(cast, request_, member=cast.stranger)
    assert not Schedule.objects.exists()


@pytest.mark.parametrize(
    ("day", "time", "utc", "is_twice"),
    [
        ("2026-12-01", "09:00", datetime(2026, 12, 1, 8, tzinfo=UTC), False),
        ("2027-03-28", "02:30", None, False),
        ("2027-10-31", "02:30", datetime(2027, 10, 31, 0, 30, tzinfo=UTC), True),
        ("2027-10-31", "", None, False),
    ],
)
def test_clocks_that_go_forward_or_back(
    day: str, time: str, utc: datetime | None, is_twice: bool
) -> None:
    chosen = read_time({"day": day, "time": time, "zone": "Europe/Berlin"})
    assert (chosen.at, chosen.is_twice) == (utc, is_twice)
    assert bool(chosen.error) == (utc is None)


def test_the_page_schedules_changes_and_calls_off(cast: Cast, request_: ChangeRequest) -> None:
    client = cast.client("publisher")
    day = (timezone.now() + timedelta(days=2)).date().isoformat()
    form = {"seen": "1", "day": day, "time": "09:30", "zone": "Europe/Berlin"}
    assert client.post(PATH, {**form, "action": "schedule"}).status_code == 303
    page = client.get(PATH).content.decode()
    assert "Scheduled for" in page
    assert 'value="09:30"' in page
    assert "Scheduled for" in client.get("/w/main/requests/").content.decode()
    gone = client.post(PATH, {**form, "day": "2020-01-01", "action": "schedule"})
    assert gone.status_code == 422
    assert "Choose a time from now on" in gone.content.decode()
    assert client.post(PATH, {"action": "call_off"}).status_code == 303
    assert "Scheduled for" not in client.get(PATH).content.decode()
    editor = cast.client("editor")
    assert "Publish it at a time" not in editor.get(PATH).content.decode()
    assert editor.post(PATH, {**form, "action": "schedule"}).status_code == 403
