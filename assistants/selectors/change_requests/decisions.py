"""What people decided about the newest round of a change request, and whether it is enough."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistants.approval.rules import MissingApproval, missing_approvals
from assistants.models import ChangeRequest, RequestStep, Round
from assistants.selectors.change_requests.policies import (
    as_approvers,
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
    return request.rounds.select_related("base").get(number=request.round_number)


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
