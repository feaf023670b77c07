"""The people and service accounts of the workspace."""

from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja import Status as Answer

from admin_ui.accounts.leaving.leaving import change_role, remove_member
from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import ALLOWED, Action, NotAllowed, Role
from admin_ui.accounts.selectors import get_member
from admin_ui.accounts.service_accounts.service_accounts import service_accounts_of
from admin_ui.accounts.team.members import team_list
from assistants.api.reading import may, member_of, page_of, params_of
from assistants.api.shapes import Filter, MemberOut, Page, RoleIn

router = Router()
READ_TEAM = may(Action.MANAGE_TEAM, within=True)
CHANGE_TEAM = may(Action.MANAGE_TEAM, within=True, by_key=True)


@router.get("members", auth=READ_TEAM, response=Page[MemberOut])
def members_list(
    request: HttpRequest, q: Filter = "", role: Filter = "", cursor: Filter = ""
) -> Any:
    """List people: owners first, then by name."""
    team = team_list(member_of(request).workspace, params_of(cursor, q=q, role=role))
    rows = [*map(_owner_as_member, team.owners), *team.members]
    return page_of(rows, team.people.older, member_json)


@router.put("members/{number:pk}/role", auth=CHANGE_TEAM, response=MemberOut)
def members_change_role(request: HttpRequest, pk: int, body: RoleIn) -> Any:
    """Give a person another role. What is worth more than it is settled as the pages suggest."""
    actor = member_of(request)
    role = role_within(actor, body.role)
    member = change_role(
        actor=actor, member=get_member(actor.workspace, pk), role=role, seen=body.seen
    )
    return member_json(member)


@router.delete("members/{number:pk}", auth=CHANGE_TEAM, response={204: None})
def members_remove(request: HttpRequest, pk: int) -> Any:
    """Remove a person from the workspace. What they leave is settled as the pages suggest."""
    actor = member_of(request)
    remove_member(actor=actor, member=get_member(actor.workspace, pk))
    return Answer(204, None)


@router.get("service-accounts", auth=may(Action.MANAGE_KEYS, within=True), response=Page[MemberOut])
def service_accounts_list(request: HttpRequest) -> Any:
    """List service accounts by name: all of them, on one page."""
    return page_of(service_accounts_of(member_of(request).workspace), "", member_json)


def role_within(actor: Member, role: Role) -> Role:
    """Return `role`. Raises `NotAllowed` for one above the actor's own."""
    if not ALLOWED[role] <= ALLOWED[actor.role]:
        raise NotAllowed(Action.MANAGE_TEAM)
    return role


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
