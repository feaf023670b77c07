from functools import partial

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.paging import is_number
from assistants import selectors
from assistants.diff.origins import numbered_lines
from assistants.models import Assistant
from assistants.selectors.past.line_authors import authored_page
from assistants.services.history.line_origins import TracedLines, trace_lines
from assistants.services.history.line_words import trace_words
from assistants.views.assistant_page import assistant_page
from assistants.wording.texts.authored import LineWords

PAGE_SECONDS = 0.5
"""Processor time that a page takes for a history nobody has read yet; then it asks again."""


@require_safe
@require(Action.VIEW)
@costly()
def line_authors(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Show who wrote each line of the instructions as of a version, or as they are live.

    `words` is the number of a line of which the words are followed back too.
    """
    assistant = selectors.get_assistant(request.workspace, pk, content=False, reader=request.user)
    newest = assistant.live_version or 0
    version = _number(request.GET.get("version", ""), newest)
    if not min(1, newest) <= version <= newest:
        raise Http404
    traced = trace_lines(assistant=assistant, version=version, seconds=PAGE_SECONDS)
    first = _number(request.GET.get("line", ""), 1)
    asked = _number(request.GET.get("words", ""), 0)
    words = _words(assistant, traced, asked) if traced.is_done else None
    shown = partial(authored_page, assistant, traced.text, traced.origins.lines, words=words)
    context = {
        "version": version,
        "newest": newest,
        "reached": traced.version,
        "page": shown(version=version, first=first) if traced.is_done else None,
    }
    return assistant_page(request, "assistants/history/lines.html", assistant, context)


def _words(assistant: Assistant, traced: TracedLines, number: int) -> LineWords | None:
    """Return the words of a line by the versions that brought them; None for no such line."""
    lines = numbered_lines(traced.text)
    if not 1 <= number <= len(lines):
        return None
    version = traced.origins.lines[number - 1]
    runs = trace_words(
        assistant=assistant, line=lines[number - 1], version=version, seconds=PAGE_SECONDS
    )
    return LineWords(number, runs)


def _number(text: str, default: int) -> int:
    return int(text) if is_number(text) else default
