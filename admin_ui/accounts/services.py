"""Verbs of the people side: accounts, workspaces and who is in which role."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from admin_ui.accounts.keys import create_api_key, revoke_api_key
from admin_ui.accounts.models import ApiKey, Member, User, Workspace
from admin_ui.accounts.permissions import SYSTEM, Action, NotAllowed, Role, System, can
from admin_ui.accounts.selectors import has_owner

Actor = Member | System


class AlreadyMember(Exception):
    """That person is in the workspace already, with a role that can be changed."""


class LastAdmin(Exception):
    """The workspace would be left without an admin, by somebody who is not an owner."""


class OwnerExists(Exception):
    """The first owner has been created already, or the address has an account."""


# Accounts


@transaction.atomic
def save_account(
    *, email: str, password: str | None = None, name: str = "", is_owner: bool = False
) -> tuple[User, bool]:
    """Return the user with that e-mail address and whether they are new.

    A new one is created with a verified address; without a password they must set one by link. Of
    a known one the password and the ownership change where given, the name where there was none.
    Passwords are taken as they are: check them with `validate_password` first.
    """
    email = email.strip().lower()
    user, created = User.objects.select_for_update().get_or_create(
        email=email,
        defaults={"password": make_password(password), "name": name, "is_owner": is_owner},
    )
    if not created:
        user.name = user.name or name
        user.is_owner = is_owner or user.is_owner
        if password is not None:
            user.set_password(password)
        user.save()
    EmailAddress.objects.update_or_create(
        user=user, email=email, defaults={"verified": True, "primary": True}
    )
    return user, created


def password_link(user: User) -> str:
    """Return a link with which `user` sets a password: once, within `PASSWORD_RESET_TIMEOUT`."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(user),
            "key": default_token_generator.make_token(user),
        },
    )
    return f"{settings.SITE_URL}{path}"


# The first owner


def owner_link() -> str | None:
    """Return the link that creates the first owner, the same until used; `None` afterwards."""
    if has_owner():
        return None
    return f"{settings.SITE_URL}{reverse('setup', args=[_owner_token()])}"


def opens_setup(token: str) -> bool:
    """Return whether `token` is that of the owner link, and the link has not been used."""
    return owner_link() is not None and constant_time_compare(token, _owner_token())


@transaction.atomic
def create_first_owner(*, email: str, name: str, password: str) -> User:
    """Create the owner account. Raises `OwnerExists` if there is one, or if `email` is taken."""
    # A row that always exists, locked so that of two submits only one finds no owner.
    ContentType.objects.select_for_update().get(app_label="accounts", model="user")
    if owner_link() is None or User.objects.filter(email=email.strip().lower()).exists():
        raise OwnerExists
    user, _ = save_account(email=email, name=name, password=password, is_owner=True)
    return user


def _owner_token() -> str:
    """Derived rather than stored, so that it can be printed again."""
    return salted_hmac("admin_ui.accounts.owner_link", "owner", algorithm="sha256").hexdigest()


# Workspaces and their members


def create_workspace(*, slug: str, name: str = "") -> Workspace:
    """Return workspace `slug`, made if it is not there; a `name` given is taken over.

    Raises `ValidationError` for a slug or a name that cannot be.
    """
    workspace = Workspace.objects.filter(slug=slug).first() or Workspace(slug=slug, name=slug)
    workspace.name = name.strip() or workspace.name
    workspace.full_clean()
    workspace.save()
    return workspace


@dataclass(frozen=True)
class Added:
    """A new member, and the link with which they set a password if one may be handed out."""

    member: Member
    link: str | None


@transaction.atomic
def add_member(
    *, actor: Actor, workspace: Workspace, email: str, role: Role, name: str = ""
) -> Added:
    """Add the person with that e-mail address to `workspace`; an unknown one gets an account.

    The `name` is for an account that has none yet.

    Raises `NotAllowed` and `AlreadyMember`.
    """
    check(actor, workspace)
    user, _ = save_account(email=email, name=name)
    member, added = Member.objects.get_or_create(
        workspace=workspace, user=user, defaults={"role": role}
    )
    if not added:
        raise AlreadyMember
    if not user.has_usable_password():
        # Links that an admin of another workspace handed out must not open this one.
        user.set_unusable_password()
        user.save(update_fields=["password"])
    needs_link = not user.has_usable_password() and may_have_link(actor, member)
    return Added(member, password_link(user) if needs_link else None)


@transaction.atomic
def change_role(*, actor: Actor, member: Member, role: Role) -> Member:
    """Give `member` that role.

    Raises `NotAllowed`, `LastAdmin` for the last one's demotion unless by an owner, and
    `Member.DoesNotExist`.
    """
    check(actor, member.workspace)
    member = lock(member)
    still(actor, Action.MANAGE_TEAM)
    if role != Role.ADMIN:
        keep_an_admin(actor, member)
    member.role = role
    member.save(update_fields=["role"])
    return member


@transaction.atomic
def new_link(*, actor: Actor, member: Member) -> str:
    """Return another one-time link with which a member sets a password. Raises `NotAllowed`.

    A password they have ends, so that the link is of no use once they are added elsewhere, and so
    that nobody can sign in as somebody else without that person noticing.
    """
    check(actor, member.workspace)
    member = lock(member)
    if not may_have_link(actor, member):
        raise NotAllowed(Action.MANAGE_TEAM)
    if member.user.has_usable_password():
        member.user.set_unusable_password()
        member.user.save(update_fields=["password"])
    return password_link(member.user)


def may_have_link(actor: Actor, member: Member) -> bool:
    """Return whether `actor` may see a link that sets the password of `member`."""
    return with_links(actor, Member.objects.filter(pk=member.pk)).exists()


def with_links(actor: Actor, members: QuerySet[Member]) -> QuerySet[Member]:
    """Return those of `members` for whom `actor` may see a link that sets the password.

    None of an owner, none of the actor's own, and none of somebody who is also in a workspace that
    the actor has no say in: whoever holds the link can sign in as that person, everywhere.
    """
    found = members.filter(user__is_owner=False)
    if actor is SYSTEM:
        return found
    found = found.exclude(user=actor.user)
    if actor.user.is_owner:
        return found
    elsewhere = Member.objects.filter(user=OuterRef("user")).exclude(
        workspace=OuterRef("workspace")
    )
    return found.exclude(Exists(elsewhere))


# API keys


@transaction.atomic
def create_key(
    *, actor: Member, name: str, can_write: bool, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Make an API key for the actor's workspace; returns it and the secret, to be shown once.

    It is refused from `expires_at` on. Raises `NotAllowed`, and `ValidationError` for a blank name,
    one over 100 characters, and an expiry that has passed.
    """
    hold(actor, Action.MANAGE_KEYS)
    return create_api_key(
        workspace=actor.workspace,
        name=name,
        can_write=can_write,
        created_by=actor.user,
        expires_at=expires_at,
    )


def revoke_key(*, actor: Member, key: ApiKey) -> None:
    """End a key for good. Raises `NotAllowed`."""
    check(actor, key.workspace, Action.MANAGE_KEYS)
    revoke_api_key(key=key)


def check(actor: Actor, workspace: Workspace, action: Action = Action.MANAGE_TEAM) -> None:
    at_home = actor is SYSTEM or actor.workspace_id == workspace.pk
    if not (at_home and can(actor, action)):
        raise NotAllowed(action)


def lock(member: Member) -> Member:
    """Return `member` as it is now; changes to the team of a workspace happen one at a time."""
    # Not their keys: rows that point at the workspace may be inserted meanwhile.
    Workspace.objects.select_for_update(no_key=True).get(pk=member.workspace_id)
    return Member.objects.select_related("user", "workspace").get(pk=member.pk)


def keep_an_admin(actor: Actor, member: Member) -> None:
    """Raise `LastAdmin` when `actor` may not take the admin `member` from their workspace.

    An owner may take the last one: owners are admins everywhere, so one is left.
    """
    members = Member.objects.select_related("user").filter(workspace=member.workspace_id)
    if member.pk == last_admin_of(actor, members):
        raise LastAdmin


def last_admin_of(actor: Actor, members: Iterable[Member]) -> int | None:
    """Return which of `members`, all of a workspace, has to stay an admin as far as `actor` goes.

    None when there are several, and for an owner. Costs no query of its own.
    """
    if actor is not SYSTEM and actor.user.is_owner:
        return None
    admins = [entry.pk for entry in members if entry.role == Role.ADMIN and entry.user.is_active]
    return admins[0] if len(admins) == 1 else None


def still(actor: Actor, action: Action) -> None:
    """Raise `NotAllowed` when `actor` has lost the right to `action` since their request began."""
    if actor is not SYSTEM:
        hold(actor, action)


def hold(actor: Member, action: Action) -> Member:
    """Return `actor` as they are now, their row held until the end of the transaction.

    So nothing of theirs slips in while they are removed or deactivated: both hold the same row.
    Raises `NotAllowed` when they may not do `action` any more.
    """
    rows = Member.objects.select_related("user", "workspace")
    now = rows.select_for_update(of=("self",), no_key=True).filter(pk=actor.pk).first()
    if now is None and actor.user.is_owner:
        users = User.objects.select_for_update(no_key=True)
        owner = users.filter(pk=actor.user.pk, is_owner=True, is_active=True).first()
        now = Member(workspace=actor.workspace, user=owner) if owner else None
    if now is not None and now.user.is_owner:
        now.role = Role.ADMIN
    if now is None or not now.user.is_active or not can(now, action):
        raise NotAllowed(action)
    return now
