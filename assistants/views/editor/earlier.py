"""Earlier states of a person's own draft: the list, one of them, bringing it back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.request.http import SeeOther
from assistants import selectors
from assistants.diff import glance
from assistants.models import Assistant, DraftState
from assistants.selectors.drafts.states import get_state, states_of
from assistants.services.editing import bring_back, drafts
from assistants.services.errors import DraftMoved
from assistants.views.assistant_page import assistant_page
from assistants.wording import show_changes


@require_safe
@require(Action.EDIT_DRAFT)
@costly()
def earlier_states(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """List what was kept of the person's draft before it was changed, newest first."""
    assistant = selectors.get_assistant(request.workspace, pk, reader=request.user)
    assistant.workspace = request.workspace
    draft = drafts.draft_of(user=request.user, assistant=assistant)
    current = draft.shown if draft else selectors.shown_definition(assistant)
    rows = states_of(assistant=assistant, user=request.user, current=current)
    context = {"states": rows, "draft": draft}
    return assistant_page(request, "assistants/drafts/earlier.html", assistant, context)


@require(Action.EDIT_DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
@costly()
def earlier_state(request: WorkspaceRequest, pk: int, state: int) -> HttpResponse:
    """GET compares a state with the draft; POST makes it the draft, or answers 409 if the draft has
    changed since (`seen` is the digest of what the page showed)."""
    assistant = selectors.get_assistant(request.workspace, pk, reader=request.user)
    assistant.workspace = request.workspace
    found = get_state(assistant=assistant, user=request.user, pk=state)
    status = 200
    if request.method == "POST":
        try:
            bring_back.bring_back(
                author=request.member,
                assistant=assistant,
                state=found,
                seen=request.POST.get("seen", ""),
            )
        except DraftMoved:
            status = 409
        else:
            messages.success(request, _("This earlier state is your draft again."))
            return SeeOther(resolve_url("assistants:edit", request.workspace.slug, pk))
    return _page(request, assistant, found, status)


@require(Action.EDIT_DRAFT)
@require_POST
def got_it(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Stop showing what colleagues did with the person's draft. An open editor stays as it is, so
    htmx gets a fragment that takes the notice away."""
    assistant = selectors.get_assistant(request.workspace, pk, reader=request.user)
    bring_back.mark_told(author=request.member, assistant=assistant)
    if request.htmx:
        return render(request, "assistants/presence/_decided.html", {"decisions": ()})
    return SeeOther(resolve_url("assistants:edit", request.workspace.slug, pk))


def _page(
    request: WorkspaceRequest, assistant: Assistant, state: DraftState, status: int
) -> HttpResponse:
    draft = drafts.draft_of(user=request.user, assistant=assistant)
    current = draft.shown if draft else selectors.shown_definition(assistant)
    context = {
        "state": state,
        "is_by_other": state.by_name != str(request.user),
        "draft": draft,
        "changes": show_changes(glance(current, state.shown)),
        "seen": draft.known_digest if draft else "",
        "moved": status == 409,
    }
    return assistant_page(
        request, "assistants/drafts/earlier_state.html", assistant, context, status=status
    )
