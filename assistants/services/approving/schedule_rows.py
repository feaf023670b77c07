"""Rows of what is scheduled for change requests: inserted, ended, called off.

Ending one and calling it off lock the assistant's row, as sending it does.
"""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from admin_ui.accounts.models import User
from assistants.models import ChangeRequest, Revision, Round, Schedule


def add_schedule(
    request: ChangeRequest,
    of: Round,
    *,
    user: User,
    publish_at: datetime,
    zone: str = "",
    on_approval: bool = False,
    is_return: bool = False,
) -> Schedule:
    """Schedule `of` for `publish_at`, or with `is_return` what comes back after it."""
    return Schedule.objects.create(
        workspace_id=request.workspace_id,
        assistant_id=request.assistant_id,
        change_request=request,
        round=of,
        on_approval=on_approval,
        is_return=is_return,
        publish_at=publish_at,
        zone=zone,
        next_at=publish_at,
        user=user,
        user_name=str(user)[:200],
    )


def held_schedules(request: ChangeRequest) -> QuerySet[Schedule]:
    """Return what is still to be carried out for `request`: one row at most."""
    return request.schedules.filter(next_at__isnull=False)


def call_off(request: ChangeRequest) -> Schedule | None:
    """Cancel what is scheduled for `request`, and return it."""
    held = held_schedules(request)
    found = held.select_related("round__back_to").first()
    held.update(state=Schedule.State.CANCELLED, next_at=None)
    if found is not None:
        found.change_request = request
    return found


def end_schedule(request: ChangeRequest) -> None:
    """Note that what was scheduled for `request` has been carried out."""
    held_schedules(request).update(state=Schedule.State.DONE, next_at=None, trouble="")


def schedule_return(request: ChangeRequest, of: Round, published: Revision) -> None:
    """Schedule what comes back after `of`, as who published it, unless its time is over."""
    if of.back_at is None or of.back_at <= timezone.now():
        return
    user = published.author or request.author
    add_schedule(request, of, user=user, publish_at=of.back_at, zone=of.zone, is_return=True)
