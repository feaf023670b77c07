"""What the form of a submission begins with, and what it is sent after."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from admin_ui.accounts.guard import stash
from admin_ui.accounts.guard.access import WorkspaceRequest
from admin_ui.paging import is_number
from admin_ui.request.http import SeeOther
from assistants.models import Assistant, ChangeRequest, Draft, Round
from assistants.selectors.addresses import AssistantPages
from assistants.selectors.change_requests.addresses import ChangeRequestPages
from assistants.services.change_requests.submitting import open_request_of
from assistants.views.review.conflict import about_draft
from assistants.views.review.notes import about_assistant

SUBMIT = "submit"
"""The `action` of a page with a note: keep it, and go on with a submission."""


def first_note(
    request: WorkspaceRequest, assistant: Assistant, draft: Draft | None, last: Round | None
) -> str:
    """Return what the person typed where they chose to submit, else the note of the last round."""
    kept = stash.newest_form(request.user, *_typed_at(request, assistant, draft))
    return kept.get("note", "") if kept else last.note if last else ""


def drop_first_note(request: WorkspaceRequest, assistant: Assistant, draft: Draft | None) -> None:
    """Drop what `first_note` returns of what was typed, since it was sent."""
    path, about = _typed_at(request, assistant, draft)
    stash.drop_forms_of_tabs(request.user, path, about)


def _typed_at(
    request: WorkspaceRequest, assistant: Assistant, draft: Draft | None
) -> tuple[str, str]:
    pages = AssistantPages.of(assistant)
    if draft is not None:
        return pages.review, about_draft(request, draft)
    return pages.delete, about_assistant(request, assistant)


def shown_round(request: WorkspaceRequest) -> int | None:
    """Return the primary key of the newest round that the form showed, 0 for none.

    None is for a form that does not say.
    """
    posted = request.POST.get("after", "")
    return int(posted) if is_number(posted) else None


def asks_otherwise(
    request: WorkspaceRequest, assistant: Assistant, kind: str
) -> HttpResponse | None:
    """Lead to the person's open change request if it asks for something else than `kind`."""
    found = open_request_of(request.user, assistant)
    if found is None or found.kind == kind:
        return None
    messages.info(request, asks_otherwise_text(found))
    return SeeOther(ChangeRequestPages.of(request.workspace.slug).request(found.number))


def asks_otherwise_text(found: ChangeRequest) -> str:
    """Return why nothing else can be submitted while `found` is open."""
    if found.kind == ChangeRequest.Kind.DELETE:
        text = _("You have asked to delete this assistant. Withdraw #%(number)d first.")
    else:
        text = _("You have submitted a change of this assistant. Withdraw #%(number)d first.")
    return text % {"number": found.number}
