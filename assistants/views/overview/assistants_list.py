from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import push_url

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from assistants import selectors
from assistants.search import MOST_QUERY_CHARACTERS
from assistants.wording import STATUS_FILTERS


def searches(request: WorkspaceRequest) -> bool:
    """Return whether the request searches texts."""
    return bool(request.GET.get("q"))


@require_safe
@vary_on_headers("HX-Request")
@require(Action.VIEW)
@costly(when=searches)
def assistants_list(request: WorkspaceRequest) -> HttpResponse:
    """Show the list of assistants; for the search box, only the table, which it replaces."""
    params = request.GET.dict()
    connections = selectors.connection_names(request.workspace)
    page = selectors.assistants_page(
        workspace=request.workspace, user=request.user, params=params, connections=connections
    )
    context = {
        "page": page,
        "params": params,
        "longest": MOST_QUERY_CHARACTERS,
        "sort": params.get("sort") or ("match" if page.query else "changed"),
        "filtered": any(params.get(name) for name in ("q", "model", "connection", "status")),
    }
    if request.htmx and not request.htmx.history_restore_request:
        address = f"{request.path}?{urlencode({key: params[key] for key in params if params[key]})}"
        return push_url(render(request, "assistants/overview/list.html#table", context), address)
    context |= {
        "models": selectors.models_of(request.workspace),
        "connections": connections.items() if len(connections) > 1 else (),
        "statuses": STATUS_FILTERS.items(),
    }
    return render(request, "assistants/overview/list.html", context)
