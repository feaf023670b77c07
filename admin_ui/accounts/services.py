"""Verbs of the people side: accounts, workspaces and who is in which role."""

from typing import Any, Unpack

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from admin_ui.accounts.keys.keys import KeyLimits, create_api_key, revoke_api_key
from admin_ui.accounts.models import ApiKey, Invitation, Member, User, Workspace
from admin_ui.accounts.permissions import SYSTEM, Action, NotAllowed, Role, System, can
from admin_ui.accounts.selectors import has_account, has_owner
from admin_ui.accounts.signing_in.addresses import prove_address
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record

Actor = Member | System


class AccountExists(Exception):
    """The address already has an account."""


class AlreadyMember(Exception):
    """The person is already a member of the workspace."""


class LastAdmin(Exception):
    """Somebody who is not an owner would remove the last admin of the workspace."""


class OwnerExists(Exception):
    """The first owner has been created already, or the address has an account."""


# Accounts


@transaction.atomic
def save_account(
    *, email: str, password: str | None = None, name: str = "", is_owner: bool = False
) -> tuple[User, bool]:
    """Return the user with that email address and whether they are new.

    For commands; other code uses `create_account`. A new user without a password sets one by link.
    For an existing user, a given password or ownership replaces the old one, and a name fills an
    empty one. Passwords are not checked: call `validate_password` first.
    """
    email = email.strip().lower()
    user, created = User.objects.select_for_update().get_or_create(
        email=email,
        defaults={"password": make_password(password), "name": name, "is_owner": is_owner},
    )
    new_owner = is_owner and (created or not user.is_owner)
    user.name = user.name or name
    user.is_owner = is_owner or user.is_owner
    if password is not None and not created:
        user.set_password(password)
    user.save()
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"primary": True})
    if created:
        record(EventKind.ACCOUNT, about=email, details={"address_proven": False})
    elif password is not None:
        record(EventKind.PASSWORD, about=email)
    if new_owner:
        record(EventKind.OWNER, about=email, details={"owner": True})
    return user, created


@transaction.atomic
def create_account(
    *,
    email: str,
    name: str,
    password: str,
    is_owner: bool = False,
    vouched_by: str = "",
    by_mail: bool = False,
) -> User:
    """Create an account with the password that its owner chose.

    `vouched_by` names the creator of the link they used; `by_mail` says that it came by mail, which
    proves the address. Raises `AccountExists`. The password is not checked.
    """
    email = email.strip().lower()
    # Create and lock the row first: two people may use links to one address at the same time. The
    # second must find the account instead of changing its password.
    user, _created = User.objects.select_for_update().get_or_create(
        email=email, defaults={"password": make_password(None)}
    )
    if has_account(email):
        raise AccountExists
    user.name, user.is_owner, user.vouched_by = name, is_owner, vouched_by
    user.set_password(password)
    user.save()
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"primary": True})
    if by_mail:
        prove_address(user)
    details = {"address_proven": by_mail, "vouched_by": vouched_by}
    record(EventKind.ACCOUNT, actor=user, about=email, details=details)
    if is_owner:
        record(EventKind.OWNER, actor=user, about=email, details={"owner": True})
    return user


# The first owner


def owner_link() -> str | None:
    """Return the link that creates the first owner, the same until used; `None` afterwards."""
    if has_owner():
        return None
    return f"{settings.SITE_URL}{reverse('setup', args=[_owner_token()])}"


def opens_setup(token: str) -> bool:
    """Return whether `token` is that of the owner link, which was not used yet."""
    return owner_link() is not None and constant_time_compare(token, _owner_token())


@transaction.atomic
def create_first_owner(*, email: str, name: str, password: str) -> User:
    """Create the owner account. Raises `OwnerExists` if there is one, or if `email` is taken."""
    # Lock a row that always exists, so that only one of two requests creates an owner.
    ContentType.objects.select_for_update().get(app_label="accounts", model="user")
    if owner_link() is None:
        raise OwnerExists
    try:
        return create_account(email=email, name=name, password=password, is_owner=True)
    except AccountExists as error:
        raise OwnerExists from error


def _owner_token() -> str:
    """Derived rather than stored, so that it can be printed again."""
    return salted_hmac("admin_ui.accounts.owner_link", "owner", algorithm="sha256").hexdigest()


# Workspaces and their members


@transaction.atomic
def save_workspace(*, slug: str, name: str = "") -> Workspace:
    """Return workspace `slug`, created if missing; a given `name` replaces the old one.

    Raises `ValidationError` for an invalid slug or name.
    """
    workspace = Workspace.objects.filter(slug=slug).first() or Workspace(slug=slug, name=slug)
    is_new = workspace.pk is None
    workspace.name = name.strip() or workspace.name
    workspace.full_clean()
    workspace.save()
    if is_new:
        record(
            EventKind.WORKSPACE, workspace=workspace, about=slug, details={"name": workspace.name}
        )
    return workspace


@transaction.atomic
def add_member(*, actor: System, workspace: Workspace, user: User, role: Role) -> Member:
    """Make `user` a member without an invitation, as only a command on the server may.

    Raises `NotAllowed` and `AlreadyMember`.
    """
    if actor is not SYSTEM:
        raise NotAllowed(Action.MANAGE_TEAM)
    return make_member(workspace=workspace, user=user, role=role)


def make_member(
    *, workspace: Workspace, user: User, role: str, actor: User | None = None, **details: Any
) -> Member:
    """Make `user` a member. Raises `AlreadyMember`. The caller has checked that they may.

    `actor` is the person who does it, if not the signed-in user.
    """
    member, added = Member.objects.get_or_create(
        workspace=workspace, user=user, defaults={"role": role}
    )
    if not added:
        raise AlreadyMember
    end_invitations(workspace=workspace, email=user.email)
    details = {"role": str(role), **details}
    record(EventKind.JOINED, workspace=workspace, actor=actor, about=user.email, details=details)
    return member


def end_invitations(*, workspace: Workspace, email: str) -> None:
    """End the open invitation to that address, so that its link stops working."""
    rows = Invitation.objects.listed().filter(workspace=workspace, email=email)
    if rows.update(revoked_at=timezone.now()):
        record(EventKind.INVITATION_REVOKED, workspace=workspace, about=email)


# API keys


@transaction.atomic
def create_key(
    *,
    actor: Member,
    name: str,
    can_write: bool,
    **limits: Unpack[KeyLimits],
) -> tuple[ApiKey, str]:
    """Create an API key for the actor's workspace; returns it and the secret, to show once.

    Raises `NotAllowed`, and `ValidationError` as `create_api_key`.
    """
    lock_actor(actor, Action.MANAGE_KEYS)
    return create_api_key(
        workspace=actor.workspace,
        name=name,
        can_write=can_write,
        created_by=actor.user,
        **limits,
    )


@transaction.atomic
def revoke_key(*, actor: Member, key: ApiKey) -> None:
    """Revoke a key permanently. Raises `NotAllowed`."""
    check_actor(actor, key.workspace, Action.MANAGE_KEYS)
    lock_actor(actor, Action.MANAGE_KEYS)
    revoke_api_key(key=key)


def check_actor(actor: Actor, workspace: Workspace, action: Action = Action.MANAGE_TEAM) -> None:
    """Raise `NotAllowed` unless `actor` may do `action` in this workspace."""
    at_home = actor is SYSTEM or actor.workspace_id == workspace.pk
    if not (at_home and can(actor, action)):
        raise NotAllowed(action)


def lock_team(member: Member) -> Member:
    """Return `member` as it is now, with the team locked: a team changes one step at a time."""
    # Without the workspace's key: other requests may still insert rows that refer to it.
    Workspace.objects.select_for_update(no_key=True).get(pk=member.workspace_id)
    return Member.objects.select_related("user", "workspace").get(pk=member.pk)


def keep_an_admin(actor: Actor, member: Member) -> None:
    """Raise `LastAdmin` when `member` is the last admin and `actor` is not an owner.

    Owners may remove the last one, because they are admins everywhere.
    """
    if member.pk == last_admin_of(actor, member.workspace):
        raise LastAdmin


def last_admin_of(actor: Actor, workspace: Workspace) -> int | None:
    """Return which member of `workspace` must stay an admin when `actor` acts.

    None when there are several, and for an owner.
    """
    if actor is not SYSTEM and actor.user.is_owner:
        return None
    people = Member.objects.filter(workspace=workspace, user__is_service=False)
    admins = people.filter(role=Role.ADMIN, user__is_active=True, is_narrowed=False)
    two = list(admins.order_by("pk").values_list("pk", flat=True)[:2])
    return two[0] if len(two) == 1 else None


def recheck_actor(actor: Actor, action: Action) -> None:
    """Raise `NotAllowed` when `actor` has lost the right to `action` since their request began."""
    if actor is not SYSTEM:
        lock_actor(actor, action)


def lock_actor(actor: Member, action: Action) -> Member:
    """Return `actor` as they are now, their row held until the end of the transaction.

    Removal and deactivation lock the same row, so nothing new of theirs appears meanwhile.
    Raises `NotAllowed` when they may not do `action` any more.
    """
    rows = Member.objects.select_related("user", "workspace")
    now = rows.select_for_update(of=("self",), no_key=True).filter(pk=actor.pk).first()
    if now is None and actor.user.is_owner:
        users = User.objects.select_for_update(no_key=True)
        owner = users.filter(pk=actor.user.pk, is_owner=True, is_active=True).first()
        now = Member(workspace=actor.workspace, user=owner) if owner else None
    if now is not None and now.user.is_owner:
        now.role, now.is_narrowed = Role.ADMIN, False
    if now is None or not now.user.is_active or not can(now, action):
        raise NotAllowed(action)
    return now
