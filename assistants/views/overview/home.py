from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly, is_posted
from admin_ui.accounts.permissions import Action, can
from admin_ui.request.http import SeeOther
from admin_ui.tasks.alive import lacks_worker
from assistants.gateway import GatewayError
from assistants.selectors.home import home_of, samples_of
from assistants.services.errors import ServiceError
from assistants.services.setup import samples
from assistants.views.objection import reason_of


@require_safe
@require(Action.VIEW)
def home(request: WorkspaceRequest) -> HttpResponse:
    """Show what needs the person's attention, and what happened."""
    lacking = can(request.member, Action.MANAGE_CONNECTIONS) and lacks_worker()
    context = {"home": home_of(request.member), "lacks_worker": lacking}
    return render(request, "assistants/overview/home.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.DELETE)
@costly(when=is_posted)
def remove_samples(request: WorkspaceRequest) -> HttpResponse:
    """GET shows which samples will be deleted; POST deletes them and keeps their history."""
    if request.method != "POST":
        context = {"samples": samples_of(request.workspace)}
        return render(request, "assistants/overview/remove_samples.html", context)
    try:
        count = samples.delete_samples(author=request.member, workspace=request.workspace)
    except (ServiceError, GatewayError) as error:
        text = _("Some samples could not be removed. %(reason)s")
        messages.warning(request, text % {"reason": reason_of(error)})
    else:
        removed = ngettext("%d sample removed.", "%d samples removed.", count) % count
        messages.success(request, removed)
    return SeeOther(resolve_url("assistants:home", request.workspace.slug))
