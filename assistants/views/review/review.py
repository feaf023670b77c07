"""The review: what a draft changes, and publishing it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from admin_ui.accounts.guard import stash
from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action, NotAllowed, can
from admin_ui.accounts.selectors import publishers_of
from admin_ui.paging import is_number
from admin_ui.request.http import SeeOther
from assistants import selectors
from assistants.diff import compare_definitions
from assistants.forms.advising.advice import advise, undocumented, with_advice
from assistants.forms.text import printable
from assistants.models import GONE_STATES, Assistant, Draft, Revision
from assistants.selectors.addresses import AssistantPages
from assistants.services.editing import copies, drafts
from assistants.services.editing.colleagues import writers_of
from assistants.services.editing.merging import conflict_of, resolve
from assistants.services.errors import Conflict, DraftMoved
from assistants.services.ledger.verbs import check_note_by
from assistants.services.publishing.publish import publish
from assistants.services.remote.closing import SendResult
from assistants.views.assistant_page import assistant_page
from assistants.views.change_requests.beginning import SUBMIT
from assistants.views.editor.editor_page import documented_by
from assistants.views.editor.left_drafts import left_context
from assistants.views.editor.offered import advice_on_references
from assistants.views.objection import Objection, try_to_send
from assistants.views.review.approval import approval_context, override_of, submitted_context
from assistants.views.review.conflict import (
    about_draft,
    choices_in,
    conflict_page,
    merged_from,
)
from assistants.views.review.doubts import doubt_context, goes_over_doubt
from assistants.views.review.notes import (
    does_more,
    is_kept_only,
    keep_note,
    keep_shown_note,
    keep_typed_note,
)
from assistants.views.review.published import say_published
from assistants.views.review.refusal import refusal_of
from assistants.views.review.resolving import ask_again, take_choices
from assistants.wording import decision_about, show_changes


@require(Action.EDIT_DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
@costly(when=does_more)
def review(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET shows what a draft changes; POST publishes it with `note` and redirects to the history.

    `?drafter=<pk of a user>` names a colleague's draft, for those who may publish;
    `?restores=<version>` is the version restored, or `?parts=` partly, for the note. If live has
    changed since the draft was begun, both show the merge, or the conflict if a person has to
    choose; POST then answers 409, until `reviewed` is the digest of the merge. With
    `choice-<field>` = `mine` or `theirs` for each field that clashes (or `action=resolve`), POST
    stores the result in the draft and shows the review again; a text can be chosen place by place
    (`picks`). A choice that is missing answers 422. `action=keep` only keeps the note, and
    `action=submit` takes it along to a change request.
    """
    assistant = selectors.get_assistant(request.workspace, pk, reader=request.user)
    assistant.workspace = request.workspace
    draft = _find_draft(request, assistant)
    if is_kept_only(request):
        return keep_typed_note(request, about_draft(request, draft) if draft else "")
    if draft is None:
        messages.info(
            request, _("You have no draft of this assistant, so there is nothing to publish.")
        )
        page = "history" if request.method == "POST" else "edit"
        return SeeOther(resolve_url(f"assistants:{page}", request.workspace.slug, pk))
    if request.POST.get("action") == SUBMIT:
        keep_note(request, about=about_draft(request, draft), note=_typed_note(request))
        return SeeOther(AssistantPages.of(assistant).submit)
    if request.method == "POST":
        return _post(request, assistant, draft)
    kept = stash.newest_form(request.user, request.path, about_draft(request, draft))
    note = kept.get("note", "") if kept else _first_note(request, draft)
    conflict = conflict_of(draft)
    if conflict and conflict.clashes:
        return conflict_page(request, assistant, draft, conflict, note=note, form=kept or {})
    return _page(request, assistant, draft, conflict, note=note)


def _typed_note(request: WorkspaceRequest) -> str:
    return printable(request.POST.get("note", "")).strip()


def _first_note(request: WorkspaceRequest, draft: Draft) -> str:
    """Return the initial note: for a restore, the version that it returns to, or has parts of."""
    whole, parts = request.GET.get("restores", ""), request.GET.get("parts", "")
    if draft.kind == Revision.Kind.RESTORE and is_number(whole):
        return _("Restores v%(version)s.") % {"version": whole}
    return _("Restores parts of v%(version)s.") % {"version": parts} if is_number(parts) else ""


def _find_draft(request: WorkspaceRequest, assistant: Assistant) -> Draft | None:
    drafter = request.GET.get("drafter", "")
    if drafter in ("", str(request.user.pk)):
        draft = drafts.draft_of(user=request.user, assistant=assistant)
    else:
        if not can(request.member, Action.PUBLISH):
            raise NotAllowed(Action.PUBLISH)
        pk = int(drafter) if drafter.isdecimal() and len(drafter) < 19 else 0
        rows = Draft.objects.select_related("base", "user")
        draft = get_object_or_404(rows, assistant=assistant, user_id=pk)
    if draft is not None:
        draft.assistant = assistant
    return draft


def _post(request: WorkspaceRequest, assistant: Assistant, draft: Draft) -> HttpResponse:
    note = _typed_note(request)
    resolving = choices_in(request.POST) or request.POST.get("action") == "resolve"
    if not resolving and not can(request.member, Action.PUBLISH):
        raise NotAllowed(Action.PUBLISH)
    conflict = conflict_of(draft)
    if resolving:
        return _resolve(request, draft, conflict, note)
    if conflict and conflict.clashes:
        return ask_again(request, assistant, draft, conflict, note=note)
    if objection := _objection(request, draft, conflict):
        keep_shown_note(request, about=about_draft(request, draft), note=note)
        return _page(request, assistant, draft, conflict, note=note, trouble=objection)
    try:
        result = try_to_send(
            lambda: _publish(request, draft, conflict, note), draft.shown, of_draft=True
        )
    except Conflict:
        return _look_again(request, assistant, note=note)
    if isinstance(result, Objection):
        return _look_again(request, assistant, note=note, trouble=result)
    stash.drop_forms_of_tabs(request.user, request.path, about_draft(request, draft))
    say_published(request, result)
    return SeeOther(resolve_url("assistants:history", request.workspace.slug, assistant.pk))


def _look_again(
    request: WorkspaceRequest, assistant: Assistant, *, note: str, trouble: Objection | None = None
) -> HttpResponse:
    """Show the difference of the draft to live, and why it was not published."""
    fresh = selectors.get_assistant(request.workspace, assistant.pk, reader=request.user)
    fresh.workspace = request.workspace
    draft = _find_draft(request, fresh)
    if draft is None:
        messages.info(request, _("This draft has already been published or discarded."))
        return SeeOther(resolve_url("assistants:history", request.workspace.slug, fresh.pk))
    conflict = conflict_of(draft)
    if conflict and conflict.clashes:
        return ask_again(request, fresh, draft, conflict, note=note)
    keep_shown_note(request, about=about_draft(request, draft), note=note)
    trouble = trouble or _merged_now(conflict)
    return _page(request, fresh, draft, conflict, note=note, trouble=trouble)


def _merged_now(conflict: Conflict | None) -> Objection | None:
    if conflict is None:
        return None
    return Objection(
        _("Nothing was published: a newer version is live, and the draft was combined with it."),
        409,
    )


def _objection(
    request: WorkspaceRequest, draft: Draft, conflict: Conflict | None
) -> Objection | None:
    """Return why this must be reviewed again before it is published, if it must."""
    reviewed = request.POST.get("reviewed")
    if conflict and reviewed != conflict.merge.definition.digest:
        return _merged_now(conflict)
    if not conflict and reviewed and reviewed != draft.known_digest:
        return Objection(
            _("The draft has changed since you opened this page. Review it again."), 409
        )
    return None


def _resolve(
    request: WorkspaceRequest, draft: Draft, conflict: Conflict | None, note: str
) -> HttpResponse:
    """Store the choices in the draft, if they were made for what is live, and show its review.

    The note is kept as typed there. What the choices drop is kept as typed in the editor.
    """
    if conflict is not None:
        try:
            if answer := take_choices(request, draft, conflict, note=note):
                return answer
        except (Conflict, DraftMoved):
            return _look_again(request, draft.assistant, note=note)
    keep_note(request, about=about_draft(request, draft), note=note)
    return SeeOther(request.get_full_path())


def _publish(
    request: WorkspaceRequest, draft: Draft, conflict: Conflict | None, note: str
) -> SendResult:
    check_note_by(request.member, note)
    if conflict:
        draft = resolve(author=request.member, draft=draft, conflict=conflict)
    return publish(
        author=request.member,
        assistant=draft.assistant,
        wanted=draft.definition,
        base=draft.base,
        note=note,
        drafter=None if draft.user_id == request.user.pk else draft.user,
        written_by=writers_of(draft, author=request.user),
        kind=draft.kind,
        over_doubt=goes_over_doubt(request, draft.assistant),
        override=override_of(request),
    )


def _page(
    request: WorkspaceRequest,
    assistant: Assistant,
    draft: Draft,
    conflict: Conflict | None,
    *,
    note: str,
    trouble: Objection | None = None,
) -> HttpResponse:
    wanted = conflict.merge.definition if conflict else draft.shown
    live = selectors.shown_definition(assistant) if assistant.live_id else None
    found = compare_definitions(live, wanted)
    shown = show_changes(found)
    may_publish, is_mine = can(request.member, Action.PUBLISH), draft.user_id == request.user.pk
    refusal = refusal_of(request.member, assistant, live, wanted) if may_publish else ""
    kind = draft.kind if assistant.live_id else Revision.Kind.CREATE
    approval = approval_context(request, assistant, kind=kind, wanted=wanted, live=live)
    gone = assistant.state in GONE_STATES
    context = {
        "draft": draft,
        "wanted": wanted,
        "merged": merged_from(conflict) if conflict else None,
        "is_mine": is_mine,
        "returned_as_is": draft.returned_digest == draft.known_digest,
        "has_copies": is_mine
        and stash.kept_copies(request.user, copies.editor_path(request.workspace, assistant)),
        **left_context(request, draft),
        **submitted_context(request, draft),
        "changes": with_advice(shown, wanted, live),
        "decision": decision_about(found, shown) if shown else None,
        "whole": "../compare/live..draft/?format=json" if live and is_mine else "",
        "advice": [
            *(entry.text for entry in advise(wanted)),
            *advice_on_references(wanted, assistant.connection, live),
        ],
        "undocumented": undocumented(wanted, documented_by(assistant.connection)),
        **doubt_context(assistant),
        **approval,
        "can_publish": may_publish
        and not refusal
        and bool(shown or gone)
        and (not approval["is_held"] or approval["may_override"]),
        "not_theirs": refusal,
        "publishers": [] if may_publish and not refusal else publishers_of(request.workspace),
        "note": note,
        "about": about_draft(request, draft),
        "trouble": trouble,
    }
    return assistant_page(
        request, "assistants/review/review.html", assistant, context, trouble=trouble
    )
