"""Submitting a draft, or a deletion, for review."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.display.zones import zones_by_region
from admin_ui.paging import is_number
from admin_ui.request.http import SeeOther
from assistants import selectors
from assistants.definition import LIMITS
from assistants.diff import compare_definitions
from assistants.forms.change_requests.timing_form import read_timing, shown_timing
from assistants.forms.sentences import problem_sentence
from assistants.forms.text import printable
from assistants.models import Assistant, ChangeRequest, Draft, Kind, Round, State
from assistants.selectors.change_requests.addresses import ChangeRequestPages
from assistants.selectors.change_requests.choices import (
    ReviewerChoices,
    asked_sentence,
    earlier_writers,
    reviewer_choices,
)
from assistants.selectors.change_requests.decisions import newest_round
from assistants.selectors.change_requests.freezes import freezes_to_come
from assistants.selectors.change_requests.policies import EMPTY_DEFINITION, fields_of
from assistants.selectors.change_requests.returns import return_choices
from assistants.services.change_requests.errors import (
    AsksOtherwise,
    NothingToReview,
    NoTitle,
    RoundMoved,
    TooManyRounds,
)
from assistants.services.change_requests.submitting import open_request_of, submit, submit_deletion
from assistants.services.editing.drafts import draft_of
from assistants.services.errors import Conflict, DraftMoved, Invalid
from assistants.services.rights.checks import OutsideRights
from assistants.views.assistant_page import assistant_page
from assistants.views.change_requests.beginning import (
    asks_otherwise,
    asks_otherwise_text,
    drop_first_note,
    first_note,
    shown_round,
)
from assistants.views.change_requests.scheduling import UNFIT_TIMINGS, unfit_timing
from assistants.views.objection import Objection, objection_to
from assistants.wording import decision_about, show_changes

MOST_FREEZES = 3
"""Freeze windows that the form names, the first to begin first."""
REFUSED = (AsksOtherwise, NoTitle, NothingToReview, RoundMoved, TooManyRounds, Invalid)


@require(Action.EDIT_DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
@costly()
def submit_draft(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET shows what the person's draft changes and asks for a title; POST submits it."""
    assistant = selectors.get_assistant(request.workspace, pk, reader=request.user)
    assistant.workspace = request.workspace
    draft = draft_of(user=request.user, assistant=assistant)
    if draft is None:
        messages.info(
            request, _("You have no draft of this assistant, so there is nothing to submit.")
        )
        return SeeOther(resolve_url("assistants:edit", request.workspace.slug, pk))
    if request.method != "POST":
        other = asks_otherwise(request, assistant, ChangeRequest.Kind.CHANGE)
        return other or _page(request, assistant, draft, {})
    form = request.POST
    try:
        found = submit(
            author=request.member,
            assistant=assistant,
            seen=form.get("seen", ""),
            title=printable(form.get("title", "")),
            note=printable(form.get("note", "")).strip(),
            reviewers=_reviewers(form),
            timing=read_timing(form.dict(), assistant),
            after_round=shown_round(request),
        )
    except (*REFUSED, *UNFIT_TIMINGS, DraftMoved, Conflict) as error:
        fresh = draft_of(user=request.user, assistant=assistant)
        if isinstance(error, Conflict) or fresh is None:
            messages.warning(
                request, _("Something newer is live. Combine it with your draft first.")
            )
            return SeeOther(resolve_url("assistants:review", request.workspace.slug, pk))
        return _page(request, assistant, fresh, form, trouble=_trouble(error, fresh))
    except OutsideRights as error:
        return _page(request, assistant, draft, form, trouble=objection_to(error, draft.shown))
    drop_first_note(request, assistant, draft)
    return _submitted(request, found, _("You can go on with your draft."))


@require(Action.EDIT_DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def submit_delete(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET asks for a title and why; POST asks reviewers for the deletion of an assistant."""
    assistant = selectors.get_assistant(request.workspace, pk, reader=request.user)
    assistant.workspace = request.workspace
    if request.method != "POST":
        other = asks_otherwise(request, assistant, ChangeRequest.Kind.DELETE)
        return other or _page(request, assistant, None, {})
    form = request.POST
    try:
        found = submit_deletion(
            author=request.member,
            assistant=assistant,
            title=printable(form.get("title", "")),
            note=printable(form.get("note", "")).strip(),
            reviewers=_reviewers(form),
            after_round=shown_round(request),
        )
    except REFUSED as error:
        return _page(request, assistant, None, form, trouble=_trouble(error, None))
    drop_first_note(request, assistant, None)
    return _submitted(request, found, "")


def _submitted(request: WorkspaceRequest, found: ChangeRequest, more: str) -> HttpResponse:
    """Say whom it asked, and lead to the change request."""
    said = (_("Submitted."), asked_sentence(found), more)
    messages.success(request, " ".join(filter(None, said)))
    return SeeOther(ChangeRequestPages.of(request.workspace.slug).request(found.number))


def _reviewers(form: QueryDict) -> list[int]:
    return [int(pk) for pk in form.getlist("reviewer") if is_number(pk)]


def _trouble(error: Exception, draft: Draft | None) -> Objection:
    match error:
        case NoTitle():
            text = _("Enter a title of at most %(most)s characters.") % {"most": LIMITS.title}
        case TooManyRounds():
            text = _("This change request has too many rounds. Withdraw it and submit a new one.")
        case AsksOtherwise() | RoundMoved() | DraftMoved():
            return Objection(_overtaken(error), 409)
        case Invalid() if draft is None or error.problems[0].field == "note":
            return Objection("", 422, note=problem_sentence(error.problems[0]))
        case Invalid() if draft is not None:
            return objection_to(error, draft.shown)
        case NothingToReview():
            text = _("There is nothing new to review.")
        case _:
            field, text = unfit_timing(error)
            return Objection(text, 422, field=field)
    return Objection(text, 422)


def _choices(
    request: WorkspaceRequest,
    assistant: Assistant,
    draft: Draft | None,
    current: ChangeRequest | None,
    form: QueryDict | dict[str, str],
) -> ReviewerChoices:
    live = selectors.shown_definition(assistant) if assistant.state == State.LIVE else None
    kind, wanted = (Kind.EDIT, draft.definition) if draft else (Kind.DELETE, EMPTY_DEFINITION)
    earlier = earlier_writers(current) if current else set()
    return reviewer_choices(
        request.member,
        assistant,
        current,
        fields=fields_of(kind, wanted, live),
        writers={request.user.pk, *(draft.writer_ids if draft else ()), *earlier},
        chosen=_reviewers(form) if isinstance(form, QueryDict) else None,
    )


def _overtaken(error: Exception) -> str:
    match error:
        case AsksOtherwise():
            return asks_otherwise_text(error.change_request)
        case RoundMoved():
            return _("Nothing was sent: you sent a round in another tab, or the request closed.")
    return _("Your draft has changed since you opened this page. Look again.")


def _newest_at(request: WorkspaceRequest, current: ChangeRequest | None, last: Round | None) -> str:
    """Return where to see what was sent since the posted form was shown; "" if nothing was."""
    shown = shown_round(request)
    if shown in (None, last.pk if last else 0):
        return ""
    pages = ChangeRequestPages.of(request.workspace.slug)
    return pages.request(current.number) if current else f"{pages.list}?show=mine"


def _page(
    request: WorkspaceRequest,
    assistant: Assistant,
    draft: Draft | None,
    form: QueryDict | dict[str, str],
    *,
    trouble: Objection | None = None,
) -> HttpResponse:
    live = selectors.shown_definition(assistant) if assistant.live_id else None
    found = compare_definitions(live, draft.shown) if draft else []
    shown = show_changes(found)
    current = open_request_of(request.user, assistant)
    last = newest_round(current) if current else None
    timing = shown_timing(form, last)
    context = {
        "draft": draft,
        "seen": draft.known_digest if draft else "",
        "current": current,
        "title": form.get("title", current.title if current else ""),
        "after": last.pk if last else 0,
        "note": form["note"] if "note" in form else first_note(request, assistant, draft, last),
        "timing": timing,
        "unfit": {trouble.field: trouble.text} if trouble else {},
        "freezes": freezes_to_come(request.workspace.pk)[:MOST_FREEZES] if draft else [],
        "whens": Round.When.choices,
        "versions": return_choices(assistant) if draft and assistant.live_id else [],
        "zones": zones_by_region(timing["zone"]) if draft else [],
        "longest": LIMITS.title,
        "reviewers": _choices(request, assistant, draft, current, form),
        "changes": shown,
        "decision": decision_about(found, shown) if shown else None,
        "trouble": trouble,
        "moved": _newest_at(request, current, last),
    }
    template = "assistants/change_requests/submit.html"
    return assistant_page(request, template, assistant, context, trouble=trouble)
