"""Presence: what an open page asks every 30 seconds."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.permissions import Action
from admin_ui.paging import is_number
from assistants.models import Assistant
from assistants.selectors.addresses import AssistantPages
from assistants.selectors.drafts.states import told_keys, told_to
from assistants.selectors.presence import glance_at, overtaken_by, who_is_here
from assistants.services.editing import presence
from assistants.views.delivery.check import chips_of

NEWS = ("people_are_new", "overtaken_is_new", "decided_is_new")


@require(Action.EDIT_DRAFT)
@require_POST
def here(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Record that the person's page `tab` is open, and answer what it does not show yet.

    Calls no gateway. `base` is the number of the revision from which the page started. `shown`,
    `told` and `decided` are what the last answer put into it; if nothing is new, the answer is 204.
    `opened` is when the page was opened, in milliseconds. A page without `tab` only reads. With
    `leaving`, it is being closed.
    """
    tab = presence.own_tab(request.user, request.POST.get("tab", ""))
    if "leaving" in request.POST:
        presence.leave(user=request.user, tab=tab)
        return HttpResponse(status=204)
    assistant = glance_at(request.workspace, pk, request.user)
    presence.note_presence(user=request.user, assistant=assistant, tab=tab)
    news = _people(request, assistant, tab) | _overtaken(request, assistant)
    if tab:
        news |= _decided(request, assistant)
    if not any(news.get(name) for name in NEWS):
        return HttpResponse(status=204)
    state_is_new = news["overtaken_is_new"] or news.get("decided_is_new", False)
    chips = chips_of(request, assistant, bool(tab)) if state_is_new else ()
    pages = AssistantPages.of(assistant)
    context = {**news, "chips": chips, "in_editor": bool(tab), "pages": pages}
    return render(request, "assistants/presence/_here.html", context)


def _people(request: WorkspaceRequest, assistant: Assistant, tab: str) -> dict[str, Any]:
    opened = request.POST.get("opened", "")
    since = int(opened) / 1000 if is_number(opened) and len(opened) < 15 else 0
    people = who_is_here(assistant=assistant, user=request.user, tab=tab, since=since)
    is_new = people.token != request.POST.get("shown", "")
    return {"people": people, "people_are_new": is_new}


def _overtaken(request: WorkspaceRequest, assistant: Assistant) -> dict[str, Any]:
    base = request.POST.get("base", "")
    number = int(base) if is_number(base) else None
    overtaken = overtaken_by(assistant=assistant, base=number, user=request.user)
    is_new = (overtaken.token if overtaken else "") != request.POST.get("told", "")
    return {"overtaken": overtaken, "overtaken_is_new": is_new}


def _decided(request: WorkspaceRequest, assistant: Assistant) -> dict[str, Any]:
    """Return what colleagues did with the person's draft, as the editor shows it."""
    told = told_to(assistant=assistant, user=request.user)
    is_new = told_keys(told) != request.POST.get("decided", "")
    return {"decisions": told, "decided": told_keys(told), "decided_is_new": is_new}
