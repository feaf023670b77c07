"""What a page that publishes says about approvals that a change needs, and freeze windows."""

from typing import Any

from admin_ui.accounts.guard.access import WorkspaceRequest
from admin_ui.accounts.permissions import Action, can
from assistants.definition import Definition
from assistants.forms.text import printable
from assistants.models import Assistant, Draft
from assistants.selectors.change_requests.addresses import ChangeRequestPages
from assistants.selectors.change_requests.decisions import approvals_missing
from assistants.selectors.change_requests.detail import missing_sentences
from assistants.selectors.change_requests.freezes import freeze_in_force
from assistants.selectors.change_requests.lists import request_of_draft
from assistants.services.errors import NoOverride
from assistants.wording.approval.change_requests import submitted_sentence

OVERRIDE = "override"
"""The `action` of the button with which an admin goes past what holds a change."""


def approval_context(
    request: WorkspaceRequest,
    assistant: Assistant,
    *,
    kind: str,
    wanted: Definition,
    live: Definition | None,
) -> dict[str, Any]:
    """Return whether the change `is_held`, and whether the person `may_override` that.

    It is held by `approvals` that are missing, as sentences, or by a freeze window (`frozen`).
    """
    missing = approvals_missing(assistant, kind=kind, wanted=wanted, live=live)
    frozen = freeze_in_force(request.workspace.pk)
    is_held = bool(missing or frozen)
    return {
        "approvals": missing_sentences(missing),
        "frozen": frozen,
        "is_held": is_held,
        "may_override": is_held and can(request.member, Action.OVERRIDE),
        "reason": typed_reason(request),
    }


def submitted_context(request: WorkspaceRequest, draft: Draft) -> dict[str, Any]:
    """Return what was `submitted` of a draft: a sentence and an address, or None.

    `has_gone_on` is whether the draft has changed since. One query at most.
    """
    found = request_of_draft(draft.assistant, draft.user_id)
    if found is None:
        return {"submitted": None}
    address = ChangeRequestPages.of(request.workspace.slug).request(found.number)
    return {
        "submitted": {"sentence": submitted_sentence(found), "url": address},
        "has_gone_on": found.asked_digest != draft.known_digest,
    }


def override_of(request: WorkspaceRequest) -> str:
    """Return the posted reason for going past what holds a change; "" for none.

    Raises `NoOverride` if there is none and the button that needs one was pressed.
    """
    reason = typed_reason(request)
    if not reason and request.POST.get("action") == OVERRIDE:
        raise NoOverride
    return reason


def typed_reason(request: WorkspaceRequest) -> str:
    """Return the posted reason; "" for none."""
    return printable(request.POST.get("reason", "")).strip()
