"""Restoring an older version."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.request.http import SeeOther
from assistants import selectors
from assistants.definition import changed_fields
from assistants.diff import glance
from assistants.models import GONE_STATES, Assistant, Kind, Revision
from assistants.services.editing import copies, drafts
from assistants.services.editing.restore import restore_as_draft
from assistants.services.errors import DraftMoved
from assistants.services.rights.checks import OutsideRights
from assistants.views.assistant_page import assistant_page
from assistants.wording import show_changes
from assistants.wording.definition.reach import not_restored

DOCUMENTS_CANNOT_BE_RESTORED = gettext_lazy(
    "This entry changed documents of a vector store, not the assistant, so there is nothing to"
    " restore. Add or remove the document again under Files and stores."
)


@require(Action.PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
@costly()
def restore(request: WorkspaceRequest, pk: int, revision: int) -> HttpResponse:
    """GET shows the difference to live; POST makes the version the person's draft, to review.

    If that would replace another draft or a copy kept as typed, it answers 409 until `replace` is
    sent, with what the page showed: the draft's digest as `seen`, and the time of the newest copy
    as `kept`.
    """
    assistant = selectors.get_assistant(request.workspace, pk)
    found = selectors.get_revision(assistant, revision)
    definition = selectors.held_after(found)
    if found.kind == Kind.DOCUMENTS:
        messages.info(request, DOCUMENTS_CANNOT_BE_RESTORED)
        return SeeOther(resolve_url("assistants:history", request.workspace.slug, pk))
    if assistant.live is None:
        return SeeOther(resolve_url("assistants:history", request.workspace.slug, pk))
    if assistant.state in GONE_STATES:
        address = resolve_url("assistants:recreate", request.workspace.slug, pk)
        return SeeOther(f"{address}?revision={revision}")
    draft = drafts.draft_of(user=request.user, assistant=assistant)
    replaces = draft is not None and bool(changed_fields(definition, draft.shown))
    kept = copies.latest(user=request.user, workspace=request.workspace, assistant=assistant)
    confirmed = request.method == "POST"
    seen = draft.known_digest if draft else ""
    row = selectors.revision_detail(assistant, revision).row
    shown = request.POST.get("seen", seen), request.POST.get("kept", kept)
    asked = "replace" in request.POST and shown == (seen, kept)
    if confirmed and (asked or not (replaces or kept)):
        return _restored(request, assistant, found, seen=seen, version=row.version)
    context = {
        "row": row,
        "changes": show_changes(glance(selectors.shown_definition(assistant), definition)),
        "replaces": replaces,
        "ends": bool(kept),
        "seen": seen,
        "kept": kept,
    }
    status = 409 if confirmed else 200
    return assistant_page(
        request, "assistants/lifecycle/restore.html", assistant, context, status=status
    )


def _restored(
    request: WorkspaceRequest, assistant: Assistant, found: Revision, *, seen: str, version: object
) -> HttpResponse:
    """Make the version the person's draft and lead to its review, or say why that cannot be."""
    root = request.workspace.slug, assistant.pk
    try:
        restore_as_draft(author=request.member, assistant=assistant, revision=found, seen=seen)
    except OutsideRights as error:
        messages.warning(request, not_restored(error.fields))
        return SeeOther(resolve_url("assistants:history", *root))
    except DraftMoved:  # saved this very moment: the page asks about it
        return SeeOther(request.path)
    return SeeOther(f"{resolve_url('assistants:review', *root)}?restores={version}")
