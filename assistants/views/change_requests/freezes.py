"""The freeze windows of a workspace: times in which nothing is published."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.permissions import Action, NotAllowed, can
from admin_ui.display.zones import zones_by_region
from admin_ui.request.http import SeeOther
from assistants.forms.change_requests.schedule_form import read_time, shown_time
from assistants.forms.text import printable
from assistants.models import FreezeWindow
from assistants.selectors.change_requests.freezes import freezes_to_come
from assistants.services.approving.freezing import (
    LONGEST_FREEZE_REASON,
    NotAFreeze,
    add_freeze,
    remove_freeze,
)


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
    if begins.at is None or ends.at is None:
        return _page(request, error=begins.error or ends.error)
    try:
        add_freeze(
            actor=request.member,
            starts_at=begins.at,
            ends_at=ends.at,
            zone=begins.zone,
            reason=printable(form.get("reason", "")),
        )
    except NotAFreeze:
        text = _("Enter a reason, and an end after the beginning that is not over, within a year.")
        return _page(request, error=text)
    messages.success(request, _("Saved. Nothing is published in that time."))
    return SeeOther(resolve_url("assistants:freezes", request.workspace.slug))


@require(Action.MANAGE_APPROVALS)
@require_POST
def freeze_remove(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """End a window that holds, or cancel one to come."""
    found = get_object_or_404(FreezeWindow, pk=pk, workspace=request.workspace)
    remove_freeze(actor=request.member, freeze=found)
    messages.success(request, _("The window has ended. People can publish again."))
    return SeeOther(resolve_url("assistants:freezes", request.workspace.slug))


def _page(request: WorkspaceRequest, *, error: str = "") -> HttpResponse:
    when = {**shown_time(None, request.POST.get("zone", "")), **request.POST.dict()}
    context = {
        "rows": freezes_to_come(request.workspace.pk),
        "zones": zones_by_region(str(when["zone"])),
        "when": when,
        "longest": LONGEST_FREEZE_REASON,
        "may_save": can(request.member, Action.MANAGE_APPROVALS),
        "error": error,
    }
    template = "assistants/change_requests/freezes.html"
    return render(request, template, context, status=422 if error else 200)
