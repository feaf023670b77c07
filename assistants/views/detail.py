"""What is live, to be read."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action, can
from assistants import selectors
from assistants.search import parse
from assistants.selectors.rights.scope import scope_of
from assistants.services.editing import copies
from assistants.views.assistant_page import assistant_page
from assistants.views.overview.assistants_list import searches
from assistants.wording import Found, show_contents


@require(Action.VIEW)
@require_safe
@costly(when=searches)
def detail(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Redirect people who may edit the assistant to the editor; show what is live to the others.

    With `q`, show everybody what is live, with the places marked that a search found.
    """
    query = parse(request.GET.get("q", ""))
    may_edit = can(request.member, Action.EDIT_DRAFT)
    assistant = selectors.get_assistant(request.workspace, pk, reader=request.user)
    is_theirs = may_edit and not scope_of(request.member, assistant).is_empty
    if is_theirs and not query:
        return redirect("assistants:edit", request.workspace.slug, pk)
    contents = show_contents(selectors.shown_definition(assistant))
    found = Found(contents, query) if query else None
    context = {
        "contents": found.contents if found else contents,
        "found": found,
        "has_text": not is_theirs
        and copies.has_text(user=request.user, workspace=request.workspace, assistant=assistant),
        "is_outside": may_edit and not is_theirs,
    }
    return assistant_page(request, "assistants/assistant/detail.html", assistant, context)
