"""Notes that are being typed, or were sent in vain: they wait on their page until they are used."""

from django.http import HttpResponse, QueryDict

from admin_ui.accounts.guard import stash
from admin_ui.accounts.guard.access import WorkspaceRequest
from admin_ui.accounts.guard.costly import is_large_form
from assistants.forms.text import printable
from assistants.models import Assistant
from assistants.services.best_effort import best_effort
from assistants.views.editor.autosave import KEEP


def is_kept_only(request: WorkspaceRequest) -> bool:
    """Return whether a script of the page sent the note, to be kept and nothing else."""
    return request.POST.get("action") == KEEP


def does_more(request: WorkspaceRequest) -> bool:
    """Return whether a request does more than keep a note: typing one is never refused."""
    return is_large_form(request) or not is_kept_only(request)


def keep_typed_note(request: WorkspaceRequest, about: str) -> HttpResponse:
    """Keep the note, if it still is `about` what the page shows now; `X-Kept` says whether.

    204 in any case: an answer that nobody sees must not use up a message.
    """
    is_about = request.POST.get(stash.ABOUT_FIELD) == about
    kept = is_about and stash.keep_form(request.user, request)
    return HttpResponse(status=204, headers={"X-Kept": "true" if kept else "false"})


def keep_note(request: WorkspaceRequest, *, about: str, note: str) -> None:
    """Keep `note` for the next visit of this page, for as long as there is what it is `about`.

    An empty one ends what was kept before.
    """
    if note:
        form = QueryDict(mutable=True)
        form.update({"note": note, stash.ABOUT_FIELD: about})
        stash.keep_form_at(request.user, request.path, form)
    elif "note" in request.POST:
        stash.drop_forms_of_tabs(request.user, request.path, about)


def keep_shown_note(request: WorkspaceRequest, *, about: str, note: str) -> None:
    """The same for a note that the answer shows as well: a busy database is no harm."""
    with best_effort("A note"):
        keep_note(request, about=about, note=note)


def note_of(request: WorkspaceRequest, assistant: Assistant) -> str:
    """Return the note as it was sent, or as it is kept of a form that could not be dealt with.

    A note is about the assistant under its id on the remote: once that is gone, it is over.
    """
    posted, about = request.method == "POST", about_assistant(request, assistant)
    form = request.POST if posted else stash.newest_form(request.user, request.path, about)
    return printable(form.get("note", "")).strip() if form else ""


def about_assistant(request: WorkspaceRequest, assistant: Assistant) -> str:
    return stash.mark_about(request.user, assistant.remote_id or "")
