"""Restoring parts of an older version: fields, and single places of long texts."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.request.http import SeeOther
from assistants import selectors
from assistants.forms.offered.references import advise_on_functions
from assistants.models import Assistant, Revision
from assistants.selectors.past.erased import lacks_text
from assistants.selectors.rights.scope import scope_of
from assistants.selectors.versions import version_of
from assistants.services.editing.restore import OlderParts, restore_parts_as_draft
from assistants.services.errors import DraftMoved, TextErased
from assistants.services.rights.checks import OutsideRights
from assistants.views.assistant_page import assistant_page
from assistants.views.editor.offered import advice_on_references
from assistants.views.lifecycle.part_choices import TickedParts, part_choices, ticked_parts
from assistants.views.lifecycle.replacing import Replaced, replaced_by
from assistants.views.lifecycle.restore import leads_elsewhere
from assistants.views.objection import Objection
from assistants.wording.definition.reach import not_restored


@require(Action.PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
@costly()
def restore_parts(request: WorkspaceRequest, pk: int, revision: int) -> HttpResponse:
    """GET offers what differs from live; POST makes live with the ticked parts the person's draft.

    The inputs have the names of those of a conflict (`review`), and the value `mine` for what is
    restored. Nothing ticked answers 422. POST answers 409 and asks again if another version is
    live than the page showed (`live`), or a draft would be replaced that it did not ask about.
    """
    assistant = selectors.get_assistant(request.workspace, pk, reader=request.user)
    found = selectors.get_revision(assistant, revision)
    if elsewhere := leads_elsewhere(request, assistant, found, in_parts=True):
        return elsewhere
    live, older = selectors.shown_definition(assistant), selectors.held_after(found)
    parts = OlderParts(live, older, has_erased=lacks_text(found))
    if request.method != "POST":
        return _page(request, assistant, found, parts)
    ticked = ticked_parts(request.POST, parts)
    try:
        replaced = replaced_by(request, assistant, ticked.put_back(parts), live)
    except TextErased:
        return _page(request, assistant, found, parts, trouble=_erased())
    if objection := _objection(request, assistant, ticked, replaced):
        return _page(request, assistant, found, parts, trouble=objection)
    return _restored(request, assistant, found, parts, ticked, seen=replaced.seen)


def _erased() -> Objection:
    text = _("A text was erased from something that you ticked, so it cannot be restored.")
    return Objection(f"{text} {_('Restore other parts.')}", 422)


def _objection(
    request: WorkspaceRequest, assistant: Assistant, ticked: TickedParts, replaced: Replaced
) -> Objection | None:
    live = str(assistant.live.number) if assistant.live else ""
    if ticked.is_stale or request.POST.get("live", live) != live:
        return Objection(_("Another version is live by now. Choose again what to restore."), 409)
    if ticked.nothing:
        return Objection(_("Nothing is ticked. Tick what to restore."), 422)
    if not (replaced.nothing or replaced.is_confirmed(request.POST)):
        return Objection(_("Restoring replaces text of yours. Read below what, then confirm."), 409)
    return None


def _restored(
    request: WorkspaceRequest,
    assistant: Assistant,
    found: Revision,
    parts: OlderParts,
    ticked: TickedParts,
    *,
    seen: str,
) -> HttpResponse:
    """Make live with the ticked parts the person's draft and lead to its review, or say why not."""
    wanted, root = ticked.put_back(parts), (request.workspace.slug, assistant.pk)
    try:
        restore_parts_as_draft(
            author=request.member, assistant=assistant, definition=wanted, seen=seen
        )
    except OutsideRights as error:
        messages.warning(request, not_restored(error.fields))
        return SeeOther(request.path)
    except DraftMoved:  # saved this very moment: the page asks about it
        return SeeOther(request.path)
    for text in advise_on_functions(wanted, parts.older):
        messages.warning(request, text)
    version = version_of(found) or ""
    return SeeOther(f"{resolve_url('assistants:review', *root)}?parts={version}")


def _page(
    request: WorkspaceRequest,
    assistant: Assistant,
    found: Revision,
    parts: OlderParts,
    *,
    trouble: Objection | None = None,
) -> HttpResponse:
    scope, form, in_full = scope_of(request.member, assistant), request.POST, "all" in request.GET
    context = {
        "row": selectors.revision_detail(assistant, found.number).row,
        "choices": list(part_choices(parts, form, scope, in_full=in_full)),
        "advice": advice_on_references(parts.older, assistant.connection),
        "replaced": replaced_by(request, assistant, parts.live),
        "trouble": trouble,
    }
    return assistant_page(
        request, "assistants/lifecycle/restore_parts.html", assistant, context, trouble=trouble
    )
