"""Publishing what is scheduled, when its time has come.

An attempt begins by taking the row for `ATTEMPT_LEASE`, by compare and set. What it sends goes the
one way of every publish: where a process dies, a later reading settles it. So the next attempt sees
in the change request whether it has been published. Every later step of a row asks that it is still
the same attempt.
"""

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, NotAllowed
from admin_ui.accounts.services import lock_actor
from admin_ui.encryption import Undecryptable
from admin_ui.notices.kinds import NoticeKind
from assistants.gateway import GatewayError
from assistants.models import ChangeRequest, Schedule, Status
from assistants.selectors.change_requests.decisions import verdict_on
from assistants.services.approving.telling import overseers, tell_about_request
from assistants.services.change_requests.errors import NotOpen, RoundMoved
from assistants.services.change_requests.publishing import publish_request
from assistants.services.errors import (
    Busy,
    Conflict,
    ConnectionArchived,
    Frozen,
    InDoubt,
    NeedsApproval,
    NotNow,
    ServiceError,
)

ATTEMPT_LEASE = timedelta(minutes=2)
"""For one attempt; a publish takes `GATEWAY_PUBLISH_DEADLINE` at most."""
PAUSES = (15, 30, 60, 120, 240, 480, 900, 1755)
"""Seconds before each further attempt, an hour in all. After the last one, people are told."""
MOST_LATE = timedelta(days=1)
"""How long after its time a round is still published, if no worker ran or it failed."""
TROUBLE_OF: tuple[tuple[type[Exception], str], ...] = (
    (ConnectionArchived, "archived"),
    (Busy, "busy"),
    (InDoubt, "doubt"),
    (NotNow, "gateway"),
    (GatewayError, "gateway"),
    (Conflict, "moved"),
    (NeedsApproval, "approval"),
    (NotAllowed, "right"),
    (Undecryptable, "unreadable"),
    (NotOpen, "closed"),
    (RoundMoved, "closed"),
    (ServiceError, "refused"),
)
"""What an error of `publish_request` is called here: the first that fits. Nothing was sent."""
OF_STATUS = {
    Status.APPLIED: "",
    Status.NOT_DELIVERED: "gateway",
    Status.UNCONFIRMED: "doubt",
    Status.REJECTED: "refused",
}
PASSING = frozenset({"busy", "doubt", "gateway"})
"""Troubles that pass, so that another attempt makes sense; it is safe after any."""


def due_schedules() -> QuerySet[Schedule]:
    """Return what is due, the oldest first."""
    rows = Schedule.objects.filter(next_at__lte=timezone.now(), workspace__archived_at=None)
    return rows.order_by("next_at", "pk")


def mend_schedules() -> int:
    """Let repeated attempts be made that would wait too long, because a clock was put back."""
    now = timezone.now()
    longest = timedelta(seconds=max(PAUSES)) + ATTEMPT_LEASE
    rows = Schedule.objects.filter(attempts__gt=0, next_at__gt=now + longest)
    return rows.update(next_at=now)


def carry_out(pk: int) -> str:
    """Make an attempt at what is scheduled, unless another process does; returns its trouble.

    It publishes exactly the round, if its approvals are there, live is what it was sent for, and
    who scheduled it still has the right. It tries again after what passes (`PASSING`), and stops
    after anything else and when `PAUSES` end; then that person, the author and the admins are told.
    Gateways are called, so it runs outside any transaction.
    """
    schedule = _claim(pk)
    if schedule is None:
        return ""
    try:
        trouble = _publish(schedule)
    except Frozen as error:
        if error.until < schedule.publish_at + MOST_LATE:
            _wait_for_end(schedule, error)
            return "frozen"
        trouble = "frozen"
    except tuple(kind for kind, _name in TROUBLE_OF) as error:
        trouble = next(name for kind, name in TROUBLE_OF if isinstance(error, kind))
    _go_on(schedule, trouble)
    return trouble


def _claim(pk: int) -> Schedule | None:
    now = timezone.now()
    rows = Schedule.objects.filter(pk=pk, next_at__lte=now)
    attempts = rows.values_list("attempts", flat=True).first()
    if attempts is None:
        return None
    if not rows.filter(attempts=attempts).update(
        next_at=now + ATTEMPT_LEASE, attempts=attempts + 1
    ):
        return None
    found = Schedule.objects.select_related(
        "change_request__assistant__workspace", "change_request__workspace", "round", "user"
    )
    schedule = found.get(pk=pk)
    schedule.attempts = attempts + 1
    return schedule


def _publish(schedule: Schedule) -> str:
    """Publish the round of `schedule`; returns the trouble, "" once it is published."""
    request, of = schedule.change_request, schedule.round
    published = ChangeRequest.State.PUBLISHED
    if request.state == published and request.round_number == of.number:
        return ""  # by an earlier attempt, or by somebody before the time
    if timezone.now() > schedule.publish_at + MOST_LATE:
        return "late"
    member = _publisher(schedule)
    if not verdict_on(request, of).is_satisfied:
        return "approval"
    result = publish_request(member=member, request=request, seen=of.number, unattended=True)
    return OF_STATUS[Status(result.status)] if result.status in OF_STATUS else "moved"


def _publisher(schedule: Schedule) -> Member:
    """Return as whom it is published: who scheduled it. With the last approval, its author if that
    approver may not publish. Raises `NotAllowed`."""
    request = schedule.change_request
    users = [schedule.user, request.author] if schedule.on_approval else [schedule.user]
    for user in users:
        with suppress(NotAllowed), transaction.atomic():
            held = Member.objects.filter(workspace=request.workspace_id, user=user).first()
            owner = Member(workspace=request.workspace, user=user)
            return lock_actor(held or owner, Action.PUBLISH)
    raise NotAllowed(Action.PUBLISH)


def _go_on(schedule: Schedule, trouble: str) -> None:
    """Store how the attempt ended, unless the row is no longer this attempt's."""
    same = Schedule.objects.filter(
        pk=schedule.pk, attempts=schedule.attempts, next_at__isnull=False
    )
    if not trouble:
        same.update(state=Schedule.State.DONE, next_at=None, trouble="")
    elif trouble in PASSING and schedule.attempts <= len(PAUSES):
        wait = timedelta(seconds=PAUSES[schedule.attempts - 1])
        same.update(next_at=timezone.now() + wait, trouble=trouble)
    else:
        with transaction.atomic():
            if same.update(state=Schedule.State.STOPPED, next_at=None, trouble=trouble):
                _tell_stopped(schedule)


def _wait_for_end(schedule: Schedule, frozen: Frozen) -> None:
    """Try again when the freeze window ends; attempts count anew from there."""
    same = Schedule.objects.filter(
        pk=schedule.pk, attempts=schedule.attempts, next_at__isnull=False
    )
    same.update(next_at=frozen.until, attempts=0, trouble="frozen")


def _tell_stopped(schedule: Schedule) -> None:
    request = schedule.change_request
    admins = overseers(request.workspace_id, request.assistant_id)
    people = {schedule.user_id, request.author_id, *admins}
    tell_about_request(request, NoticeKind.FAILED, actor=schedule.user, people=people)
