"""Ending a change request with the outcome of the change that it asked for.

Called where the outcome is recorded, in that transaction, so no process that dies leaves a change
request behind that says something else than the history.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from admin_ui.accounts.models import User
from admin_ui.compiled import CompiledQuery
from admin_ui.notices.kinds import NO_DETAILS, Act, NoticeKind, act_details
from assistants.approval.flow import OPEN_STATES, Move, after
from assistants.models import (
    ChangeRequest,
    Clearance,
    Outcome,
    RequestStep,
    Reviewer,
    Revision,
    Round,
    Schedule,
    Status,
)
from assistants.selectors.versions import version_of
from assistants.services.approving.schedule_rows import (
    end_schedule,
    held_schedules,
    schedule_return,
)
from assistants.services.approving.telling import asked_no_more, everybody_in, tell_about_request


def _requests_of(revision: int) -> QuerySet[Clearance]:
    rows = Clearance.objects.filter(revision=revision, change_request__isnull=False)
    return rows.select_related(
        "change_request__assistant__workspace", "change_request__workspace", "round"
    ).defer("round__values", "round__texts")


_REQUESTS = CompiledQuery(_requests_of)
NO_EFFECT_STATUSES = (Status.REJECTED, Status.NOT_DELIVERED)


def end_request(revision: Revision, outcome: Outcome) -> bool:
    """Note on the change request of `revision`, if it has one, how the change ended. One query.

    Returns whether that was announced.

    A change in doubt leaves it as it is: the next outcome decides. One that arrives after it failed
    publishes it. What was scheduled has been done then, and what comes back later is scheduled.
    Where a schedule tried to publish it without effect, that tries again, or says that it failed.
    """
    told = False
    for clearance in _REQUESTS(revision.pk):
        request, of = clearance.change_request, clearance.round
        if request is None or of is None or not (request.is_open or clearance.is_return):
            continue
        if outcome.status == Status.APPLIED:
            told = True
            held = held_schedules(request).filter(attempts__gt=0).first()
            details = _of_publish(of, outcome, held, is_return=clearance.is_return)
            end_schedule(request)
            if clearance.is_return:
                _note(request, of, RequestStep.Kind.RETURNED, revision)
            else:
                _note(request, of, RequestStep.Kind.PUBLISHED, revision)
                move_on(request, after(request.state, Move.PUBLISH, is_satisfied=True))
                schedule_return(request, of, revision)
            _tell(
                request,
                NoticeKind.PUBLISHED,
                revision,
                everybody_in(request),
                details,
                is_unattended=held is not None,
            )
        elif outcome.status in NO_EFFECT_STATUSES:
            told = True
            if not held_schedules(request).filter(attempts__gt=0).exists():
                fail_request(request, of, user=revision.author, name=revision.author_name)
                people = {request.author_id, revision.author_id or request.author_id}
                _tell(request, NoticeKind.FAILED, revision, people)
    return told


def fail_request(request: ChangeRequest, of: Round, *, user: User | None, name: str = "") -> None:
    """Note that `user` could not publish `of`, unless the change request is closed."""
    if request.is_open:
        add_step(request, of, RequestStep.Kind.FAILED, user=user, name=name)
        move_on(request, after(request.state, Move.FAIL, is_satisfied=True))


def _note(request: ChangeRequest, of: Round, kind: RequestStep.Kind, revision: Revision) -> None:
    add_step(request, of, kind, user=revision.author, name=revision.author_name, revision=revision)


def _of_publish(
    of: Round, outcome: Outcome, held: Schedule | None, *, is_return: bool
) -> dict[str, Any]:
    """Return the details that people read of a publish, by `held` if the service did it."""
    act = None
    if is_return:
        act = Act.RETURNED
    elif held is not None:
        act = Act.AS_SCHEDULED if held.is_for_later else Act.WITH_APPROVAL
    return {
        "revision": outcome.revision.number,
        "version": outcome.version,
        **act_details(
            act,
            until=None if is_return else of.back_at,
            zone=of.zone,
            back_to=version_of(of.back_to) if is_return else 0,
        ),
    }


def _tell(
    request: ChangeRequest,
    kind: NoticeKind,
    revision: Revision,
    people: Iterable[int],
    details: Mapping[str, Any] = NO_DETAILS,
    *,
    is_unattended: bool = False,
) -> None:
    """Announce what `revision` ended in. What the service did in somebody's name, they did not do,
    so they are told too."""
    tell_about_request(
        request,
        kind,
        actor=None if is_unattended else revision.author,
        actor_name=revision.author_name,
        people=people,
        details=details,
    )


def add_step(
    request: ChangeRequest,
    of: Round,
    kind: RequestStep.Kind,
    *,
    user: User | None,
    name: str = "",
    word: str = "",
    revision: Revision | None = None,
    at: datetime | None = None,
) -> RequestStep:
    """Insert what happened to `request`, about its round `of`."""
    return RequestStep.objects.create(
        change_request=request,
        round=of,
        kind=kind,
        user=user,
        user_name=(name or str(user or ""))[:200],
        word=word,
        digest=of.digest,
        revision=revision,
        at=at,
    )


FOLLOWING_COLUMNS = ("state", "is_open", "changed_at", "round_number", "title")


def move_on(request: ChangeRequest, state: str) -> None:
    """Save the state that follows from the newest step; a closed request waits for nobody."""
    request.state, request.is_open = str(state), state in OPEN_STATES
    request.changed_at = timezone.now()
    request.save(update_fields=FOLLOWING_COLUMNS)
    if not request.is_open:
        waiting = Reviewer.objects.filter(change_request=request, is_waiting=True)
        asked_no_more(request, list(waiting.values_list("user", flat=True)))
        waiting.update(is_waiting=False)
