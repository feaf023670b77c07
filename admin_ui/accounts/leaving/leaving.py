"""Takes a role, a workspace or the account from a person, and settles what they leave."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F

from admin_ui.accounts.leaving.belongings import Decision, carry_out_decisions
from admin_ui.accounts.models import Member, User, Workspace
from admin_ui.accounts.permissions import SYSTEM, Action, NotAllowed, Role, System
from admin_ui.accounts.selectors import people
from admin_ui.accounts.services import (
    Actor,
    check_actor,
    end_invitations,
    keep_an_admin,
    lock_team,
    recheck_actor,
)
from admin_ui.audit.models import AuditEvent, EventKind
from admin_ui.audit.record import record

OwnerActor = User | System


class LastOwner(Exception):
    """The instance would be left without an active owner."""


class Deactivated(Exception):
    """The account has to be reactivated first."""


class StillNarrowed(Exception):
    """The rights of the member are narrowed, which no admin's can be."""


class RoleMoved(Exception):
    """Somebody else has changed the role since the actor saw it."""


@transaction.atomic
def change_role(
    *,
    actor: Actor,
    member: Member,
    role: Role,
    decisions: Mapping[str, Decision] | None = None,
    seen: str | None = None,
    provider: str = "",
) -> Member:
    """Give `member` that role, and settle what is worth more than it.

    `decisions` and `provider` are as in `remove_member`; `seen` is the role that the actor saw, if
    it matters.
    A role that the member has already changes nothing. Raises `NotAllowed`, `LastAdmin` for the
    last one's demotion unless by an owner, `StillNarrowed` if somebody with narrowed rights would
    become an admin, `Member.DoesNotExist`, `RoleMoved` and `Undecided`; then nothing has happened.
    """
    check_actor(actor, member.workspace)
    member = lock_team(member)
    recheck_actor(actor, Action.MANAGE_TEAM)
    if member.role == role:
        return member
    if seen not in (None, member.role):
        raise RoleMoved
    if role != Role.ADMIN:
        keep_an_admin(actor, member)
    elif member.is_narrowed:
        raise StillNarrowed
    _hold_members(member.user, member.workspace)
    user = User.objects.get(pk=member.user_id)
    if not keeps_rights(user):
        carry_out_decisions(
            user=user,
            workspace=member.workspace,
            decisions=decisions,
            roles={member.workspace_id: role},
        )
    before, member.role = member.role, role
    member.save(update_fields=["role"])
    details = {"from": str(before), "to": str(role)}
    _record_of_member(EventKind.ROLE, member, provider, details)
    return member


@transaction.atomic
def remove_member(
    *,
    actor: Actor,
    member: Member,
    decisions: Mapping[str, Decision] | None = None,
    provider: str = "",
) -> None:
    """Take `member` out of the workspace and settle what they leave there.

    Their account and what they did stay. `decisions` go by the field of a belonging; None takes
    the default of each. `provider` is the identity provider that says so at a sign-in, if one does.
    Raises `NotAllowed`, `LastAdmin` for the last one unless by an owner, `Member.DoesNotExist`, and
    `Undecided`; then nothing has happened.
    """
    check_actor(actor, member.workspace)
    member = lock_team(member)
    recheck_actor(actor, Action.MANAGE_TEAM)
    keep_an_admin(actor, member)
    _hold_members(member.user, member.workspace)
    user = User.objects.get(pk=member.user_id)
    if not keeps_rights(user):
        carry_out_decisions(user=user, workspace=member.workspace, decisions=decisions)
    end_invitations(workspace=member.workspace, email=user.email)
    _record_of_member(EventKind.LEFT, member, provider, {"role": member.role})
    member.delete()


@transaction.atomic
def deactivate(
    *, actor: OwnerActor, user: User, decisions: Mapping[str, Decision] | None = None
) -> bool:
    """Deactivate `user` everywhere at once; returns whether the account was active.

    Sessions and password links end permanently. What they leave in each workspace is settled as in
    `remove_member`. Memberships stay, shown as deactivated. Raises `NotAllowed` for all but owners,
    `LastOwner`, and `Undecided`.
    """
    user = _hold_owners_and(actor, user)
    if not user.is_active:
        return False
    _keep_an_owner(user)
    _hold_members(user, None)
    carry_out_decisions(user=user, workspace=None, decisions=decisions)
    User.objects.filter(pk=user.pk).update(is_active=False, session_epoch=F("session_epoch") + 1)
    record(EventKind.DEACTIVATED, about=user.email, details={"owner": user.is_owner})
    return True


@transaction.atomic
def reactivate(*, actor: OwnerActor, user: User) -> bool:
    """Let `user` sign in again, with their password; returns whether the account was deactivated.

    Keys, sessions and links that ended do not come back. Raises `NotAllowed` for all but owners.
    """
    user = _hold_owners_and(actor, user)
    if user.is_active:
        return False
    User.objects.filter(pk=user.pk).update(is_active=True)
    record(EventKind.REACTIVATED, about=user.email, details={"owner": user.is_owner})
    return True


@transaction.atomic
def promote_to_owner(*, actor: OwnerActor, user: User) -> bool:
    """Make `user` an owner, an admin everywhere; returns whether they were not one before.

    Raises `NotAllowed` for all but owners, and `Deactivated`.
    """
    user = _hold_owners_and(actor, user)
    if user.is_owner:
        return False
    if not user.is_active:
        raise Deactivated
    User.objects.filter(pk=user.pk).update(is_owner=True)
    record(EventKind.OWNER, about=user.email, details={"owner": True})
    return True


@transaction.atomic
def demote_owner(
    *, actor: OwnerActor, user: User, decisions: Mapping[str, Decision] | None = None
) -> bool:
    """Remove `user` as owner; returns whether they were one. Their memberships stay.

    What they leave where they are no member, or what exceeds their role as one, is settled as in
    `remove_member`. Raises `NotAllowed` for all but owners, `LastOwner`, and `Undecided`.
    """
    user = _hold_owners_and(actor, user)
    if not user.is_owner:
        return False
    _keep_an_owner(user)
    _hold_members(user, None)
    if user.is_active:
        carry_out_decisions(user=user, workspace=None, decisions=decisions, roles=roles_of(user))
    User.objects.filter(pk=user.pk).update(is_owner=False)
    record(EventKind.OWNER, about=user.email, details={"owner": False})
    return True


def roles_of(user: User) -> dict[int, str]:
    """Return the roles that `user` has as a member, by the id of the workspace."""
    return dict(user.memberships.values_list("workspace_id", "role"))


def keeps_rights(user: User) -> bool:
    """Return whether `user` stays an admin everywhere, whatever their role as a member."""
    return user.is_owner and user.is_active


def was_removed(workspace: Workspace, email: str) -> bool:
    """Return whether somebody with that address has been removed from `workspace` before."""
    events = AuditEvent.objects.filter(chain=workspace.pk, kind=EventKind.LEFT)
    return events.filter(about=email).exists()


def is_last_owner(user: User) -> bool:
    """Return whether `user` is the only active owner, who has to stay one."""
    others = User.objects.filter(is_owner=True, is_active=True).exclude(pk=user.pk)
    return user.is_owner and user.is_active and not others.exists()


def _keep_an_owner(user: User) -> None:
    if is_last_owner(user):
        raise LastOwner


def _hold_owners_and(actor: OwnerActor, user: User) -> User:
    """Return `user` as they are now, held with all owners, so that no two people demote the last.

    Raises `NotAllowed` when `actor` is not an active owner by now.
    """
    rows = people().select_for_update(no_key=True).order_by("pk")
    owners = {row.pk for row in rows.filter(is_owner=True) if row.is_active}
    if actor is not SYSTEM and actor.pk not in owners:
        raise NotAllowed(Action.MANAGE_TEAM)
    return rows.get(pk=user.pk)


def _record_of_member(
    kind: EventKind, member: Member, provider: str, details: dict[str, str]
) -> None:
    """Record what happened to `member`: at their own sign-in, if a provider says so."""
    record(
        kind,
        workspace=member.workspace,
        actor=member.user if provider else None,
        about=member.user.email,
        details=details | ({"provider": provider} if provider else {}),
    )


def _hold_members(user: User, workspace: Workspace | None) -> None:
    """Wait for requests of `user` that hold `services.lock_actor`, and block new ones."""
    rows = Member.objects.select_for_update().filter(user=user).order_by("pk")
    list(rows.filter(workspace=workspace) if workspace else rows)
