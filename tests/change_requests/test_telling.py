"""What people are told of schedules, returns and overrides, each in its own words."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from admin_ui.accounts.permissions import Role
from admin_ui.display.times import exact, utc
from admin_ui.notices.models import Happening, Notice
from assistants.approval.flow import Move
from assistants.approval.rules import Policy, Rule
from assistants.models import Assistant, ChangeRequest, Follow, Schedule
from assistants.selectors.change_requests.addresses import ChangeRequestPages
from assistants.services.approving.changing import set_policy
from assistants.services.approving.freezing import add_freeze
from assistants.services.change_requests.carrying_out import carry_out
from assistants.services.change_requests.deciding import decide
from assistants.services.change_requests.publishing import publish_request
from assistants.services.change_requests.schedules import cancel_schedule, schedule_round
from assistants.services.change_requests.submitting import submit
from assistants.services.change_requests.timing import Timing
from assistants.services.publishing.publish import publish
from tests.change_requests.conftest import ONE, Clock, draft, submitted, wanted_by
from tests.conftest import Cast
from tests.factories import make_member, make_user
from tests.services.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)
TEXT = frozenset({"instructions"})


def told(kind: str, *, said: str) -> set[str]:
    """Who has a notice of the only happening of a kind that says this."""
    (found,) = [one for one in Happening.objects.filter(kind=kind) if said in str(one)]
    return set(Notice.objects.filter(happening=found).values_list("user__name", flat=True))


def newest() -> Happening:
    return Happening.objects.latest("pk")


def scheduled(cast: Cast, live: Assistant, *, is_ending: bool = False) -> ChangeRequest:
    """Approved by the admin and scheduled by the publisher, whom the viewer follows."""
    Follow.objects.create(user=cast.viewer.user, assistant=live, is_on=True)
    timing = Timing()
    if is_ending:
        back = {"back_at": timezone.now() + 3 * HOUR, "back_to": fresh(live).live}
        timing = Timing(zone="Europe/Berlin", **back)
    request = submitted(cast.editor, live, timing=timing)
    decide(member=cast.admin, request=request, move=Move.APPROVE, seen=1)
    at = timezone.now() + HOUR
    schedule_round(
        member=cast.publisher, request=request, seen=1, publish_at=at, zone="Europe/Berlin"
    )
    return request


@pytest.fixture(autouse=True)
def _policy(cast: Cast, live: Assistant) -> None:
    set_policy(actor=cast.admin, policy=ONE)


def test_a_schedule_is_told_with_its_time_in_the_zone_of_the_reader(
    cast: Cast, live: Assistant
) -> None:
    scheduled(cast, live, is_ending=True)
    held = Schedule.objects.get()
    assert told("scheduled", said="Pia scheduled") == {"Ada", "Emil", "Vera"}
    for zone in ("Europe/Berlin", "Asia/Tokyo"):
        with timezone.override(ZoneInfo(zone)):
            end = held.publish_at + 2 * HOUR
            said = str(newest())
            assert f"Summer wording for {exact(held.publish_at)}, until " in said
            assert exact(end)[:-9] in said
    assert newest().details["time"] == utc(held.publish_at)
    assert newest().details["zone"] == "Europe/Berlin"


def test_who_heard_of_a_schedule_hears_that_it_is_called_off(cast: Cast, live: Assistant) -> None:
    request = scheduled(cast, live)
    before = told("scheduled", said="Pia scheduled")
    cancel_schedule(member=cast.admin, request=request)
    at = exact(Schedule.objects.get().publish_at)
    assert told("scheduled", said="Ada called off") == (before | {"Pia"}) - {"Ada"}
    assert str(newest()).endswith(f"scheduled for {at}")


def test_a_new_round_and_a_rejection_call_it_off_for_all_who_heard_of_it(
    cast: Cast, live: Assistant
) -> None:
    request = scheduled(cast, live)
    seen = draft(cast.editor, live, temperature=0.3)
    submit(author=cast.editor, assistant=fresh(live), seen=seen, title="Autumn wording")
    assert told("scheduled", said="Emil called off") == {"Ada", "Pia", "Vera"}
    at = timezone.now() + HOUR
    schedule_round(member=cast.publisher, request=request, seen=2, publish_at=at, zone="UTC")
    decide(member=cast.admin, request=request, move=Move.REJECT, seen=2, word="No.")
    assert "Vera" in told("scheduled", said="Ada called off")


def test_another_time_is_told_once(cast: Cast, live: Assistant) -> None:
    request = scheduled(cast, live)
    at = timezone.now() + 2 * HOUR
    schedule_round(member=cast.publisher, request=request, seen=1, publish_at=at, zone="UTC")
    assert Happening.objects.filter(kind="scheduled").count() == 2
    assert "called off" not in " ".join(map(str, Happening.objects.all()))


def test_what_the_service_does_is_told_to_the_person_in_whose_name_it_did_it(
    cast: Cast, live: Assistant, clock: Clock
) -> None:
    scheduled(cast, live, is_ending=True)
    clock(timedelta(minutes=61))
    carry_out(Schedule.objects.get(next_at__isnull=False).pk)
    everybody = {"Ada", "Emil", "Pia", "Vera"}
    assert told("published", said="Published as scheduled, as") == everybody
    assert ", until " in str(newest())
    assert newest().details["version"] == 2
    clock(2 * HOUR)
    carry_out(Schedule.objects.get(next_at__isnull=False).pk)
    assert told("published", said="Version 1 is back, published as") == everybody
    assert newest().details["version"] == 3


def test_by_hand_it_is_not_told_to_who_did_it(cast: Cast, live: Assistant) -> None:
    request = scheduled(cast, live)
    publish_request(member=cast.publisher, request=request, seen=1)
    assert told("published", said="Pia published Support: ") == {"Ada", "Emil", "Vera"}


def test_a_return_that_is_called_off_says_which_version_stays_away(
    cast: Cast, live: Assistant
) -> None:
    request = scheduled(cast, live, is_ending=True)
    publish_request(member=cast.publisher, request=request, seen=1)
    cancel_schedule(member=cast.admin, request=request)
    said = "Ada called off the return of version 1 at"
    assert told("scheduled", said=said) == {"Emil", "Pia", "Vera"}


@pytest.mark.parametrize("is_return", [False, True])
def test_what_did_not_happen_at_its_time_says_so(
    cast: Cast, live: Assistant, clock: Clock, is_return: bool
) -> None:
    request = scheduled(cast, live, is_ending=True)
    if is_return:
        publish_request(member=cast.publisher, request=request, seen=1)
    row = fresh(live)
    wanted = row.live.definition.replace(temperature=0.1)  # type: ignore[union-attr]
    publish(author=cast.admin, assistant=row, wanted=wanted, base=row.live, override="Now.")
    schedule = Schedule.objects.get(next_at__isnull=False)
    clock(schedule.publish_at - timezone.now() + timedelta(minutes=1))
    assert carry_out(schedule.pk) == "moved"
    said = "Version 1 did not come back at" if is_return else "Not published, though scheduled for"
    assert {"Ada", "Emil", "Pia"} <= told("failed", said=said)


LEGAL = Rule(1, role="admin", fields=TEXT)


def override(cast: Cast, live: Assistant, **fields: object) -> Happening:
    draft(cast.admin, live, **fields)
    row = fresh(live)
    wanted = wanted_by(cast.admin, row)
    publish(author=cast.admin, assistant=row, wanted=wanted, base=row.live, override="Urgent.")
    return Happening.objects.get(kind="overridden")


def test_an_override_is_told_to_those_whose_approval_was_missing(
    cast: Cast, live: Assistant
) -> None:
    """Not to Nora, whom a rule names that had no say in it, nor to the viewer."""
    nora = make_member(cast.workspace, Role.VIEWER, user=make_user(name="Nora"))
    lena = make_member(cast.workspace, Role.EDITOR, user=make_user(name="Lena"))
    paul = make_member(cast.workspace, Role.PUBLISHER, user=make_user(name="Paul"))
    ana = make_member(cast.workspace, Role.ADMIN, user=make_user(name="Ana"))
    Follow.objects.create(user=cast.viewer.user, assistant=live, is_on=True)
    Follow.objects.create(user=cast.publisher.user, assistant=live, is_on=False)
    text = Rule(1, people=frozenset({nora.user_id}), fields=TEXT)
    number = Rule(1, role="publisher", people=frozenset({lena.user_id}))
    set_policy(actor=cast.admin, policy=Policy((text, number)), reason="Tests.")
    made = override(cast, live, temperature=0.7)
    assert set(made.people) == {
        cast.admin.user.pk,
        ana.user_id,
        cast.publisher.user.pk,
        lena.user_id,
        paul.user_id,
    }
    assert str(made).startswith("Ada published without the approvals")
    assert told("overridden", said="without") == {"Ana", "Lena", "Paul", "Pia", "Vera"}


def freeze(cast: Cast) -> None:
    begin = timezone.now() - HOUR
    end = timezone.now() + HOUR
    add_freeze(actor=cast.admin, starts_at=begin, ends_at=end, zone="UTC", reason="Sale")


@pytest.mark.parametrize("approved", [False, True])
def test_only_an_overridden_freeze_is_called_one(
    cast: Cast, live: Assistant, approved: bool
) -> None:
    request = submitted(cast.editor, live)
    if approved:
        decide(member=cast.publisher, request=request, move=Move.APPROVE, seen=1)
    freeze(cast)
    publish_request(member=cast.admin, request=request, seen=1, override="The sale is off.")
    made = Happening.objects.get(kind="overridden")
    assert ("published in a freeze window" in str(made)) == approved
    assert ("without the approvals needed" in str(made)) != approved
    assert set(made.people) == {cast.admin.user.pk} | (
        set() if approved else {cast.publisher.user.pk}
    )
    root = f"/w/{cast.workspace.slug}/"
    page_of_it = ChangeRequestPages.of(cast.workspace.slug).request(request.number)
    pages = [page_of_it, f"{root}assistants/{live.pk}/history/", f"{root}changes/"]
    client = cast.client("viewer")
    chips = {True: "Freeze window overridden", False: "Approval overridden"}
    for page in pages:
        shown = client.get(page).content.decode()
        assert chips[approved] in shown, page
        assert chips[not approved] not in shown, page
    shown = client.get(page_of_it).content.decode()
    assert ("published round 1 in a freeze window" in shown) == approved
    assert ("published round 1 without the approvals it needed" in shown) != approved
    assert "The sale is off." in shown


def test_an_objection_is_overridden_and_no_freeze(cast: Cast, live: Assistant) -> None:
    paul = make_member(cast.workspace, Role.PUBLISHER, user=make_user(name="Paul"))
    request = submitted(cast.editor, live)
    decide(member=cast.publisher, request=request, move=Move.APPROVE, seen=1)
    decide(member=paul, request=request, move=Move.REQUEST_CHANGES, seen=1, word="Wait.")
    publish_request(member=cast.admin, request=request, seen=1, override="Urgent.")
    assert "without the approvals needed" in str(Happening.objects.get(kind="overridden"))
