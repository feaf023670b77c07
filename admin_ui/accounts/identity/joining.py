"""Accounts and roles of people whom an identity provider signs in."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F

from admin_ui.accounts.domains.domains import allowed_domains, domain_of
from admin_ui.accounts.domains.joining import join_by_domain, open_to
from admin_ui.accounts.factors.reset import reset_factors
from admin_ui.accounts.identity.providers import Provider
from admin_ui.accounts.leaving.leaving import StillNarrowed, change_role, remove_member
from admin_ui.accounts.models import Invitation, Member, User, Workspace
from admin_ui.accounts.permissions import ALLOWED, SYSTEM, Role
from admin_ui.accounts.services import LastAdmin, make_member
from admin_ui.accounts.signing_in.addresses import has_proven_address, prove_address
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record


class NoPlace(Exception):
    """The person has no account, and neither a mapping nor an invitation gives them a workspace."""


@transaction.atomic
def find_or_create(email: str, provider: Provider, claims: Mapping[str, Any]) -> tuple[User, bool]:
    """Return the account with that address, for the provider's first sign-in of a person.

    Also returns whether earlier ways into the account ended. The provider speaks for the address,
    which counts as proven. A new account has no password. Raises `NoPlace`, and then creates none.
    """
    user = User.objects.filter(email=email).first()
    if user is not None and not user.is_active:
        return user, False
    if user is None:
        by_domain = open_to(email)
        if not (by_domain or _roles_of(provider, claims) or _is_invited(email)):
            raise NoPlace
        name = str(claims.get("name") or "")[:150]
        user, _created = User.objects.get_or_create(
            email=email, defaults={"name": name, "password": make_password(None)}
        )
        EmailAddress.objects.get_or_create(user=user, email=email, defaults={"primary": True})
        details = {"address_proven": True, "provider": provider.id}
        record(EventKind.ACCOUNT, actor=user, about=email, details=details)
        if by_domain:
            join_by_domain(user, provider=provider.id)
    user, ended = without_other_access(user)
    prove_address(user)
    details = {"provider": provider.id} | ({"access_ended": True} if ended else {})
    record(EventKind.IDENTITY_LINKED, actor=user, about=email, details=details)
    return user, ended


def without_other_access(user: User) -> tuple[User, bool]:
    """Return an account, and whether its password and sessions have just been ended.

    They are if nobody has proven its address: who vouched for it could open its link too, and may
    have made the account.
    """
    if not user.vouched_by or has_proven_address(user):
        return user, False
    reset_factors(actor=SYSTEM, user=user)
    epoch = F("session_epoch") + 1
    ended = {"password": make_password(None), "vouched_by": "", "session_epoch": epoch}
    User.objects.filter(pk=user.pk).update(**ended)
    return User.objects.get(pk=user.pk), True


@transaction.atomic
def give_roles(user: User, provider: Provider, claims: Mapping[str, Any]) -> None:
    """Make `user` a member where a mapping says so, with the highest role that counts.

    A role is only raised, unless the provider synchronises them: then it is lowered too, and who
    has none any more is removed, or stays as a viewer where an allowed domain lets them join.
    Owners and the last admin of a workspace keep theirs, and nobody with narrowed rights becomes
    an admin, whom nothing narrows.
    """
    if not user.is_active:
        return
    roles = _roles_of(provider, claims)
    lowers = provider.sync_roles and not user.is_owner
    mapped = {mapping.workspace for mapping in provider.mappings}
    by_domain = allowed_domains().filter(domain=domain_of(user.email))
    readable = set(by_domain.values_list("workspace", flat=True)) if lowers else set()
    for workspace in Workspace.objects.filter(slug__in=mapped, archived_at=None).order_by("pk"):
        role = roles.get(workspace.slug)
        member = Member.objects.filter(workspace=workspace, user=user).first()
        if member is None:
            if role:
                make_member(
                    workspace=workspace, user=user, role=role, actor=user, provider=provider.id
                )
        elif lowers or (role and ALLOWED[member.role] < ALLOWED[role]):
            least = Role.VIEWER if workspace.pk in readable else None
            with suppress(LastAdmin, StillNarrowed):
                _change(member, role or least, provider)


def _change(member: Member, role: str | None, provider: Provider) -> None:
    if role is None:
        remove_member(actor=SYSTEM, member=member, provider=provider.id)
    else:
        change_role(actor=SYSTEM, member=member, role=Role(role), provider=provider.id)


def _roles_of(provider: Provider, claims: Mapping[str, Any]) -> dict[str, str]:
    """Return the highest role for each workspace, by its slug."""
    roles: dict[str, str] = {}
    for mapping in provider.mappings:
        if mapping.counts_for(claims):
            before = roles.get(mapping.workspace, mapping.role)
            higher = ALLOWED[before] <= ALLOWED[mapping.role]
            roles[mapping.workspace] = mapping.role if higher else before
    return roles


def _is_invited(email: str) -> bool:
    return Invitation.objects.open().filter(email=email, workspace__archived_at=None).exists()
