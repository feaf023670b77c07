"""The freeze windows of a workspace: times in which nothing is published."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.permissions import Action, NotAllowed, can
from admin_ui.display.zones import zones_by_region
from admin_ui.request.http import SeeOther
from assistants.forms.change_requests.schedule_form import read_time, shown_time
from assistants.forms.text import printable
from assistants.models import FreezeWindow
from assistants.selectors.change_requests.freezes import freezes_to_come, last_to_hold
from assistants.selectors.change_requests.scheduled import ScheduledRow, scheduled_next
from assistants.services.approving.freezing import (
    LONGEST_FREEZE_REASON,
    NotAFreeze,
    add_freeze,
    remove_freeze,
)
from assistants.services.change_requests.timing import is_too_late
from assistants.views.objection import Objection

FREEZE_FAULTS = {
    "reason": gettext_lazy("Enter a reason of at most %(most)s characters."),
    "until_day": gettext_lazy("Choose an end after now and the beginning, within a year of it."),
    "": gettext_lazy("There are too many windows already. Cancel one first."),
}
"""What is wrong with a window, by the input that it is about."""
MOST_HELD_UP = 100
"""Scheduled changes that the page looks at, the next first."""


@require(Action.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def freezes(request: WorkspaceRequest) -> HttpResponse:
    """GET shows the windows that are not over; POST adds one, from `day` and `time` until
    `until_day` and `until_time` in `zone`, for a `reason`."""
    if request.method != "POST":
        return _page(request)
    if not can(request.member, Action.MANAGE_APPROVALS):
        raise NotAllowed(Action.MANAGE_APPROVALS)
    form = request.POST
    begins = read_time(form)
    until = {"day": form.get("until_day", ""), "time": form.get("until_time", "")}
    ends = read_time({**until, "zone": form.get("zone", "")})
    if begins.at is None:
        return _page(request, trouble=Objection(begins.error, 422, field="day"))
    if ends.at is None:
        return _page(request, trouble=Objection(ends.error, 422, field="until_day"))
    try:
        add_freeze(
            actor=request.member,
            starts_at=begins.at,
            ends_at=ends.at,
            zone=begins.zone,
            reason=printable(form.get("reason", "")),
        )
    except NotAFreeze as error:
        text = FREEZE_FAULTS[error.field] % {"most": LONGEST_FREEZE_REASON}
        return _page(request, trouble=Objection(text, 422, field=error.field))
    messages.success(request, _("Saved. Nothing is published in that time."))
    return SeeOther(resolve_url("assistants:freezes", request.workspace.slug))


@require(Action.MANAGE_APPROVALS)
@require_POST
def freeze_remove(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """End a window that holds, or cancel one to come."""
    found = get_object_or_404(FreezeWindow, pk=pk, workspace=request.workspace)
    remove_freeze(actor=request.member, freeze=found)
    if found.is_to_come:
        messages.success(request, _("Cancelled. People can publish in that time."))
    else:
        messages.success(request, _("Ended. People can publish, unless another window holds."))
    return SeeOther(resolve_url("assistants:freezes", request.workspace.slug))


@dataclass(frozen=True)
class HeldUp:
    """Something scheduled that a freeze window holds up, and whether it is too late at its end."""

    what: ScheduledRow
    is_too_late: bool


def _windows(request: WorkspaceRequest) -> list[tuple[FreezeWindow, list[HeldUp]]]:
    """Return the windows that are not over, each with what it holds up. Two queries."""
    windows = freezes_to_come(request.workspace.pk)
    coming = scheduled_next(request.workspace, MOST_HELD_UP) if windows else []
    held_up = []
    for each in coming:
        last = last_to_hold(windows, each.at)
        if last is not None:
            held_up.append(HeldUp(each, is_too_late(each.at, last)))
    return [
        (row, [each for each in held_up if row.starts_at <= each.what.at < row.ends_at])
        for row in windows
    ]


def _page(request: WorkspaceRequest, *, trouble: Objection | None = None) -> HttpResponse:
    when = {**shown_time(None, request.POST.get("zone", "")), **request.POST.dict()}
    context = {
        "rows": _windows(request),
        "zones": zones_by_region(str(when["zone"])),
        "when": when,
        "longest": LONGEST_FREEZE_REASON,
        "may_save": can(request.member, Action.MANAGE_APPROVALS),
        "trouble": trouble,
        "unfit": {trouble.field: trouble.text} if trouble else {},
    }
    template = "assistants/change_requests/freezes.html"
    return render(request, template, context, status=trouble.status if trouble else 200)
