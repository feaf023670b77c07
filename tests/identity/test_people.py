"""Who an identity provider signs in, and what they get."""

from dataclasses import replace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from admin_ui.accounts.identity.joining import give_roles
from admin_ui.accounts.identity.providers import RoleMapping
from admin_ui.accounts.invitations.invitations import invite
from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import SYSTEM, Role
from admin_ui.accounts.services import save_account
from admin_ui.accounts.signing_in.addresses import has_proven_address
from admin_ui.audit.models import AuditEvent, EventKind
from tests.accounts.test_second_factor import set_up
from tests.confirming import grown_stale
from tests.conftest import Cast
from tests.identity.conftest import START, begin, come_back, sign_in_by
from tests.identity.oidc_idp import IdentityProvider

pytestmark = pytest.mark.django_db
LOGIN, TEAM = "/accounts/login/", "/w/main/team/"
PASSWORD = "correct horse battery"


def is_in(client: Client) -> bool:
    return client.get(TEAM).status_code == 200


def test_a_new_person_gets_the_workspace_of_the_mapping(cast: Cast, idp: IdentityProvider) -> None:
    client = Client()
    answer = sign_in_by(client, idp, groups=["staff"])
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_in(client)
    user = User.objects.get(email="zoe@example.org")
    assert (user.name, user.has_usable_password(), has_proven_address(user)) == ("Zoë", False, True)
    assert user.memberships.get().role == Role.EDITOR
    assert SocialAccount.objects.get().extra_data == {}
    event = AuditEvent.objects.get(kind=EventKind.SIGN_IN)
    assert event.details == {"by": "socialaccount", "provider": "corp"}
    joined = AuditEvent.objects.get(kind=EventKind.JOINED, about=user.email)
    assert joined.details == {"role": "editor", "provider": "corp"}


def test_the_next_sign_in_finds_them_and_raises_their_role(
    cast: Cast, idp: IdentityProvider
) -> None:
    sign_in_by(Client(), idp, groups=["staff"])
    client = Client()
    sign_in_by(client, idp, groups=["staff", "leads"], email="new-name@example.org")
    assert is_in(client)
    member = Member.objects.get(user__email="zoe@example.org")
    assert member.role == Role.PUBLISHER
    sign_in_by(Client(), idp, groups=[])
    member.refresh_from_db()
    assert member.role == Role.PUBLISHER, "people lower roles, not providers"
    assert SocialAccount.objects.get().extra_data == {}, "nothing of a later answer is kept either"
    assert AuditEvent.objects.get(kind=EventKind.ROLE).details["to"] == "publisher"


def test_a_mapping_makes_no_limited_member_an_admin(
    cast: Cast, idp: IdentityProvider, settings: Any
) -> None:
    chiefs = RoleMapping(claim="groups", value="chiefs", workspace="main", role=Role.ADMIN)
    provider = replace(settings.IDENTITY_PROVIDERS[0], mappings=(chiefs,))
    for who, after in ((cast.editor, Role.EDITOR), (cast.viewer, Role.ADMIN)):
        Member.objects.filter(pk=cast.editor.pk).update(is_narrowed=True)
        give_roles(who.user, provider, {"groups": ["chiefs"]})
        who.refresh_from_db()
        assert who.role == after


def test_without_a_workspace_there_is_no_account(cast: Cast, idp: IdentityProvider) -> None:
    for claims in ({}, {"groups": "other"}, {"team": "nobody"}):
        client = Client()
        answer = sign_in_by(client, idp, **claims)
        assert answer["Location"] == LOGIN
        page = client.get(LOGIN).content.decode()
        assert "No workspace waits for zoe@example.org." in page
        assert not is_in(client)
    assert not User.objects.filter(email="zoe@example.org").exists()


def test_an_invitation_that_waits_is_enough(cast: Cast, idp: IdentityProvider) -> None:
    invite(actor=SYSTEM, workspace=cast.workspace, email="zoe@example.org", role=Role.VIEWER)
    client = Client()
    sign_in_by(client, idp)
    page = client.get("/").content.decode()
    assert "Main" in page
    assert not is_in(client), "they still accept it"


@pytest.mark.parametrize("email", ["pia@example.com", "PIA@Example.COM"])
def test_an_account_at_a_bound_domain_is_connected(
    cast: Cast, idp: IdentityProvider, email: str
) -> None:
    client = Client()
    sign_in_by(client, idp, email=email)
    assert is_in(client)
    assert SocialAccount.objects.get().user == cast.publisher.user
    linked = AuditEvent.objects.get(kind=EventKind.IDENTITY_LINKED)
    assert (linked.about, linked.details) == ("pia@example.com", {"provider": "corp"})


def test_what_somebody_else_may_have_set_up_ends(cast: Cast, idp: IdentityProvider) -> None:
    """A hostile admin made the account by a link of their own, and waits for its person."""
    place = {"workspace": cast.workspace, "email": "zoe@example.org", "role": Role.VIEWER}
    made = invite(actor=cast.admin, **place, shows_link=True)
    hostile, person = Client(), Client()
    form = hostile.get(made.link.removeprefix("http://localhost:8000"), follow=True)
    hostile.post(form.request["PATH_INFO"], {"name": "Zoe", "password": PASSWORD})
    assert is_in(hostile)
    set_up(hostile)
    sign_in_by(person, idp, groups="staff")
    assert "no longer work here" in person.get("/", follow=True).content.decode()
    assert is_in(person)
    assert not is_in(hostile)
    assert not Authenticator.objects.filter(user__email="zoe@example.org").exists()
    hostile.post(LOGIN, {"login": "zoe@example.org", "password": PASSWORD})
    assert not is_in(hostile)
    linked = AuditEvent.objects.get(kind=EventKind.IDENTITY_LINKED)
    assert linked.details == {"provider": "corp", "access_ended": True}


def test_a_password_of_a_proven_address_stays(cast: Cast, idp: IdentityProvider) -> None:
    save_account(email="pia@example.com", password=PASSWORD)
    sign_in_by(Client(), idp, email="pia@example.com")
    assert User.objects.get(email="pia@example.com").check_password(PASSWORD)


def test_a_deactivated_account_stays_out(cast: Cast, idp: IdentityProvider) -> None:
    User.objects.filter(pk=cast.publisher.user_id).update(is_active=False)
    for _ in range(2):
        client = Client()
        answer = sign_in_by(client, idp, email="pia@example.com", groups=["leads"])
        assert answer["Location"] == "/accounts/inactive/"
        assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_a_second_factor_is_asked_for_as_after_a_password(
    cast: Cast, idp: IdentityProvider
) -> None:
    set_up(cast.client("publisher"))
    client = Client()
    assert sign_in_by(client, idp, email="pia@example.com")["Location"] == "/accounts/2fa/code/"
    assert not is_in(client)


def test_a_role_that_needs_a_factor_takes_the_providers(
    cast: Cast, idp: IdentityProvider, settings: Any
) -> None:
    settings.SECOND_FACTOR_FROM = "viewer"
    client = Client()
    sign_in_by(client, idp, groups=["staff"])
    assert is_in(client)


def test_passwords_are_for_owners_where_a_provider_alone_signs_in(
    cast: Cast, idp: IdentityProvider, settings: Any
) -> None:
    settings.SSO_ONLY = True
    for who in ("publisher", "admin"):
        save_account(email=getattr(cast, who).user.email, password=PASSWORD)
    User.objects.filter(pk=cast.admin.user_id).update(is_owner=True)
    client, owner = Client(), Client()
    data = {"login": "pia@example.com", "password": PASSWORD}
    assert client.post(LOGIN, data)["Location"] == LOGIN
    assert "Passwords are for owners here." in client.get(LOGIN).content.decode()
    assert not is_in(client)
    assert owner.post(LOGIN, data | {"login": "ada@example.com"})["Location"] == "/"
    assert is_in(owner)
    sign_in_by(client, idp, email="pia@example.com")
    assert is_in(client)


def test_an_invited_person_makes_no_password_where_a_provider_alone_signs_in(
    cast: Cast, idp: IdentityProvider, settings: Any
) -> None:
    settings.SSO_ONLY = True
    place = {"workspace": cast.workspace, "email": "zoe@example.org", "role": Role.VIEWER}
    made = invite(actor=SYSTEM, **place, shows_link=True)
    assert made.link
    link = made.link.removeprefix("http://localhost:8000")
    page = Client().get(link, follow=True).content.decode()
    assert 'name="password"' not in page


def test_the_sign_in_page_names_the_providers_and_only_them(
    cast: Cast, idp: IdentityProvider, settings: Any
) -> None:
    page = Client().get(f"{LOGIN}?next=/w/main/team/").content.decode()
    assert "Sign in with" in page
    assert f'href="{START}?next=%2Fw%2Fmain%2Fteam%2F"' in page
    settings.IDENTITY_PROVIDERS = ()
    assert START not in Client().get(LOGIN).content.decode()
    assert Client().get(START).status_code == 404
    assert idp.asked == [], "no page asks the provider before somebody signs in"


def test_one_comes_back_to_where_one_was_going(cast: Cast, idp: IdentityProvider) -> None:
    client = Client()
    asked = begin(client, TEAM)
    answer = come_back(client, asked, idp.code_for(asked, groups="staff"))
    assert answer["Location"] == TEAM
    asked = begin(Client(), "https://evil.example/")
    assert "evil" not in str(asked)


def test_a_session_left_open_adds_no_factor(cast: Cast, idp: IdentityProvider) -> None:
    client = Client()
    sign_in_by(client, idp, email="pia@example.com")
    add = "/accounts/2fa/app/add/"
    assert client.get(add).status_code == 200
    grown_stale(client)
    for method in (client.get, client.post):
        assert method(add)["Location"] == f"{START}?next=%2Faccounts%2F2fa%2Fapp%2Fadd%2F"


def test_a_person_without_a_password_confirms_at_the_provider(
    cast: Cast, idp: IdentityProvider
) -> None:
    save_account(email="pia@example.com", is_owner=True)
    client = Client()
    sign_in_by(client, idp, email="pia@example.com")
    keys = "/w/main/keys/"
    asked = grown_stale(client).post(keys, {"name": "Chat"})
    assert asked["Location"] == f"{START}?next=%2Fw%2Fmain%2Fkeys%2F"
    sent = begin(client, keys)
    assert sent["prompt"] == "login"
    before = client.cookies["sessionid"].value
    answer = come_back(client, sent, idp.code_for(sent, email="pia@example.com"))
    assert answer["Location"] == keys
    assert client.cookies["sessionid"].value != before
    assert client.get(keys).status_code == 303
    assert "Chat" in client.get(keys).content.decode()
