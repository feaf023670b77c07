"""In a freeze window nothing is published, by anybody or any key, unless an admin says why."""

from datetime import timedelta

import pytest
from django.utils import timezone

from admin_ui.accounts.keys.keys import create_api_key
from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import NotAllowed
from admin_ui.audit.models import AuditEvent
from admin_ui.notices.models import Happening
from assistants.approval.flow import Move
from assistants.models import Assistant, ChangeRequest, Clearance, FreezeWindow, Schedule
from assistants.services.approving.freezing import NotAFreeze, add_freeze, remove_freeze
from assistants.services.change_requests.carrying_out import carry_out
from assistants.services.change_requests.deciding import decide
from assistants.services.change_requests.errors import FrozenThen
from assistants.services.change_requests.schedules import cancel_schedule, schedule_round
from assistants.services.change_requests.timing import Timing
from assistants.services.errors import Frozen
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from assistants.wording.approval.change_requests import clearance_sentence
from tests.change_requests.conftest import Clock, draft, submitted, wanted_by
from tests.conftest import Cast
from tests.registry import calls
from tests.services.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


def freeze(actor: Member, begins: timedelta = -HOUR, ends: timedelta = HOUR) -> FreezeWindow:
    now = timezone.now()
    return add_freeze(
        actor=actor, starts_at=now + begins, ends_at=now + ends, zone="UTC", reason="Black Friday"
    )


def publish_draft(cast: Cast, live: Assistant, who: str = "publisher", override: str = "") -> str:
    author = getattr(cast, who)
    draft(author, live, temperature=0.9)
    assistant = fresh(live)
    wanted = wanted_by(author, assistant)
    base = assistant.live
    return publish(
        author=author, assistant=assistant, wanted=wanted, base=base, override=override
    ).status


def test_nothing_is_published_while_it_holds(cast: Cast, live: Assistant) -> None:
    window = freeze(cast.admin)
    with pytest.raises(Frozen) as refused:
        publish_draft(cast, live)
    assert (refused.value.until, refused.value.reason) == (window.ends_at, "Black Friday")
    with pytest.raises(Frozen):
        delete_assistant(author=cast.admin, assistant=fresh(live))
    assert fresh(live).live_version == 1
    remove_freeze(actor=cast.admin, freeze=window)
    assert publish_draft(cast, live) == "applied"


@pytest.mark.parametrize("by", [timedelta(0), 3 * HOUR])
def test_before_and_after_people_publish(
    cast: Cast, live: Assistant, clock: Clock, by: timedelta
) -> None:
    freeze(cast.admin, HOUR, 2 * HOUR)
    clock(by)
    assert publish_draft(cast, live) == "applied"


def test_an_admin_publishes_with_a_reason(cast: Cast, live: Assistant) -> None:
    freeze(cast.admin)
    with pytest.raises(NotAllowed):
        publish_draft(cast, live, override="Urgent.")
    assert publish_draft(cast, live, "admin", "Urgent.") == "applied"
    clearance = Clearance.objects.get()
    assert (clearance.kind, clearance.reason) == ("overridden", "Urgent.")
    assert "in a freeze window" in clearance_sentence(clearance)


def test_an_approved_request_waits_too(cast: Cast, live: Assistant, needs_one: None) -> None:
    freeze(cast.admin)
    request = submitted(cast.editor, live)
    decide(member=cast.publisher, request=request, move=Move.APPROVE, seen=1)
    page = cast.client("publisher").post("/w/main/requests/1/", {"action": "publish", "seen": "1"})
    assert page.status_code == 403
    assert "nothing is published until" in page.content.decode()


def test_a_key_writes_nothing_unless_exempt(cast: Cast, live: Assistant) -> None:
    freeze(cast.admin)
    key, secret = create_api_key(workspace=cast.workspace, name="App", can_write=True)
    app, path = calls.by_key(secret), f"/assistants/{live.remote_id}"
    assert app("POST", path, {"temperature": 0.7}).status == 403
    key.is_exempt = True
    key.save()
    assert app("POST", path, {"temperature": 0.7}).status == 200
    clearance = Clearance.objects.get()
    assert (clearance.kind, clearance.fields) == ("without", ["temperature"])
    assert app("DELETE", path).status == 200
    assert Clearance.objects.filter(kind="without").count() == 2
    assert Happening.objects.filter(kind="without_approval").count() == 2


@pytest.mark.parametrize(("ends", "state"), [(HOUR, "waiting"), (timedelta(days=3), "stopped")])
def test_what_is_scheduled_waits_or_stops(
    cast: Cast, live: Assistant, needs_one: None, ends: timedelta, state: str
) -> None:
    window = freeze(cast.admin, ends=ends)
    request = submitted(cast.editor, live, when="on_approval")
    decide(member=cast.publisher, request=request, move=Move.APPROVE, seen=1)
    row = Schedule.objects.get()
    carry_out(row.pk)
    row.refresh_from_db()
    assert (row.state, row.trouble) == (state, "frozen")
    assert fresh(live).live_version == 1
    if state == "waiting":
        assert row.next_at == window.ends_at
        remove_freeze(actor=cast.admin, freeze=window)
        Schedule.objects.update(next_at=timezone.now())
        assert carry_out(row.pk) == ""
        assert fresh(live).live_version == 2


def test_what_is_no_window(cast: Cast) -> None:
    for begins, ends in ((HOUR, HOUR), (-2 * HOUR, -HOUR), (HOUR, timedelta(days=400))):
        with pytest.raises(NotAFreeze):
            freeze(cast.admin, begins, ends)
    with pytest.raises(NotAllowed):
        freeze(cast.publisher)


def test_the_page(cast: Cast) -> None:
    admin, path = cast.client("admin"), "/w/main/requests/freezes/"
    form = {
        "reason": "Holidays", "day": "2199-12-24", "time": "08:00", "until_day": "2199-12-27",
        "until_time": "08:00", "zone": "Europe/Vienna",
    }  # fmt: skip
    for name, wrong in (
        ("until_day", "2199-12-23"),
        ("until_day", ""),
        ("day", ""),
        ("reason", ""),
    ):
        refused = admin.post(path, {**form, name: wrong})
        assert refused.status_code == 422
        assert f'href="#id_{name}"' in refused.text
        assert list(refused.context["unfit"]) == [name]
    assert admin.post(path, form).status_code == 303
    window = FreezeWindow.objects.get()
    assert window.starts_at.isoformat() == "2199-12-24T07:00:00+00:00"
    seen = cast.client("viewer").get(path).content.decode()
    assert "Holidays" in seen
    assert "Add a freeze window" not in seen
    assert cast.client("publisher").post(path, form).status_code == 403
    assert cast.client("stranger").get(path).status_code == 404
    assert admin.post(f"{path}{window.pk}/remove/").status_code == 303
    assert "Holidays" not in cast.client("viewer").get(path).content.decode()
    assert AuditEvent.objects.filter(kind="freeze").count() == 2


def scheduled_in(cast: Cast, live: Assistant, after: timedelta) -> ChangeRequest:
    """Submit a round for a time, as somebody who may schedule it."""
    timing = Timing("at_time", timezone.now() + after, "Europe/Berlin")
    return submitted(cast.publisher, live, timing=timing)


def test_a_time_in_a_window_waits_for_its_end_and_the_pages_say_so(
    cast: Cast, live: Assistant
) -> None:
    freeze(cast.admin, HOUR, 3 * HOUR)
    last = freeze(cast.admin, 2 * HOUR, 20 * HOUR)
    request = scheduled_in(cast, live, 2 * HOUR)
    page = cast.client("viewer").get("/w/main/requests/1/")
    assert page.context["freeze_then"] == last
    assert "It is published at its end," in page.text
    assert "Summer wording" in cast.client("viewer").get("/w/main/requests/freezes/").text
    freeze(cast.admin, 19 * HOUR, 27 * HOUR)
    page = cast.client("viewer").get("/w/main/requests/1/")
    assert "more than a day later, so nothing is published" in page.text
    assert "Too late at its end" in cast.client("viewer").get("/w/main/requests/freezes/").text
    cancel_schedule(member=cast.publisher, request=request)
    assert "A freeze window holds then" not in cast.client("viewer").get("/w/main/requests/1/").text


def test_a_time_that_a_window_would_let_pass_is_refused(cast: Cast, live: Assistant) -> None:
    window = freeze(cast.admin, HOUR, 27 * HOUR)
    request = scheduled_in(cast, live, 4 * HOUR)
    for at, is_return in ((2 * HOUR, False), (HOUR / 2, True)):
        begin = timezone.now() + at
        back = {"back_at": begin + HOUR, "back_to": fresh(live).live} if is_return else {}
        timing = Timing("at_time", begin, "Europe/Berlin", **back)
        with pytest.raises(FrozenThen) as refused:
            submitted(cast.publisher, live, timing=timing)
        assert (refused.value.until, refused.value.is_return) == (window.ends_at, is_return)
    with pytest.raises(FrozenThen):
        schedule_round(
            member=cast.publisher,
            request=request,
            seen=1,
            publish_at=timezone.now() + 2 * HOUR,
            zone="UTC",
        )
    at = timezone.now() + 2 * HOUR
    form = {"action": "schedule", "seen": "1", "zone": "UTC", "day": at.date().isoformat()}
    answer = cast.client("publisher").post(
        "/w/main/requests/1/", {**form, "time": at.strftime("%H:%M")}
    )
    assert answer.status_code == 422
    assert answer.text.count("A freeze window holds then, until") == 2, "above, and at the time"
    assert 'href="#id_day"' in answer.text
    assert request.schedules.count() == 1


def test_home_says_that_a_window_holds_or_comes_soon(cast: Cast) -> None:
    home = cast.client("viewer")
    later = freeze(cast.admin, 30 * HOUR, 40 * HOUR)
    assert "Nothing is published" not in home.get("/w/main/").text
    soon = freeze(cast.admin, HOUR, 2 * HOUR)
    assert "Nothing is published from" in home.get("/w/main/").text
    for window in (later, soon):
        remove_freeze(actor=cast.admin, freeze=window)
    freeze(cast.admin)
    assert "Nothing is published until" in home.get("/w/main/").text
