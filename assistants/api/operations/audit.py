"""The audit log of the workspace."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from admin_ui.accounts.permissions import Action
from admin_ui.audit.log.reading import log_page
from admin_ui.audit.models import AuditEvent
from assistants.api.reading import may, member_of, page_of, params_of
from assistants.api.shapes import EventOut, Filter, Page

router = Router()


@router.get("audit", auth=may(Action.READ_AUDIT, within=True), response=Page[EventOut])
def audit_list(
    request: HttpRequest,
    *,
    kind: Filter = "",
    since: Filter = "",
    until: Filter = "",
    q: Filter = "",
    cursor: Filter = "",
) -> Any:
    """List security events, the newest first. `since` and `until` are days: 2026-11-27."""
    member = member_of(request)
    params = params_of(cursor, kind=kind, since=since, until=until, q=q)
    found = log_page(member.workspace_id, params)
    return page_of(found.rows, found.older, event_json)


def event_json(event: AuditEvent) -> dict[str, Any]:
    return {
        "number": event.number,
        "at": event.at,
        "kind": event.kind,
        "actor": event.actor_name,
        "about": event.about,
        "details": event.details,
        "address": event.address,
    }
