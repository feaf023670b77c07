"""Choosing files and vector stores by name."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.paging import ResultPage
from assistants import selectors
from assistants.forms.offered.knowledge import ID_INPUTS, offer_row
from assistants.models import OfferEntry, OfferList
from assistants.selectors.offers import LONGEST_QUERY, find_offers
from assistants.wording.offers import unread_list


@require(Action.EDIT_DRAFT)
@require_safe
@costly()
def connection_knowledge(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Show what a connection lists of `kind` (files or vector_stores), filtered by `q`.

    htmx gets the dialog in which a person ticks; others get a page with the IDs to copy. Calls no
    gateway.
    """
    connection = selectors.get_connection(request.workspace, pk)
    kind = request.GET.get("kind", ID_INPUTS[0].kind)
    spec = next((spec for spec in ID_INPUTS if spec.kind == kind), None)
    if spec is None:
        raise Http404
    found, today = find_offers(connection, kind, request.GET.dict()), timezone.localdate()
    row = found.list
    failed = row is not None and row.failure not in ("", OfferList.NONE)
    context = {
        "connection": connection,
        "spec": spec,
        "rows": [offer_row(entry, today) for entry in found.page.rows],
        "steps": [step for step in _steps(found.page) if step[0]],
        "list": row,
        "unread": unread_list(kind, row.asked_at) if row and row.asked_at and failed else "",
        "q": request.GET.get("q", "")[:LONGEST_QUERY],
        "longest": LONGEST_QUERY,
        "in_dialog": bool(request.htmx),
    }
    template = "assistants/knowledge/choose.html"
    return render(request, f"{template}#picker" if request.htmx else template, context)


def _steps(page: ResultPage[OfferEntry]) -> list[tuple[str, str]]:
    """Return the query strings of the pages before and after, with their labels."""
    return [(page.newer, _("Newer")), (page.older, _("Older"))]
