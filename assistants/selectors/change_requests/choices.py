"""Whom to ask to review a change request."""

from collections.abc import Collection
from dataclasses import dataclass

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Role
from assistants.models import Assistant, ChangeRequest
from assistants.selectors.change_requests.policies import policies_in_force

MOST_REVIEWERS_OFFERED = 100
"""Members that the form offers, those whose approval counts first."""


@dataclass(frozen=True, slots=True)
class ReviewerChoice:
    """A member who can be asked, and whether the form begins with them ticked."""

    user: int
    name: str
    role: str
    is_named: bool
    """Whether a policy names them."""
    is_chosen: bool


def reviewer_choices(
    author: Member, assistant: Assistant, current: ChangeRequest | None, chosen: Collection[int]
) -> list[ReviewerChoice]:
    """Return members who can be asked: people named by a policy, then by role. Three queries.

    Ticked are those who were asked already, or else those whom a policy names.
    """
    policies = policies_in_force(workspace=author.workspace_id, assistant=assistant.pk)
    named = {user for policy in policies for rule in policy.rules for user in rule.people}
    asked = set(current.reviewers.values_list("user", flat=True)) if current else set()
    ticked = set(chosen) or asked or named
    members = Member.objects.filter(workspace=author.workspace_id, user__is_active=True)
    members = members.exclude(user=author.user).filter(user__is_service=False)
    strong = [Role.ADMIN, Role.PUBLISHER]
    rows = list(members.filter(role__in=strong).select_related("user")[:MOST_REVIEWERS_OFFERED])
    others = members.exclude(role__in=strong).select_related("user")
    rows += list(others.filter(user__in=named | ticked))
    rows += list(
        others.exclude(user__in=named | ticked)[: max(MOST_REVIEWERS_OFFERED - len(rows), 0)]
    )
    return sorted(
        (
            ReviewerChoice(
                user=row.user_id,
                name=str(row.user),
                role=str(row.get_role_display()),
                is_named=row.user_id in named,
                is_chosen=row.user_id in ticked,
            )
            for row in rows
        ),
        key=lambda each: (not each.is_named, each.name.casefold()),
    )
