"""Publishing while an earlier change may still arrive, after a person confirms it."""

from typing import Any

from admin_ui.accounts.guard.access import WorkspaceRequest
from admin_ui.display.times import at, clock
from assistants.models import Assistant, Revision
from assistants.selectors.addresses import AssistantPages
from assistants.services.ledger.doubt import revisions_in_doubt


def doubt_context(assistant: Assistant, *, apart_from: Revision | None = None) -> dict[str, Any]:
    """Return what `_doubts.html` shows, and as `over_doubt` what a form sends to confirm.

    `apart_from` is the change that the page is about, which needs no warning.
    """
    found = revisions_in_doubt(assistant)
    return {
        "over_doubt": _newest(found),
        "doubts": [
            {
                "who": revision.author_name,
                "when": at(revision.created_at),
                "until": clock(revision.may_arrive_until),
                "url": AssistantPages.of(assistant).revision(revision.number),
            }
            for revision in found
            if revision != apart_from and revision.may_arrive
        ],
    }


def goes_over_doubt(request: WorkspaceRequest, assistant: Assistant) -> bool:
    """Return whether the person was shown the newest change in doubt, and confirmed."""
    shown = request.POST.get("over_doubt", "")
    return shown != "" and shown == _newest(revisions_in_doubt(assistant))


def _newest(found: list[Revision]) -> str:
    return str(found[0].number) if found else ""
