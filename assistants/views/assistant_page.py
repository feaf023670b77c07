"""The frame of every page about one assistant."""

import time
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject

from admin_ui.accounts.guard.access import WorkspaceRequest
from admin_ui.accounts.permissions import Action
from admin_ui.request.http import log_unavailable
from assistants.models import GONE_STATES, Assistant
from assistants.selectors.addresses import AssistantPages
from assistants.selectors.change_requests.addresses import ChangeRequestPages
from assistants.selectors.delivery import delivery_of, mark_of
from assistants.selectors.rights.scope import scope_of
from assistants.views.objection import Objection
from assistants.wording import assistant_chips


def assistant_page(
    request: WorkspaceRequest,
    template: str,
    assistant: Assistant,
    context: Mapping[str, Any],
    *,
    status: int = 200,
    trouble: Objection | None = None,
) -> HttpResponse:
    """Render a template that extends `assistants/assistant/_header.html`.

    Besides `context`, the template gets `assistant`, its `chips`, whether it is `gone` from its
    gateway, `root` (the start of its addresses), `whole` (the address of what is live as JSON; ""
    for none), the trouble of its `delivery`, `seen` (tells a later check what the page shows) and
    `opened` (when, in milliseconds), and what `rights_context` says. With `trouble`, the response
    has its status, and says when to try again.
    """
    assistant.workspace = request.workspace
    pages, requests = AssistantPages.of(assistant), ChangeRequestPages.of(request.workspace.slug)
    around = {
        "assistant": assistant,
        "chips": assistant_chips(assistant, pages.revision, requests.request),
        "gone": assistant.state in GONE_STATES,
        "pages": pages,
        "whole": SimpleLazyObject(lambda: _whole(assistant, pages)),
        "seen": mark_of(assistant),
        "opened": time.time_ns() // 1_000_000,
        "delivery": SimpleLazyObject(lambda: delivery_of(assistant, request.user)),
        **rights_context(request, assistant),
    }
    page = render_to_string(template, {**around, **context}, request)
    # A gateway may hold halves of surrogate pairs, which no page can carry.
    answer = HttpResponse(page.encode("utf-8", "replace"), status=status)
    if trouble is not None:
        answer.status_code = trouble.status
        if trouble.retry_after:
            answer["Retry-After"] = str(trouble.retry_after)
        if trouble.not_now:
            return log_unavailable(request, answer)
    return answer


def rights_context(request: WorkspaceRequest, assistant: Assistant) -> dict[str, Any]:
    """Return `scope`, what the member may change of `assistant`, and less in `may` if nothing."""
    scope = scope_of(request.member, assistant)
    if scope.is_empty:
        return {"scope": scope, "may": {Action.VIEW.value: True}}
    return {"scope": scope}


def _whole(assistant: Assistant, pages: AssistantPages) -> str:
    """Return the address of what is live as JSON, for pages that cannot show all of it."""
    return f"{pages.revision(assistant.live.number)}?format=json" if assistant.live else ""
