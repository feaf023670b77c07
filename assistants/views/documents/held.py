"""What a page says where approvals or a freeze window keep documents from being changed."""

from typing import Any

from admin_ui.accounts.guard.access import WorkspaceRequest
from admin_ui.accounts.permissions import Action, can
from admin_ui.accounts.selectors import admins_of
from assistants.selectors.documents.held import what_holds
from assistants.selectors.documents.library import Affected

MOST_ADMINS_NAMED = 5


def held_context(request: WorkspaceRequest, store_id: str, affected: Affected) -> dict[str, Any]:
    """Return what `held` says, whether the person `may_override` it, or else who may (`admins`)."""
    held = what_holds(workspace=request.workspace.pk, store_id=store_id, assistants=affected.pks)
    may_override = held is not None and can(request.member, Action.OVERRIDE)
    found = admins_of(request.workspace) if held is not None and not may_override else []
    return {
        "held": held,
        "may_override": may_override,
        "admins": [str(person) for person in found[:MOST_ADMINS_NAMED]],
    }
