"""Discarding a draft, after showing what will be lost."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from admin_ui.accounts.guard import stash
from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.request.http import SeeOther
from assistants import selectors
from assistants.diff import compare_definitions
from assistants.models import Assistant, Draft
from assistants.services.editing import copies, drafts
from assistants.services.errors import DraftMoved
from assistants.views.assistant_page import assistant_page
from assistants.views.editor.editor_page import kept_beside
from assistants.views.editor.starting_point import starting_point
from assistants.views.review.conflict import about_draft
from assistants.wording import show_changes


@require(Action.EDIT_DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
@costly()
def discard(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET shows what will be lost; POST drops the person's draft and its copies kept as typed.

    If the assistant never was more than this draft, it is deleted too.
    """
    assistant = selectors.get_assistant(request.workspace, pk, reader=request.user)
    edit = resolve_url("assistants:edit", request.workspace.slug, pk)
    draft = drafts.draft_of(user=request.user, assistant=assistant)
    if draft is None and request.method != "POST" and not stash.kept_copies(request.user, edit):
        return redirect(edit)
    if request.method != "POST":
        return _discard_page(request, assistant, draft)
    kept = _kept(request, assistant)
    if request.POST.get("kept", kept) != kept:
        return _discard_page(request, assistant, draft, status=409)
    try:
        page = replace(drafts.ASKED, seen=request.POST.get("seen"))
        drafts.discard_draft(author=request.member, assistant=assistant, page=page)
    except DraftMoved as moved:
        return _discard_page(request, assistant, moved.draft, status=409)
    if draft is not None:
        review = resolve_url("assistants:review", request.workspace.slug, pk)
        stash.drop_forms_of_tabs(request.user, review, about_draft(request, draft))
    messages.success(request, _("Draft discarded."))
    if not Assistant.objects.filter(pk=pk).exists():
        return SeeOther(resolve_url("assistants:list", request.workspace.slug))
    return SeeOther(edit)


def _kept(request: WorkspaceRequest, assistant: Assistant) -> str:
    return copies.latest(user=request.user, workspace=request.workspace, assistant=assistant)


def _discard_page(
    request: WorkspaceRequest, assistant: Assistant, draft: Draft | None, *, status: int = 200
) -> HttpResponse:
    live = selectors.shown_definition(assistant) if assistant.live_id else None
    found = copies.find_copies(
        user=request.user, workspace=request.workspace, assistant=assistant, draft=draft
    )
    start = starting_point(assistant=assistant, user=request.user, draft=draft, data=found.form)
    form = start.form(found.form)
    if found.form is not None:
        form.is_valid()
    context = {
        "changes": show_changes(compare_definitions(live, form.definition))
        if draft or found.form
        else [],
        **kept_beside(form),
        "earlier": found.earlier,
        "only_draft": draft is not None and live is None,
        "seen": draft.known_digest if draft else "",
        "kept": _kept(request, assistant),
        "moved": status == 409,
    }
    return assistant_page(
        request, "assistants/drafts/discard.html", assistant, context, status=status
    )
