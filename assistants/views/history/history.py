from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.paging import is_number
from assistants import selectors
from assistants.diff import glance
from assistants.models import REMOVAL_KINDS
from assistants.selectors.change_requests.detail import clearances_of
from assistants.selectors.past.erased import erasures_of
from assistants.selectors.past.filtering import past_rows
from assistants.selectors.past.imported import import_of
from assistants.views.assistant_page import assistant_page
from assistants.views.history.as_file import history_file, wants_file
from assistants.views.history.as_json import downloads, exported, page_json, revision_json
from assistants.views.history.filters import filter_context, searches_changes
from assistants.wording import show_changes, show_contents


def is_export(request: WorkspaceRequest) -> bool:
    return downloads(request) or wants_file(request)


@require_safe
@require(Action.VIEW)
@costly(when=lambda request: is_export(request) or searches_changes(request))
def history(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Show the revisions of an assistant, newest first; two ticked ones are compared."""
    assistant = selectors.get_assistant(request.workspace, pk, content=False, reader=request.user)
    assistant.workspace = request.workspace
    params = request.GET.dict()
    if wants_file(request):
        return history_file(request, past_rows(params, request.workspace, assistant), assistant)
    if downloads(request):
        return exported(request, assistant, page_json(assistant, params))
    picked = sorted({int(text) for text in request.GET.getlist("pick")[:2] if is_number(text)})
    if len(picked) == 2:
        return redirect("assistants:compare", request.workspace.slug, pk, *picked)
    page = selectors.history_of(assistant, params)
    context = {
        "page": page,
        "first_version": next((row.version for row in page.rows if row.version), ""),
        **filter_context(params, assistant),
    }
    return assistant_page(request, "assistants/history/history.html", assistant, context)


@require_safe
@require(Action.VIEW)
@costly()
def revision(request: WorkspaceRequest, pk: int, revision: int) -> HttpResponse:
    """Show one revision: author, time, note, outcome, changes and definition."""
    assistant = selectors.get_assistant(request.workspace, pk, reader=request.user)
    found = selectors.revision_detail(assistant, revision)
    if downloads(request):
        whole = revision_json(found.revision, found.outcome, found.sides)
        return exported(request, assistant, whole)
    row, stored, in_full = found.row, found.sides.stored, "all" in request.GET
    shows_changes = found.base is not None and (row.detected or not row.version)
    context = {
        "revision": found.revision,
        "row": row,
        "clearances": clearances_of(found.revision, request.workspace.slug),
        "erasures": erasures_of(found.revision),
        "imported": import_of(found.revision),
        "is_removal": found.revision.kind in REMOVAL_KINDS,
        "changes": show_changes(glance(found.base, stored), in_full=in_full)
        if shows_changes
        else (),
        "stored": show_changes(glance(*found.sides), in_full=in_full),
        "contents": show_contents(stored),
        "whole": "?format=json",
    }
    return assistant_page(request, "assistants/history/revision.html", assistant, context)
