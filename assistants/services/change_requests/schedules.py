"""Arranging that the service publishes a round with nobody there, and calling that off."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import Action, NotAllowed
from admin_ui.accounts.services import lock_actor
from admin_ui.notices.kinds import Act, NoticeKind
from assistants.models import ChangeRequest, RequestStep, Round, Schedule
from assistants.selectors.change_requests.decisions import newest_round
from assistants.services.approving.ending import add_step
from assistants.services.approving.schedule_rows import add_schedule, call_off
from assistants.services.approving.telling import (
    everybody_in,
    schedule_details,
    tell_about_request,
    tell_called_off,
)
from assistants.services.change_requests.errors import BadTime, NotOpen, RoundMoved
from assistants.services.change_requests.timing import check_open, check_time
from assistants.services.ledger.record import lock_assistant
from assistants.services.rights.checks import check_reach


def schedule_round(
    *, member: Member, request: ChangeRequest, seen: int, publish_at: datetime, zone: str
) -> Schedule:
    """Schedule round number `seen`, which the member was shown, in place of an earlier schedule.

    At that time it is published as `member`, if it has its approvals and live is what it was sent
    for. `zone` is the name of the time zone in which the time was chosen. Raises `NotAllowed`,
    `NotOpen` (also for a deletion, which a person does), `RoundMoved`, `BadTime` and `FrozenThen`.
    """
    if member.workspace_id != request.workspace_id:
        raise NotAllowed(Action.PUBLISH)
    check_time(publish_at, after=timezone.now())
    check_open(request.workspace_id, publish_at)
    with transaction.atomic():
        actor, request = _held(member, request, Action.PUBLISH)
        check_reach(actor, request.assistant, Action.PUBLISH)
        if not request.is_open or request.kind == ChangeRequest.Kind.DELETE:
            raise NotOpen
        if request.round_number != seen:
            raise RoundMoved
        of = newest_round(request)
        if of.back_at and publish_at >= of.back_at:
            raise BadTime
        call_off(request)
        return arrange(request, of, user=member.user, publish_at=publish_at, zone=zone)


def cancel_schedule(*, member: Member, request: ChangeRequest) -> None:
    """Call off what is scheduled, or what comes back: for who may publish.

    Nothing of it is sent afterwards, and those who heard of it are told.

    Raises `NotAllowed`, and `NotOpen` if nothing is scheduled any more.
    """
    if member.workspace_id != request.workspace_id:
        raise NotAllowed(Action.PUBLISH)
    with transaction.atomic():
        actor, request = _held(member, request, Action.PUBLISH)
        check_reach(actor, request.assistant, Action.PUBLISH)
        off = call_off(request)
        if off is None:
            raise NotOpen
        kind = RequestStep.Kind.CALLED_OFF
        add_step(request, newest_round(request), kind, user=member.user)
        tell_called_off(off, actor=member.user, people=everybody_in(request))


def _held(member: Member, request: ChangeRequest, action: Action) -> tuple[Member, ChangeRequest]:
    """Return both as they are now, held in the order of every decision until the end."""
    actor = lock_actor(member, action)
    lock_assistant(request.assistant_id)
    rows = ChangeRequest.objects.select_related("assistant__workspace", "workspace")
    return actor, rows.select_for_update(of=("self",)).get(pk=request.pk)


def publish_soon(request: ChangeRequest, of: Round, *, approver: User) -> None:
    """Arrange that `of`, which `approver` was the last to approve, is published when it says.

    Part of the transaction of the approval: no process that dies leaves one without the other.
    Nothing is arranged again that somebody called off.
    """
    held_or_off = Q(next_at__isnull=False) | Q(state=Schedule.State.CANCELLED)
    if of.schedules.filter(held_or_off).exists():
        return
    if of.publish_at and of.publish_at > timezone.now():
        arrange(
            request,
            of,
            user=approver,
            publish_at=of.publish_at,
            zone=of.zone,
            on_approval=True,
        )
    else:
        add_schedule(request, of, user=approver, publish_at=timezone.now(), on_approval=True)


def arrange(
    request: ChangeRequest,
    of: Round,
    *,
    user: User,
    publish_at: datetime,
    zone: str,
    on_approval: bool = False,
) -> Schedule:
    """Schedule `of` for a later time, note that and announce it. Part of a transaction."""
    made = add_schedule(
        request, of, user=user, publish_at=publish_at, zone=zone, on_approval=on_approval
    )
    add_step(request, of, RequestStep.Kind.SCHEDULED, user=user, at=publish_at)
    people, details = everybody_in(request), schedule_details(made, Act.AT_TIME)
    tell_about_request(request, NoticeKind.SCHEDULED, actor=user, people=people, details=details)
    return made
