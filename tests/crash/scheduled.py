"""A round that a worker publishes, and making it due again after that worker was killed."""

from datetime import timedelta

from django.utils import timezone

from admin_ui.accounts.permissions import Role
from assistants.approval.flow import Move
from assistants.models import ChangeRequest, Round, Schedule
from assistants.services.change_requests.carrying_out import carry_out
from assistants.services.change_requests.deciding import decide
from assistants.services.change_requests.submitting import submit
from assistants.services.change_requests.timing import Timing
from assistants.services.editing.drafts import draft_of
from assistants.services.remote.settle import settle_all
from assistants.tasks import schedules_due
from tests.crash.paths import Case, Place, edited
from tests.crash.truth import untruths
from tests.factories import make_member

AGAIN = 5
"""Times that what is due is looked for. A change in doubt is settled between two of them."""


def approved(place: Place) -> Case:
    """A change that was submitted and approved, to be published with the last approval."""
    case = edited(place)
    approve(case, Timing(Round.When.ON_APPROVAL))
    return case


def approve(case: Case, timing: Timing) -> None:
    place = case.place
    assistant = case.fresh()
    draft = draft_of(user=place.author.user, assistant=assistant)
    assert draft is not None
    request = submit(
        author=place.author,
        assistant=assistant,
        seen=draft.known_digest,
        title="Brief",
        timing=timing,
    )
    approver = make_member(place.author.workspace, Role.PUBLISHER)
    decide(member=approver, request=request, move=Move.APPROVE, seen=1)


def for_a_time(place: Place) -> Case:
    """The same for a time that has come, after which what was live before comes back."""
    case = edited(place)
    now = timezone.now()
    begin, end = now + timedelta(hours=1), now + timedelta(hours=2)
    timing = Timing(Round.When.AT_TIME, begin, "UTC", back_at=end, back_to=case.fresh().live)
    approve(case, timing)
    make_due()
    return case


def at_its_end(place: Place) -> Case:
    """The same, published, when its end has come."""
    case = for_a_time(place)
    assert carry_out(Schedule.objects.get(next_at__isnull=False).pk) == ""
    make_due()
    return case


def make_due() -> None:
    """Let the time of what is scheduled come, and look for it."""
    soon = timezone.now() - timedelta(seconds=1)
    Schedule.objects.filter(next_at__isnull=False).update(next_at=soon)
    schedules_due.enqueue()


def look_again(case: Case) -> None:
    """Let the time pass after which a killed attempt is made again, and look for what is due."""
    settle_all(now=True)
    make_due()


def published_once(case: Case) -> list[str]:
    """Return where what was approved is not live, or is in the history more than once."""
    assert case.wanted is not None
    return _ended(case, live=case.wanted.digest, version=2)


def back_again(case: Case) -> list[str]:
    """Return where the older version is not live again, or anything happened twice."""
    before = case.fresh().revisions.get(number=1).definition
    found = _ended(case, live=before.digest, version=3)
    request = ChangeRequest.objects.get(assistant=case.assistant)
    kinds = list(request.steps.order_by("pk").values_list("kind", flat=True))
    if kinds != ["submitted", "scheduled", "approved", "published", "returned"]:
        found.append(f"its steps are {kinds}")
    return found


def _ended(case: Case, *, live: str, version: int) -> list[str]:
    problems = list(untruths(case))
    row = case.fresh()
    if row.live_digest != live:
        problems.append("something else is live")
    if row.live_version != version:
        problems.append(f"it is version {row.live_version}")
    request = ChangeRequest.objects.get(assistant=row)
    if request.state != ChangeRequest.State.PUBLISHED:
        problems.append(f"the change request is {request.state}")
    if states := list(Schedule.objects.filter(assistant=row).exclude(state="done")):
        problems.append(f"its schedule is {[schedule.state for schedule in states]}")
    return problems
