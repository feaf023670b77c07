"""Presence: what an open page asks every 30 seconds."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.permissions import Action
from admin_ui.paging import is_number
from assistants.selectors.addresses import AssistantPages
from assistants.selectors.presence import glance_at, overtaken_by, who_is_here
from assistants.services.editing import presence
from assistants.views.delivery.check import chips_of


@require(Action.EDIT_DRAFT)
@require_POST
def here(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Record that the person's page `tab` is open, and answer what it does not show yet.

    Calls no gateway. `base` is the number of the revision from which the page started. `shown` and
    `told` are what the last answer put into it; if nothing is new, the answer is 204. `opened` is
    when the page was opened, in milliseconds. A page without `tab` only reads. With `leaving`, it
    is being closed.
    """
    tab = presence.own_tab(request.user, request.POST.get("tab", ""))
    if "leaving" in request.POST:
        presence.leave(user=request.user, tab=tab)
        return HttpResponse(status=204)
    assistant = glance_at(request.workspace, pk)
    presence.note_presence(user=request.user, assistant=assistant, tab=tab)
    opened = request.POST.get("opened", "")
    since = int(opened) / 1000 if is_number(opened) and len(opened) < 15 else 0
    people = who_is_here(assistant=assistant, user=request.user, tab=tab, since=since)
    base = request.POST.get("base", "")
    number = int(base) if is_number(base) else None
    overtaken = overtaken_by(assistant=assistant, base=number, user=request.user)
    people_are_new = people.token != request.POST.get("shown", "")
    overtaken_is_new = (overtaken.token if overtaken else "") != request.POST.get("told", "")
    if not (people_are_new or overtaken_is_new):
        return HttpResponse(status=204)
    context = {
        "people": people,
        "people_are_new": people_are_new,
        "overtaken": overtaken,
        "overtaken_is_new": overtaken_is_new,
        "chips": chips_of(request, assistant, bool(tab)) if overtaken_is_new else (),
        "in_editor": bool(tab),
        "pages": AssistantPages.of(assistant),
    }
    return render(request, "assistants/presence/_here.html", context)
