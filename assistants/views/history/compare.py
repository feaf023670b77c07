import re

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from assistants import selectors
from assistants.diff import glance
from assistants.models import Assistant, names_of
from assistants.selectors.addresses import AssistantPages
from assistants.selectors.assistants import first_assistants
from assistants.selectors.history import named_versions
from assistants.selectors.past.erased import erasures_of, lacks_text
from assistants.services.exports import note_export
from assistants.views.assistant_page import assistant_page
from assistants.views.history.as_json import comparison_json, downloads, exported
from assistants.wording import decision_about, show_changes

MOST_TO_COMPARE = 25
"""Other assistants that the page offers; a search finds the rest."""
SIDE = re.compile(r"(\d{1,18}@)?(\d{1,9}|live|draft)", re.A)


@require_safe
@require(Action.VIEW)
@costly()
def compare(request: WorkspaceRequest, pk: int, a: str, b: str) -> HttpResponse:
    """Show the difference between two versions; each is a number, `live` or `draft`.

    With `<pk>@` before it, a side is of another assistant of the workspace.
    """
    assistant = selectors.get_assistant(request.workspace, pk, reader=request.user)
    assistant.workspace = request.workspace
    old, new = selectors.get_sides(assistant=assistant, references=(a, b), user=request.user)
    if downloads(request):
        for side in (old, new):
            if side.owner and side.owner.pk != pk:
                note_export(author=request.member, assistant=side.owner)
        return exported(request, assistant, comparison_json(assistant, old, new))
    in_full = "all" in request.GET
    found = glance(old.definition, new.definition)
    names = names_of(side.revision for side in (old, new) if side.revision)
    changes = show_changes(found, in_full=in_full)
    context = {
        "old": old,
        "new": new,
        "compared": [
            (side, names.get(side.revision.pk) if side.revision else None) for side in (old, new)
        ],
        "named_versions": named_versions(assistant),
        "erasures": [
            erasure
            for side in (old, new)
            if side.revision
            for erasure in erasures_of(side.revision)
        ],
        "old_lacks_text": old.revision is not None and lacks_text(old.revision),
        "changes": changes,
        "summary": decision_about(found, changes) if changes else None,
        "is_cut": any(change.part < 100 for change in changes),
        "whole": "?format=json",
        "has_text": any(change.blocks for change in changes),
        "sides": request.GET.get("view") == "sides",
        "in_full": in_full,
    }
    return assistant_page(request, "assistants/comparing/compare.html", assistant, context)


@require_safe
@require(Action.VIEW)
@costly(when=lambda request: bool(request.GET.get("q")))
def compare_with(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Offer what to compare an assistant with: its versions, and other assistants.

    With the sides `a` and `b`, and for each the pk of another assistant (`a_of`, `b_of`), it
    redirects to the comparison.
    """
    assistant = selectors.get_assistant(request.workspace, pk, content=False, reader=request.user)
    assistant.workspace = request.workspace
    a, b = (_side_in(request, name) for name in "ab")
    if SIDE.fullmatch(a) and SIDE.fullmatch(b):
        return redirect(AssistantPages.of(assistant).compare(a, b))
    query = request.GET.get("q", "")
    context = {
        "query": query,
        "others": _others(assistant, query),
        "named_versions": named_versions(assistant),
    }
    return assistant_page(request, "assistants/comparing/compare_with.html", assistant, context)


def _side_in(request: WorkspaceRequest, name: str) -> str:
    owner = request.GET.get(f"{name}_of", "")
    place = request.GET.get(name, "").strip().lower()
    return f"{owner}@{place}" if owner else place


def _others(assistant: Assistant, query: str) -> list[tuple[Assistant, str]]:
    """Return other assistants that are live, each with the address of the comparison."""
    pages = AssistantPages.of(assistant)
    side = "live" if assistant.live_version else "draft"
    found = first_assistants(assistant.workspace, query, MOST_TO_COMPARE)
    return [
        (row, pages.compare(side, f"{row.pk}@live"))
        for row in found
        if row.live_version and row.pk != assistant.pk
    ]
