"""Recreating an assistant that its remote no longer has."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from admin_ui.accounts.guard import stash
from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.paging import is_number
from admin_ui.request.http import SeeOther
from assistants import selectors
from assistants.models import GONE_STATES, Kind, Outcome
from assistants.services.publishing.recreate import recreate_assistant
from assistants.services.remote.closing import SendResult
from assistants.views.assistant_page import assistant_page
from assistants.views.lifecycle.delete import IN_DOUBT
from assistants.views.objection import try_to_send
from assistants.views.review.approval import approval_context, override_of
from assistants.views.review.doubts import doubt_context, goes_over_doubt
from assistants.views.review.notes import (
    about_assistant,
    does_more,
    is_kept_only,
    keep_shown_note,
    keep_typed_note,
    note_of,
)
from assistants.wording import show_contents


@require(Action.DELETE)
@require_http_methods(["GET", "HEAD", "POST"])
@costly(when=does_more)
def recreate(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET shows what will be created; POST recreates it from what was live last.

    `revision` (a number) chooses an older definition.
    """
    assistant = selectors.get_assistant(request.workspace, pk, reader=request.user)
    if is_kept_only(request):
        return keep_typed_note(request, about_assistant(request, assistant))
    history = resolve_url("assistants:history", request.workspace.slug, pk)
    number = (request.POST or request.GET).get("revision", "")
    revision = selectors.get_revision(assistant, int(number)) if is_number(number) else None
    source = revision or assistant.live
    if assistant.state not in GONE_STATES or source is None:
        return SeeOther(history)
    definition = selectors.held_after(source)
    trouble, note = None, note_of(request, assistant)
    if request.method == "POST":
        result = try_to_send(
            lambda: recreate_assistant(
                author=request.member,
                assistant=assistant,
                revision=revision,
                note=note,
                over_doubt=goes_over_doubt(request, assistant),
                override=override_of(request),
            ),
            definition,
        )
        if isinstance(result, SendResult):
            stash.take_form(request.user, request.path)
            _say_recreated(request, result)
            return SeeOther(history)
        trouble = result
        keep_shown_note(request, about=about_assistant(request, assistant), note=note)
    context = {
        "contents": show_contents(definition),
        **approval_context(request, assistant, kind=Kind.RECREATE, wanted=definition, live=None),
        "revision": revision,
        **doubt_context(assistant),
        "note": note,
        "about": about_assistant(request, assistant),
        "trouble": trouble,
    }
    return assistant_page(
        request, "assistants/lifecycle/recreate.html", assistant, context, trouble=trouble
    )


def _say_recreated(request: WorkspaceRequest, result: SendResult) -> None:
    if result.status == Outcome.Status.UNCONFIRMED:
        messages.warning(request, IN_DOUBT)
        return
    text = _("Recreated. It has a new ID. Update every application that uses the old one.")
    messages.success(request, text)
