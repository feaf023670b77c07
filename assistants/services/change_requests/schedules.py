"""Arranging that the service publishes a round with nobody there, and calling that off."""

from datetime import datetime

from django.utils import timezone

from admin_ui.accounts.models import User
from assistants.models import ChangeRequest, Round, Schedule


def publish_soon(request: ChangeRequest, of: Round, *, approver: User) -> None:
    """Arrange that `of`, which `approver` was the last to approve, is published now.

    Part of the transaction of the approval: no process that dies leaves one without the other.
    """
    if not request.schedules.filter(next_at__isnull=False).exists():
        add_schedule(request, of, user=approver, publish_at=timezone.now(), on_approval=True)


def add_schedule(
    request: ChangeRequest, of: Round, *, user: User, publish_at: datetime, on_approval: bool
) -> Schedule:
    return Schedule.objects.create(
        workspace_id=request.workspace_id,
        assistant_id=request.assistant_id,
        change_request=request,
        round=of,
        on_approval=on_approval,
        publish_at=publish_at,
        next_at=publish_at,
        user=user,
        user_name=str(user)[:200],
    )


def call_off(request: ChangeRequest) -> int:
    """Cancel what is scheduled for `request`; returns how many that were (the assistant's row is
    locked, so nothing of it is sent afterwards)."""
    held = request.schedules.filter(next_at__isnull=False)
    return held.update(state=Schedule.State.CANCELLED, next_at=None)
