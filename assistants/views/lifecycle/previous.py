"""Going back to the version before the live one: one page with the difference, one button."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from admin_ui.accounts.guard import stash
from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.request.http import SeeOther
from assistants import selectors
from assistants.diff import compare_definitions
from assistants.forms.advising.advice import advise, with_advice
from assistants.models import Assistant, Kind
from assistants.selectors.versions import Side
from assistants.services.errors import Conflict
from assistants.services.publishing.publish import publish
from assistants.views.assistant_page import assistant_page
from assistants.views.editor.offered import advice_on_references
from assistants.views.objection import Objection, try_to_send
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
from assistants.views.review.published import say_published
from assistants.views.review.refusal import refusal_of
from assistants.wording import show_changes


@require(Action.PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
@costly(when=does_more)
def previous(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET shows what going back changes; POST publishes the version before the live one again.

    `live` is the version that the page showed as live: if another one is by now, POST answers 409
    and shows the page anew. Drafts stay as they are. Without an earlier version, it redirects to
    the history.
    """
    assistant = selectors.get_assistant(request.workspace, pk, reader=request.user)
    earlier = selectors.version_before_live(assistant)
    if earlier is None:
        messages.info(request, _("There is no earlier version to go back to."))
        return SeeOther(resolve_url("assistants:history", request.workspace.slug, pk))
    if is_kept_only(request):
        return keep_typed_note(request, about_assistant(request, assistant))
    if request.method != "POST":
        return _page(request, assistant, earlier)
    if request.POST.get("live") != str(assistant.live_version):
        return _page(request, assistant, earlier, trouble=_moved())
    return _publish(request, assistant, earlier)


def _publish(request: WorkspaceRequest, assistant: Assistant, earlier: Side) -> HttpResponse:
    note = note_of(request, assistant)
    try:
        result = try_to_send(
            lambda: publish(
                author=request.member,
                assistant=assistant,
                wanted=earlier.definition,
                base=assistant.live,
                note=note,
                kind=Kind.RESTORE,
                over_doubt=goes_over_doubt(request, assistant),
                override=override_of(request),
            ),
            earlier.definition,
        )
    except Conflict:
        result = _moved()
    if isinstance(result, Objection):
        fresh = selectors.get_assistant(request.workspace, assistant.pk, reader=request.user)
        keep_shown_note(request, about=about_assistant(request, fresh), note=note)
        again = selectors.version_before_live(fresh)
        return _page(request, fresh, again or earlier, trouble=result)
    stash.drop_forms_of_tabs(request.user, request.path, about_assistant(request, assistant))
    say_published(request, result)
    return SeeOther(resolve_url("assistants:history", request.workspace.slug, assistant.pk))


def _moved() -> Objection:
    text = _("Nothing was published, because another version is live by now. Review this again.")
    return Objection(text, 409)


def _page(
    request: WorkspaceRequest,
    assistant: Assistant,
    earlier: Side,
    *,
    trouble: Objection | None = None,
) -> HttpResponse:
    live, wanted = selectors.shown_definition(assistant), earlier.definition
    shown = show_changes(compare_definitions(live, wanted))
    refusal = refusal_of(request.member, assistant, live, wanted)
    # Where a note is asked for, it says why, which this page cannot know.
    is_asked = request.workspace.requires_note
    begun = "" if is_asked else _("Back to %(version)s.") % {"version": earlier.label}
    context = {
        "earlier": earlier,
        "changes": with_advice(shown, wanted, live),
        "advice": [
            *(entry.text for entry in advise(wanted)),
            *advice_on_references(wanted, assistant.connection, live),
        ],
        **doubt_context(assistant),
        **approval_context(request, assistant, kind=Kind.RESTORE, wanted=wanted, live=live),
        "not_theirs": refusal,
        "note": note_of(request, assistant) or ("" if trouble else begun),
        "about": about_assistant(request, assistant),
        "trouble": trouble,
    }
    return assistant_page(
        request, "assistants/lifecycle/previous.html", assistant, context, trouble=trouble
    )
