from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.permissions import Action
from assistants import selectors


@require_safe
@require(Action.VIEW)
def changes(request: WorkspaceRequest) -> HttpResponse:
    """Show all changes of the workspace's assistants, newest first."""
    page = selectors.changes_of(request.workspace, request.GET.dict())
    return render(request, "assistants/overview/changes.html", {"page": page})
