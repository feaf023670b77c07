"""What a publisher does with a colleague's draft: return it, take it over, discard it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from admin_ui.accounts.guard import stash
from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.display.isolation import isolated
from admin_ui.request.http import SeeOther
from assistants import selectors
from assistants.diff import compare_definitions
from assistants.forms.sentences import problem_sentence
from assistants.forms.text import printable
from assistants.models import Assistant, Draft
from assistants.selectors.addresses import AssistantPages
from assistants.selectors.left import why_left
from assistants.services.editing.colleagues import discard_theirs, return_draft, take_over
from assistants.services.errors import DraftMoved, HasDraft, Invalid, NoReason
from assistants.views.assistant_page import assistant_page
from assistants.views.review.conflict import about_draft
from assistants.views.review.notes import (
    does_more,
    is_kept_only,
    keep_shown_note,
    keep_typed_note,
)
from assistants.wording import show_changes


@require(Action.PUBLISH)
@require_POST
def take_over_draft(request: WorkspaceRequest, pk: int, user: int) -> HttpResponse:
    """Make the draft the publisher's own and open it, or say on its review why not."""
    assistant = selectors.get_assistant(request.workspace, pk, reader=request.user)
    draft = _find(request, assistant, user)
    seen = request.POST.get("seen")
    try:
        take_over(author=request.member, assistant=assistant, user=draft.user, seen=seen)
    except HasDraft:
        messages.warning(
            request, _("You already have a draft of this assistant. Both drafts are kept.")
        )
        return SeeOther(_review(assistant, draft))
    except DraftMoved:
        text = _("%(person)s's draft has changed, so it was not taken over. Review it again.")
        messages.warning(request, text % {"person": isolated(draft.user)})
        return SeeOther(_review(assistant, draft))
    except Draft.DoesNotExist as error:
        raise Http404 from error
    text = _("The draft is yours now. The history will name %(person)s too.")
    messages.success(request, text % {"person": isolated(draft.user)})
    return SeeOther(resolve_url("assistants:edit", request.workspace.slug, pk))


@require(Action.PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
@costly(when=does_more)
def return_to_author(request: WorkspaceRequest, pk: int, user: int) -> HttpResponse:
    """GET asks for a note; POST returns the draft with it, or answers 409 if it has changed."""
    decision = _Verdict(
        template="assistants/drafts/return.html",
        act=return_draft,
        done=_("%(person)s's draft was returned with your note."),
    )
    return _decide(request, pk, user, decision)


@require(Action.PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
@costly(when=does_more)
def discard_their_draft(request: WorkspaceRequest, pk: int, user: int) -> HttpResponse:
    """GET shows what goes; POST drops exactly that, or answers 409 if it has changed."""
    decision = _Verdict(
        template="assistants/drafts/discard_theirs.html",
        act=discard_theirs,
        done=_("%(person)s's draft was discarded."),
    )
    return _decide(request, pk, user, decision)


@dataclass(frozen=True)
class _Verdict:
    """A decision about a colleague's draft that is made on a page of its own, with a note."""

    template: str
    act: Callable[..., object]
    done: str


def _decide(request: WorkspaceRequest, pk: int, user: int, decision: _Verdict) -> HttpResponse:
    assistant = selectors.get_assistant(request.workspace, pk, reader=request.user)
    draft = _find(request, assistant, user)
    about = about_draft(request, draft)
    if is_kept_only(request):
        return keep_typed_note(request, about)
    if request.method != "POST":
        kept = stash.newest_form(request.user, request.path, about)
        note = kept.get("note", "") if kept else ""
        return _page(request, assistant, draft, decision, note=note)
    note = printable(request.POST.get("note", "")).strip()
    error, status = "", 422
    try:
        decision.act(
            author=request.member,
            assistant=assistant,
            user=draft.user,
            seen=request.POST.get("seen", ""),
            note=note,
        )
    except NoReason:
        error = _("Write a note, so that %(person)s knows why.") % {"person": isolated(draft.user)}
    except Invalid as invalid:
        error = problem_sentence(invalid.problems[0])
    except DraftMoved as moved:
        draft, status = moved.draft, 409
    except Draft.DoesNotExist as gone:
        raise Http404 from gone
    else:
        stash.drop_forms_of_tabs(request.user, request.path, about)
        messages.success(request, decision.done % {"person": isolated(draft.user)})
        return SeeOther(_after(request, pk))
    keep_shown_note(request, about=about, note=note)
    return _page(request, assistant, draft, decision, note=note, error=error, status=status)


def _after(request: WorkspaceRequest, pk: int) -> str:
    if Assistant.objects.filter(pk=pk).exists():
        return resolve_url("assistants:edit", request.workspace.slug, pk)
    return resolve_url("assistants:list", request.workspace.slug)


def _find(request: WorkspaceRequest, assistant: Assistant, user: int) -> Draft:
    """Return the draft of a colleague, never the person's own. Raises `Http404`."""
    rows = Draft.objects.select_related("user", "base").exclude(user=request.user)
    draft = get_object_or_404(rows, assistant=assistant, user_id=user)
    draft.assistant = assistant
    assistant.workspace = request.workspace
    return draft


def _review(assistant: Assistant, draft: Draft) -> str:
    return AssistantPages.of(assistant).review_of(draft.user_id)


def _page(
    request: WorkspaceRequest,
    assistant: Assistant,
    draft: Draft,
    decision: _Verdict,
    *,
    note: str,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    live = selectors.shown_definition(assistant) if assistant.live_id else None
    context = {
        "draft": draft,
        "left": why_left(draft),
        "changes": show_changes(compare_definitions(live, draft.shown)),
        "only_draft": live is None,
        "seen": draft.known_digest,
        "moved": status == 409,
        "review": _review(assistant, draft),
        "note": note,
        "note_error": error,
        "about": about_draft(request, draft),
    }
    shown = status if error or status == 409 else 200
    return assistant_page(request, decision.template, assistant, context, status=shown)
