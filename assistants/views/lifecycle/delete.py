"""Deleting an assistant on its remote."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from admin_ui.accounts.guard import stash
from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.request.http import SeeOther
from assistants import selectors
from assistants.models import GONE_STATES, Assistant, Kind, Outcome
from assistants.selectors.addresses import AssistantPages
from assistants.services.publishing.delete import delete_assistant
from assistants.services.remote.closing import SendResult
from assistants.views.assistant_page import assistant_page
from assistants.views.change_requests.beginning import SUBMIT
from assistants.views.objection import try_to_send
from assistants.views.review.approval import approval_context, override_of
from assistants.views.review.notes import (
    about_assistant,
    does_more,
    is_kept_only,
    keep_note,
    keep_shown_note,
    keep_typed_note,
    note_of,
)
from assistants.views.review.published import DELETED
from assistants.wording import show_contents

IN_DOUBT = gettext_lazy(
    "It is not certain whether the change arrived, because the gateway gave no clear answer. The"
    " next check will find out."
)


@require(Action.DELETE)
@require_http_methods(["GET", "HEAD", "POST"])
@costly(when=does_more)
def delete(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET shows what will be lost; POST deletes the assistant on its remote, with `note`.

    `action=keep` only keeps the note, and `action=submit` takes it along to a change request.
    """
    assistant = selectors.get_assistant(request.workspace, pk, reader=request.user)
    if is_kept_only(request):
        return keep_typed_note(request, about_assistant(request, assistant))
    assistant.workspace = request.workspace
    if request.POST.get("action") == SUBMIT:
        about = about_assistant(request, assistant)
        keep_note(request, about=about, note=note_of(request, assistant))
        return SeeOther(AssistantPages.of(assistant).submit_deletion)
    history = resolve_url("assistants:history", request.workspace.slug, pk)
    if assistant.state in GONE_STATES:
        return SeeOther(history)
    definition = selectors.shown_definition(assistant)
    trouble, note = None, note_of(request, assistant)
    if request.method == "POST":
        result = try_to_send(
            lambda: delete_assistant(
                author=request.member,
                assistant=assistant,
                note=note,
                override=override_of(request),
            ),
            definition,
        )
        if isinstance(result, SendResult):
            stash.take_form(request.user, request.path)
            return _deleted(request, pk, result)
        trouble = result
        keep_shown_note(request, about=about_assistant(request, assistant), note=note)
    approval: dict[str, object] = {}
    if assistant.live_id:
        approval = approval_context(
            request, assistant, kind=Kind.DELETE, wanted=definition, live=definition
        )
    context = {
        "contents": show_contents(definition),
        **approval,
        "note": note,
        "about": about_assistant(request, assistant),
        "trouble": trouble,
    }
    return assistant_page(
        request, "assistants/lifecycle/delete.html", assistant, context, trouble=trouble
    )


def _deleted(request: WorkspaceRequest, pk: int, result: SendResult) -> HttpResponse:
    page = "assistants:history"
    if result.status == Outcome.Status.UNCONFIRMED:
        messages.warning(request, IN_DOUBT)
    elif result.outcome is not None:
        messages.success(request, DELETED)
    elif Assistant.objects.filter(pk=pk).exists():
        messages.info(
            request,
            _(
                "This assistant stays: it was never published, and a colleague still has a draft"
                " of it."
            ),
        )
    else:
        messages.success(request, _("Draft discarded."))
        return SeeOther(resolve_url("assistants:list", request.workspace.slug))
    return SeeOther(resolve_url(page, request.workspace.slug, pk))
