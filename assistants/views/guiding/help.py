from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.permissions import Action
from assistants.wording.definition.guide import guide


@require_safe
@require(Action.VIEW)
def help_page(request: WorkspaceRequest) -> HttpResponse:
    """Explain each field of an assistant, with its limits and examples."""
    return render(request, "assistants/guiding/help.html", {"sections": guide()})
