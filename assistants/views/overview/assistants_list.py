from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import push_url

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from assistants import selectors
from assistants.search import MOST_QUERY_CHARACTERS
from assistants.views.overview.filters import ActiveFilter, Offered, active_filters
from assistants.wording import CHANGEABLE, STATUS_FILTERS


def searches(request: WorkspaceRequest) -> bool:
    """Return whether the request searches texts."""
    return bool(request.GET.get("q"))


FILTERS = ("model", "connection", "status")


def filters_on(params: Mapping[str, str], connections: Mapping[int, str]) -> list[ActiveFilter]:
    """Return which filters of the list are on."""
    names = {str(pk): name for pk, name in connections.items()}
    choices = (None, names, STATUS_FILTERS)
    labels = (_("Model"), _("Connection"), _("Status"))
    offered: Offered = dict(zip(FILTERS, zip(labels, choices, strict=True), strict=True))
    return active_filters(params, offered)


@require_safe
@vary_on_headers("HX-Request")
@require(Action.VIEW)
@costly(when=searches)
def assistants_list(request: WorkspaceRequest) -> HttpResponse:
    """Show the list of assistants; for the search box, only the table, which it replaces."""
    params = request.GET.dict()
    connections = selectors.connection_names(request.workspace)
    page = selectors.assistants_page(
        workspace=request.workspace,
        user=request.user,
        params=params,
        connections=connections,
        member=request.member,
    )
    context = {
        "page": page,
        "params": dict.fromkeys(("q", "sort", *FILTERS), "") | params,
        "longest": MOST_QUERY_CHARACTERS,
        "sort": params.get("sort") or ("match" if page.query else "changed"),
        "filtered": any(params.get(name) for name in ("q", *FILTERS)),
        "active": filters_on(params, connections),
        "has_several": len(connections) > 1,
    }
    if request.htmx and not request.htmx.history_restore_request:
        address = f"{request.path}?{urlencode({key: params[key] for key in params if params[key]})}"
        return push_url(render(request, "assistants/overview/list.html#table", context), address)
    context |= {
        "models": selectors.models_of(request.workspace),
        "connections": connections.items() if len(connections) > 1 else (),
        "statuses": [
            (value, label)
            for value, label in STATUS_FILTERS.items()
            if value != CHANGEABLE or request.member.is_narrowed
        ],
    }
    return render(request, "assistants/overview/list.html", context)
