"""Keeping notes that are being typed or that were not used, until they are."""

from django.http import HttpResponse, QueryDict

from admin_ui.accounts.guard import stash
from admin_ui.accounts.guard.access import WorkspaceRequest
from admin_ui.accounts.guard.costly import is_large_form
from admin_ui.serving.best_effort import best_effort
from assistants.forms.text import printable
from assistants.models import Assistant
from assistants.views.editor.autosave import KEEP


def is_kept_only(request: WorkspaceRequest) -> bool:
    """Return whether a script of the page sent the note, only to be kept."""
    return request.POST.get("action") == KEEP


def does_more(request: WorkspaceRequest) -> bool:
    """Return whether a request does more than keep a note, since typing is never refused."""
    return is_large_form(request) or not is_kept_only(request)


def keep_typed_note(request: WorkspaceRequest, about: str) -> HttpResponse:
    """Keep the note, if it is still `about` what the page shows; `X-Kept` confirms it.

    Always answers 204, because a response that nobody sees must not use up a message.
    """
    is_about = request.POST.get(stash.ABOUT_FIELD) == about
    kept = is_about and stash.keep_form(request.user, request)
    return HttpResponse(status=204, headers={"X-Kept": "true" if kept else "false"})


def keep_note(request: WorkspaceRequest, *, about: str, note: str) -> None:
    """Keep `note` for the next visit of this page, as long as what it is `about` exists.

    An empty note ends an earlier one.
    """
    if note:
        form = QueryDict(mutable=True)
        form.update({"note": note, stash.ABOUT_FIELD: about})
        stash.keep_form_at(request.user, request.path, form)
    elif "note" in request.POST:
        stash.drop_forms_of_tabs(request.user, request.path, about)


def keep_shown_note(request: WorkspaceRequest, *, about: str, note: str) -> None:
    """Keep a note that the response shows as well, so a busy database does no harm."""
    with best_effort("A note"):
        keep_note(request, about=about, note=note)


def keep_shown_choices(request: WorkspaceRequest, *, about: str, note: str) -> None:
    """Keep the whole form of a conflict, which the response shows as well."""
    with best_effort("Choices in a conflict"):
        if "live" in request.POST and request.POST.get(stash.ABOUT_FIELD) == about:
            stash.keep_form(request.user, request)
        else:
            keep_note(request, about=about, note=note)


def note_of(request: WorkspaceRequest, assistant: Assistant) -> str:
    """Return the note that was sent, or the one kept from a form that failed.

    A note is about the assistant with its remote ID, and ends with it.
    """
    posted, about = request.method == "POST", about_assistant(request, assistant)
    form = request.POST if posted else stash.newest_form(request.user, request.path, about)
    return printable(form.get("note", "")).strip() if form else ""


def about_assistant(request: WorkspaceRequest, assistant: Assistant) -> str:
    return stash.mark_about(request.user, assistant.remote_id or "")
