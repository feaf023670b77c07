"""Beginning a thread: the form for a comment or a suggestion, and choosing lines for it."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from admin_ui.accounts.guard import stash
from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action
from admin_ui.paging import is_number
from admin_ui.request.http import SeeOther
from assistants.definition.text import normalise_text
from assistants.models import ChangeRequest, Round
from assistants.selectors.change_requests.decisions import whose_counts
from assistants.selectors.change_requests.lists import get_request
from assistants.selectors.talk.lines import lines_page
from assistants.selectors.talk.pages import TalkPages
from assistants.selectors.talk.people import mentionable
from assistants.selectors.talk.rounds import (
    LINED,
    round_numbered,
    round_texts,
)
from assistants.services.change_requests.refusals import TalkRefused
from assistants.services.change_requests.talking import begin_thread
from assistants.views.change_requests.target import Target
from assistants.wording.talk.discussion import place_label, refusal_text

ONLY_SHOWS = ("show", "suggest")


@require(Action.REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
@costly()
def request_comment(request: WorkspaceRequest, number: int) -> HttpResponse:
    """GET shows the form for a comment or a suggestion; POST begins a thread with it.

    POST with `do` as one of `ONLY_SHOWS` shows the form again, with what is typed already.
    """
    found = get_request(request.workspace, number)
    about = stash.mark_about(request.user, f"request {number}")
    posted = request.method == "POST"
    kept = None if posted else stash.newest_form(request.user, request.path, about)
    form = request.POST if posted else kept or request.GET
    asked = form.get("round", "")
    of = round_numbered(found, int(asked) if is_number(asked) else found.round_number)
    text = round_texts([of])[of.pk]
    target, error = Target.read(form).within(text), ""
    if posted and form.get("do") not in ONLY_SHOWS:
        try:
            step = begin_thread(
                author=request.member,
                request=found,
                of=of,
                field=target.field,
                lines=target.lines,
                text=form.get("note", ""),
                replacement=form.get("replacement", "") if target.suggests else None,
                ticked=ticked_in(form.getlist("mention")),
            )
        except TalkRefused as refused:
            error = refusal_text(refused.why)
        else:
            stash.drop_forms_of_tabs(request.user, request.path, about)
            messages.success(request, _("Your comment is there."))
            return SeeOther(TalkPages.of(found).at_thread(step.thread_id))
    context = {
        "change_request": found,
        "talk": TalkPages.of(found),
        "round": of,
        "about": about,
        "target": target,
        "label": place_label(target.field, target.lines),
        "quoted": target.quoted(text),
        "note": form.get("note", ""),
        "replacement": _replacement(form, target, text),
        "costs_approval": target.suggests and _could_approve(request.member, found, of),
        "people": mentionable(request.workspace),
        "ticked": ticked_in(form.getlist("mention")),
        "error": error,
    }
    status = 422 if error else 200
    return render(request, "assistants/change_requests/talk/comment.html", context, status=status)


def _could_approve(member: Member, found: ChangeRequest, of: Round) -> bool:
    """Return whether an approval by `member` counts, which it does not for who wrote a part."""
    return member.user.pk not in of.writers and bool(whose_counts(found, of, [member.user.pk]))


def _replacement(form: Mapping[str, str], target: Target, text: str) -> str:
    """Return what was typed in place of the lines; the lines themselves if nothing was."""
    typed = form.get("replacement")
    first, _sign, last = form.get("shown", "").partition("-")
    before = Target.read({"field": target.field, "first": first, "last": last}).within(text)
    if typed is None or normalise_text(typed) == before.joined(text):
        return target.joined(text)
    return typed


@require_safe
@require(Action.VIEW)
@costly()
def request_lines(request: WorkspaceRequest, number: int) -> HttpResponse:
    """Show the lines of the instructions in the newest round, to comment on some of them.

    `line` is where the page begins, and `from` the line with which a choice begins.
    """
    found = get_request(request.workspace, number)
    of = round_numbered(found, found.round_number)
    params = {name: request.GET.get(name, "") for name in ("line", "from")}
    first, chosen = (int(text) if is_number(text) else 0 for text in params.values())
    shown = lines_page(found, of=of, member=request.member, first=first, chosen=chosen)
    context = {
        "change_request": found,
        "talk": TalkPages.of(found),
        "round": of,
        "page": shown,
        "begun": f"{TalkPages.of(found).comment}?field={LINED}&first={shown.chosen}",
    }
    return render(request, "assistants/change_requests/talk/lines.html", context)


def ticked_in(values: list[str]) -> list[int]:
    """Return the users that a form ticks."""
    return [int(value) for value in values if is_number(value)]
