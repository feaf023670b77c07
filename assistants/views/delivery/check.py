"""Checking a change in the background, settling it, and accepting what a gateway holds."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.paging import is_number
from admin_ui.request.http import SeeOther
from assistants import selectors
from assistants.models import GONE_STATES, LATE, Assistant, trouble_of
from assistants.selectors.addresses import AssistantPages
from assistants.selectors.change_requests.addresses import ChangeRequestPages
from assistants.selectors.delivery import delivery_of, news_since
from assistants.services.editing.accept import accept_revision
from assistants.services.errors import NoTarget
from assistants.services.remote.settle import Checked, check_remote
from assistants.tasks.checks import check_behind
from assistants.views.assistant_page import rights_context
from assistants.wording import Chip, assistant_chips, failure, your_draft
from assistants.wording.pauses import ARCHIVED, being_published, not_checked, seconds_to

FOUND = {
    "same": gettext_lazy("Checked: the gateway matches what is shown here."),
    "changed": gettext_lazy("Checked: something has changed. The history shows what."),
    "gone": gettext_lazy("Checked: the gateway no longer has this assistant."),
}
"""The sentence for each value of `Checked.found`."""


@require(Action.VIEW)
@require_safe
@costly(quiet=True)
def check(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Return a fragment, requested in the background: what has happened to the assistant.

    `seen` is the mark that the page was given; such a page may get a check of a moment ago. The
    editor also sends `base`, the number of the revision from which it starts, and always asks the
    gateway; if another revision is live, the fragment makes it ask `here`. The page of one revision
    sends its number as `revision`. If the gateway accepts no calls now, the fragment says so and
    asks again later. If it is slow, a task worker waits for it, and the fragment asks again with
    the `ticket` of that task.
    """
    assistant = selectors.get_assistant(request.workspace, pk)
    editing = "base" in request.GET
    checked, ticket = check_behind(
        assistant=assistant,
        afresh=editing or "seen" not in request.GET,
        ticket=request.GET.get("ticket", ""),
    )
    again = {"ask_again": _ask_again(request, checked), "again_at": _again_at(request, ticket)}
    if ticket:  # nothing is known yet, so nothing else on the page changes
        return render(request, "assistants/delivery/_check.html", {"found": "waiting", **again})
    fresh = selectors.get_assistant(request.workspace, pk)
    fresh.workspace = request.workspace
    base, live = request.GET.get("base", ""), fresh.live
    moved = editing and live is not None and base != str(live.number)
    overtaken = moved or (editing and fresh.state in GONE_STATES)  # of which `here` tells
    news = news_since(request.GET.get("seen", ""), fresh)
    number = request.GET.get("revision", "")
    context = {
        "assistant": fresh,
        "pages": AssistantPages.of(fresh),
        "editing": editing,
        "revision": {"number": int(number) if is_number(number) else 0},
        "found": checked.found,
        "trouble": _why_not(checked),
        **again,
        "moved": moved,
        "news": "" if overtaken or checked.found == "busy" else news,
        "delivery": delivery_of(fresh, request.user),
        "chips": chips_of(request, fresh, editing),
        **rights_context(request, fresh),
    }
    response = render(request, "assistants/delivery/_check.html", context)
    return trigger_client_event(response, "look") if overtaken else response


AFTER_A_FAILURE = 30
"""Seconds after which pages ask again that a task of a worker has told of a passing failure."""


def _ask_again(request: WorkspaceRequest, checked: Checked) -> int:
    """Return the seconds after which the page asks again; 0 for not."""
    if checked.found == "waiting" and checked.until is not None:
        return round((checked.until - checked.at).total_seconds())
    if "ticket" in request.GET and checked.error is not None and checked.error.passing:
        return AFTER_A_FAILURE  # all open pages share that one answer
    return seconds_to(checked.until) if checked.found == "held" else 0


def _again_at(request: WorkspaceRequest, ticket: str) -> str:
    """Return the address of the next request: this one, with the ticket of the task, if any."""
    query = request.GET.copy()
    query.pop("ticket", None)
    if ticket:
        query["ticket"] = ticket
    return f"{request.path}?{query.urlencode()}"


def _why_not(checked: Checked) -> str:
    """Return why a check found nothing, if it did."""
    if checked.found == "held":
        return not_checked(checked.until)
    if checked.found == "archived":
        return str(ARCHIVED)
    return failure(checked.error) if checked.error else ""


def chips_of(request: WorkspaceRequest, assistant: Assistant, editing: bool) -> list[Chip]:
    """Return the chips of a page about `assistant`; `editing` means that it is the editor."""
    requests = ChangeRequestPages.of(request.workspace.slug)
    chips = assistant_chips(assistant, AssistantPages.of(assistant).revision, requests.request)
    if editing and assistant.state != Assistant.State.DRAFT:
        mine = assistant.drafts.filter(user=request.user)
        return [*chips, your_draft()] if mine.exists() else chips
    return chips


@require(Action.EDIT_DRAFT)
@require_POST
@costly()
def settle(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Check the gateway for a change in doubt and for outside changes."""
    assistant = selectors.get_assistant(request.workspace, pk)
    was_in_doubt = trouble_of(assistant) in DOUBTS
    checked = check_remote(assistant=assistant)
    if why := _why_not(checked):
        messages.warning(request, why)
    elif checked.found == "busy":
        messages.info(request, being_published("", checked.until))
    else:
        fresh = selectors.get_assistant(request.workspace, pk, content=False)
        messages.info(request, _found(fresh, checked.found, was_in_doubt))
    return SeeOther(resolve_url("assistants:history", request.workspace.slug, pk))


DOUBTS = (Assistant.Trouble.UNCONFIRMED, LATE)


def _found(assistant: Assistant, found: str, was_in_doubt: bool) -> str:
    """Add a message about what a check found, and what to do if that is unknown."""
    trouble, is_live = assistant.trouble, assistant.state == Assistant.State.LIVE
    if trouble == Assistant.Trouble.UNCONFIRMED:
        if is_live:
            return _(
                "Checked: the gateway does not have the change yet. It may still arrive; each"
                " check looks for it."
            )
        return _(
            "Still not certain: no assistant on the gateway matches what was sent, or several do."
            " “Send again” shows them and your options."
        )
    if was_in_doubt and trouble == Assistant.Trouble.NOT_DELIVERED:
        return _("Checked: the change was not delivered. The live version is unchanged.")
    if was_in_doubt and found == "changed" and is_live:
        return _("Checked: v%(version)d is live.") % {"version": assistant.live_version}
    if found == "same" and not is_live:
        return _("Checked: this assistant is not on the gateway.")
    return str(FOUND[found])


@require(Action.PUBLISH)
@require_POST
def accept(request: WorkspaceRequest, pk: int, revision: int) -> HttpResponse:
    """Accept what the gateway holds after a revision; the list no longer marks it."""
    assistant = selectors.get_assistant(request.workspace, pk)
    found = selectors.get_revision(assistant, revision)
    try:
        accept_revision(author=request.member, assistant=assistant, revision=found)
    except NoTarget:
        messages.info(request, _("There is nothing to accept here."))
    else:
        messages.success(request, _("Accepted. The live version stays as it is."))
    return redirect("assistants:revision", request.workspace.slug, pk, revision)
