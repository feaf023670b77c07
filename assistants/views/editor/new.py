"""The editor of a new assistant, which becomes a draft while it is typed."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from admin_ui.accounts.guard import stash
from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly, is_large_form
from admin_ui.accounts.permissions import Action
from admin_ui.paging import is_number
from admin_ui.request.http import BUSY_SECONDS, SeeOther, add_retry_after
from admin_ui.views import of_bounded_size
from assistants import selectors
from assistants.forms.definition_form import DefinitionForm
from assistants.models import Connection
from assistants.services.editing.presence import new_tab
from assistants.views.editor.autosave import (
    KEEP,
    begin_draft,
    draft_begun_by,
    keep_draft,
    keep_new,
)
from assistants.views.editor.buttons.rows import change_rows, saves_nothing, with_news
from assistants.views.editor.edit import save_by_button
from assistants.views.editor.editor_page import foot, form_context
from assistants.views.editor.starting_point import (
    DIGEST_LENGTH,
    LONGEST_TAB,
    NOTHING,
    tab_of,
)


@require(Action.CREATE)
@require_http_methods(["GET", "HEAD", "POST"])
@costly(when=is_large_form)
@of_bounded_size
def new(request: WorkspaceRequest) -> HttpResponse:
    """GET shows an empty form with a choice of connection; POST creates a draft."""
    begun = draft_begun_by(request)
    if begun is not None:
        address = resolve_url("assistants:edit", request.workspace.slug, begun.pk)
        return save_by_button(request, begun) if request.method == "POST" else redirect(address)
    connections = selectors.open_connection_names(request.workspace)
    if not connections:
        return render(request, "assistants/editor/new_nowhere.html")
    data = (
        request.POST if request.method == "POST" else stash.newest_form(request.user, request.path)
    )
    connection = _picked(request, connections, data)
    form = DefinitionForm(NOTHING, data)
    around = {"connection": connection, "connections": connections.items()}
    if request.method == "POST":
        return _post(request, form, around)
    return _new_page(request, form, data, around)


@require(Action.CREATE)
@require_POST
@costly(when=is_large_form)
@of_bounded_size
def autosave_new(request: WorkspaceRequest) -> HttpResponse:
    """Save what is being typed: the first time as a new assistant, then as the draft of it.

    A proxy may send the request twice: a page begins one assistant at most.
    """
    begun = draft_begun_by(request)
    if begun is not None:
        return keep_draft(request, begun)
    connections = selectors.open_connection_names(request.workspace)
    if not connections:
        raise Http404
    connection = _picked(request, connections, request.POST)
    return keep_new(request, connection, DefinitionForm(NOTHING, request.POST))


def _picked(
    request: WorkspaceRequest, connections: Mapping[int, str], data: QueryDict | None
) -> Connection:
    """Return the chosen connection, even one archived meanwhile, or the default one."""
    picked = (data or request.GET).get("connection", "")
    pk = next((pk for pk in connections if str(pk) == picked), next(iter(connections)))
    if request.method == "POST" and picked not in ("", str(pk)):
        if not is_number(picked):
            raise Http404
        pk = int(picked)
    return selectors.get_connection(request.workspace, pk)


def _post(request: WorkspaceRequest, form: DefinitionForm, around: dict[str, Any]) -> HttpResponse:
    action = request.POST.get("action", "draft")
    if action == "discard":
        _forget_shown(request)
        return SeeOther(resolve_url("assistants:list", request.workspace.slug))
    if action == KEEP:
        return keep_new(request, around["connection"], form)
    if stash.is_anothers(request.user, request.POST) and "take" not in request.POST:
        return _new_page(request, form, request.POST, around, status=409)
    if saves_nothing(action):
        add = change_rows(request.workspace, form, action)
        return _new_page(request, form, request.POST, around, add=add)
    status = 422
    if form.is_valid():
        try:
            return _create(request, around["connection"], form, action)
        except DatabaseError:
            status = 503
    return _new_page(request, form, request.POST, around, status=status)


def _new_page(
    request: WorkspaceRequest,
    form: DefinitionForm,
    data: QueryDict | None,
    around: dict[str, Any],
    *,
    add: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the form of a new assistant: empty, as posted, or as kept (`data`)."""
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
    answer = render(request, "assistants/editor/new.html", context, status=status)
    return with_news(add_retry_after(answer), form)


def _forget_shown(request: WorkspaceRequest) -> None:
    """Drop the copy that the page showed, or all copies if it names none."""
    if "typed" in request.POST:
        stash.drop_forms_of_tabs(
            request.user, request.path, request.POST["typed"], request.POST.get("tab", "")
        )
    else:
        stash.drop_forms(request.user, request.path)


def _tab(request: WorkspaceRequest, *, is_anothers: bool) -> str:
    """Return the name of the page of a new assistant; it stays that of its opener."""
    if is_anothers:
        return request.POST["tab"][:LONGEST_TAB]
    return tab_of(request.POST, request.user).tab or new_tab(request.user)


def _create(
    request: WorkspaceRequest, connection: Connection, form: DefinitionForm, action: str
) -> HttpResponse:
    assistant = begin_draft(request, connection, form)
    page = "review" if action == "review" else "edit"
    if page == "edit":
        messages.success(request, _("Draft saved. Publishing it creates the assistant."))
    return SeeOther(resolve_url(f"assistants:{page}", request.workspace.slug, assistant.pk))
