"""What keeps the documents of a store from being changed: a freeze window, or missing approvals."""

from collections.abc import Collection
from dataclasses import dataclass

from assistants.approval.rules import MissingApproval, missing_approvals
from assistants.models import FreezeWindow
from assistants.selectors.change_requests.freezes import freeze_in_force
from assistants.selectors.change_requests.policies import policies_by_scope

FIELD = "tool_resources"
"""The field that names the stores, whose rules apply to their documents too."""


@dataclass(frozen=True)
class Held:
    """What a change of documents lacks; `assistants` are those of its users for which it does."""

    frozen: FreezeWindow | None
    missing: tuple[MissingApproval, ...]
    assistants: frozenset[int]


def what_holds(*, workspace: int, assistants: Collection[int]) -> Held | None:
    """Return what keeps the documents that `assistants` use from being changed; None for nothing.

    Two queries.
    """
    frozen = freeze_in_force(workspace)
    policies = policies_by_scope(workspace)
    found = {
        scope: missing_approvals([policies[scope]], changed=[FIELD], approvers=(), writers=())
        for scope in (None, *assistants)
        if scope in policies
    }
    asking = {scope for scope, missing in found.items() if missing}
    if not frozen and not asking:
        return None
    of_all = frozen is not None or None in asking
    missing = dict.fromkeys(each for rules in found.values() for each in rules)
    return Held(
        frozen,
        tuple(missing),
        frozenset(pk for pk in assistants if of_all or pk in asking),
    )
