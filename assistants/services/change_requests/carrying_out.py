"""Publishing what is scheduled when its time has come, and what comes back afterwards.

An attempt begins by taking the row for `ATTEMPT_LEASE`, by compare and set. What it sends goes the
one way of every publish: where a process dies, a later reading settles it, and ends the row. Every
later step of a row asks that it is still the same attempt.
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
from admin_ui.notices.kinds import Act, NoticeKind
from assistants.gateway import GatewayError
from assistants.models import Assistant, ChangeRequest, Schedule, State, Status
from assistants.selectors.change_requests.decisions import verdict_on
from assistants.services.approving.ending import fail_request
from assistants.services.approving.telling import admin_ids, schedule_details, tell_about_request
from assistants.services.change_requests.errors import NotOpen, ReturnIsOver, RoundMoved
from assistants.services.change_requests.publishing import bring_back_after, publish_request
from assistants.services.change_requests.timing import MOST_LATE
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
from assistants.services.ledger.record import lock_assistant

ATTEMPT_LEASE = timedelta(minutes=2)
"""For one attempt; a publish takes `GATEWAY_PUBLISH_DEADLINE` at most."""
PAUSES = (15, 30, 60, 120, 240, 480, 900, 1755)
"""Seconds before each further attempt, an hour in all. After the last one, people are told."""
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
    (ReturnIsOver, "late"),
    (ServiceError, "refused"),
)
"""What an error of `publish_request` is called here: the first that fits. Nothing was sent."""
OF_STATUS = {
    Status.APPLIED: "",
    Status.NOT_DELIVERED: "gateway",
    Status.UNCONFIRMED: "doubt",
    Status.REJECTED: "refused",
}
UNSENT = frozenset({"gateway", "refused"})
"""Troubles after which a change request has failed, as when a person publishes it."""
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

    It publishes exactly the round, or what comes back after it, if the approvals are there, live is
    what was expected, and who scheduled it still has the right. It tries again after what passes
    (`PASSING`), and stops after anything else and when `PAUSES` end; then that person, the author
    and the admins are told. Gateways are called, so it runs outside any transaction.
    """
    schedule = _claim(pk)
    if schedule is None:
        return ""
    try:
        trouble = _send(schedule)
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
        "change_request__assistant__workspace",
        "change_request__workspace",
        "round__back_to",
        "user",
    )
    schedule = found.get(pk=pk)
    schedule.attempts = attempts + 1
    return schedule


def _send(schedule: Schedule) -> str:
    """Publish what `schedule` is about; returns the trouble, "" once that is live."""
    request, of = schedule.change_request, schedule.round
    if is_carried_out(schedule):
        return ""
    if timezone.now() > schedule.publish_at + MOST_LATE:
        return "late"
    member = _publisher(schedule)
    if schedule.is_return:
        result = bring_back_after(member=member, schedule=schedule)
    elif not verdict_on(request, of).is_satisfied:
        return "approval"
    else:
        result = publish_request(
            member=member, request=request, seen=of.number, unattended=schedule
        )
    if result.status in OF_STATUS:
        return OF_STATUS[Status(result.status)]
    return "" if is_carried_out(schedule) else "moved"


def is_carried_out(schedule: Schedule) -> bool:
    """Return whether an earlier attempt has done it, or somebody by hand before the time."""
    of = schedule.round
    if schedule.is_return:
        live = Assistant.objects.filter(pk=schedule.assistant_id, state=State.LIVE)
        return live.filter(live_digest=of.back_digest).exists()
    published = ChangeRequest.objects.filter(state=ChangeRequest.State.PUBLISHED)
    return published.filter(pk=schedule.change_request_id, round_number=of.number).exists()


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
            lock_assistant(schedule.assistant_id)
            if same.update(state=Schedule.State.STOPPED, next_at=None, trouble=trouble):
                _stop(schedule, trouble)


def _wait_for_end(schedule: Schedule, frozen: Frozen) -> None:
    """Try again when the freeze window ends; attempts count anew from there."""
    same = Schedule.objects.filter(
        pk=schedule.pk, attempts=schedule.attempts, next_at__isnull=False
    )
    same.update(next_at=frozen.until, attempts=0, trouble="frozen")


def _stop(schedule: Schedule, trouble: str) -> None:
    request = schedule.change_request
    request.refresh_from_db()
    if trouble in UNSENT:
        fail_request(request, schedule.round, user=schedule.user)
    people = {schedule.user_id, request.author_id, *admin_ids(request.workspace_id)}
    act = Act.NOT_RETURNED if schedule.is_return else Act.NOT_AS_SCHEDULED
    details = schedule_details(schedule, act) if schedule.is_for_later else {}
    tell_about_request(
        request, NoticeKind.FAILED, actor=schedule.user, people=people, details=details
    )
