from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from assistants import selectors
from assistants.views.history.filters import filter_context, searches_changes


@require_safe
@require(Action.VIEW)
@costly(when=searches_changes)
def changes(request: WorkspaceRequest) -> HttpResponse:
    """Show the changes of the workspace's assistants, newest first; by filters and a search."""
    params = request.GET.dict()
    context = {
        "page": selectors.changes_of(request.workspace, params),
        **filter_context(params, request.workspace),
    }
    return render(request, "assistants/overview/changes.html", context)
