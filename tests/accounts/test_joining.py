"""Joining by an allowed domain: the journey, and those who try to get in without the address."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from admin_ui.accounts.domains import joining
from admin_ui.accounts.domains.domains import allow_domain, withdraw_domain
from admin_ui.accounts.invitations.invitations import invite
from admin_ui.accounts.leaving.leaving import deactivate, remove_member
from admin_ui.accounts.models import AllowedDomain, JoinLink, Member, User
from admin_ui.accounts.permissions import SYSTEM, Role
from admin_ui.accounts.services import create_account
from admin_ui.accounts.signing_in.addresses import has_proven_address
from admin_ui.accounts.signing_in.mailing import wait_until_sent
from admin_ui.audit.models import AuditEvent
from tests.conftest import Cast
from tests.factories import make_user
from tests.pages.editing import text_of

# Links are made in a thread of their own, which sees what is committed only.
pytestmark = pytest.mark.django_db(transaction=True)
ASK, FORM = "/accounts/join/", "/accounts/join/link/"
ZOE, PASSWORD = "zoe@corp.example", "seven green bottles"
ACCOUNT = {"name": "Zoe", "password": PASSWORD}


@pytest.fixture
def allowed(cast: Cast) -> AllowedDomain:
    owner = make_user("olga@example.com", is_owner=True)
    return allow_domain(actor=owner, workspace=cast.workspace, domain="corp.example")


def links_to(email: str = ZOE, client: Client | None = None) -> list[str]:
    """Ask for a link; returns the paths in the mails that were sent, the newest last."""
    (client or Client()).post(ASK, {"email": email})
    assert wait_until_sent(20.0)
    texts = [str(message.body) for message in mail.outbox if message.to == [email.lower()]]
    return [path for text in texts for path in re.findall(r"/accounts/join/[\w-]+/", text)]


def opened(email: str = ZOE) -> Client:
    """Return a browser in which the newest link to that address is open."""
    client = Client()
    assert client.get(links_to(email)[-1])["Location"] == FORM
    return client


def test_a_person_joins_as_a_viewer(cast: Cast, allowed: AllowedDomain) -> None:
    assert "Join with your work address" in text_of(Client().get("/accounts/login/"))
    client = opened("Zoe@Corp.EXAMPLE")
    page = text_of(client.get(FORM))
    assert "Join Main" in page
    assert "as a viewer" in page
    answer = client.post(FORM, ACCOUNT, follow=True)
    assert "Welcome to" in text_of(answer)
    assert answer.redirect_chain[-1][0] == "/w/main/"
    user = User.objects.get(email=ZOE)
    assert (user.name, has_proven_address(user), user.is_owner) == ("Zoe", True, False)
    assert user.memberships.get().role == Role.VIEWER
    event = AuditEvent.objects.get(kind="joined")
    assert (event.actor_name, event.workspace) == (ZOE, cast.workspace)
    assert event.details == {"role": "viewer", "domain": "corp.example", "by_mail": True}
    account = AuditEvent.objects.get(kind="account", about=ZOE)
    assert account.details == {"address_proven": True, "vouched_by": ""}
    assert not JoinLink.objects.exists()
    assert client.get("/w/main/team/").status_code == 200


@pytest.mark.parametrize(
    "email",
    [
        "zoe@nowhere.example",
        "zoe@sub.corp.example",
        "zoe@corp.example.evil.example",
        "zoe@evilcorp.example",
        "zoe@cоrp.example",  # a Cyrillic letter
    ],
)
def test_nothing_tells_whether_a_domain_is_allowed(
    cast: Cast, allowed: AllowedDomain, email: str
) -> None:
    def asked(address: str) -> tuple[int, str, bytes]:
        client = Client()
        answer = client.post(ASK, {"email": address})
        return answer.status_code, answer["Location"], client.get(answer["Location"]).content

    right, other = asked(ZOE), asked(email)
    assert right[:2] == other[:2] == (303, "/accounts/join/sent/")
    assert right[2] == other[2]
    assert wait_until_sent(20.0)
    assert [message.to for message in mail.outbox] == [[ZOE]]


@pytest.mark.parametrize(
    "email", ["zoe@\u212aorp.example", "zo\u00eb@corp.example", "zoe@corp.example\u200b", "zoe"]
)
def test_an_address_that_mail_does_not_reach(
    cast: Cast, allowed: AllowedDomain, email: str
) -> None:
    Client().post(ASK, {"email": email})
    assert wait_until_sent(20.0)
    assert not mail.outbox
    assert not JoinLink.objects.exists()


def test_a_domain_in_other_letters_is_the_same(cast: Cast, allowed: AllowedDomain) -> None:
    owner = User.objects.get(is_owner=True)
    allow_domain(actor=owner, workspace=cast.workspace, domain="bücher.example")
    assert links_to("zoe@bücher.example")
    assert links_to("zoe@BÜCHER.example")


def test_a_link_works_once(cast: Cast, allowed: AllowedDomain) -> None:
    (path,) = links_to()
    browsers = [Client(), Client()]
    for client in browsers:
        client.get(path)
    assert browsers[0].post(FORM, ACCOUNT).status_code == 303
    assert browsers[1].post(FORM, ACCOUNT).status_code == 404
    assert Client().get(path).status_code == 404
    assert User.objects.filter(email=ZOE).count() == 1


def test_only_the_newest_link_works(cast: Cast, allowed: AllowedDomain) -> None:
    first = links_to()[0]
    newest = links_to()[-1]
    assert first != newest
    assert Client().get(first).status_code == 404
    assert Client().get(newest).status_code == 302


def test_a_link_expires(
    cast: Cast, allowed: AllowedDomain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joining, "JOIN_LINK_WORKS_FOR", timedelta(seconds=-1))
    (path,) = links_to()
    assert Client().get(path).status_code == 404


def test_the_database_keeps_no_token(cast: Cast, allowed: AllowedDomain) -> None:
    (path,) = links_to()
    row = JoinLink.objects.get()
    assert row.digest not in path
    assert Client().get(f"{ASK}{row.digest}/").status_code == 404


@pytest.mark.parametrize("when", ["before it is opened", "on the page"])
def test_a_domain_withdrawn_after_the_mail(cast: Cast, allowed: AllowedDomain, when: str) -> None:
    owner = User.objects.get(is_owner=True)
    (path,) = links_to()
    client = Client()
    if when == "on the page":
        client.get(path, follow=True)
    withdraw_domain(actor=owner, row=allowed)
    answer = client.get(path) if when != "on the page" else client.post(FORM, ACCOUNT)
    assert answer.status_code == 404
    assert "may no longer join" in text_of(answer)
    assert not User.objects.filter(email=ZOE).exists()
    assert not links_to()[1:]


def test_a_withdrawal_during_the_request_is_seen(
    cast: Cast, allowed: AllowedDomain, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = opened()
    found = joining.find_join_link

    def withdrawn_then(token: str) -> Any:
        result = found(token)
        AllowedDomain.objects.all().delete()
        return result

    monkeypatch.setattr(joining, "find_join_link", withdrawn_then)
    assert client.post(FORM, ACCOUNT).status_code == 404
    assert not User.objects.filter(email=ZOE).exists()


def test_an_account_that_somebody_else_made_first_gets_nothing(
    cast: Cast, allowed: AllowedDomain
) -> None:
    """A hostile admin has made an account for the address, by a link that they kept."""
    invited = invite(
        actor=cast.stranger,
        workspace=cast.stranger.workspace,
        email=ZOE,
        role=Role.VIEWER,
        shows_link=True,
    )
    attacker = Client()
    attacker.get(str(invited.link).replace("http://localhost:8000", ""))
    attacker.post("/accounts/invitation/", ACCOUNT)
    theirs = User.objects.get(email=ZOE)
    assert not has_proven_address(theirs)
    path = links_to()[-1]
    assert attacker.post(FORM).status_code == 404
    victim = Client()
    page = text_of(victim.get(path, follow=True))
    assert "Sign in to join." in page
    assert "Forgot your password" in page
    victim.post(FORM, ACCOUNT)
    assert not theirs.memberships.filter(workspace=cast.workspace).exists()
    assert not has_proven_address(theirs)


def test_a_signed_in_person_joins_with_their_own_link_only(
    cast: Cast, allowed: AllowedDomain
) -> None:
    zoe = create_account(email=ZOE, name="Zoe", password=PASSWORD)
    (path,) = links_to()
    other = cast.client("stranger")
    assert "You are signed in as sam@example.com" in text_of(other.get(path, follow=True))
    assert other.post(FORM).status_code == 403
    client = Client()
    client.force_login(zoe)
    assert 'name="password"' not in client.get(path, follow=True).content.decode()
    assert client.post(FORM)["Location"] == "/w/main/"
    assert zoe.memberships.get().role == Role.VIEWER
    assert has_proven_address(zoe)


def test_who_was_removed_needs_an_invitation(cast: Cast, allowed: AllowedDomain) -> None:
    client = opened()
    client.post(FORM, ACCOUNT)
    remove_member(actor=cast.admin, member=Member.objects.get(user__email=ZOE))
    assert len(links_to()) == 1
    made = invite(actor=cast.admin, workspace=cast.workspace, email=ZOE, role=Role.EDITOR)
    assert made.invitation.role == Role.EDITOR


def test_a_deactivated_account_stays_out(cast: Cast, allowed: AllowedDomain) -> None:
    zoe = create_account(email=ZOE, name="Zoe", password=PASSWORD)
    (path,) = links_to()
    deactivate(actor=SYSTEM, user=zoe)
    assert Client().get(path).status_code == 404
    assert len(links_to()) == 1


def test_members_and_the_invited_get_no_link(cast: Cast, allowed: AllowedDomain) -> None:
    invite(actor=cast.admin, workspace=cast.workspace, email=ZOE, role=Role.EDITOR)
    mail.outbox.clear()
    assert links_to() == []
    owner = User.objects.get(is_owner=True)
    allow_domain(actor=owner, workspace=cast.workspace, domain="example.com")
    assert links_to("emil@example.com") == []


def test_a_person_joins_every_workspace_that_allows_the_domain(
    cast: Cast, allowed: AllowedDomain
) -> None:
    owner = User.objects.get(is_owner=True)
    allow_domain(actor=owner, workspace=cast.stranger.workspace, domain="corp.example")
    client = opened()
    assert "You join these workspaces:" in text_of(client.get(FORM))
    client.post(FORM, ACCOUNT)
    roles = User.objects.get(email=ZOE).memberships.values_list("role", flat=True)
    assert list(roles) == ["viewer", "viewer"]


def test_mails_have_a_limit(
    cast: Cast, allowed: AllowedDomain, monkeypatch: pytest.MonkeyPatch
) -> None:
    statuses = [Client().post(ASK, {"email": ZOE}).status_code for _ in range(6)]
    assert statuses == [303] * 5 + [429]
    assert wait_until_sent(20.0)
    mail.outbox.clear()
    limit = joining.LINKS_TO_DOMAIN
    monkeypatch.setattr(joining, "LINKS_TO_DOMAIN", type(limit)("small", 2, limit.within))
    for number in range(4):
        links_to(f"person{number}@corp.example")
    assert len(mail.outbox) == 2


def test_without_mail_nobody_joins(cast: Cast, allowed: AllowedDomain, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    for answer in (Client().get(ASK), Client().post(ASK, {"email": ZOE})):
        assert "does not send email" in text_of(answer)
    assert "Join with your work address" not in text_of(Client().get("/accounts/login/"))
    assert not JoinLink.objects.exists()


def test_with_a_provider_only_passwords_are_not_chosen(
    cast: Cast, allowed: AllowedDomain, settings: Any
) -> None:
    settings.SSO_ONLY = True
    client = opened()
    assert "Sign in to join." in text_of(client.get(FORM))
    client.post(FORM, ACCOUNT)
    assert not User.objects.filter(email=ZOE).exists()
