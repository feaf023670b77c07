"""Approving a change request, asking for changes, rejecting it, withdrawing it."""

from django.db import transaction
from django.db.models import Q

from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import Action, NotAllowed, can
from admin_ui.accounts.services import lock_actor
from admin_ui.notices.kinds import NoticeKind
from assistants.approval.flow import Move, PartIn, after, may_move
from assistants.models import ChangeRequest, RequestStep, Reviewer, Round
from assistants.selectors.change_requests.decisions import newest_round, verdict_on, whose_counts
from assistants.services.approving.ending import add_step, move_on
from assistants.services.approving.schedule_rows import call_off
from assistants.services.approving.telling import (
    asked_no_more,
    everybody_in,
    tell_about_request,
    tell_called_off,
)
from assistants.services.change_requests.errors import NotOpen, NotYours, NoWord, RoundMoved
from assistants.services.change_requests.schedules import publish_soon
from assistants.services.ledger.record import check_note, lock_assistant, plain

STEP_OF = {
    Move.APPROVE: RequestStep.Kind.APPROVED,
    Move.REQUEST_CHANGES: RequestStep.Kind.CHANGES_REQUESTED,
    Move.REJECT: RequestStep.Kind.REJECTED,
    Move.WITHDRAW: RequestStep.Kind.WITHDRAWN,
}
NOTICE_OF = {
    Move.APPROVE: NoticeKind.APPROVED,
    Move.REQUEST_CHANGES: NoticeKind.CHANGES_REQUESTED,
    Move.REJECT: NoticeKind.REJECTED,
    Move.WITHDRAW: NoticeKind.WITHDRAWN,
}
NEED_A_WORD = (Move.REQUEST_CHANGES, Move.REJECT)


def decide(
    *, member: Member, request: ChangeRequest, move: Move, seen: int, word: str = ""
) -> ChangeRequest:
    """Make one of `STEP_OF`, about round number `seen`, which the member was shown. Returns the
    change request as it is then.

    An approval is about the digest of that round. The last one arranges that it is published, if
    the round says so. The same form sent twice decides once. Raises `NotAllowed` (the member is
    neither asked nor named by a policy and may not publish), `NotYours`, `NotOpen`, `RoundMoved`,
    `NoWord`, and `Invalid` for a word that is too long.
    """
    if not can(member, Action.REVIEW) or member.workspace_id != request.workspace_id:
        raise NotAllowed(Action.REVIEW)
    check_note(word)
    if move in NEED_A_WORD and not word.strip():
        raise NoWord
    with transaction.atomic():
        actor = lock_actor(member, Action.REVIEW)
        lock_assistant(request.assistant_id)
        rows = ChangeRequest.objects.select_related("assistant__workspace", "workspace")
        request = rows.select_for_update(of=("self",)).get(pk=request.pk)
        part = PartIn.AUTHOR if request.author_id == member.user.pk else PartIn.OTHER
        of, word = newest_round(request), plain(word.strip())
        if of.number == seen and _said_before(member.user, of, STEP_OF[move], word):
            return request
        _check_move(request, move, part)
        if request.round_number != seen:
            raise RoundMoved
        if part is PartIn.OTHER and not may_decide(actor, request, of):
            raise NotAllowed(Action.REVIEW)
        add_step(request, of, STEP_OF[move], user=member.user, word=word)
        verdict = verdict_on(request, of)
        Reviewer.objects.filter(change_request=request, user=member.user).update(is_waiting=False)
        asked_no_more(request, [member.user.pk])
        move_on(
            request,
            after(
                request.state,
                move,
                is_satisfied=not verdict.missing,
                is_objected=verdict.is_objected,
            ),
        )
        if not request.is_open:
            if off := call_off(request):
                tell_called_off(off, actor=member.user, people=())
        elif request.state == ChangeRequest.State.APPROVED and of.when != Round.When.BY_HAND:
            publish_soon(request, of, approver=member.user)
        tell_about_request(
            request, NOTICE_OF[move], actor=member.user, people=everybody_in(request)
        )
    return request


def _said_before(user: User, of: Round, kind: RequestStep.Kind, word: str) -> bool:
    """Return whether this is what `user` decided last about a round, with the same word: a form
    was sent twice. After a publish that failed, people approve again."""
    counts = Q(user=user, kind__in=STEP_OF.values()) | Q(kind=RequestStep.Kind.FAILED)
    last = of.steps.filter(counts).order_by("-pk").first()
    return last is not None and (last.user_id, last.kind, last.word) == (user.pk, kind, word)


def _check_move(request: ChangeRequest, move: Move, part: PartIn) -> None:
    if may_move(request.state, move, part):
        return
    if request.is_open:
        raise NotYours
    raise NotOpen


def may_decide(member: Member, request: ChangeRequest, of: Round) -> bool:
    """Return whether the word of `member` matters: they were asked, their approval counts for a
    rule, or they may publish. People who wrote a part of the round decide nothing."""
    if member.user.pk in of.writers:
        return False
    if can(member, Action.PUBLISH) and not member.is_narrowed:
        return True
    if request.reviewers.filter(user=member.user).exists():
        return True
    return bool(whose_counts(request, of, [member.user.pk]))
