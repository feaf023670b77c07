from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.permissions import Action
from admin_ui.paging import is_number
from assistants import selectors
from assistants.selectors.past.strip import strip_of
from assistants.views.assistant_page import assistant_page


@require_safe
@vary_on_headers("HX-Request")
@require(Action.VIEW)
def version_strip(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Show the versions of an assistant along time; for its history, only the strip."""
    assistant = selectors.get_assistant(request.workspace, pk, content=False, reader=request.user)
    shown = request.GET.get("shown", "")
    strip = strip_of(assistant, int(shown) if is_number(shown) else None)
    context: dict[str, Any] = {"strip": strip, "assistant": assistant}
    if request.htmx and not request.htmx.history_restore_request:
        context["by_arrows"] = True  # of the marks, only one takes part in going on by Tab
        return render(request, "assistants/naming/_strip.html", context)
    return assistant_page(request, "assistants/naming/strip.html", assistant, context)
