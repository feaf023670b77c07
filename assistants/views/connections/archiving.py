from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.permissions import Action
from admin_ui.display.isolation import isolated
from admin_ui.paging import is_number
from admin_ui.request.http import SeeOther
from assistants import selectors
from assistants.models import Connection
from assistants.selectors.connections import affected_by_archiving
from assistants.services.connections import archiving as service
from assistants.services.connections.saving import why_needed
from assistants.services.errors import ConnectionArchived, ConnectionKept
from assistants.wording.errors import WHY_CONNECTION_IS_KEPT


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.MANAGE_CONNECTIONS)
def connection_archive(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET says what changes, or why the connection stays; POST archives it.

    `default` names the connection that takes its place as the default.
    """
    connection = selectors.get_connection(request.workspace, pk)
    others = selectors.open_connection_names(request.workspace)
    others = {other: name for other, name in others.items() if other != pk}
    if request.method == "POST" and (answer := _archive(request, connection)):
        return answer
    reason = why_needed(connection)
    context = {
        "connection": connection,
        "others": others.items() if reason == "default" else (),
        "reason": "" if reason == "default" and others else WHY_CONNECTION_IS_KEPT.get(reason, ""),
        "affected": affected_by_archiving(connection),
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "assistants/connections/archive.html", context, status=status)


def _archive(request: WorkspaceRequest, connection: Connection) -> HttpResponse | None:
    """Archive the connection; None if it or the chosen default does not allow that."""
    chosen = request.POST.get("default", "")
    if chosen and not is_number(chosen):
        raise Http404
    new_default = selectors.get_connection(request.workspace, int(chosen)) if chosen else None
    try:
        service.archive_connection(
            author=request.member, connection=connection, new_default=new_default
        )
    except Connection.DoesNotExist as error:
        raise Http404 from error
    except (ConnectionArchived, ConnectionKept):
        return None
    text = _("%(name)s is archived. Its assistants and their history stay readable.")
    messages.success(request, text % {"name": isolated(connection.name)})
    return SeeOther(resolve_url("assistants:connections", request.workspace.slug))


@require_POST
@require(Action.MANAGE_CONNECTIONS)
def connection_reopen(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Use an archived connection again."""
    connection = selectors.get_connection(request.workspace, pk)
    service.reopen_connection(author=request.member, connection=connection)
    text = _("%(name)s is open again.") % {"name": isolated(connection.name)}
    messages.success(request, text)
    return SeeOther(resolve_url("assistants:connections", request.workspace.slug))
