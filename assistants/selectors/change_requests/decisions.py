"""What people decided about the newest round of a change request, and whether it is enough."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import F, QuerySet

from admin_ui.compiled import CompiledQuery
from assistants.approval.rules import MissingApproval, missing_approvals
from assistants.definition import Definition
from assistants.models import (
    Assistant,
    ChangeRequest,
    Clearance,
    Kind,
    RequestStep,
    Round,
    Schedule,
    State,
)
from assistants.selectors.change_requests.policies import (
    as_approvers,
    fields_of,
    policies_in_force,
    policies_since,
)

DECISIONS = (RequestStep.Kind.APPROVED, RequestStep.Kind.CHANGES_REQUESTED)


@dataclass(frozen=True)
class Verdict:
    """Who approved a round or asked for changes, as of now, and which approvals are missing."""

    steps: Mapping[int, RequestStep]
    """The newest decision about the round, by the user who made it."""
    counted: tuple[RequestStep, ...]
    """Approvals by people who did not write a part of it and still belong to the workspace."""
    missing: tuple[MissingApproval, ...]

    @property
    def is_objected(self) -> bool:
        """Whether somebody's request for changes is left."""
        asked = RequestStep.Kind.CHANGES_REQUESTED
        return any(step.kind == asked for step in self.steps.values())

    @property
    def is_satisfied(self) -> bool:
        return not self.missing and not self.is_objected


def newest_round(request: ChangeRequest) -> Round:
    return request.rounds.select_related("base", "back_to").get(number=request.round_number)


def verdict_on(request: ChangeRequest, of: Round) -> Verdict:
    """Return what was decided about `of`, the newest round of `request`.

    An approval counts while who gave it still has the role or is still named, and only for the
    digest that was approved. It is asked for by each policy since the request was opened.
    """
    rows = of.steps.filter(kind__in=DECISIONS, user__isnull=False).order_by("pk")
    steps = {step.user_id or 0: step for step in rows}
    approved = {
        user: step
        for user, step in steps.items()
        if step.kind == RequestStep.Kind.APPROVED and step.digest == of.digest
    }
    people = as_approvers(request.workspace_id, approved)
    now = policies_in_force(workspace=request.workspace_id, assistant=request.assistant_id)
    missing = missing_approvals(
        [*now, *policies_since(request)],
        changed=of.fields,
        approvers=people,
        writers=set(of.writers),
    )
    counted = [approved[each.user] for each in people if each.user not in of.writers]
    return Verdict(steps, tuple(counted), missing)


def whose_counts(request: ChangeRequest, of: Round, users: Collection[int]) -> set[int]:
    """Return those of `users` whose approval of `of` counts for a rule about what it changes.

    Those who wrote a part of it are not left out. Five queries.
    """
    now = policies_in_force(workspace=request.workspace_id, assistant=request.assistant_id)
    policies = [*now, *policies_since(request)]
    rules = [rule for policy in policies for rule in policy.applying(of.fields)]
    people = as_approvers(request.workspace_id, users) if rules else []
    return {person.user for person in people if any(rule.counts(person) for rule in rules)}


def matching_rounds(row: Assistant, *, kind: str, digest: str) -> list[Round]:
    """Return the newest rounds of open change requests that ask for exactly this change."""
    wanted = ChangeRequest.Kind.DELETE if kind == Kind.DELETE else ChangeRequest.Kind.CHANGE
    base = row.live_digest if row.state == State.LIVE else ""
    return _MATCHING(row.pk, wanted.value, digest, base)


def _matching(assistant: int, kind: str, digest: str, base: str) -> QuerySet[Round]:
    rows = Round.objects.filter(
        change_request__assistant=assistant,
        change_request__kind=kind,
        change_request__is_open=True,
        number=F("change_request__round_number"),
        digest=digest,
        base_digest=base,
    )
    return rows.select_related("change_request").defer("values", "changes").order_by("pk")


_MATCHING = CompiledQuery(_matching)


def returning_rounds(row: Assistant, *, digest: str) -> list[Round]:
    """Return the rounds that made live what is live, after which `digest` is to come back."""
    return _RETURNING(row.live_id, digest) if row.state == State.LIVE and row.live_id else []


def _returning(live: int, digest: str) -> QuerySet[Round]:
    passed = Clearance.objects.filter(revision=live, is_return=False, round__isnull=False)
    rows = Round.objects.filter(pk__in=passed.values("round"), back_digest=digest)
    return rows.select_related("change_request").defer("values", "changes").order_by("pk")


_RETURNING = CompiledQuery(_returning)


def asking_rounds(
    row: Assistant, *, kind: str, digest: str, unattended: Schedule | None = None
) -> tuple[list[Round], bool]:
    """Return the rounds that ask for exactly this change, and whether as what comes back.

    A change that no open round asks for may be what comes back after the one that is live. For a
    schedule that is carried out, only its own round counts, and it says which of both it is.
    """
    if unattended is None:
        rounds = matching_rounds(row, kind=kind, digest=digest)
        return (rounds, False) if rounds else (returning_rounds(row, digest=digest), True)
    if unattended.is_return:
        rounds = returning_rounds(row, digest=digest)
    else:
        rounds = matching_rounds(row, kind=kind, digest=digest)
    return [of for of in rounds if of.pk == unattended.round_id], unattended.is_return


def approvals_missing(
    row: Assistant, *, kind: str, wanted: Definition, live: Definition | None
) -> tuple[MissingApproval, ...]:
    """Return what policies ask for before `wanted` may be published, and no round of it has.

    As `clear_change` decides it later, for a page that says so before.
    """
    policies = policies_in_force(workspace=row.workspace_id, assistant=row.pk)
    if not policies:
        return ()
    changed = fields_of(kind, wanted, live if row.state == State.LIVE else None)
    needed = missing_approvals(policies, changed=changed, approvers=(), writers=())
    if not needed:
        return ()
    rounds, _is_return = asking_rounds(row, kind=kind, digest=wanted.digest)
    if any(verdict_on(found.change_request, found).is_satisfied for found in rounds):
        return ()
    return needed
