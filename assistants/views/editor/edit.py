"""The form in which an assistant is edited, and the one for a new assistant."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import trigger_client_event

from admin_ui.accounts import stash
from admin_ui.accounts.access import WorkspaceRequest, require
from admin_ui.accounts.costly import costly, large
from admin_ui.accounts.permissions import Action, NotAllowed, can
from admin_ui.http import BUSY_SECONDS, SeeOther, later
from admin_ui.views import of_bounded_size
from assistants import selectors
from assistants.definition import Definition
from assistants.forms.definition_form import DefinitionForm
from assistants.forms.take_apart import ACTION as TAKE_APART
from assistants.models import Assistant, Connection
from assistants.search import parse
from assistants.selectors.paging import is_number
from assistants.services.editing import copies, drafts
from assistants.services.editing.presence import new_tab
from assistants.services.errors import DraftMoved
from assistants.views.assistant_page import GONE, assistant_page
from assistants.views.editor.autosave import KEEP, begin, begun_by, keep, keep_new, store
from assistants.views.editor.editor_page import Kept, editor_page, foot, form_context, show_refusal
from assistants.views.editor.starting_point import (
    DIGEST_LENGTH,
    LONGEST_TAB,
    NOTHING,
    StartingPoint,
    page_of,
    starting_point,
    taken,
)
from assistants.views.overview.assistants_list import searches
from assistants.wording import Found, show_contents

DROP = "drop"
ROWS = {"add-function": "function", "add-metadata": "metadata"}
"""Buttons that show a row more and save nothing: the value of `action`, and the group. So do those
that begin with `TAKE_APART`, which fill in the fields of a whole function."""


@require(Action.VIEW)
@require_safe
@costly(when=searches)
def detail(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The editor for those who may edit; what is live, to be read, for the others.

    With `q` everybody reads what is live, where a search found something: the places are marked.
    """
    query = parse(request.GET.get("q", ""))
    if can(request.member, Action.EDIT_DRAFT) and not query:
        return redirect("assistants:edit", request.workspace.slug, pk)
    assistant = selectors.get_assistant(request.workspace, pk)
    contents = show_contents(selectors.current(assistant))
    found = Found(contents, query) if query else None
    context = {
        "contents": found.contents if found else contents,
        "found": found,
        "has_text": not can(request.member, Action.EDIT_DRAFT)
        and copies.has_text(user=request.user, workspace=request.workspace, assistant=assistant),
    }
    return assistant_page(request, "assistants/detail.html", assistant, context)


@require(Action.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
@costly(when=large)
@of_bounded_size
def edit(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET shows the form; POST stores it as the person's draft.

    `action=review` leads on to the review (an unchanged form of an assistant that is gone, to
    recreating it), `action=draft` back here, `add-function` and `add-metadata` show a row more,
    `take-apart:<field>` fills in the fields of the whole function in that field. 422 for what
    cannot be published as it is, 409 when the draft was saved somewhere else meanwhile; the text is
    always shown again. `action=keep` is the autosave, see `views.autosave`. 413 for more than is
    kept as typed.
    """
    assistant = selectors.get_assistant(request.workspace, pk)
    if request.method == "POST":
        return _save(request, assistant)
    if not can(request.member, Action.EDIT_DRAFT):
        return redirect("assistants:detail", request.workspace.slug, pk)
    draft = drafts.draft_of(user=request.user, assistant=assistant)
    found = copies.find(
        user=request.user,
        workspace=request.workspace,
        assistant=assistant,
        draft=draft,
        asked=request.GET.get("typed", ""),
    )
    start = starting_point(assistant=assistant, user=request.user, data=found.form, again=True)
    form = start.form(found.form)
    if found.form is not None:
        form.is_valid()
        if start.known and not form.says_more and form.definition == _saved(assistant, start):
            found = replace(found, form=None)  # it says nothing more, and ends with the next save
            start = starting_point(assistant=assistant, user=request.user, again=True)
            form = start.form()
    if found.form is None:
        show_refusal(assistant, start, form)
    return editor_page(request, assistant, start, form, copies=found)


def _saved(assistant: Assistant, start: StartingPoint) -> Definition:
    return start.draft.definition if start.draft else drafts.current_definition(assistant)


def _save(request: WorkspaceRequest, assistant: Assistant) -> HttpResponse:
    if not can(request.member, Action.EDIT_DRAFT):
        raise NotAllowed(Action.EDIT_DRAFT)
    action, data = request.POST.get("action", "draft"), request.POST.dict()
    if action == DROP:
        return _drop(request, assistant)
    if "take" in data:
        data = taken(data)
    by_button = action != KEEP
    start = starting_point(assistant=assistant, user=request.user, data=data, by_button=by_button)
    form = start.form(request.POST)
    if action == KEEP:
        return keep(request, assistant, start, form)
    if _saves_nothing(action):
        add = _change_rows(form, action)
        return _with_news(editor_page(request, assistant, start, form, add=add), form)
    return _sent(request, assistant, start, form)


def _sent(
    request: WorkspaceRequest, assistant: Assistant, start: StartingPoint, form: DefinitionForm
) -> HttpResponse:
    """Store what was sent by a button, and lead on; or show it again, with what is the matter."""
    valid = form.is_valid()
    if start.is_anothers:
        return editor_page(request, assistant, start, form, status=409)
    try:
        kept = store(request, assistant, start, form)
    except DraftMoved:
        return editor_page(request, assistant, start, form, status=409)
    except DatabaseError:
        return editor_page(request, assistant, start, form, status=503)
    if not valid or not start.known:
        return editor_page(request, assistant, start, form, status=422, kept=kept)
    return SeeOther(
        resolve_url(_next(request, assistant, kept), request.workspace.slug, assistant.pk)
    )


def _saves_nothing(action: str) -> bool:
    return action in ROWS or action.startswith(TAKE_APART)


def _change_rows(form: DefinitionForm, action: str) -> str:
    """Do what a button asks of the page alone; returns the group that shows an empty row more."""
    if action.startswith(TAKE_APART):
        form.take_apart(action.removeprefix(TAKE_APART))
    form.read()
    return ROWS.get(action, "")


def _with_news(answer: HttpResponse, form: DefinitionForm) -> HttpResponse:
    """Tell an open page that its fields were filled in, and are to be saved."""
    if not form.said:
        return answer
    return trigger_client_event(answer, "taken-apart", after="settle")


def _drop(request: WorkspaceRequest, assistant: Assistant) -> HttpResponse:
    """Keep one text as typed no longer: the one that the page showed."""
    path = copies.place(request.workspace, assistant)
    copy = request.POST.get("copy", "")
    if is_number(copy):
        stash.drop(request.user, path, int(copy))
        messages.success(request, _("That text is dropped."))
    return SeeOther(path)


def _next(request: WorkspaceRequest, assistant: Assistant, kept: Kept) -> str:
    """Return the page that comes after saving, and put a line about it there."""
    reviewing = request.POST.get("action") == "review"
    if kept == Kept.NOTHING:
        if reviewing and assistant.state in GONE and can(request.member, Action.PUBLISH):
            return "assistants:recreate"
        messages.info(request, _("Nothing was changed, so there is nothing to publish."))
    elif reviewing:
        return "assistants:review"
    else:
        messages.success(request, _("Draft saved. Nobody else sees a change before you publish."))
    return "assistants:edit"


@require(Action.EDIT_DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
@costly(when=large)
@of_bounded_size
def new(request: WorkspaceRequest) -> HttpResponse:
    """The same form, empty, with a choice of connection; POST makes a draft of a new assistant."""
    posted = request.method == "POST"
    data = request.POST if posted else stash.peek(request.user, request.path)
    begun = begun_by(request)
    if begun is not None:
        address = resolve_url("assistants:edit", request.workspace.slug, begun.pk)
        return _save(request, begun) if posted else redirect(address)
    connections = selectors.connection_names(request.workspace)
    if not connections:
        return render(request, "assistants/new_nowhere.html")
    picked = (data or request.GET).get("connection", "")
    pk = next((pk for pk in connections if str(pk) == picked), next(iter(connections)))
    if posted and picked not in ("", str(pk)):
        raise Http404
    connection = selectors.get_connection(request.workspace, pk)
    form = DefinitionForm(NOTHING, data)
    action = request.POST.get("action", "draft")
    if posted and action == "discard":
        _forget_shown(request)
        return SeeOther(resolve_url("assistants:list", request.workspace.slug))
    if posted and action == KEEP:
        return keep_new(request, connection, form)
    status, is_anothers, add = 200, stash.is_anothers(request.user, request.POST), ""
    if is_anothers and "take" not in request.POST:
        status = 409
    elif posted and _saves_nothing(action):
        add = _change_rows(form, action)
    elif posted:
        status = 200 if form.is_valid() else 422
        if status == 200:
            try:
                return _create(request, connection, form, action)
            except DatabaseError:
                status = 503
    around = {"connection": connection, "connections": connections.items()}
    return _new_page(request, form, data, around, add=add, status=status)


def _new_page(
    request: WorkspaceRequest,
    form: DefinitionForm,
    data: QueryDict | None,
    around: dict[str, Any],
    *,
    add: str,
    status: int,
) -> HttpResponse:
    """Show the form of a new assistant: empty, as it was posted, or as it is kept (`data`)."""
    is_copy, is_anothers = data is not None and request.method != "POST", status == 409
    context = {
        **around,
        **form_context(form, around["connection"], request.workspace, add=add),
        "original": NOTHING.digest[:DIGEST_LENGTH],
        "tab": _tab(request, is_anothers=is_anothers),
        "typed": is_copy,
        "typed_by": data.get("tab" if is_copy else "typed", "") if data else "",
        **foot(
            form,
            is_copy=is_copy,
            is_anothers=is_anothers,
            failed=BUSY_SECONDS if status == 503 else 0,
        ),
    }
    answer = render(request, "assistants/new.html", context, status=status)
    return _with_news(later(answer), form)


def _forget_shown(request: WorkspaceRequest) -> None:
    """Keep the text that the page showed no longer; all there is, where it does not say which."""
    if "typed" in request.POST:
        stash.forget(request.user, request.path, request.POST["typed"], request.POST.get("tab", ""))
    else:
        stash.end(request.user, request.path)


def _tab(request: WorkspaceRequest, *, is_anothers: bool) -> str:
    """Return the name of the page of a new assistant, which stays that of who opened it."""
    if is_anothers:
        return request.POST["tab"][:LONGEST_TAB]
    return page_of(request.POST, request.user).tab or new_tab(request.user)


def _create(
    request: WorkspaceRequest, connection: Connection, form: DefinitionForm, action: str
) -> HttpResponse:
    assistant = begin(request, connection, form)
    page = "review" if action == "review" else "edit"
    if page == "edit":
        messages.success(request, _("Draft saved. Publish it to put the assistant in place."))
    return SeeOther(resolve_url(f"assistants:{page}", request.workspace.slug, assistant.pk))
