"""What a page that publishes says about the approvals that a change needs."""

from typing import Any

from admin_ui.accounts.guard.access import WorkspaceRequest
from admin_ui.accounts.permissions import Action, can
from assistants.definition import Definition
from assistants.forms.text import printable
from assistants.models import Assistant
from assistants.selectors.change_requests.decisions import approvals_missing
from assistants.selectors.change_requests.detail import missing_sentences


def approval_context(
    request: WorkspaceRequest,
    assistant: Assistant,
    *,
    kind: str,
    wanted: Definition,
    live: Definition | None,
) -> dict[str, Any]:
    """Return the `approvals` that are missing as sentences, and who `may_override` them."""
    missing = approvals_missing(assistant, kind=kind, wanted=wanted, live=live)
    return {
        "approvals": missing_sentences(missing),
        "may_override": bool(missing) and can(request.member, Action.OVERRIDE),
        "reason": override_of(request),
    }


def override_of(request: WorkspaceRequest) -> str:
    """Return the posted reason for publishing without approval; "" for none."""
    return printable(request.POST.get("reason", "")).strip()
