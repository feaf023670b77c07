"""The form in which an assistant is edited, and the one for a new assistant."""

from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from admin_ui.accounts import stash
from admin_ui.accounts.access import WorkspaceRequest, require
from admin_ui.accounts.permissions import Action, NotAllowed, can
from admin_ui.http import SeeOther
from assistants import selectors
from assistants.definition import Definition
from assistants.forms.definition_form import DefinitionForm
from assistants.models import Assistant, Connection
from assistants.services import drafts, settle
from assistants.views.editor_page import editor_page, form_context, show_refusal
from assistants.views.page import GONE, assistant_page
from assistants.views.starting_point import StartingPoint, starting_point
from assistants.wording import gateway_error, show_contents

ROWS = {"add-function": "function", "add-metadata": "metadata"}
"""Buttons that show a row more and save nothing: the value of `action`, and the group."""


@require(Action.VIEW)
@require_safe
def detail(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The editor for those who may edit; what is live, to be read, for the others."""
    if can(request.member, Action.EDIT_DRAFT):
        return redirect("assistants:edit", request.workspace.slug, pk)
    assistant = selectors.get_assistant(request.workspace, pk)
    contents = show_contents(drafts.current_definition(assistant))
    return assistant_page(request, "assistants/detail.html", assistant, {"contents": contents})


@require(Action.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET shows the form; POST stores it as the person's draft.

    `action=review` leads on to the review (an unchanged form of an assistant that is gone, to
    recreating it), `action=draft` back here, `add-function` and `add-metadata` show a row more. 422
    for what cannot be saved, 409 when the draft was saved somewhere else meanwhile; the text is
    always shown again.
    """
    assistant = selectors.get_assistant(request.workspace, pk)
    if request.method == "POST":
        return _save(request, assistant)
    if not can(request.member, Action.EDIT_DRAFT):
        return redirect("assistants:detail", request.workspace.slug, pk)
    kept = stash.peek(request.user, request.path)
    start = starting_point(assistant=assistant, user=request.user, data=kept)
    form = start.form(kept)
    if kept is None:
        show_refusal(assistant, start, form)
    return editor_page(request, assistant, start, form, signed_in_again=kept is not None)


def _save(request: WorkspaceRequest, assistant: Assistant) -> HttpResponse:
    if not can(request.member, Action.EDIT_DRAFT):
        raise NotAllowed(Action.EDIT_DRAFT)
    action = request.POST.get("action", "draft")
    start = starting_point(assistant=assistant, user=request.user, data=request.POST)
    form = start.form(request.POST)
    if action in ROWS:
        return editor_page(request, assistant, start, form, add=ROWS[action])
    if not form.is_valid() or not start.known:
        return editor_page(request, assistant, start, form, status=422)
    if start.stale:
        return editor_page(request, assistant, start, form, status=409)
    try:
        unchanged = _keep(request, assistant, start, form.definition)
    except DatabaseError:
        return editor_page(request, assistant, start, form, status=503)
    stash.take(request.user, request.path)
    page = "review" if action == "review" else "edit"
    may_recreate = assistant.state in GONE and can(request.member, Action.PUBLISH)
    if unchanged and page == "review" and may_recreate:
        page = "recreate"
    elif unchanged:
        page = "edit"
        messages.info(request, _("Nothing was changed, so there is nothing to publish."))
    elif page == "edit":
        messages.success(request, _("Draft saved. Nobody else sees a change before you publish."))
    return SeeOther(resolve_url(f"assistants:{page}", request.workspace.slug, assistant.pk))


def _keep(
    request: WorkspaceRequest, assistant: Assistant, start: StartingPoint, definition: Definition
) -> bool:
    """Store the draft, or drop it when it says nothing new; returns whether it says nothing new."""
    if definition == start.base_definition:
        drafts.discard_draft(author=request.member, assistant=assistant)
        return True
    same = start.draft is not None and start.draft.definition == definition
    drafts.save_draft(
        author=request.member,
        assistant=assistant,
        definition=definition,
        base=start.base,
        kind=start.draft.kind if start.draft and same else "edit",
    )
    return False


@require(Action.EDIT_DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: WorkspaceRequest) -> HttpResponse:
    """The same form, empty, with a choice of connection; POST makes a draft of a new assistant."""
    posted = request.method == "POST"
    data = request.POST if posted else stash.peek(request.user, request.path)
    connections = selectors.connection_names(request.workspace)
    if not connections:
        return render(request, "assistants/new_nowhere.html")
    picked = (data or request.GET).get("connection", "")
    pk = next((pk for pk in connections if str(pk) == picked), next(iter(connections)))
    if posted and picked not in ("", str(pk)):
        raise Http404
    connection = selectors.get_connection(request.workspace, pk)
    form = DefinitionForm(Definition.parse({}), data)
    action = request.POST.get("action", "draft")
    status, failed = 200, False
    if posted and action not in ROWS:
        status = 200 if form.is_valid() else 422
        if status == 200:
            try:
                return _create(request, connection, form.definition, action)
            except DatabaseError:
                status, failed = 503, True
    context = {
        **form_context(form, connection, request.workspace, add=ROWS.get(action, "")),
        "connection": connection,
        "connections": connections.items(),
        "failed": failed,
        "signed_in_again": data is not None and not posted,
    }
    return render(request, "assistants/new.html", context, status=status)


def _create(
    request: WorkspaceRequest, connection: Connection, definition: Definition, action: str
) -> HttpResponse:
    assistant = drafts.new_assistant(
        author=request.member, connection=connection, definition=definition
    )
    stash.take(request.user, request.path)
    page = "review" if action == "review" else "edit"
    if page == "edit":
        messages.success(request, _("Draft saved. Publish it to put the assistant in place."))
    return SeeOther(resolve_url(f"assistants:{page}", request.workspace.slug, assistant.pk))


@require(Action.VIEW)
@require_safe
def check(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """A fragment that the editor asks for behind its page: has the assistant changed meanwhile?

    `base` is the number of the revision that the page started from.
    """
    assistant = selectors.get_assistant(request.workspace, pk)
    checked = settle.check(assistant=assistant)
    fresh = selectors.get_assistant(request.workspace, pk)
    fresh.workspace = request.workspace
    base, live = request.GET.get("base", ""), fresh.live
    context = {
        "assistant": fresh,
        "found": checked.found,
        "moved": live is not None and base.isdigit() and base != str(live.number),
        "trouble": gateway_error(checked.error.kind, checked.error.message)
        if checked.error
        else "",
    }
    return render(request, "assistants/_check.html", context)
