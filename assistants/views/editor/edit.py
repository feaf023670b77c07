"""The editor of an assistant."""

from dataclasses import replace
from functools import partial

from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from admin_ui.accounts.guard import stash
from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly, is_large_form
from admin_ui.accounts.permissions import Action, NotAllowed, can
from admin_ui.paging import is_number
from admin_ui.request.http import SeeOther
from admin_ui.views import of_bounded_size
from assistants import selectors
from assistants.definition import Definition
from assistants.forms.definition_form import DefinitionForm
from assistants.models import GONE_STATES, Assistant
from assistants.selectors.rights.scope import scope_of
from assistants.services.editing import copies, drafts
from assistants.services.editing.bring_back import answer_return
from assistants.services.errors import DraftMoved
from assistants.views.editor.autosave import (
    KEEP,
    keep_draft,
    posted_start,
    store_draft,
)
from assistants.views.editor.buttons.put_back import is_put_back, put_back
from assistants.views.editor.buttons.rows import change_rows, saves_nothing, with_news
from assistants.views.editor.editor_page import StoredAs, editor_page, show_refusal
from assistants.views.editor.starting_point import StartingPoint, starting_point

DROP = "drop"


@require(Action.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
@costly(when=is_large_form)
@of_bounded_size
def edit(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET shows the form; POST stores it as the person's draft.

    `action=review` redirects to the review (for an unchanged form of an assistant that is gone, to
    recreating it), `action=draft` back here. `add-function` and `add-metadata` show another row;
    `take-apart:<field>` splits the whole function in that field into its fields; `undo:<field>`
    puts a field back to what is live; the actions of `adding` add functions from elsewhere. Answers
    422 if the form cannot be published, 409 if the draft was saved elsewhere meanwhile, and 413 for
    more than is kept as typed; the text is always shown again.
    """
    assistant = selectors.get_assistant(request.workspace, pk, reader=request.user)
    if request.method == "POST":
        return save_by_button(request, assistant)
    scope = scope_of(request.member, assistant)
    if scope.is_empty or not can(request.member, Action.EDIT_DRAFT):
        return redirect("assistants:detail", request.workspace.slug, pk)
    draft = drafts.draft_of(user=request.user, assistant=assistant)
    found = copies.find_copies(
        user=request.user,
        workspace=request.workspace,
        assistant=assistant,
        draft=draft,
        asked=request.GET.get("typed", ""),
    )
    begin = partial(
        starting_point,
        assistant=assistant,
        user=request.user,
        draft=draft,
        again=True,
        closed=scope.closed,
    )
    start = begin(data=found.form)
    form = start.form(found.form)
    if found.form is not None:
        form.is_valid()
        if start.known and not form.says_more and form.definition == _saved(assistant, start):
            found = replace(found, form=None)  # it says nothing more, and ends with the next save
            start = begin()
            form = start.form()
    if found.form is None:
        show_refusal(assistant, start, form)
    return editor_page(request, assistant, start, form, copies=found)


def _saved(assistant: Assistant, start: StartingPoint) -> Definition:
    return start.draft.definition if start.draft else drafts.current_definition(assistant)


def save_by_button(request: WorkspaceRequest, assistant: Assistant) -> HttpResponse:
    if not can(request.member, Action.EDIT_DRAFT):
        raise NotAllowed(Action.EDIT_DRAFT)
    action = request.POST.get("action", "draft")
    if action == DROP:
        return _drop(request, assistant)
    if action == KEEP:
        return keep_draft(request, assistant)
    start = posted_start(request, assistant, by_button=True)
    if is_put_back(action):
        return put_back(request, assistant, start, action)
    form = start.form(request.POST)
    if saves_nothing(action):
        add = change_rows(request.workspace, form, action)
        return with_news(editor_page(request, assistant, start, form, add=add), form)
    return _sent(request, assistant, start, form)


def _sent(
    request: WorkspaceRequest, assistant: Assistant, start: StartingPoint, form: DefinitionForm
) -> HttpResponse:
    """Store a form that a button sent, and redirect; if that fails, show it with its errors."""
    valid = form.is_valid()
    if start.is_anothers:
        return editor_page(request, assistant, start, form, status=409)
    try:
        kept = store_draft(request, assistant, start, form)
    except DraftMoved:
        return editor_page(request, assistant, start, form, status=409)
    except DatabaseError:
        return editor_page(request, assistant, start, form, status=503)
    if start.draft is not None and start.draft.is_returned:
        answer_return(author=request.member, assistant=assistant)
    if not valid or not start.known:
        return editor_page(request, assistant, start, form, status=422, kept=kept)
    return SeeOther(
        resolve_url(_next(request, assistant, kept), request.workspace.slug, assistant.pk)
    )


def _drop(request: WorkspaceRequest, assistant: Assistant) -> HttpResponse:
    """Drop the copy that the page showed."""
    path = copies.editor_path(request.workspace, assistant)
    copy = request.POST.get("copy", "")
    if is_number(copy):
        stash.drop_copy(request.user, path, int(copy))
        messages.success(request, _("Text discarded."))
    return SeeOther(path)


def _next(request: WorkspaceRequest, assistant: Assistant, kept: StoredAs) -> str:
    """Return the address after saving, and add a message for it."""
    reviewing = request.POST.get("action") == "review"
    if kept == StoredAs.NOTHING:
        if reviewing and assistant.state in GONE_STATES and can(request.member, Action.PUBLISH):
            return "assistants:recreate"
        messages.info(request, _("Nothing was changed, so there is nothing to publish."))
    elif reviewing:
        return "assistants:review"
    else:
        messages.success(
            request, _("Draft saved. Your changes take effect when they are published.")
        )
    return "assistants:edit"
