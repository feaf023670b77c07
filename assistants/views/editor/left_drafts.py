"""What pages show of a colleague's draft: whether its person has left, and what may be done."""

from typing import Any

from admin_ui.accounts.guard.access import WorkspaceRequest
from assistants.models import Draft
from assistants.selectors.left import why_left


def left_context(request: WorkspaceRequest, draft: Draft) -> dict[str, Any]:
    """Return what `assistants/drafts/_left_draft.html` and `_actions.html` show about `draft`."""
    if draft.user_id == request.user.pk:
        return {"left": "", "has_own": False, "drafter_seen": ""}
    mine = Draft.objects.filter(assistant=draft.assistant, user=request.user)
    return {
        "left": why_left(draft),
        "has_own": mine.exists(),
        "drafter_seen": draft.known_digest,
    }
