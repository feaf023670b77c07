"""A change request: what it changes, what was decided, and deciding about it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.paging import is_number
from admin_ui.request.http import SeeOther
from assistants.diff import glance
from assistants.forms.text import printable
from assistants.models import ChangeRequest, Round
from assistants.selectors.change_requests.addresses import ChangeRequestPages
from assistants.selectors.change_requests.decisions import newest_round, verdict_on
from assistants.selectors.change_requests.detail import (
    overrides_of,
    request_steps,
    reviewers_of,
    round_sides,
)
from assistants.selectors.change_requests.lists import get_request
from assistants.services.change_requests.errors import (
    NotOpen,
    NotYours,
    NoWord,
    ReturnIsOver,
    RoundMoved,
)
from assistants.services.change_requests.publishing import publish_request
from assistants.services.errors import Conflict, Invalid
from assistants.views.assistant_page import assistant_page
from assistants.views.change_requests.deciding import MOVES, decide_about, deciding_context
from assistants.views.change_requests.scheduling import (
    UNFIT_TIMINGS,
    schedule_context,
    set_schedule,
    unfit_timing,
)
from assistants.views.change_requests.threads import talk_context
from assistants.views.objection import Objection, try_to_send
from assistants.views.review.approval import override_of, typed_reason
from assistants.views.review.doubts import doubt_context, goes_over_doubt
from assistants.views.review.published import say_published
from assistants.wording import clearance_chip, decision_about, show_changes
from assistants.wording.approval.change_requests import state_chip


@require(Action.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
@costly()
def change_request(request: WorkspaceRequest, number: int) -> HttpResponse:
    """GET shows the newest round, or `?round=` an older one, beside what was live or
    the round in `?since=`. POST does `action`: one of `MOVES`, or
    `publish`, `override` (which needs a `reason`), `schedule` or `call_off`, about the round that
    `seen` names; those with `word`."""
    found = get_request(request.workspace, number, reader=request.user)
    if request.method != "POST":
        return _page(request, found)
    seen = int(text) if is_number(text := request.POST.get("seen", "")) else 0
    action = request.POST.get("action", "")
    if action in MOVES:
        word = printable(request.POST.get("word", "")).strip()
        return _answer(
            request,
            found,
            lambda: decide_about(request, found, MOVES[action], seen=seen, word=word),
            word=word,
        )
    if action in ("schedule", "call_off"):
        return _answer(request, found, lambda: set_schedule(request, found, seen), word="")
    return _publish(request, found, seen)


def _answer(
    request: WorkspaceRequest, found: ChangeRequest, act: Callable[[], object], *, word: str
) -> HttpResponse:
    """Act and show the page again, with why nothing was done if so."""
    try:
        act()
    except NoWord:
        trouble = Objection(_("Say why in a few words, so that the author knows."), 422)
    except RoundMoved:
        trouble = Objection(_("The author sent a new round, so nothing was done. Look at it."), 409)
    except NotOpen:
        trouble = Objection(_("This change request is closed. Nothing was done."), 409)
    except NotYours:
        trouble = Objection(_("You cannot do this to this change request."), 403)
    except UNFIT_TIMINGS as error:
        field, text = unfit_timing(error)
        trouble = Objection(text, 422, field=field)
    except Invalid:
        trouble = Objection(_("This is too long. Nothing was done."), 422)
    else:
        return SeeOther(_address(request, found))
    return _page(
        request,
        get_request(request.workspace, found.number, reader=request.user),
        trouble=trouble,
        word=word,
    )


def _publish(request: WorkspaceRequest, found: ChangeRequest, seen: int) -> HttpResponse:
    of = newest_round(found)
    try:
        result = try_to_send(
            lambda: publish_request(
                member=request.member,
                request=found,
                seen=seen,
                override=override_of(request),
                over_doubt=goes_over_doubt(request, found.assistant),
            ),
            of.definition,
        )
    except Conflict:
        text = _(
            "Something newer is live, so nothing was sent. The author has to send a new round."
        )
        result = Objection(text, 409)
    except ReturnIsOver:
        text = _("The older version would be back by now, so nothing was sent. Send a new round.")
        result = Objection(text, 409)
    except NotOpen:
        found.refresh_from_db()
        if found.state == ChangeRequest.State.PUBLISHED and found.round_number == seen:
            is_deletion = found.kind == ChangeRequest.Kind.DELETE
            text = _("It is deleted already.") if is_deletion else _("It is published already.")
            messages.info(request, text)
            return SeeOther(_address(request, found))
        result = Objection(_("This change request is closed. Nothing was sent."), 409)
    except RoundMoved:
        result = Objection(_("The author sent a new round, so nothing was published."), 409)
    if isinstance(result, Objection):
        fresh = get_request(request.workspace, found.number, reader=request.user)
        return _page(request, fresh, trouble=result)
    say_published(request, result)
    return SeeOther(_address(request, found))


def _address(request: WorkspaceRequest, found: ChangeRequest) -> str:
    return ChangeRequestPages.of(request.workspace.slug).request(found.number)


def _page(
    request: WorkspaceRequest,
    found: ChangeRequest,
    *,
    trouble: Objection | None = None,
    word: str = "",
) -> HttpResponse:
    newest = newest_round(found)
    of = _chosen(request, found, newest)
    verdict = verdict_on(found, newest)
    old, new = round_sides(of)
    since = _round_named(request.GET.get("since", ""), found)
    old = since.definition if since else old
    shown = glance(old, new)
    changes = show_changes(shown)
    overrides = overrides_of(found)
    context = {
        "change_request": found,
        "of": of,
        "since": since,
        "is_newest": of.pk == newest.pk,
        "rounds": range(1, found.round_number + 1),
        "chip": state_chip(found),
        "override": clearance_chip(overrides[-1].look) if overrides else "",
        "steps": request_steps(found, overrides),
        "reviewers": reviewers_of(found, newest, verdict),
        **deciding_context(request, found, newest, verdict),
        "changes": changes,
        "decision": decision_about(shown, changes) if changes else None,
        "request_pages": ChangeRequestPages.of(request.workspace.slug),
        **talk_context(request, found, of, [change.field for change in changes]),
        "trouble": trouble,
        "word": word,
        "reason": typed_reason(request),
        **schedule_context(request, found, of, error=_time_error(trouble)),
        **doubt_context(found.assistant),
    }
    template = "assistants/change_requests/request.html"
    return assistant_page(request, template, found.assistant, context, trouble=trouble)


def _time_error(trouble: Objection | None) -> str:
    return trouble.text if trouble and trouble.field == "day" else ""


def _chosen(request: WorkspaceRequest, found: ChangeRequest, newest: Round) -> Round:
    """Return the round that `?round=` names; the newest unless it names another."""
    return _round_named(request.GET.get("round", ""), found) or newest


def _round_named(number: str, found: ChangeRequest) -> Round | None:
    if not is_number(number):
        return None
    return found.rounds.select_related("base", "back_to").filter(number=int(number)).first()
