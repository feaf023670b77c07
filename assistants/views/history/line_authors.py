from functools import partial

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.paging import is_number
from assistants import selectors
from assistants.selectors.past.line_authors import authored_page
from assistants.services.history.line_origins import trace_lines
from assistants.views.assistant_page import assistant_page

PAGE_SECONDS = 0.5
"""Processor time that a page takes for a history nobody has read yet; then it asks again."""


@require_safe
@require(Action.VIEW)
@costly()
def line_authors(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Show who wrote each line of the instructions as of a version, or as they are live."""
    assistant = selectors.get_assistant(request.workspace, pk, content=False)
    newest = assistant.live_version or 0
    version = _number(request.GET.get("version", ""), newest)
    if not min(1, newest) <= version <= newest:
        raise Http404
    traced = trace_lines(assistant=assistant, version=version, seconds=PAGE_SECONDS)
    first = _number(request.GET.get("line", ""), 1)
    shown = partial(authored_page, assistant, traced.text, traced.origins.lines)
    context = {
        "version": version,
        "newest": newest,
        "reached": traced.version,
        "page": shown(version=version, first=first) if traced.is_done else None,
    }
    return assistant_page(request, "assistants/history/lines.html", assistant, context)


def _number(text: str, default: int) -> int:
    return int(text) if is_number(text) else default
