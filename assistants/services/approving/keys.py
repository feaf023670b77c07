"""What the registry asks before an application writes with an API key."""

from typing import Any

from assistants.approval.rules import missing_approvals
from assistants.definition import Definition
from assistants.models import Assistant, Kind
from assistants.selectors.change_requests.freezes import freeze_in_force
from assistants.selectors.change_requests.policies import fields_of, policies_in_force


def key_needs_approval(
    *,
    workspace_id: int,
    remote_id: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> bool:
    """Return whether a policy asks for an approval of a write, which no key can have, or a freeze
    window holds.

    `before` and `after` are what the assistant held and would hold; None where it is not there.
    Called inside the transaction of the write. Two queries without either.
    """
    found = Assistant.objects.filter(workspace=workspace_id, remote_id=remote_id)
    assistant = found.values_list("pk", flat=True).first() if before is not None else None
    if freeze_in_force(workspace_id):
        return True
    policies = policies_in_force(workspace=workspace_id, assistant=assistant)
    if not policies:
        return False
    live = None if before is None else Definition.parse(before)
    wanted = Definition.parse(after or before or {})
    changed = fields_of(Kind.DELETE if after is None else Kind.KEY, wanted, live)
    return bool(missing_approvals(policies, changed=changed, approvers=(), writers=()))
