"""What the pages about files and vector stores share."""

from django.http import Http404

from admin_ui.accounts.guard.access import WorkspaceRequest
from assistants import selectors
from assistants.models import Connection
from assistants.models.connections.documents import LONGEST_REMOTE_ID


def library_of(request: WorkspaceRequest, pk: int) -> Connection:
    """Return a connection with files and stores. Raises `Http404`, also for the registry."""
    connection = selectors.get_connection(request.workspace, pk)
    if connection.is_in_process:
        raise Http404
    return connection


def named_in(request: WorkspaceRequest, parameter: str) -> str:
    """Return the ID that the address names. Raises `Http404` if it can be none."""
    remote_id = request.GET.get(parameter, "")
    if not 0 < len(remote_id) <= LONGEST_REMOTE_ID or not remote_id.isprintable():
        raise Http404
    return remote_id
