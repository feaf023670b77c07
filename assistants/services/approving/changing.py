"""Saying which approvals a workspace, or one of its assistants, asks for."""

from django.db import transaction

from admin_ui.accounts.models import Member, Workspace
from admin_ui.accounts.permissions import Action
from admin_ui.accounts.services import check_actor, recheck_actor
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record
from admin_ui.notices.announcing import announce
from admin_ui.notices.kinds import NoticeKind
from assistants.approval.rules import MOST_APPROVALS, NO_POLICY, ROLES, Policy, Rule, is_looser
from assistants.definition import FIELD_NAMES, LIMITS, storable
from assistants.models import ApprovalPolicy, Assistant
from assistants.selectors.change_requests.addresses import ChangeRequestPages
from assistants.selectors.change_requests.policies import newest_policy
from assistants.services.approving.telling import overseers
from assistants.services.errors import ServiceError

MOST_RULES = 20
MOST_PEOPLE_NAMED = 50
"""People who can be named in one rule."""


class LooserWithoutReason(ServiceError):
    """A policy that asks for less than before needs a reason."""


class ReasonTooLong(ServiceError):
    """The reason is longer than a note may be."""


class NobodyCounts(ServiceError):
    """A rule asks for more approvals than there are people whose approval would count."""

    def __init__(self, place: int) -> None:
        """`place` is where the rule is in the policy that was asked for, from 0."""
        super().__init__()
        self.place = place


def set_policy(
    *, actor: Member, policy: Policy, assistant: Assistant | None = None, reason: str = ""
) -> ApprovalPolicy | None:
    """Make `policy` that of the workspace, or of one `assistant` in addition to it.

    Open change requests keep the stricter rule. Unknown fields and people of other workspaces are
    left out. Returns None if nothing changes. Raises `NotAllowed`, `LooserWithoutReason`,
    `NobodyCounts` and `ReasonTooLong`.
    """
    check_actor(actor, actor.workspace, Action.MANAGE_APPROVALS)
    if len(reason) > LIMITS.note:
        raise ReasonTooLong
    with transaction.atomic():
        Workspace.objects.select_for_update(no_key=True).get(pk=actor.workspace_id)
        recheck_actor(actor, Action.MANAGE_APPROVALS)
        before = newest_policy(
            workspace=actor.workspace_id, assistant=assistant.pk if assistant else None
        )
        old, new = before.policy if before else NO_POLICY, _checked(actor, policy)
        if new == old:
            return None
        looser = is_looser(old, new)
        if looser and not reason.strip():
            raise LooserWithoutReason
        row = ApprovalPolicy.objects.create(
            workspace=actor.workspace,
            assistant=assistant,
            rules=[rule.to_json() for rule in new.rules],
            free=sorted(new.free),
            is_looser=looser,
            reason=storable(reason.strip()),
            user=actor.user,
            user_name=str(actor.user)[:200],
        )
        record(
            EventKind.APPROVALS,
            workspace=actor.workspace,
            about=str(assistant or actor.workspace)[:254],
            details={
                "before": told(old),
                "after": told(new),
                "looser": looser,
                **({"reason": row.reason[:1000]} if row.reason else {}),
            },
        )
        if looser:
            tell_loosened(actor, assistant, old)
    return row


def tell_loosened(actor: Member, assistant: Assistant | None, old: Policy) -> None:
    """Announce that a policy asks for less than `old`, to all admins and to those whom it named."""
    workspace = actor.workspace
    announce(
        kind=NoticeKind.POLICY_LOOSENED,
        workspace=workspace,
        people=overseers(workspace.pk, assistant.pk if assistant else None) | old.people,
        subject=str(assistant or workspace),
        path=ChangeRequestPages.of(workspace.slug).policy,
        actor=actor.user,
    )


def told(policy: Policy) -> str:
    """Return a policy in one line, for the audit log."""
    parts = [
        f"{rule.approvals} from {rule.role or 'named people'}"
        + (f" or {len(rule.people)} named" if rule.role and rule.people else "")
        + f" for {', '.join(sorted(rule.fields)) or 'all fields'}"
        for rule in policy.rules
    ]
    free = f"; free: {', '.join(sorted(policy.free))}" if policy.free else ""
    return ("; ".join(parts) or "none") + free


def _checked(actor: Member, policy: Policy) -> Policy:
    """Return `policy` with what exists only. Raises `NobodyCounts`."""
    members = Member.objects.filter(
        workspace=actor.workspace_id, user__is_active=True, user__is_service=False
    )
    here = dict(members.values_list("user", "role"))
    known = frozenset(FIELD_NAMES)
    rules = []
    for place, rule in enumerate(policy.rules[:MOST_RULES]):
        fields = rule.fields & known
        if not 0 < rule.approvals <= MOST_APPROVALS or (rule.fields and not fields):
            continue
        people = frozenset(sorted(rule.people & here.keys())[:MOST_PEOPLE_NAMED])
        checked = Rule(rule.approvals, rule.role if rule.role in ROLES else "", people, fields)
        if not checked.role and len(people) < rule.approvals:
            raise NobodyCounts(place)
        rules.append(checked)
    return Policy(tuple(dict.fromkeys(rules)), policy.free & known if rules else frozenset())
