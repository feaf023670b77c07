from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from assistants import selectors
from assistants.selectors.changes import all_asked_for
from assistants.selectors.shared.named import versions_named
from assistants.views.history.as_file import history_file, wants_file
from assistants.views.history.filters import filter_context, searches_changes

MOST_NAMES_FOUND = 8
"""Versions whose names a search finds above the changes."""


@require_safe
@require(Action.VIEW)
@costly(when=lambda request: wants_file(request) or searches_changes(request))
def changes(request: WorkspaceRequest) -> HttpResponse:
    """Show the changes of the workspace's assistants, newest first; by filters and a search."""
    params = request.GET.dict()
    if wants_file(request):
        return history_file(request, all_asked_for(request.workspace, params))
    text = "" if {"before", "after"} & params.keys() else params.get("q", "")
    context = {
        "named": versions_named(request.workspace, text, most=MOST_NAMES_FOUND),
        "page": selectors.changes_of(request.workspace, params),
        **filter_context(params, request.workspace),
    }
    return render(request, "assistants/overview/changes.html", context)
