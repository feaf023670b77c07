"""Choosing what a new assistant starts from: nothing, a sample, a template, or another one."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.display.isolation import isolated
from admin_ui.paging import is_number
from admin_ui.request.http import SeeOther
from assistants import selectors
from assistants.definition import LIMITS, Definition
from assistants.models import Connection
from assistants.search import MOST_QUERY_CHARACTERS
from assistants.selectors.shared.templates import get_template, templates_of
from assistants.services.editing.drafts import current_definition, new_assistant
from assistants.services.setup.sample_data import sample_named, sample_rows

MOST_OTHERS = 8
"""Other assistants that the page offers; a search finds the rest."""


@require(Action.CREATE)
@require_http_methods(["GET", "HEAD", "POST"])
@costly()
def start_from(request: WorkspaceRequest) -> HttpResponse:
    """GET shows the choices, `q` searches other assistants; POST begins a draft from `start`.

    `start` is `blank`, `sample-<slug>`, `template-<pk>` or `assistant-<pk>`.
    """
    connections = selectors.open_connection_names(request.workspace)
    if not connections:
        return render(request, "assistants/editor/new_nowhere.html")
    if request.method == "POST":
        return _begin(request, _picked(request, connections))
    others = selectors.assistants_page(
        workspace=request.workspace,
        user=request.user,
        params={"q": request.GET.get("q", "")},
        connections=connections,
    )
    context = {
        "connections": connections.items() if len(connections) > 1 else (),
        "picked": request.GET.get("connection", ""),
        "samples": sample_rows(),
        "templates": templates_of(request.workspace),
        "others": others.rows[:MOST_OTHERS],
        "more_others": len(others.rows) > MOST_OTHERS or bool(others.older),
        "q": request.GET.get("q", ""),
        "longest": MOST_QUERY_CHARACTERS,
    }
    return render(request, "assistants/starting/start.html", context)


def _picked(request: WorkspaceRequest, connections: Mapping[int, str]) -> Connection:
    picked = request.POST.get("connection", "")
    pk = next((pk for pk in connections if str(pk) == picked), None)
    if pk is None and picked:
        raise Http404
    return selectors.get_connection(request.workspace, pk or next(iter(connections)))


def _begin(request: WorkspaceRequest, connection: Connection) -> HttpResponse:
    if request.POST.get("start") == "blank":
        blank = resolve_url("assistants:new", request.workspace.slug)
        return SeeOther(f"{blank}?connection={connection.pk}")
    name, definition = _source(request, request.POST.get("start", ""))
    assistant = new_assistant(author=request.member, connection=connection, definition=definition)
    text = _("Started from %(name)s. This is your draft. It is not published yet.")
    messages.success(request, text % {"name": isolated(name)})
    return SeeOther(resolve_url("assistants:edit", request.workspace.slug, assistant.pk))


def _source(request: WorkspaceRequest, chosen: str) -> tuple[str, Definition]:
    """Return the name and the definition of what was chosen. Raises `Http404`."""
    kind, _dash, key = chosen.partition("-")
    if kind == "sample" and (sample := sample_named(key)):
        return str(sample["name"]), Definition.parse(sample)
    if kind == "template" and is_number(key):
        template = get_template(request.workspace, int(key))
        return template.name, template.definition
    if kind == "assistant" and is_number(key):
        assistant = selectors.get_assistant(request.workspace, int(key))
        name = _("Copy of %(original)s") % {"original": assistant}
        return str(assistant), current_definition(assistant).replace(name=name[: LIMITS.name])
    raise Http404
