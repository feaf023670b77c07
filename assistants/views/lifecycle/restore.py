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
from assistants.diff import glance
from assistants.models import GONE_STATES, Assistant, Kind, Revision
from assistants.selectors.addresses import AssistantPages
from assistants.selectors.past.erased import lacks_text
from assistants.services.editing.restore import restore_as_draft
from assistants.services.errors import DraftMoved
from assistants.services.rights.checks import OutsideRights
from assistants.views.assistant_page import assistant_page
from assistants.views.editor.offered import advice_on_references
from assistants.views.lifecycle.replacing import replaced_by
from assistants.wording import show_changes
from assistants.wording.definition.reach import not_restored

ERASED_CANNOT_BE_RESTORED = gettext_lazy(
    "A text was erased from this version, so it cannot be restored as a whole. You can restore"
    " other parts of it."
)
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
    assistant = selectors.get_assistant(request.workspace, pk, reader=request.user)
    found = selectors.get_revision(assistant, revision)
    if elsewhere := leads_elsewhere(request, assistant, found):
        return elsewhere
    definition, live = selectors.held_after(found), selectors.shown_definition(assistant)
    replaced = replaced_by(request, assistant, definition)
    row = selectors.revision_detail(assistant, revision).row
    confirmed = request.method == "POST"
    if confirmed and (replaced.nothing or replaced.is_confirmed(request.POST)):
        return _restored(request, assistant, found, seen=replaced.seen, version=row.version)
    context = {
        "row": row,
        "changes": show_changes(glance(live, definition), in_full="all" in request.GET),
        "advice": advice_on_references(definition, assistant.connection, live),
        "replaced": replaced,
        "parts_at": AssistantPages.of(assistant).restore_parts(revision),
    }
    status = 409 if confirmed else 200
    return assistant_page(
        request, "assistants/lifecycle/restore.html", assistant, context, status=status
    )


def leads_elsewhere(
    request: WorkspaceRequest, assistant: Assistant, found: Revision, *, in_parts: bool = False
) -> HttpResponse | None:
    """Return where to go instead if `found` cannot be restored (`in_parts`); None if it can."""
    history = resolve_url("assistants:history", request.workspace.slug, assistant.pk)
    if found.kind == Kind.DOCUMENTS:
        messages.info(request, DOCUMENTS_CANNOT_BE_RESTORED)
        return SeeOther(history)
    if lacks_text(found) and not in_parts:
        messages.info(request, ERASED_CANNOT_BE_RESTORED)
        return SeeOther(AssistantPages.of(assistant).restore_parts(found.number))
    if assistant.live is None:
        return SeeOther(history)
    if assistant.state in GONE_STATES:
        address = resolve_url("assistants:recreate", request.workspace.slug, assistant.pk)
        return SeeOther(f"{address}?revision={found.number}")
    return None


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
