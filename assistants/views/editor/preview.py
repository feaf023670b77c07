"""Looking at the instructions that are being typed: as Markdown, or with every character named."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.views import of_bounded_size
from assistants.definition import LIMITS
from assistants.wording import notices
from assistants.wording.markdown import render_markdown
from assistants.wording.marks import all_marked

CHARACTERS = "characters"
"""The value of `as` for the text with its invisible characters named; else it is Markdown."""


@require(Action.EDIT_DRAFT)
@require_POST
@costly()
@of_bounded_size
def preview(request: WorkspaceRequest) -> HttpResponse:
    """Show the posted `instructions`; nothing is saved.

    Answers with a fragment for the open editor, and with a page of its own without scripts.
    `shown` is the number of characters shown, where the text is longer.
    """
    text = request.POST.get("instructions", "").replace("\r\n", "\n")
    first = text[: LIMITS.instructions]
    names_characters = request.POST.get("as") == CHARACTERS
    if names_characters:
        html, shown = all_marked(first), len(first)
    else:
        rendered = render_markdown(first)
        html, shown = rendered.html, rendered.shown
    context = {
        "html": html,
        "names_characters": names_characters,
        "notices": notices(first) if names_characters else [],
        "shown": f"{shown:,}" if shown < len(text) else "",
        "length": f"{len(text):,}" if text else "",
    }
    fragment = "_preview" if request.htmx else "preview"
    return render(request, f"assistants/instructions/{fragment}.html", context)
