from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from assistants.search import MOST_QUERY_CHARACTERS
from assistants.selectors.addresses import WorkspacePages
from assistants.selectors.guiding.palette import palette_of
from assistants.views.overview.assistants_list import searches


@require_safe
@require(Action.VIEW)
@costly(when=searches)
def palette(request: WorkspaceRequest) -> HttpResponse:
    """Answer the command palette with what fits the typed words; it is no page of its own."""
    if not request.htmx:
        return redirect(WorkspacePages.of(request.workspace.slug).list)
    typed = request.GET.get("q", "").replace("\0", "").strip()[:MOST_QUERY_CHARACTERS]
    groups = palette_of(request.member, typed)
    context = {"groups": groups, "count": sum(len(group.entries) for group in groups)}
    return render(request, "assistants/guiding/_found.html", context)
