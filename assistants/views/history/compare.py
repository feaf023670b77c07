from django.http import HttpResponse
from django.views.decorators.http import require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from assistants import diff, selectors
from assistants.views.assistant_page import assistant_page
from assistants.views.history.as_json import comparison_json, downloads, exported
from assistants.wording import show_changes


@require_safe
@require(Action.VIEW)
@costly()
def compare(request: WorkspaceRequest, pk: int, a: str, b: str) -> HttpResponse:
    """Show the difference between two versions; each is a number, `live` or `draft`."""
    assistant = selectors.get_assistant(request.workspace, pk)
    old, new = (
        selectors.get_side(assistant=assistant, reference=reference, user=request.user)
        for reference in (a, b)
    )
    if downloads(request):
        return exported(request, assistant, comparison_json(assistant, old, new))
    in_full = "all" in request.GET
    changes = show_changes(diff.glance(old.definition, new.definition), in_full=in_full)
    context = {
        "old": old,
        "new": new,
        "compared": [old, new],
        "changes": changes,
        "whole": "?format=json",
        "has_text": any(change.blocks for change in changes),
        "sides": request.GET.get("view") == "sides",
        "in_full": in_full,
    }
    return assistant_page(request, "assistants/history/compare.html", assistant, context)
