"""The threads of a change request, one of them, and what people do there."""

from collections.abc import Callable, Collection
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from admin_ui.accounts.guard import stash
from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.notices.inbox import mark_opened
from admin_ui.paging import is_number
from admin_ui.request.http import SeeOther
from assistants.models import ChangeRequest, Round, Thread, ThreadStep
from assistants.selectors.change_requests.lists import get_request
from assistants.selectors.talk.discussion import Discussion, discussion_of
from assistants.selectors.talk.pages import TalkPages
from assistants.selectors.talk.people import mentionable
from assistants.selectors.talk.rounds import round_numbered
from assistants.selectors.talk.threads import about_thread, show_threads
from assistants.services.change_requests.refusals import TalkRefused
from assistants.services.change_requests.suggesting import (
    accept_all,
    accept_suggestion,
    decline_suggestion,
)
from assistants.services.change_requests.talking import reply, resolve_thread, withdraw_comment
from assistants.services.rights.checks import OutsideRights
from assistants.views.change_requests.commenting import ticked_in
from assistants.wording.definition.reach import not_theirs
from assistants.wording.talk.discussion import accepted_text, refusal_text

STEP_ACTS: dict[str, Callable[..., object]] = {
    "withdraw": withdraw_comment,
    "accept": accept_suggestion,
    "decline": decline_suggestion,
}


def talk_context(
    request: WorkspaceRequest, found: ChangeRequest, of: Round, shown_fields: Collection[str]
) -> dict[str, Any]:
    """Return what the page of a change request shows of its discussion, beside the round `of`."""
    params = {"thread": request.GET.get("thread", "")}
    shown = discussion_of(
        found, of=of, member=request.member, params=params, shown_fields=shown_fields
    )
    _note_seen(request, found, shown)
    return {"talk": TalkPages.of(found), "discussion": shown}


def _note_seen(request: WorkspaceRequest, found: ChangeRequest, shown: Discussion) -> None:
    """Mark the notices of the threads that a page shows as read."""
    if request.method == "GET" and shown.page.rows:
        talk = TalkPages.of(found)
        mark_opened(user=request.user, paths=[talk.thread(row.pk) for row in shown.page.rows])


@require_safe
@require(Action.VIEW)
@costly()
def request_discussion(request: WorkspaceRequest, number: int) -> HttpResponse:
    """Show the threads of a change request, a page at a time; `resolved` shows those that are."""
    found = get_request(request.workspace, number)
    of = round_numbered(found, found.round_number)
    shown = discussion_of(found, of=of, member=request.member, params=request.GET.dict())
    _note_seen(request, found, shown)
    context = {
        "change_request": found,
        "talk": TalkPages.of(found),
        "round": of,
        "discussion": shown,
        "page": shown.page,
    }
    return render(request, "assistants/change_requests/talk/discussion.html", context)


@require(Action.REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
@costly()
def request_thread(request: WorkspaceRequest, number: int, pk: int) -> HttpResponse:
    """GET shows a thread in full; POST replies there, or does `do`: resolve or reopen it, or
    withdraw, accept or decline the comment `step`."""
    found = get_request(request.workspace, number)
    thread = found.threads.filter(pk=pk).first()
    if thread is None:
        raise Http404
    thread.change_request = found
    about, error = about_thread(request.member, pk), ""
    if request.method == "POST":
        try:
            _do(request, thread)
        except TalkRefused as refused:
            error = refusal_text(refused.why)
        except OutsideRights as refused:
            error = not_theirs(refused.fields)
        else:
            if "note" in request.POST:
                stash.drop_forms_of_tabs(request.user, request.path, about)
            return SeeOther(TalkPages.of(found).at_thread(pk))
    kept = stash.newest_form(request.user, request.path, about)
    form = request.POST if request.method == "POST" else kept or request.GET
    of = round_numbered(found, found.round_number)
    shown = show_threads([thread], request=found, of=of, member=request.member, in_full=True)
    context = {
        "change_request": found,
        "talk": TalkPages.of(found),
        "round": of,
        "thread": shown[0],
        "about": about,
        "note": form.get("note", ""),
        "people": mentionable(request.workspace),
        "ticked": ticked_in(form.getlist("mention")),
        "error": error,
    }
    status = 422 if error else 200
    return render(request, "assistants/change_requests/talk/thread.html", context, status=status)


def _do(request: WorkspaceRequest, thread: Thread) -> None:
    what, author = request.POST.get("do", ""), request.member
    if what in ("resolve", "reopen"):
        resolve_thread(author=author, thread=thread, is_resolved=what == "resolve")
    elif what in STEP_ACTS:
        STEP_ACTS[what](author=author, step=_step_in(request, thread))
        if what == "accept":
            messages.success(request, accepted_text(1, 0))
    else:
        text, ticked = request.POST.get("note", ""), ticked_in(request.POST.getlist("mention"))
        reply(author=author, thread=thread, text=text, ticked=ticked)


def _step_in(request: WorkspaceRequest, thread: Thread) -> ThreadStep:
    asked = request.POST.get("step", "")
    step = thread.steps.filter(pk=int(asked)).first() if is_number(asked) else None
    if step is None:
        raise Http404
    step.thread = thread
    return step


@require_POST
@require(Action.EDIT_DRAFT)
@costly()
def accept_suggestions(request: WorkspaceRequest, number: int) -> HttpResponse:
    """Accept every suggestion that waits, into the author's draft."""
    found: ChangeRequest = get_request(request.workspace, number)
    try:
        done = accept_all(author=request.member, request=found)
    except TalkRefused as refused:
        messages.error(request, refusal_text(refused.why))
    except OutsideRights as refused:
        messages.error(request, not_theirs(refused.fields))
    else:
        say = messages.success if done.count else messages.warning
        say(request, accepted_text(done.count, len(done.refused)) or _("No suggestion waits."))
    return SeeOther(f"{TalkPages.of(found).root}#discussion")
