"""Submitting a draft for review, and sending another round of it."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Max

from admin_ui.accounts.models import Member, User, Workspace
from admin_ui.accounts.permissions import Action, NotAllowed, can
from admin_ui.accounts.services import lock_actor
from admin_ui.notices.kinds import NoticeKind
from assistants.approval.flow import Move, after
from assistants.definition import FIELD_NAMES, LIMITS, Definition, changed_fields, problems
from assistants.diff import summarise
from assistants.models import (
    Assistant,
    ChangeRequest,
    Draft,
    RequestStep,
    Reviewer,
    Round,
    State,
    text,
)
from assistants.models.change_requests.change_request import MOST_ROUNDS
from assistants.selectors.change_requests.choices import MOST_REVIEWERS, earlier_writers
from assistants.selectors.change_requests.policies import fields_of, newest_mark
from assistants.services.approving.ending import add_step, move_on
from assistants.services.approving.schedule_rows import call_off
from assistants.services.approving.telling import (
    asked_no_more,
    everybody_in,
    tell_about_request,
    tell_called_off,
)
from assistants.services.change_requests.errors import (
    AsksOtherwise,
    NoReturn,
    NothingToReview,
    NoTitle,
    RoundMoved,
    TooManyRounds,
)
from assistants.services.change_requests.schedules import arrange
from assistants.services.change_requests.timing import BY_HAND, Timing
from assistants.services.editing.drafts import draft_of
from assistants.services.errors import DraftMoved, Invalid
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.record import lock_assistant, plain
from assistants.services.ledger.verbs import check_note_by
from assistants.services.publishing.publish import check_base
from assistants.services.rights.checks import check_changes, check_reach


def submit(
    *,
    author: Member,
    assistant: Assistant,
    seen: str,
    title: str,
    note: str = "",
    reviewers: Collection[int] = (),
    timing: Timing = BY_HAND,
    after_round: int | None = None,
) -> ChangeRequest:
    """Submit the author's draft for review: a change request, or its next round if one is open.

    `seen` is the digest of the draft that the author was shown. `after_round` is the primary key of
    the newest round that they were shown, 0 for none; None is not checked. `reviewers` are users of
    the workspace; others are left out. The draft stays, so that its author goes on with it. A round
    for a time is scheduled if the author may publish, or else with its last approval. No gateway
    is called.

    Raises `NotAllowed` (also for changed fields that are not the author's), `NoTitle`, `Invalid`
    (limits of the changed fields and of the note), `DraftMoved`, `Draft.DoesNotExist`, `Conflict`
    if live has changed since the draft was begun, `NothingToReview` if the draft changes nothing,
    `RoundMoved` if another round was sent or the change request was closed since, `AsksOtherwise`,
    `TooManyRounds`, and what `Timing.check` raises. The same form sent twice sends one round.
    """
    title = _checked_title(author, assistant, title, note=note)
    with transaction.atomic():
        actor = lock_actor(author, Action.EDIT_DRAFT)
        row = lock_assistant(assistant.pk)
        draft = draft_of(user=author.user, assistant=row)
        if draft is None:
            raise Draft.DoesNotExist
        if draft.known_digest != seen:
            raise DraftMoved(draft)
        wanted = draft.definition
        live = live_definition(row) if row.state == State.LIVE else None
        if live is not None:
            check_base(assistant=row, base=draft.base, wanted=wanted, live=live, user=author.user)
        check_changes(actor, row, wanted, live, action=Action.EDIT_DRAFT)
        changed = changed_fields(live, wanted)
        if not changed:
            raise NothingToReview
        if found := problems(wanted, changed, before=live, stored=[live] if live else []):
            raise Invalid(found)
        request = _open_request(author, row)
        return _send(
            request,
            draft,
            wanted,
            live,
            author=actor,
            title=title,
            note=note,
            reviewers=reviewers,
            timing=timing,
            after_round=after_round,
        )


def submit_deletion(
    *,
    author: Member,
    assistant: Assistant,
    title: str,
    note: str = "",
    reviewers: Collection[int] = (),
    after_round: int | None = None,
) -> ChangeRequest:
    """Ask for the deletion of what is live now. As `submit`; the author needs no draft.

    Raises `NothingToReview` if the assistant is not live.
    """
    title = _checked_title(author, assistant, title, note=note)
    with transaction.atomic():
        lock_actor(author, Action.EDIT_DRAFT)
        row = lock_assistant(assistant.pk)
        if row.state != State.LIVE:
            raise NothingToReview
        live = live_definition(row)
        request = _open_request(author, row, kind=ChangeRequest.Kind.DELETE)
        return _send(
            request,
            None,
            live,
            live,
            author=author,
            title=title,
            note=note,
            reviewers=reviewers,
            after_round=after_round,
        )


def _checked_title(author: Member, assistant: Assistant, title: str, *, note: str) -> str:
    """Return the title on one line, if the author may submit something of `assistant` with it."""
    if not can(author, Action.EDIT_DRAFT):
        raise NotAllowed(Action.EDIT_DRAFT)
    check_reach(author, assistant, Action.EDIT_DRAFT)
    check_note_by(author, note)
    title = plain(" ".join(title.split()))
    if not title or len(title) > LIMITS.title:
        raise NoTitle
    return title


def open_request_of(user: User, assistant: Assistant) -> ChangeRequest | None:
    """Return the open change request of `user` for `assistant`."""
    mine = ChangeRequest.objects.filter(assistant=assistant, author=user)
    return mine.filter(is_open=True).first()


def _open_request(
    author: Member, row: Assistant, *, kind: str = ChangeRequest.Kind.CHANGE
) -> ChangeRequest:
    """Return the author's open change request, or one that is not saved yet."""
    found = open_request_of(author.user, row)
    if found is not None:
        if found.kind != kind:
            raise AsksOtherwise(found)
        return found
    return ChangeRequest(
        workspace_id=row.workspace_id,
        assistant=row,
        kind=kind,
        author=author.user,
        author_name=plain(str(author.user), 200),
        policy_mark=newest_mark(row.workspace_id),
        round_number=0,
    )


def _send(
    request: ChangeRequest,
    draft: Draft | None,
    wanted: Definition,
    live: Definition | None,
    *,
    author: Member,
    title: str,
    note: str,
    reviewers: Collection[int],
    timing: Timing = BY_HAND,
    after_round: int | None = None,
) -> ChangeRequest:
    row = request.assistant
    base_digest = row.live_digest if live is not None else ""
    newest = request.rounds.get(number=request.round_number) if request.pk else None
    if newest is not None:
        same = newest.digest == wanted.digest and newest.base_digest == base_digest
        said = (request.title, newest.note, _timing_of(newest))
        if same and said == (title, note, timing):
            return request  # the same form was sent twice
    if after_round not in (None, newest.pk if newest else 0):
        raise RoundMoved
    if request.round_number >= MOST_ROUNDS:
        raise TooManyRounds
    request.title = title
    if newest is None:
        request.number = _next_number(row.workspace_id)
        request.save()
    values, texts, bodies = text.split(wanted)
    near = {
        texts[name]: old for name, old in (live.sources if live else {}).items() if name in texts
    }
    text.keep_texts(bodies, {new: old for new, old in near.items() if new != old})
    kind = "delete" if request.kind == ChangeRequest.Kind.DELETE else "edit"
    fields = fields_of(kind, wanted, live)
    back = timing.check(row)
    if back is not None:
        if back.digest == wanted.digest:
            raise NoReturn
        check_changes(author, row, back, wanted, action=Action.EDIT_DRAFT)
        fields = [name for name in FIELD_NAMES if name in {*fields, *changed_fields(wanted, back)}]
    wrote = [author.user.pk, *(draft.writer_ids if draft else ())]
    sent = Round.objects.create(
        change_request=request,
        number=request.round_number + 1,
        values=values,
        texts=texts,
        digest=wanted.digest,
        base=row.live if live is not None else None,
        base_digest=base_digest,
        changes=summarise(live, wanted),
        fields=fields,
        note=plain(note),
        writers=sorted({*wrote, *earlier_writers(request)}),
        writer_names=draft.writers if draft else "",
        when=timing.when,
        publish_at=timing.publish_at if timing.when == Round.When.AT_TIME else None,
        zone=timing.zone,
        back_at=timing.back_at,
        back_to=timing.back_to if back is not None else None,
        back_digest=back.digest if back is not None else "",
    )
    off = call_off(request)
    is_first = request.round_number == 0
    request.round_number = sent.number
    step = RequestStep.Kind.SUBMITTED if is_first else RequestStep.Kind.ROUND
    add_step(request, sent, step, user=author.user)
    move_on(request, after(request.state, Move.SEND_ROUND, is_satisfied=False))
    _ask(request, sent, author, reviewers)
    if sent.publish_at and can(author, Action.PUBLISH):
        arrange(request, sent, user=author.user, publish_at=sent.publish_at, zone=sent.zone)
    elif off is not None:
        tell_called_off(off, actor=author.user, people=everybody_in(request))
    return request


def _timing_of(sent: Round) -> Timing:
    return Timing(sent.when, sent.publish_at, sent.zone, sent.back_at, sent.back_to)


def _ask(request: ChangeRequest, sent: Round, author: Member, users: Collection[int]) -> None:
    """Ask these members to review; the round waits for all who were asked, earlier ones too.

    Those who wrote a part of it cannot decide about it, so nobody waits for them.
    """
    members = Member.objects.filter(workspace=request.workspace_id, user__in=list(users))
    asked = members.filter(user__is_active=True, user__is_service=False).exclude(
        user__in=sent.writers
    )
    before = Reviewer.objects.filter(change_request=request)
    asked_no_more(request, list(before.values_list("user", flat=True)))
    before.exclude(user__in=sent.writers).update(is_waiting=True)
    before.filter(user__in=sent.writers).update(is_waiting=False)
    rows = [
        Reviewer(change_request=request, workspace_id=request.workspace_id, user_id=user)
        for user in asked.values_list("user", flat=True)[:MOST_REVIEWERS]
    ]
    Reviewer.objects.bulk_create(rows, ignore_conflicts=True)
    waiting = request.reviewers.filter(is_waiting=True).values_list("user", flat=True)
    tell_about_request(request, NoticeKind.ASKED, actor=author.user, people=waiting)


def _next_number(workspace: int) -> int:
    """Return the next number of a change request; others wait until this transaction ends."""
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace)
    rows = ChangeRequest.objects.filter(workspace=workspace)
    return (rows.aggregate(newest=Max("number"))["newest"] or 0) + 1
