"""The list of change requests."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.permissions import Action
from assistants.selectors.change_requests.addresses import ChangeRequestPages
from assistants.selectors.change_requests.freezes import freeze_in_force
from assistants.selectors.change_requests.lists import LISTS, request_rows, requests_page

LIST_LABELS = {
    "waiting": _("Waiting for me"),
    "mine": _("Mine"),
    "open": _("Open"),
    "closed": _("Closed"),
    "all": _("All"),
}
USUAL = "open"


@require_safe
@require(Action.VIEW)
def change_requests(request: WorkspaceRequest) -> HttpResponse:
    """List change requests, newest change first; `show` is one of `LISTS`."""
    params = {name: str(value) for name, value in request.GET.items()}
    show = params.get("show", USUAL)
    show = show if show in LISTS else USUAL
    found = requests_page(request.member, {**params, "show": show})
    context = {
        "rows": request_rows(found.rows, request.workspace.slug),
        "page": found,
        "show": show,
        "frozen": freeze_in_force(request.workspace.pk),
        "choices": [(name, LIST_LABELS[name]) for name in LISTS],
        "request_pages": ChangeRequestPages.of(request.workspace.slug),
    }
    return render(request, "assistants/change_requests/list.html", context)
