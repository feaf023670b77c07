"""Invitations: an admin makes one, and only the owner of the address can accept it.

Nobody sets or holds another person's credentials. A link creates an account for an address that
has none. It never sets the password of an existing account: its owner signs in first.
"""

import secrets
from collections.abc import Container
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from admin_ui.accounts.invitations.limits import count_invitation
from admin_ui.accounts.invitations.links import link_with, mail_invitation, token_digest
from admin_ui.accounts.models import Invitation, Member, User, Workspace
from admin_ui.accounts.permissions import SYSTEM, Action, Role
from admin_ui.accounts.selectors import sends_mail
from admin_ui.accounts.services import (
    AccountExists,
    Actor,
    AlreadyMember,
    check_actor,
    create_account,
    make_member,
    recheck_actor,
)
from admin_ui.accounts.signing_in.addresses import has_proven_address, prove_address
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import ACTOR_COMMAND_LINE, record

INVITATION_OPEN_FOR = timedelta(days=7)
"""How long an invitation can be accepted."""
ACTOR_WITH_LINK = "somebody with the link"
"""The actor when nobody is signed in."""


class InvitationClosed(Exception):
    """The invitation was accepted, declined, revoked or replaced, or it expired."""


class AlreadyInvited(Exception):
    """Another `invitation` to the address is open, which the caller may not replace."""

    def __init__(self, invitation: Invitation) -> None:
        super().__init__(invitation.pk)
        self.invitation = invitation


class NotInvited(Exception):
    """The invitation is for another address, or the person has no link and no proven address."""


@dataclass(frozen=True)
class Invited:
    """An invitation, and its link when a person has to hand it over.

    `mail_failed` says that the mail with the link could not be sent.
    """

    invitation: Invitation
    link: str | None = None
    mail_failed: bool = False


def invite(
    *,
    actor: Actor,
    workspace: Workspace,
    email: str,
    role: Role,
    name: str = "",
    shows_link: bool = False,
) -> Invited:
    """Invite the owner of that address; an open invitation to it is replaced, and its link ends.

    With mail the link goes to the address only. Without mail, or with `shows_link` (for the command
    line), it is returned. The answer does not show whether the address has an account. Raises
    `NotAllowed`, `AlreadyMember`, and `TooManyInvitations` over one of the limits.
    """
    token = secrets.token_urlsafe(32)
    mailed = sends_mail() and not shows_link
    invitation = make_invitation(
        actor=actor,
        workspace=workspace,
        email=email,
        role=role,
        name=name,
        token=token,
        mailed=mailed,
    )
    if not mailed:
        return Invited(invitation, link=link_with(token))
    return Invited(invitation, mail_failed=not mail_invitation(invitation, link_with(token)))


def make_invitation(
    *,
    actor: Actor,
    workspace: Workspace,
    email: str,
    role: Role,
    name: str,
    token: str,
    mailed: bool,
    replaces: Container[int] | None = None,
) -> Invitation:
    """Insert an invitation whose link has this token; the caller mails the link or shows it.

    `replaces` names the invitations that it may replace; by default, it replaces any. Raises what
    `invite` raises, and `AlreadyInvited`.
    """
    check_actor(actor, workspace)
    email = email.strip().lower()
    now = timezone.now()
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=workspace.pk)
        recheck_actor(actor, Action.MANAGE_TEAM)
        if Member.objects.filter(workspace=workspace, user__email=email).exists():
            raise AlreadyMember
        before = Invitation.objects.listed().filter(workspace=workspace, email=email)
        if replaces is not None and (other := before.first()) and other.pk not in replaces:
            raise AlreadyInvited(other)
        if actor is not SYSTEM:
            count_invitation(workspace, email)
        replaced = before.update(revoked_at=now)
        invitation = Invitation.objects.create(
            workspace=workspace,
            email=email,
            name=name.strip(),
            role=role,
            digest=token_digest(token),
            mailed=mailed,
            created_by=None if actor is SYSTEM else actor.user,
            created_at=now,
            expires_at=now + INVITATION_OPEN_FOR,
        )
        details = {"role": str(role), "by_mail": mailed, "replaces_earlier": bool(replaced)}
        record(EventKind.INVITED, workspace=workspace, about=email, details=details)
    return invitation


def invite_again(*, actor: Actor, invitation: Invitation) -> Invited:
    """Make another link for the same address and role; the previous link ends.

    This works for a declined or an expired invitation too. Raises `NotAllowed`, `AlreadyMember`,
    `TooManyInvitations`, and `InvitationClosed` when it was accepted or revoked.
    """
    check_actor(actor, invitation.workspace)
    if invitation.accepted_at or invitation.revoked_at:
        raise InvitationClosed
    return invite(
        actor=actor,
        workspace=invitation.workspace,
        email=invitation.email,
        role=Role(invitation.role),
        name=invitation.name,
    )


@transaction.atomic
def revoke_invitation(*, actor: Actor, invitation: Invitation) -> None:
    """Revoke an open invitation, or remove a declined or expired one from the list.

    Raises `NotAllowed`, and `InvitationClosed` when it was accepted or revoked already.
    """
    check_actor(actor, invitation.workspace)
    row = _lock(invitation)
    recheck_actor(actor, Action.MANAGE_TEAM)
    end_invitation(row)


def end_invitation(row: Invitation) -> None:
    """Revoke this invitation; the caller has checked the right to. Later calls do nothing."""
    ended = Invitation.objects.listed().filter(pk=row.pk).update(revoked_at=timezone.now())
    if ended and not row.is_over:
        record(EventKind.INVITATION_REVOKED, workspace=row.workspace, about=row.email)


def find_open_invitation(token: str) -> Invitation:
    """Return the open invitation with this link's token. Raises `InvitationClosed`."""
    rows = Invitation.objects.open().select_related("workspace", "created_by")
    row = rows.filter(digest=token_digest(token)).first()
    if row is None:
        raise InvitationClosed
    return row


@transaction.atomic
def accept_invitation(*, user: User, invitation: Invitation, holds_link: bool) -> Member:
    """Make `user`, who is signed in, a member as the invitation says.

    Without the link only a proven address counts. Raises `InvitationClosed`, `NotInvited` and
    `AlreadyMember`.
    """
    row = _lock_open(invitation)
    _check_theirs(row, user, holds_link=holds_link)
    if row.mailed and holds_link:
        prove_address(user)
    return _close(row, user)


@transaction.atomic
def decline_invitation(*, user: User | None, invitation: Invitation, holds_link: bool) -> None:
    """Decline the invitation for `user`, or for a signed-out person with the link.

    Raises `InvitationClosed` and `NotInvited`.
    """
    row = _lock_open(invitation)
    if user or not holds_link:
        _check_theirs(row, user, holds_link=holds_link)
    row.declined_at = timezone.now()
    row.save(update_fields=["declined_at"])
    record(
        EventKind.INVITATION_DECLINED,
        workspace=row.workspace,
        actor=user,
        actor_name="" if user else ACTOR_WITH_LINK,
        about=row.email,
    )


@transaction.atomic
def accept_with_new_account(*, invitation: Invitation, name: str, password: str) -> User:
    """Create the account that the link is for, and make it a member.

    The password is not checked. Raises `InvitationClosed`, and `NotInvited` where the address has
    an account: its owner signs in and accepts instead.
    """
    row = _lock_open(invitation)
    maker = row.created_by.audit_name if row.created_by else ACTOR_COMMAND_LINE
    try:
        user = create_account(
            email=row.email,
            name=name,
            password=password,
            vouched_by="" if row.mailed else maker,
            by_mail=row.mailed,
        )
    except AccountExists as error:
        raise NotInvited from error
    _close(row, user)
    return user


def _lock(invitation: Invitation) -> Invitation:
    """Return the invitation as it is now, locked until commit.

    Raises `InvitationClosed` when it was accepted or revoked.
    """
    # Lock the workspace, as everywhere: changes to a team happen one at a time.
    Workspace.objects.select_for_update().get(pk=invitation.workspace_id)
    row = Invitation.objects.select_related("workspace", "created_by").get(pk=invitation.pk)
    if row.accepted_at or row.revoked_at or row.workspace.archived_at:
        raise InvitationClosed
    return row


def _lock_open(invitation: Invitation) -> Invitation:
    row = _lock(invitation)
    if row.is_over:
        raise InvitationClosed
    return row


def _check_theirs(row: Invitation, user: User | None, *, holds_link: bool) -> None:
    if user is None or user.email != row.email or not user.is_active:
        raise NotInvited
    if not holds_link and not has_proven_address(user):
        raise NotInvited


def _close(row: Invitation, user: User) -> Member:
    row.accepted_at, row.accepted_by = timezone.now(), user
    row.save(update_fields=["accepted_at", "accepted_by"])
    return make_member(
        workspace=row.workspace,
        user=user,
        role=row.role,
        actor=user,
        by_mail=row.mailed,
        address_proven=has_proven_address(user),
        vouched_by=user.vouched_by,
    )
