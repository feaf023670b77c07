"""A provider that synchronises roles also lowers and removes them, within limits."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from admin_ui.accounts.domains.tables import AllowedDomain
from admin_ui.accounts.identity.joining import give_roles
from admin_ui.accounts.identity.providers import Provider, RoleMapping
from admin_ui.accounts.models import ApiKey, Member, User, Workspace
from admin_ui.accounts.permissions import Role
from admin_ui.accounts.services import create_key
from admin_ui.audit.models import AuditEvent, EventKind
from tests.conftest import Cast
from tests.factories import make_member
from tests.identity.conftest import sign_in_by
from tests.identity.oidc_idp import IdentityProvider

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(idp: IdentityProvider, settings: Any) -> Provider:
    """The provider of `idp`, which decides about Main from now on."""
    known = settings.IDENTITY_PROVIDERS[0]
    chiefs = RoleMapping("groups", "chiefs", "main", "admin")
    found: Provider = replace(known, sync_roles=True, mappings=(*known.mappings, chiefs))
    settings.IDENTITY_PROVIDERS = (found,)
    return found


def role_of(member: Member) -> str | None:
    return Member.objects.filter(pk=member.pk).values_list("role", flat=True).first()


def test_a_role_goes_up_and_down_with_the_groups(
    cast: Cast, idp: IdentityProvider, provider: Provider
) -> None:
    for groups, role in (
        ("staff", "editor"),
        (["staff", "leads"], "publisher"),
        ("staff", "editor"),
    ):
        sign_in_by(Client(), idp, groups=groups)
        assert User.objects.get(email="zoe@example.org").memberships.get().role == role
    client = Client()
    sign_in_by(client, idp, groups="others")
    assert client.get("/w/main/team/").status_code == 404
    assert not Member.objects.filter(user__email="zoe@example.org").exists()
    sign_in_by(client, idp, groups="staff")
    assert client.get("/w/main/team/").status_code == 200
    told = AuditEvent.objects.filter(kind__in=(EventKind.ROLE, EventKind.LEFT)).order_by("number")
    assert [(event.actor_name, event.details) for event in told] == [
        ("zoe@example.org", {"from": "editor", "to": "publisher", "provider": "corp"}),
        ("zoe@example.org", {"from": "publisher", "to": "editor", "provider": "corp"}),
        ("zoe@example.org", {"role": "editor", "provider": "corp"}),
    ]


def test_the_last_admin_and_owners_stay(cast: Cast, provider: Provider) -> None:
    give_roles(cast.admin.user, provider, {"groups": "staff"})
    assert role_of(cast.admin) == Role.ADMIN
    second = make_member(cast.workspace, Role.ADMIN)
    give_roles(second.user, provider, {})
    assert role_of(second) is None, "one admin is left"
    User.objects.filter(pk=cast.publisher.user_id).update(is_owner=True)
    give_roles(User.objects.get(pk=cast.publisher.user_id), provider, {})
    assert role_of(cast.publisher) == Role.PUBLISHER


def test_a_limited_member_becomes_no_admin(cast: Cast, provider: Provider) -> None:
    Member.objects.filter(pk=cast.editor.pk).update(is_narrowed=True)
    give_roles(cast.editor.user, provider, {"groups": "chiefs"})
    assert role_of(cast.editor) == Role.EDITOR
    give_roles(cast.editor.user, provider, {"groups": "leads"})
    assert role_of(cast.editor) == Role.PUBLISHER


def test_keys_of_the_higher_role_end(cast: Cast, provider: Provider) -> None:
    second = make_member(cast.workspace, Role.ADMIN)
    create_key(actor=second, name="Chat", can_write=True)
    give_roles(second.user, provider, {"groups": "staff"})
    assert role_of(second) == Role.EDITOR
    assert ApiKey.objects.get(name="Chat").revoked_at is not None


def test_other_workspaces_are_left_alone(cast: Cast, provider: Provider) -> None:
    give_roles(cast.stranger.user, provider, {})
    assert role_of(cast.stranger) == Role.ADMIN
    Workspace.objects.filter(pk=cast.workspace.pk).update(archived_at=cast.workspace.created_at)
    give_roles(cast.viewer.user, provider, {})
    assert role_of(cast.viewer) == Role.VIEWER, "an archived one too"


def test_an_allowed_domain_leaves_somebody_without_a_group_a_viewer(
    cast: Cast, idp: IdentityProvider, provider: Provider
) -> None:
    AllowedDomain.objects.create(domain="example.org", workspace=cast.workspace)
    sign_in_by(Client(), idp, groups="others")
    zoe = Member.objects.get(user__email="zoe@example.org")
    assert zoe.role == Role.VIEWER, "a new account that joins by its domain"
    for groups, role in (("staff", Role.EDITOR), ("others", Role.VIEWER)):
        sign_in_by(Client(), idp, groups=groups)
        assert role_of(zoe) == role
