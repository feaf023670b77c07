"""Clearing a change: whether the approval policy lets it pass, asked where it is recorded.

It is asked inside the transaction that inserts the revision, with the assistant's row locked. Who
approves, or sends another round, locks that row too; so what was approved is what is sent.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import Action, NotAllowed, can
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record
from admin_ui.notices.kinds import NoticeKind
from assistants.approval.rules import MissingApproval, missing_approvals
from assistants.definition import LIMITS, Definition, storable
from assistants.models import Assistant, Clearance, Kind, Revision, Round, Schedule, State
from assistants.selectors.change_requests.decisions import (
    Verdict,
    asking_rounds,
    matching_rounds,
    verdict_on,
)
from assistants.selectors.change_requests.freezes import freeze_in_force
from assistants.selectors.change_requests.policies import fields_of, policies_in_force
from assistants.services.approving.clearances import clearance_digest
from assistants.services.approving.telling import tell_lacking
from assistants.services.errors import Frozen, NeedsApproval, NoOverride


@dataclass(frozen=True)
class Pass:
    """How a change passes; `note_passed` stores it with the revision."""

    kind: Clearance.Kind
    round: Round | None = None
    approvers: tuple[str, ...] = ()
    reason: str = ""
    by: User | None = None
    is_own: bool = False
    fields: tuple[str, ...] = ()
    is_return: bool = False


def clear_change(
    *,
    row: Assistant,
    kind: str,
    wanted: Definition,
    live: Definition | None,
    member: Member | None,
    drafter: User | None,
    override: str = "",
    unattended: Schedule | None = None,
) -> Pass | None:
    """Return how a change passes the policy, None if there is nothing to say about it.

    `row` is locked. `override` is the reason of an admin who publishes without the approvals.
    `unattended` is the schedule that is carried out: only exactly its round passes, or what comes
    back after that, approved by all whom a policy asks and while the schedule holds, also where the
    change needs no approval. What comes back was approved with the round that is live.
    Raises `Frozen` and `NeedsApproval`, and for an override `NotAllowed` and `NoOverride`. Costs
    three queries where no freeze, policy or change request is concerned.
    """
    frozen = freeze_in_force(row.workspace_id)
    if frozen and not override:
        raise Frozen(frozen.ends_at, frozen.reason)
    policies = policies_in_force(workspace=row.workspace_id, assistant=row.pk)
    changed = fields_of(kind, wanted, live if row.state == State.LIVE else None)
    needed = missing_approvals(policies, changed=changed, approvers=(), writers=())
    if needed or unattended:
        asking, is_return = asking_rounds(
            row, kind=kind, digest=wanted.digest, unattended=unattended
        )
    else:
        asking, is_return = matching_rounds(row, kind=kind, digest=wanted.digest), False
    if unattended is not None and not is_held(unattended):
        asking = []
    verdict: Verdict | None = None
    for asked in () if frozen else asking:
        verdict = verdict_on(asked.change_request, asked)
        if verdict.is_satisfied or not (needed or unattended):
            has = verdict.is_satisfied and verdict.counted
            found = Clearance.Kind.APPROVED if has else Clearance.Kind.NOT_NEEDED
            names = tuple(step.user_name for step in verdict.counted)
            return Pass(found, asked, approvers=names, is_return=is_return)
        if unattended and is_return and (given := _overridden(row, asked)):
            return replace(given, round=asked, fields=fields_lacking(verdict.missing))
    if not needed and unattended is None and not frozen:
        return None
    newest = asking[-1] if asking else None
    if newest and verdict is None:
        verdict = verdict_on(newest.change_request, newest)
    missing = verdict.missing if verdict else needed
    if not override:
        raise NeedsApproval(missing, newest.change_request if newest else None)
    check_override(member, override)
    assert member is not None
    lacking = () if verdict and verdict.is_satisfied else missing or needed
    wrote = newest.writers if newest else [(drafter or member.user).pk]
    record_override(
        row,
        member,
        wrote=wrote,
        changed=changed,
        lacking=lacking,
        is_deletion=kind == Kind.DELETE,
    )
    return Pass(
        Clearance.Kind.OVERRIDDEN,
        newest,
        reason=storable(override.strip()),
        by=member.user,
        is_own=member.user.pk in wrote,
        fields=fields_lacking(lacking),
        is_return=is_return and newest is not None,
    )


def fields_lacking(missing: Iterable[MissingApproval]) -> tuple[str, ...]:
    """Return the fields that approvals are missing for; none where only a freeze window held."""
    return tuple(dict.fromkeys(name for each in missing for name in each.fields))


def is_held(schedule: Schedule) -> bool:
    """Return whether a schedule still holds. Who calls one off locks the assistant's row."""
    return Schedule.objects.filter(pk=schedule.pk, next_at__isnull=False).exists()


def _overridden(row: Assistant, of: Round) -> Pass | None:
    """Return how an admin published `of` without the approvals: with what comes back after it."""
    rows = Clearance.objects.filter(revision=row.live_id, round=of)
    found = rows.filter(kind=Clearance.Kind.OVERRIDDEN).select_related("user").first()
    if found is None:
        return None
    return Pass(
        Clearance.Kind.OVERRIDDEN,
        reason=found.reason,
        by=found.user,
        is_own=found.is_own,
        is_return=True,
    )


def check_override(member: Member | None, reason: str) -> None:
    """Raise `NotAllowed` or `NoOverride` unless `member` may publish without approval so."""
    if member is None or not can(member, Action.OVERRIDE):
        raise NotAllowed(Action.OVERRIDE)
    if not reason.strip() or len(reason) > LIMITS.note:
        raise NoOverride


def record_override(
    row: Assistant,
    member: Member,
    *,
    wrote: Collection[int],
    changed: Sequence[str],
    lacking: Collection[MissingApproval],
    is_deletion: bool,
) -> None:
    """Record and announce that `member` publishes a change of `row`, which `wrote` wrote.

    Without the approvals that it is `lacking`, or in a freeze window if those are none.
    """
    is_own = member.user.pk in wrote
    record(
        EventKind.APPROVAL_OVERRIDDEN,
        workspace=member.workspace,
        about=str(row)[:254],
        details={"assistant": row.pk, "own_change": is_own, "fields": ", ".join(changed)[:500]},
    )
    tell_lacking(
        row,
        NoticeKind.OVERRIDDEN,
        missing=lacking,
        writers=wrote,
        actor=member.user,
        is_deletion=is_deletion,
    )


def note_passed(revision: Revision, passed: Pass | None) -> None:
    """Store how `revision` passed, in the transaction that inserted it."""
    if passed is None:
        return
    row = Clearance(
        revision=revision,
        kind=passed.kind,
        change_request=passed.round.change_request if passed.round else None,
        round=passed.round,
        is_return=passed.is_return,
        approvers=list(passed.approvers),
        reason=passed.reason,
        user=passed.by,
        user_name=str(passed.by or "")[:200],
        is_own=passed.is_own,
        fields=list(passed.fields),
    )
    row.digest = clearance_digest(row, revision.digest)
    row.save(force_insert=True)
