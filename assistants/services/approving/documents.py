"""Approval of documents: changing those of a store changes the knowledge of all who use it."""

from collections.abc import Iterable

from assistants.approval.rules import missing_approvals
from assistants.models import ApprovalPolicy
from assistants.selectors.change_requests.freezes import freeze_in_force
from assistants.selectors.change_requests.policies import policies_in_force
from assistants.services.errors import Frozen, NeedsApproval

FIELD = "tool_resources"
"""The field that names the stores, whose rules apply to their documents too."""


def check_documents(*, workspace: int, assistants: Iterable[int]) -> None:
    """Raise `NeedsApproval` if a policy asks for an approval of the knowledge of one of these, and
    `Frozen` while a freeze window holds.

    No change request can ask for a change of documents, so only a policy lets it pass that leaves
    the field free.
    """
    if frozen := freeze_in_force(workspace):
        raise Frozen(frozen.ends_at, frozen.reason)
    own = ApprovalPolicy.objects.filter(workspace=workspace, assistant__in=list(assistants))
    for assistant in (None, *own.values_list("assistant", flat=True).distinct()):
        policies = policies_in_force(workspace=workspace, assistant=assistant)
        if missing := missing_approvals(policies, changed=[FIELD], approvers=(), writers=()):
            raise NeedsApproval(missing)
