"""Freeze windows: adding one, and ending or cancelling it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from admin_ui.accounts.models import Member, Workspace
from admin_ui.accounts.permissions import Action
from admin_ui.accounts.services import check_actor, recheck_actor
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record
from admin_ui.display.times import utc
from assistants.definition import storable
from assistants.models import FreezeWindow
from assistants.selectors.change_requests.freezes import LISTED, freezes_to_come
from assistants.services.errors import ServiceError

LONGEST_FREEZE = timedelta(days=366)
LONGEST_FREEZE_REASON = 300


class NotAFreeze(ServiceError):
    """The window has no reason (`field` is `reason`), its end is wrong (`until_day`), or it is one
    too many."""

    def __init__(self, field: str = "") -> None:
        super().__init__("not a freeze window")
        self.field = field


@transaction.atomic
def add_freeze(
    *, actor: Member, starts_at: datetime, ends_at: datetime, zone: str, reason: str
) -> FreezeWindow:
    """Let nothing of the actor's workspace be published between these moments.

    The same form sent twice adds one window. Raises `NotAllowed` and `NotAFreeze`.
    """
    _check(actor)
    said, now = storable(" ".join(reason.split())), timezone.now()
    if not said or len(said) > LONGEST_FREEZE_REASON:
        raise NotAFreeze("reason")
    if not max(starts_at, now) < ends_at <= starts_at + LONGEST_FREEZE:
        raise NotAFreeze("until_day")
    chosen = {"starts_at": starts_at, "ends_at": ends_at, "zone": zone, "reason": said}
    own = FreezeWindow.objects.filter(workspace=actor.workspace, user=actor.user, removed_at=None)
    if before := own.filter(**chosen).first():
        return before
    if len(freezes_to_come(actor.workspace_id)) >= LISTED:
        raise NotAFreeze
    row = FreezeWindow.objects.create(
        workspace=actor.workspace, user=actor.user, user_name=str(actor.user)[:200], **chosen
    )
    _record(actor, row, {})
    return row


@transaction.atomic
def remove_freeze(*, actor: Member, freeze: FreezeWindow) -> None:
    """End a window that holds, or cancel one to come. Raises `NotAllowed`."""
    _check(actor)
    rows = FreezeWindow.objects.filter(pk=freeze.pk, workspace=actor.workspace, removed_at=None)
    if rows.update(removed_at=timezone.now()):
        _record(actor, freeze, {"removed": True})


def _check(actor: Member) -> None:
    check_actor(actor, actor.workspace, Action.MANAGE_APPROVALS)
    Workspace.objects.select_for_update(no_key=True).get(pk=actor.workspace_id)
    recheck_actor(actor, Action.MANAGE_APPROVALS)


def _record(actor: Member, row: FreezeWindow, more: dict[str, object]) -> None:
    times = {"from": utc(row.starts_at, "auto"), "until": utc(row.ends_at, "auto")}
    details = {**times, "reason": row.reason, **more}
    record(EventKind.FREEZE, workspace=actor.workspace, about=str(actor.workspace), details=details)
