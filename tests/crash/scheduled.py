"""A round that a worker publishes, and making it due again after that worker was killed."""

from datetime import timedelta

from django.utils import timezone

from admin_ui.accounts.permissions import Role
from assistants.approval.flow import Move
from assistants.models import ChangeRequest, Round, Schedule
from assistants.services.change_requests.deciding import decide
from assistants.services.change_requests.submitting import submit
from assistants.services.change_requests.timing import Timing
from assistants.services.editing.drafts import draft_of
from assistants.services.remote.settle import settle_all
from assistants.tasks import schedules_due
from tests.crash.paths import Case, Place, edited
from tests.crash.truth import untruths
from tests.factories import make_member

AGAIN = 4
"""Times that what is due is looked for. A change in doubt is settled between two of them."""


def approved(place: Place) -> Case:
    """A change that was submitted and approved, to be published with the last approval."""
    case = edited(place)
    assistant = case.fresh()
    draft = draft_of(user=place.author.user, assistant=assistant)
    assert draft is not None
    request = submit(
        author=place.author,
        assistant=assistant,
        seen=draft.known_digest,
        title="Brief",
        timing=Timing(Round.When.ON_APPROVAL),
    )
    approver = make_member(place.author.workspace, Role.PUBLISHER)
    decide(member=approver, request=request, move=Move.APPROVE, seen=1)
    return case


def look_again(case: Case) -> None:
    """Let the time pass after which a killed attempt is made again, and look for what is due."""
    settle_all(now=True)
    soon = timezone.now() - timedelta(seconds=1)
    Schedule.objects.filter(next_at__isnull=False).update(next_at=soon)
    schedules_due.enqueue()


def published_once(case: Case) -> list[str]:
    """Return where what was approved is not live, or is in the history more than once."""
    problems = list(untruths(case))
    row = case.fresh()
    assert case.wanted is not None
    if row.live_digest != case.wanted.digest:
        problems.append("what was approved is not live")
    if row.live_version != 2:
        problems.append(f"it is version {row.live_version}")
    request = ChangeRequest.objects.get(assistant=row)
    if request.state != ChangeRequest.State.PUBLISHED:
        problems.append(f"the change request is {request.state}")
    if states := list(Schedule.objects.filter(assistant=row).exclude(state="done")):
        problems.append(f"its schedule is {[schedule.state for schedule in states]}")
    return problems
