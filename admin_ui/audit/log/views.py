"""The audit log: of a workspace for its admins, of the instance for owners."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.leaving.owners_views import OwnerRequest, owners_only
from admin_ui.accounts.models import Workspace
from admin_ui.accounts.permissions import Action
from admin_ui.audit.log.export import exported_log
from admin_ui.audit.log.reading import log_page
from admin_ui.audit.log.selection import LONGEST_SEARCH, Selection
from admin_ui.audit.log.wording import chosen_filters, event_title, summary_of
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import INSTANCE_CHAIN
from admin_ui.display.row_files import MEDIA_TYPES


@require(Action.READ_AUDIT)
@require_safe
def workspace_log(request: WorkspaceRequest) -> HttpResponse:
    """Show what happened in a workspace; `?format=csv` and `?format=jsonl` are files."""
    return _log(request, request.workspace)


@owners_only
@require_safe
def instance_log(request: OwnerRequest) -> HttpResponse:
    """Show what concerns no workspace: sign-ins, accounts, owners; also as a file."""
    return _log(request, None)


def _log(request: HttpRequest, workspace: Workspace | None) -> HttpResponse:
    selection = Selection.of(request.GET.dict())
    form = request.GET.get("format", "")
    if form in MEDIA_TYPES:
        file: Any = exported_log(workspace, selection, form)  # streamed, so no HttpResponse
        return file  # type: ignore[no-any-return]
    found = log_page(workspace.pk if workspace else INSTANCE_CHAIN, request.GET.dict())
    context: dict[str, Any] = {
        "page": found,
        "events": [(event, event_title(event), summary_of(event)) for event in found.rows],
        "selection": selection,
        "active": chosen_filters(selection),
        "kinds": sorted(EventKind.choices, key=lambda choice: str(choice[1])),
        "longest": LONGEST_SEARCH,
        "of_instance": workspace is None,
    }
    return render(request, "audit/log.html", context)
