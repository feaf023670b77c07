"""What keeps the documents of a store from being changed: a freeze window, or missing approvals."""

from collections.abc import Collection
from dataclasses import dataclass

from assistants.approval.rules import MissingApproval, missing_approvals
from assistants.models import ChangeRequest, FreezeWindow
from assistants.selectors.change_requests.freezes import freeze_in_force
from assistants.selectors.change_requests.policies import policies_by_scope
from assistants.selectors.documents.concerned import FIELD, concerned_by


@dataclass(frozen=True)
class Held:
    """What a change of documents lacks; `assistants` are those of its users for which it does."""

    frozen: FreezeWindow | None
    missing: tuple[MissingApproval, ...]
    assistants: frozenset[int]
    request: ChangeRequest | None
    """An open change request that asks to use the store."""


def what_holds(*, workspace: int, store_id: str, assistants: Collection[int]) -> Held | None:
    """Return what keeps the documents of a store from being changed; None for nothing.

    `assistants` are the live ones that use it over its connection. What no assistant uses, or is
    about to use, tells nobody anything, so nothing holds it. Two queries where no policy and no
    freeze window is in force, and a few more where one is.
    """
    frozen = freeze_in_force(workspace)
    policies = policies_by_scope(workspace)
    if not frozen and not policies:
        return None
    concerned = concerned_by(workspace=workspace, store_id=store_id)
    if not concerned and not assistants:
        return None
    found = {
        scope: missing_approvals([policies[scope]], changed=[FIELD], approvers=(), writers=())
        for scope in (None, *concerned.assistants.union(assistants))
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
        concerned.request,
    )
