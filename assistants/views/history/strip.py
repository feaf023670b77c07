from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.permissions import Action
from assistants import selectors
from assistants.selectors.past.strip import strip_of
from assistants.views.assistant_page import assistant_page


@require_safe
@vary_on_headers("HX-Request")
@require(Action.VIEW)
def version_strip(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Show the versions of an assistant along time; for its history, only the strip."""
    assistant = selectors.get_assistant(request.workspace, pk, content=False)
    context = {"strip": strip_of(assistant), "assistant": assistant}
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "assistants/naming/_strip.html", context)
    return assistant_page(request, "assistants/naming/strip.html", assistant, context)
