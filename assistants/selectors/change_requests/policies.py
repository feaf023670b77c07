"""Reading approval policies: those in force, and those that a change request has met since."""

from collections.abc import Collection, Iterable

from django.db.models import Max, Q, QuerySet

from admin_ui.accounts.models import Member, User
from admin_ui.compiled import CompiledQuery
from assistants.approval.rules import ROLES, Approver, Policy, Rule
from assistants.definition import FIELD_NAMES, Definition, changed_fields
from assistants.models import ApprovalPolicy, ChangeRequest, Kind

EMPTY_DEFINITION = Definition.parse({})


def _in_force(workspace: int, assistant: int) -> QuerySet[ApprovalPolicy]:
    both = ApprovalPolicy.objects.filter(Q(assistant=None) | Q(assistant=assistant))
    newest = both.filter(workspace=workspace).values("assistant").annotate(newest=Max("pk"))
    return ApprovalPolicy.objects.filter(pk__in=newest.values("newest"))


_IN_FORCE = CompiledQuery(_in_force)


def policies_in_force(*, workspace: int, assistant: int | None) -> list[Policy]:
    """Return the policies of a workspace and of one assistant that have rules. One query."""
    rows = _IN_FORCE(workspace, assistant or 0)
    return [row.policy for row in rows if row.rules]


def policies_by_scope(workspace: int) -> dict[int | None, Policy]:
    """Return all policies in force that have rules, by assistant; None has that of the workspace.

    One query.
    """
    newest = ApprovalPolicy.objects.filter(workspace=workspace).values("assistant")
    rows = ApprovalPolicy.objects.filter(pk__in=newest.annotate(newest=Max("pk")).values("newest"))
    return {row.assistant_id: row.policy for row in rows if row.rules}


def newest_policy(*, workspace: int, assistant: int | None = None) -> ApprovalPolicy | None:
    """Return the row that counts for the workspace, or for one of its assistants."""
    rows = ApprovalPolicy.objects.filter(workspace=workspace, assistant=assistant)
    return rows.order_by("-pk").first()


def newest_mark(workspace: int) -> int:
    """Return what `ChangeRequest.policy_mark` is for one that is opened now."""
    rows = ApprovalPolicy.objects.filter(workspace=workspace)
    return rows.aggregate(newest=Max("pk"))["newest"] or 0


def policies_since(request: ChangeRequest) -> list[Policy]:
    """Return every policy that was in force at a time since `request` was opened.

    So a policy that was loosened meanwhile still holds for it, and one made stricter holds too.
    """
    both = Q(assistant=None) | Q(assistant=request.assistant_id)
    rows = ApprovalPolicy.objects.filter(both, workspace=request.workspace_id)
    found: list[Policy] = []
    for scope in (None, request.assistant_id):
        of_scope = rows.filter(assistant=scope)
        before = of_scope.filter(pk__lte=request.policy_mark).order_by("-pk")[:1]
        after = of_scope.filter(pk__gt=request.policy_mark)
        found += [row.policy for row in (*before, *after) if row.rules]
    return found


def fields_of(kind: str, wanted: Definition, live: Definition | None) -> list[str]:
    """Return the fields that a change is about: all of them where the assistant comes or goes."""
    if kind in (Kind.DELETE, Kind.MISSING):
        return list(FIELD_NAMES)
    return list(changed_fields(live or EMPTY_DEFINITION, wanted))


def as_approvers(workspace: int, users: Iterable[int]) -> list[Approver]:
    """Return those of these people who belong to the workspace, with their role of now."""
    ids = set(users)
    if not ids:
        return []
    people = User.objects.filter(pk__in=ids, is_active=True, is_service=False)
    members = {
        member.user_id: member
        for member in Member.objects.filter(workspace=workspace, user__in=ids)
    }
    found = []
    for user in people:
        member = members.get(user.pk)
        if user.is_owner:
            found.append(Approver(user.pk, "admin"))
        elif member is not None:
            found.append(Approver(user.pk, member.role, member.is_narrowed))
    return found


def people_who_count(workspace: int, rules: Collection[Rule]) -> list[int]:
    """Return the members whose approval counts for one of `rules`, those who are named first.

    Two queries; none without rules.
    """
    if not rules:
        return []
    named = {user for rule in rules for user in rule.people}
    weakest = min((ROLES.index(rule.role) for rule in rules if rule.role), default=len(ROLES))
    strong = Q(role__in=ROLES[weakest:]) | Q(user__in=named)
    members = Member.objects.filter(strong, workspace=workspace).order_by("pk")
    people = as_approvers(workspace, members.values_list("user", flat=True))
    found = [each.user for each in people if any(rule.counts(each) for rule in rules)]
    return sorted(found, key=lambda user: user not in named)
