"""What every page about one assistant shows around its content."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string

from admin_ui.accounts.access import WorkspaceRequest
from assistants.models import Assistant
from assistants.selectors.history import root_of
from assistants.wording import assistant_chips

GONE = (Assistant.State.DELETED, Assistant.State.MISSING)


def assistant_page(
    request: WorkspaceRequest,
    template: str,
    assistant: Assistant,
    context: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Render a template that extends `assistants/_assistant.html`.

    It gets `assistant`, its `chips`, whether it is `gone` from its gateway, and the address `root`
    below which its pages stand, beside `context`.
    """
    assistant.workspace = request.workspace
    around = {
        "assistant": assistant,
        "chips": assistant_chips(assistant),
        "gone": assistant.state in GONE,
        "root": root_of(assistant),
    }
    page = render_to_string(template, {**around, **context}, request)
    # A gateway may hold halves of surrogate pairs, which no page can carry.
    return HttpResponse(page.encode("utf-8", "replace"), status=status)
