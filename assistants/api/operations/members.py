"""The people and service accounts of the workspace."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import Action, Role
from admin_ui.accounts.service_accounts.service_accounts import service_accounts_of
from admin_ui.accounts.team.members import team_list
from assistants.api.reading import member_who_may, page_of, params_of
from assistants.api.shapes import Filter, MemberOut, Page

router = Router()


@router.get("members", response=Page[MemberOut])
def members_list(
    request: HttpRequest, q: Filter = "", role: Filter = "", cursor: Filter = ""
) -> Any:
    """List people: owners first, then by name."""
    member = member_who_may(request, Action.MANAGE_TEAM, within=True)
    team = team_list(member.workspace, params_of(cursor, q=q, role=role))
    rows = [*map(_owner_as_member, team.owners), *team.members.rows]
    return page_of(rows, team.members.older, member_json)


@router.get("service-accounts", response=Page[MemberOut])
def service_accounts_list(request: HttpRequest) -> Any:
    """List service accounts by name: all of them, on one page."""
    member = member_who_may(request, Action.MANAGE_KEYS, within=True)
    return page_of(service_accounts_of(member.workspace), "", member_json)


def _owner_as_member(owner: User) -> Member:
    return Member(user=owner, role=Role.ADMIN)


def member_json(member: Member) -> dict[str, Any]:
    user = member.user
    return {
        "id": member.pk,
        "name": user.name,
        "email": None if user.is_service else user.email,
        "role": member.role,
        "is_owner": user.is_owner,
        "is_service": user.is_service,
        "is_active": user.is_active,
    }
