"""Arranging that the service publishes a round with nobody there, and calling that off."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import Action, NotAllowed
from admin_ui.accounts.services import lock_actor
from admin_ui.notices.kinds import NoticeKind
from assistants.models import ChangeRequest, Round, Schedule
from assistants.selectors.change_requests.decisions import newest_round
from assistants.services.approving.telling import everybody_in, tell_about_request
from assistants.services.change_requests.errors import BadTime, NotOpen, RoundMoved
from assistants.services.ledger.record import lock_assistant
from assistants.services.rights.checks import check_reach

MOST_AHEAD = timedelta(days=366)
"""How far ahead a round can be scheduled."""


def schedule_round(
    *, member: Member, request: ChangeRequest, seen: int, publish_at: datetime, zone: str
) -> Schedule:
    """Schedule round number `seen`, which the member was shown, in place of an earlier schedule.

    At that time it is published as `member`, if it has its approvals and live is what it was sent
    for. `zone` is the name of the time zone in which the time was chosen. Raises `NotAllowed`,
    `NotOpen` (also for a deletion, which a person does), `RoundMoved` and `BadTime`.
    """
    if member.workspace_id != request.workspace_id:
        raise NotAllowed(Action.PUBLISH)
    now = timezone.now()
    if not now < publish_at <= now + MOST_AHEAD:
        raise BadTime
    with transaction.atomic():
        actor, request = _held(member, request, Action.PUBLISH)
        check_reach(actor, request.assistant, Action.PUBLISH)
        if not request.is_open or request.kind == ChangeRequest.Kind.DELETE:
            raise NotOpen
        if request.round_number != seen:
            raise RoundMoved
        call_off(request)
        made = add_schedule(
            request,
            newest_round(request),
            user=member.user,
            publish_at=publish_at,
            zone=zone,
            on_approval=False,
        )
        tell_about_request(
            request, NoticeKind.SCHEDULED, actor=member.user, people=everybody_in(request)
        )
    return made


def cancel_schedule(*, member: Member, request: ChangeRequest) -> None:
    """Call off what is scheduled: for who may publish. Nothing of it is sent afterwards.

    Raises `NotAllowed`, and `NotOpen` if nothing is scheduled any more.
    """
    if member.workspace_id != request.workspace_id:
        raise NotAllowed(Action.PUBLISH)
    with transaction.atomic():
        actor, request = _held(member, request, Action.PUBLISH)
        check_reach(actor, request.assistant, Action.PUBLISH)
        if not call_off(request):
            raise NotOpen


def _held(member: Member, request: ChangeRequest, action: Action) -> tuple[Member, ChangeRequest]:
    """Return both as they are now, held in the order of every decision until the end."""
    actor = lock_actor(member, action)
    lock_assistant(request.assistant_id)
    rows = ChangeRequest.objects.select_related("assistant__workspace", "workspace")
    return actor, rows.select_for_update(of=("self",)).get(pk=request.pk)


def publish_soon(request: ChangeRequest, of: Round, *, approver: User) -> None:
    """Arrange that `of`, which `approver` was the last to approve, is published now.

    Part of the transaction of the approval: no process that dies leaves one without the other.
    """
    if not request.schedules.filter(next_at__isnull=False).exists():
        add_schedule(request, of, user=approver, publish_at=timezone.now(), on_approval=True)


def add_schedule(
    request: ChangeRequest,
    of: Round,
    *,
    user: User,
    publish_at: datetime,
    on_approval: bool,
    zone: str = "",
) -> Schedule:
    return Schedule.objects.create(
        workspace_id=request.workspace_id,
        assistant_id=request.assistant_id,
        change_request=request,
        round=of,
        on_approval=on_approval,
        publish_at=publish_at,
        zone=zone,
        next_at=publish_at,
        user=user,
        user_name=str(user)[:200],
    )


def call_off(request: ChangeRequest) -> int:
    """Cancel what is scheduled for `request`; returns how many that were (the assistant's row is
    locked, so nothing of it is sent afterwards)."""
    held = request.schedules.filter(next_at__isnull=False)
    return held.update(state=Schedule.State.CANCELLED, next_at=None)
