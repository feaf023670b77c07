"""The files and vector stores of a connection."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.paging import is_number
from assistants import selectors
from assistants.models import OfferList
from assistants.selectors.addresses import WorkspacePages
from assistants.selectors.documents.library import library_page, list_is_due
from assistants.selectors.offers import LONGEST_QUERY
from assistants.tasks.offers import offers_behind
from assistants.views.connections.offers import poll_again

LIBRARY_KINDS = (OfferList.Kind.FILES, OfferList.Kind.STORES)


@require(Action.VIEW)
@require_safe
@costly()
def connection_files(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Show the kept list of `kind` (files or vector_stores), filtered by `q`.

    With `try`, a list that is due is read, by a worker if there is one; until it is done, the
    fragment asks again.
    """
    connection = selectors.get_connection(request.workspace, pk)
    kind, tried = request.GET.get("kind", LIBRARY_KINDS[0]), request.GET.get("try", "")
    if kind not in LIBRARY_KINDS:
        raise Http404
    is_waiting = bool(tried) and offers_behind(connection)
    again = poll_again(int(tried) if is_number(tried) else 0, is_waiting=is_waiting)
    if not tried:
        again = {"next_try": 0 if list_is_due(connection, kind) else None, "wait": 0}
    params = request.GET.dict()
    params.pop("try", None)
    context = {
        "connection": connection,
        "pages": WorkspacePages.of(request.workspace.slug).connection(pk),
        "kind": kind,
        "is_stores": kind == OfferList.Kind.STORES,
        "library": library_page(connection, kind, params),
        "q": params.get("q", "")[:LONGEST_QUERY],
        "longest": LONGEST_QUERY,
        "query": _query(params),
        **again,
    }
    template = "assistants/documents/files.html"
    return render(request, f"{template}#list" if request.htmx else template, context)


def _query(params: dict[str, str]) -> str:
    """Return the query string of the page as it is, for the fragment to add to."""
    return urlencode({name: value for name, value in params.items() if value})
