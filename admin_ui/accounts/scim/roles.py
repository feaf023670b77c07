"""The roles that groups give. What people gave or changed since stays theirs."""

from collections.abc import Iterable

from django.db import transaction

from admin_ui.accounts.leaving.leaving import change_role, remove_member
from admin_ui.accounts.models import DirectoryGrant, DirectoryGroup, Member, User, Workspace
from admin_ui.accounts.permissions import SYSTEM, Role
from admin_ui.accounts.services import make_member
from admin_ui.accounts.workspaces.workspaces import check_owner
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record


@transaction.atomic
def map_group(
    *, actor: User, group: DirectoryGroup, workspace: Workspace | None, role: str
) -> None:
    """Let the people of a group have `role` in `workspace`, or none. Only owners may.

    Raises `NotAllowed`, and `LastAdmin` where somebody would lose the last admin's role by it.
    """
    check_owner(actor)
    group = DirectoryGroup.objects.select_for_update().get(pk=group.pk)
    group.workspace, group.role = workspace, role if workspace else ""
    group.save(update_fields=["workspace", "role"])
    details = {"group": group.display_name, "role": group.role}
    about = workspace.slug if workspace else ""
    record(EventKind.DIRECTORY, about=group.directory.name, details={**details, "workspace": about})
    settle_roles(group.people.all())


def settle_roles(users: Iterable[User]) -> None:
    """Give each user the highest role of their groups in each workspace, and take what is over.

    A deactivated account only loses. Runs in the caller's transaction. Raises `LastAdmin`.
    """
    for user in sorted(users, key=lambda entry: entry.pk):
        _settle(user)


def _settle(user: User) -> None:
    wanted = _wanted(user)
    grants = {row.workspace_id: row for row in DirectoryGrant.objects.filter(user=user)}
    places = Workspace.objects.filter(pk__in={*wanted, *grants}, archived_at=None)
    for workspace in places.order_by("pk"):
        member = Member.objects.filter(workspace=workspace, user=user).first()
        grant = grants.get(workspace.pk)
        if grant and (member is None or member.role != grant.role):
            grant.delete()  # people have decided otherwise since
            grant = None
        role = wanted.get(workspace.pk)
        if role and user.is_active:
            _give(user, workspace, member, grant, role)
        elif grant and member and not role:
            _take(member, grant)


def _wanted(user: User) -> dict[int, str]:
    """Return the highest role that the groups of `user` give, by the id of a workspace."""
    roles: dict[int, str] = {}
    groups = user.directory_groups.filter(directory__ended_at=None).exclude(workspace=None)
    for workspace, role in groups.values_list("workspace_id", "role"):
        roles[workspace] = _higher(roles.get(workspace, ""), role)
    return roles


def _give(
    user: User,
    workspace: Workspace,
    member: Member | None,
    grant: DirectoryGrant | None,
    role: str,
) -> None:
    if member is None:
        make_member(workspace=workspace, user=user, role=role, by_group=True)
        DirectoryGrant.objects.create(user=user, workspace=workspace, role=role)
        return
    if member.is_narrowed and role == Role.ADMIN:
        return  # nothing narrows an admin, so people decide
    before = grant.before if grant else member.role
    role = _higher(before, role)
    if role != member.role:
        change_role(actor=SYSTEM, member=member, role=Role(role))
        DirectoryGrant.objects.update_or_create(
            user=user, workspace=workspace, defaults={"role": role, "before": before}
        )


def _take(member: Member, grant: DirectoryGrant) -> None:
    if grant.before:
        change_role(actor=SYSTEM, member=member, role=Role(grant.before))
    else:
        remove_member(actor=SYSTEM, member=member)
    grant.delete()


def _higher(one: str, other: str) -> str:
    ranks = ["", *Role.values]
    return max(one, other, key=ranks.index)
