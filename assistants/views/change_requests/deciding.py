"""Deciding about a change request: saying what was decided, and what is sensible next."""

from typing import Any

from django.contrib import messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.accounts.guard.access import WorkspaceRequest
from admin_ui.accounts.permissions import Action, can
from admin_ui.display.times import exact
from assistants.approval.flow import Move
from assistants.models import ChangeRequest, RequestStep, Round
from assistants.selectors.change_requests.decisions import Verdict, newest_round, verdict_on
from assistants.selectors.change_requests.detail import (
    has_moved,
    missing_sentences,
    newest_schedule,
)
from assistants.selectors.change_requests.freezes import freeze_in_force
from assistants.services.change_requests.deciding import decide, may_decide
from assistants.services.editing.drafts import draft_of

MOVES = {
    "approve": Move.APPROVE,
    "request_changes": Move.REQUEST_CHANGES,
    "reject": Move.REJECT,
    "withdraw": Move.WITHDRAW,
}
DECIDED = {
    Move.APPROVE: gettext_lazy("You approved round %(round)s."),
    Move.REQUEST_CHANGES: gettext_lazy("You requested changes to round %(round)s."),
    Move.REJECT: gettext_lazy("You rejected the change request. Nothing of it is published."),
    Move.WITHDRAW: gettext_lazy("You withdrew the change request. Nothing of it is published."),
}
UNDECIDED_STATES = (ChangeRequest.State.FAILED,)
"""States in which an earlier approval waits to be given again."""


def decide_about(
    request: WorkspaceRequest, found: ChangeRequest, move: Move, *, seen: int, word: str
) -> None:
    """Decide as `decide` does, and say what was decided and what is still missing."""
    then = decide(member=request.member, request=found, move=move, seen=seen, word=word)
    said = [DECIDED[move] % {"round": seen}]
    if move is Move.APPROVE:
        said += _after_approval(request, then)
    messages.success(request, " ".join(map(str, said)))


def _after_approval(request: WorkspaceRequest, then: ChangeRequest) -> list[str]:
    """Return what keeps `then` from being published, or when that happens."""
    verdict = verdict_on(then, newest_round(then))
    if verdict.missing:
        return [_("Still missing:"), *missing_sentences(verdict.missing)]
    if verdict.is_objected:
        return [_("Somebody still asks for changes.")]
    return [_("No approval is missing."), _when(request, then)]


def _when(request: WorkspaceRequest, then: ChangeRequest) -> str:
    """Return when `then` is published, which has its approvals."""
    schedule, frozen = newest_schedule(then), freeze_in_force(then.workspace_id)
    if frozen:
        until = exact(frozen.ends_at)
        return _("A freeze window holds until %(until)s.") % {"until": until}
    if schedule and schedule.next_at and schedule.is_for_later:
        return _("The service publishes it at its time, %(at)s.") % {
            "at": exact(schedule.publish_at)
        }
    if schedule and schedule.next_at:
        return _("It is published within a minute.")
    may, deletes = can(request.member, Action.PUBLISH), then.kind == ChangeRequest.Kind.DELETE
    if deletes:
        return _("You can delete it now.") if may else _("A publisher can delete it now.")
    return _("You can publish it now.") if may else _("A publisher can publish it now.")


def deciding_context(
    request: WorkspaceRequest, found: ChangeRequest, newest: Round, verdict: Verdict
) -> dict[str, Any]:
    """Return what the reader may do about the newest round, what is next, and what hinders it."""
    user, is_open = request.user.pk, found.is_open
    may_publish = can(request.member, Action.PUBLISH)
    frozen = freeze_in_force(request.workspace.pk) if is_open else None
    is_cleared, moved = not frozen and not verdict.missing, has_moved(found, newest)
    decides = is_open and may_decide(request.member, found, newest)
    return {
        "missing": missing_sentences(verdict.missing) if is_open else [],
        "has_moved": moved,
        "is_mine": found.author_id == user,
        "wrote_part": is_open and user in newest.writers,
        "may_decide": decides,
        "has_approved": has_approved(verdict, found, user),
        "next": next_action(
            verdict,
            found,
            user,
            may_decide=decides,
            may_publish=may_publish and is_cleared,
            has_moved=moved,
        ),
        "may_publish": is_open and may_publish,
        "frozen": frozen,
        "is_cleared": is_cleared,
        "may_override": bool(verdict.missing or frozen)
        and is_open
        and can(request.member, Action.OVERRIDE),
        "next_round": _next_round(request, found, newest),
    }


def _next_round(request: WorkspaceRequest, found: ChangeRequest, newest: Round) -> int:
    """Return the number of the round that the author's draft would be; 0 if it is the newest."""
    if not found.is_open or found.author_id != request.user.pk:
        return 0
    if found.kind == ChangeRequest.Kind.DELETE:
        return 0
    draft = draft_of(user=request.user, assistant=found.assistant)
    return newest.number + 1 if draft and draft.known_digest != newest.digest else 0


def has_approved(verdict: Verdict, found: ChangeRequest, user: int) -> bool:
    """Return whether the newest decision of `user` is an approval that holds."""
    step = verdict.steps.get(user)
    approved = step is not None and step.kind == RequestStep.Kind.APPROVED
    return approved and found.state not in UNDECIDED_STATES


def next_action(
    verdict: Verdict,
    found: ChangeRequest,
    user: int,
    *,
    may_decide: bool,
    may_publish: bool,
    has_moved: bool,
) -> str:
    """Return which of edit, publish and approve is the sensible thing to do now; "" for none.

    `may_publish` says that nothing keeps `user` from it.
    """
    if has_moved or verdict.is_objected:
        if found.author_id == user:
            return "edit"
        if has_moved:
            return ""
    elif may_publish:
        return "publish"
    has_decided = user in verdict.steps and found.state not in UNDECIDED_STATES
    return "approve" if may_decide and not has_decided else ""
