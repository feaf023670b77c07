"""Listing, reading, beginning and deleting assistants."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from admin_ui.accounts.permissions import Action
from assistants import selectors
from assistants.api.operations.sending import sent, sent_json
from assistants.api.reading import (
    assistant_of,
    caller_of,
    live_number,
    matched,
    may,
    may_use,
    member_of,
    not_current,
    page_of,
    params_of,
    tag,
)
from assistants.api.shapes import (
    AssistantOut,
    Filter,
    LiveOut,
    NewAssistant,
    Page,
    PageSize,
    SentOut,
)
from assistants.definition import Definition
from assistants.models import Assistant
from assistants.selectors.assistants import listed_assistants
from assistants.selectors.versions import held_after
from assistants.services.editing.drafts import new_assistant
from assistants.services.errors import ConnectionArchived
from assistants.services.exports import note_export
from assistants.services.publishing.delete import delete_assistant

router = Router()


@router.get("assistants", auth=may(Action.VIEW), response=Page[AssistantOut])
def assistants_search(
    request: HttpRequest,
    *,
    q: Filter = "",
    status: Filter = "",
    model: Filter = "",
    connection: Filter = "",
    sort: Filter = "",
    cursor: Filter = "",
    limit: PageSize = 25,
) -> Any:
    """List assistants, those that changed last first. Filters are those of the page."""
    member = member_of(request)
    found = listed_assistants(
        workspace=member.workspace,
        user=member.user,
        params=params_of(cursor, q=q, status=status, model=model, connection=connection, sort=sort),
        only=caller_of(request).only,
        size=limit,
    )
    return page_of(found.rows, found.older, assistant_json)


@router.post("assistants", auth=may(Action.CREATE, within=True), response={201: LiveOut})
def assistants_create(request: HttpRequest, response: HttpResponse, body: NewAssistant) -> Any:
    """Begin an assistant as a draft. Publishing creates it on its remote."""
    member = member_of(request)
    connections = selectors.open_connections_of(member.workspace)
    chosen = connections.first()
    if body.connection is not None or chosen is None:
        chosen = selectors.get_connection(member.workspace, body.connection or 0)
        if chosen.archived_at is not None:
            raise ConnectionArchived
    assistant = new_assistant(
        author=member, connection=chosen, definition=Definition.parse(body.definition)
    )
    tag(response, 0)
    response["Location"] = f"{request.path}/{assistant.pk}"
    return live_json(assistant)


@router.get("assistants/{number:pk}", auth=may_use(Action.VIEW), response=LiveOut)
def assistants_read(request: HttpRequest, response: HttpResponse, pk: int) -> Any:
    """Read an assistant with the definition that is live. The ETag names the revision."""
    assistant = assistant_of(request, pk)
    note_export(author=member_of(request), assistant=assistant)
    tag(response, live_number(assistant))
    return live_json(assistant)


@router.delete(
    "assistants/{number:pk}", auth=may_use(Action.DELETE), response={200: SentOut, 202: SentOut}
)
def assistants_delete(request: HttpRequest, pk: int, note: Filter = "") -> Any:
    """Delete an assistant on its remote. Its history stays."""
    assistant = assistant_of(request, pk)
    if matched(request) not in (None, live_number(assistant)):
        raise not_current(assistant)
    member = member_of(request)
    remote_id = assistant.remote_id
    result = delete_assistant(author=member, assistant=assistant, note=note)
    return sent(result, sent_json(result, remote_id))


def assistant_json(row: Assistant) -> dict[str, Any]:
    return {
        "id": row.pk,
        "remote_id": row.remote_id,
        "name": row.name,
        "description": row.description,
        "model": row.model,
        "tools": [kind for kind in row.tool_kinds.split(",") if kind],
        "state": row.state,
        "trouble": row.trouble or None,
        "version": row.live_version or None,
        "connection": row.connection_id,
        "changed_at": row.changed_at,
        "changed_by": row.changed_by,
    }


def live_json(assistant: Assistant) -> dict[str, Any]:
    held = held_after(assistant.live).to_dict() if assistant.live else None
    return {
        **assistant_json(assistant),
        "revision": live_number(assistant),
        "definition": held,
    }
