"""People whom a provider signs in join by an allowed domain of their organisation."""

import pytest
from django.test import Client

from admin_ui.accounts.leaving.leaving import remove_member
from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import Role
from admin_ui.audit.models import AuditEvent
from tests.conftest import Cast
from tests.identity.conftest import sign_in_by
from tests.identity.oidc_idp import IdentityProvider

pytestmark = pytest.mark.django_db
ZOE = "zoe@example.org"


def test_a_person_of_an_allowed_domain_becomes_a_viewer(cast: Cast, idp: IdentityProvider) -> None:
    cast.workspace.allowed_domains.create(domain="example.org")
    client = Client()
    sign_in_by(client, idp, groups=[])
    assert client.get("/w/main/team/").status_code == 200
    assert User.objects.get(email=ZOE).memberships.get().role == Role.VIEWER
    event = AuditEvent.objects.get(kind="joined")
    assert event.details == {"role": "viewer", "domain": "example.org", "provider": "corp"}
    remove_member(actor=cast.admin, member=Member.objects.get(user__email=ZOE))
    sign_in_by(Client(), idp, groups=[])
    assert not Member.objects.filter(user__email=ZOE).exists(), "removing lasts"


def test_a_mapping_gives_more(cast: Cast, idp: IdentityProvider) -> None:
    cast.workspace.allowed_domains.create(domain="example.org")
    sign_in_by(Client(), idp, groups=["staff"])
    assert User.objects.get(email=ZOE).memberships.get().role == Role.EDITOR


@pytest.mark.parametrize(
    ("allowed", "claims"),
    [
        ("corp.example", {"email": "zoe@corp.example"}),  # the provider speaks for another domain
        ("example.org", {"email_verified": False}),
        ("sub.example.org", {}),
        ("org", {}),
    ],
)
def test_others_have_no_place(
    cast: Cast, idp: IdentityProvider, allowed: str, claims: dict[str, object]
) -> None:
    cast.workspace.allowed_domains.create(domain=allowed)
    sign_in_by(Client(), idp, groups=[], **claims)
    assert not User.objects.filter(email__startswith="zoe@").exists()
