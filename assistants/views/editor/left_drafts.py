"""Taking over or discarding the draft of a person who can no longer edit it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.permissions import Action
from admin_ui.display.isolation import isolated
from admin_ui.request.http import SeeOther
from assistants import selectors
from assistants.diff import compare_definitions
from assistants.models import Assistant, Draft
from assistants.selectors.left import why_left
from assistants.services.editing.left_drafts import discard_left, take_over
from assistants.services.errors import DraftMoved, HasDraft, NotLeft
from assistants.views.assistant_page import assistant_page
from assistants.wording import show_changes


def left_context(request: WorkspaceRequest, draft: Draft) -> dict[str, Any]:
    """Return what `assistants/drafts/_left_draft.html` shows about a colleague's `draft`."""
    left = "" if draft.user_id == request.user.pk else why_left(draft)
    mine = Draft.objects.filter(assistant=draft.assistant, user=request.user)
    return {"left": left, "has_own": bool(left) and mine.exists()}


@require(Action.PUBLISH)
@require_POST
def take_over_draft(request: WorkspaceRequest, pk: int, user: int) -> HttpResponse:
    """Make the draft the publisher's own and open it, or say on its review why not."""
    assistant = selectors.get_assistant(request.workspace, pk)
    draft = _find(assistant, user)
    try:
        take_over(author=request.member, assistant=assistant, user=draft.user)
    except HasDraft:
        messages.warning(
            request, _("You already have a draft of this assistant. Both drafts are kept.")
        )
        return SeeOther(_review(assistant, draft))
    except NotLeft:
        return _not_left(request, assistant, draft)
    except Draft.DoesNotExist as error:
        raise Http404 from error
    text = _("The draft is yours now. The history will name %(person)s too.")
    messages.success(request, text % {"person": isolated(draft.user)})
    return SeeOther(resolve_url("assistants:edit", request.workspace.slug, pk))


@require(Action.PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
def discard_left_draft(request: WorkspaceRequest, pk: int, user: int) -> HttpResponse:
    """GET shows what will be lost; POST drops exactly that, or answers 409 if it has changed."""
    assistant = selectors.get_assistant(request.workspace, pk)
    draft = _find(assistant, user)
    if request.method != "POST":
        return _discard_page(request, assistant, draft)
    try:
        discard_left(
            author=request.member,
            assistant=assistant,
            user=draft.user,
            seen=request.POST.get("seen", ""),
        )
    except DraftMoved as moved:
        return _discard_page(request, assistant, moved.draft, status=409)
    except NotLeft:
        return _not_left(request, assistant, draft)
    except Draft.DoesNotExist as error:
        raise Http404 from error
    messages.success(
        request, _("%(person)s's draft was discarded.") % {"person": isolated(draft.user)}
    )
    if not Assistant.objects.filter(pk=pk).exists():
        return SeeOther(resolve_url("assistants:list", request.workspace.slug))
    return SeeOther(resolve_url("assistants:edit", request.workspace.slug, pk))


def _find(assistant: Assistant, user: int) -> Draft:
    draft = get_object_or_404(
        Draft.objects.select_related("user", "base"), assistant=assistant, user_id=user
    )
    draft.assistant = assistant
    return draft


def _review(assistant: Assistant, draft: Draft) -> str:
    review = resolve_url("assistants:review", assistant.workspace.slug, assistant.pk)
    return f"{review}?drafter={draft.user_id}"


def _not_left(request: WorkspaceRequest, assistant: Assistant, draft: Draft) -> HttpResponse:
    text = _("%(person)s can still edit this draft, so only they can hand it over or discard it.")
    messages.warning(request, text % {"person": isolated(draft.user)})
    return SeeOther(_review(assistant, draft))


def _discard_page(
    request: WorkspaceRequest, assistant: Assistant, draft: Draft, *, status: int = 200
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
    }
    return assistant_page(
        request, "assistants/drafts/discard_left.html", assistant, context, status=status
    )
