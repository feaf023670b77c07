"""Following an assistant, or no more."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.own.own_views import page_before
from admin_ui.accounts.permissions import Action
from admin_ui.request.http import SeeOther
from assistants import selectors
from assistants.selectors.addresses import AssistantPages
from assistants.services.following import set_follow


@require(Action.VIEW)
@require_POST
def follow_assistant(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Follow the assistant with `follow=1`, no more with anything else; then back to the page.

    A script that stays on the page gets the button anew.
    """
    assistant = selectors.get_assistant(request.workspace, pk, content=False)
    assistant.workspace = request.workspace
    assistant.is_followed = request.POST.get("follow") == "1"
    set_follow(user=request.user, assistant=assistant, is_on=assistant.is_followed)
    if not request.htmx:
        return SeeOther(page_before(request))
    context = {"assistant": assistant, "pages": AssistantPages.of(assistant)}
    return render(request, "assistants/assistant/_follow.html", context)
