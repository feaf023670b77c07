"""Invitations: made on the team page, handed over or mailed, accepted by who owns the address."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from admin_ui.accounts.models import Invitation, Member, User
from admin_ui.accounts.permissions import Role
from admin_ui.accounts.services import save_account
from admin_ui.accounts.signing_in.addresses import has_proven_address, prove_address
from admin_ui.audit.models import AuditEvent, EventKind
from tests.conftest import Cast

TEAM = "/w/main/team/"
FORM = "/accounts/invitation/"
PASSWORD = "a passphrase of Nina"
NINA = {"name": "Nina", "password": PASSWORD}


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def no_mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"


def invite(cast: Cast, email: str, *, who: str = "admin", role: str = "publisher") -> str:
    """Invite on the team page; returns the path of the link that the admin or the mail shows."""
    admin, place = cast.client(who), getattr(cast, who).workspace.slug
    sent = len(mail.outbox)
    data = {"email": email, "name": "Nina", "role": role}
    response = admin.post(f"/w/{place}/team/add/", data)
    assert response.status_code == 303
    page = text(admin.get(f"/w/{place}/team/"))
    if len(mail.outbox) > sent:
        assert "/accounts/invitation/" not in page, "nobody but the address sees the link"
        page = mail.outbox[-1].body
    return link_in(page)


def link_in(page: str) -> str:
    found = re.search(r"http://localhost:8000(/accounts/invitation/[\w-]+/)", page)
    assert found, page
    return found[1]


def test_without_mail_a_link_is_shown_once_and_creates_an_account(
    cast: Cast, no_mail: None
) -> None:
    link = invite(cast, "New.Person@Example.com")
    admin = cast.client("admin")
    page = text(admin.get(TEAM))
    assert link not in page, "shown once"
    assert "new.person@example.com" in page
    assert not User.objects.filter(email="new.person@example.com").exists(), "until they accept"

    newcomer = Client()
    assert newcomer.get(link)["Location"] == FORM, "no token in further addresses"
    response = newcomer.get(FORM)
    page = text(response)
    assert response.status_code == 200, "nothing is wrong yet"
    assert 'value="Nina"' in page, "the name that the admin typed"
    assert "Ada invites <strong>new.person@example.com</strong>. The role is Publisher." in page
    response = newcomer.post(FORM, NINA)
    assert (response.status_code, response["Location"]) == (303, "/w/main/")
    assert "Welcome to Main. Your role is Publisher." in text(newcomer.get("/w/main/"))
    member = Member.objects.get(user__email="new.person@example.com")
    assert (member.role, member.user.name) == (Role.PUBLISHER, "Nina")
    assert not has_proven_address(member.user)
    assert "Address not confirmed; joined with a link from ada@example.com" in text(admin.get(TEAM))
    for path in (link, FORM):
        assert "This invitation is no longer open" in text(Client().get(path, follow=True)), (
            "single use"
        )
    joined = AuditEvent.objects.get(kind=EventKind.JOINED)
    assert joined.details["vouched_by"] == "ada@example.com"
    assert joined.details["address_proven"] is False


def test_with_mail_only_the_address_gets_the_link_which_proves_it(cast: Cast) -> None:
    link = invite(cast, "nina@example.com")
    (message,) = mail.outbox
    assert message.to == ["nina@example.com"]
    assert "Ada invites you to Main. Your role there will be Publisher." in text_of(message)
    newcomer = Client()
    newcomer.get(link, follow=True)
    assert newcomer.post(FORM, NINA)["Location"] == "/w/main/"
    assert has_proven_address(User.objects.get(email="nina@example.com"))
    assert "Address not confirmed" not in member_row(cast, "nina@example.com")


def text_of(message: Any) -> str:
    return re.sub(r"\s+", " ", message.body)


def member_row(cast: Cast, email: str) -> str:
    page = text(cast.client("admin").get(TEAM))
    return next(row for row in page.split("<tr") if email in row)


def test_a_mail_that_fails_is_told_and_can_be_sent_again(cast: Cast, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    admin = cast.client("admin")
    admin.post(f"{TEAM}add/", {"email": "nina@example.com", "role": "viewer"})
    assert "the email could not be sent" in text(admin.get(TEAM))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    admin.post(f"{TEAM}invitations/{Invitation.objects.get().pk}/again/")
    assert len(mail.outbox) == 1
    assert "An invitation is on its way to nina@example.com." in text(admin.get(TEAM))
    assert Invitation.objects.filter(revoked_at=None).count() == 1


@pytest.mark.parametrize("password", ["short", "nina@example.com"])
def test_a_weak_password_is_refused_beside_its_field(
    cast: Cast, no_mail: None, password: str
) -> None:
    newcomer = Client()
    newcomer.get(invite(cast, "nina@example.com"))
    response = newcomer.post(FORM, {"name": "Nina", "password": password})
    assert response.status_code == 422
    assert 'value="Nina"' in text(response)
    assert "aria-invalid" in text(response)
    assert not User.objects.filter(email="nina@example.com").exists()


def test_somebody_with_an_account_signs_in_and_accepts(cast: Cast, no_mail: None) -> None:
    user, _ = save_account(email="known@example.com", password=PASSWORD, name="Known")
    link = invite(cast, user.email)
    client = Client()
    page = text(client.get(link, follow=True))
    assert "This address already has an account. Sign in to accept." in page
    assert "new-password" not in page, "the link never sets a password"
    assert client.post(FORM, NINA).status_code == 200
    sign_in = {"login": user.email, "password": PASSWORD, "next": FORM}
    assert client.post("/accounts/login/", sign_in)["Location"] == FORM
    assert "Accept" in text(client.get(FORM))
    assert not Member.objects.filter(user=user).exists(), "not before they accept"
    assert client.post(FORM)["Location"] == "/w/main/"
    assert "Welcome to Main. Your role is Publisher." in text(client.get("/w/main/"))
    user.refresh_from_db()
    assert (user.name, user.check_password(PASSWORD)) == ("Known", True)
    assert not has_proven_address(user), "a link that was shown proves nothing"


def test_a_proven_address_accepts_on_its_front_page(cast: Cast, no_mail: None) -> None:
    user, _ = save_account(email="known@example.com", password=PASSWORD)
    client = Client()
    client.force_login(user)
    invite(cast, user.email)
    pk = Invitation.objects.get().pk
    accept = f"/accounts/invitations/{pk}/accept/"
    assert "You are invited" not in text(client.get("/"))
    assert client.post(accept).status_code == 404
    prove_address(user)
    assert "You are invited to <strong>Main</strong> as Publisher." in text(client.get("/"))
    assert client.post(accept)["Location"] == "/w/main/"
    assert Member.objects.get(user=user).role == Role.PUBLISHER
    assert client.post(accept).status_code == 404


def test_the_team_page_lists_invitations_with_a_new_link_and_revoke(
    cast: Cast, no_mail: None
) -> None:
    old = invite(cast, "nina@example.com")
    admin, row = cast.client("admin"), Invitation.objects.get()
    assert "Invited" in text(admin.get(TEAM))
    for who in ("viewer", "editor", "publisher"):
        page = text(cast.client(who).get(TEAM))
        assert "nina@example.com" not in page
        assert cast.client(who).post(f"{TEAM}invitations/{row.pk}/again/").status_code == 403
        assert cast.client(who).post(f"{TEAM}invitations/{row.pk}/revoke/").status_code == 403
    assert cast.client("stranger").post(f"{TEAM}invitations/{row.pk}/again/").status_code == 404
    admin.post(f"{TEAM}invitations/{row.pk}/again/")
    new = link_in(text(admin.get(TEAM)))
    assert Client().get(old).status_code == 404, "a new link ends the old one"
    assert Client().get(new).status_code == 302
    row = Invitation.objects.get(revoked_at=None)
    admin.post(f"{TEAM}invitations/{row.pk}/revoke/")
    assert "is revoked. Its link no longer works." in text(admin.get(TEAM))
    assert Client().get(new).status_code == 404
    for verb in ("again", "revoke"):
        response = admin.post(f"{TEAM}invitations/{row.pk}/{verb}/")
        assert response.status_code == 409
        assert "no longer open" in text(response)
    kinds = list(AuditEvent.objects.values_list("kind", flat=True).order_by("pk"))
    assert kinds == [
        EventKind.WORKSPACE,
        EventKind.INVITED,
        EventKind.INVITED,
        EventKind.INVITATION_REVOKED,
    ]


def test_an_invitation_ends_after_a_week_and_a_new_link_opens_it_again(
    cast: Cast, no_mail: None
) -> None:
    link = invite(cast, "nina@example.com")
    newcomer = Client()
    newcomer.get(link)
    past = timezone.now() - timedelta(seconds=1)
    Invitation.objects.update(expires_at=past)
    assert newcomer.post(FORM, NINA).status_code == 404
    assert Client().get(link).status_code == 404
    admin = cast.client("admin")
    assert "Expired" in text(admin.get(TEAM))
    admin.post(f"{TEAM}invitations/{Invitation.objects.get().pk}/again/")
    assert Client().get(link_in(text(admin.get(TEAM)))).status_code == 302


def test_the_admin_sees_the_same_whether_the_address_has_an_account_or_not(
    cast: Cast, no_mail: None
) -> None:
    save_account(email="known@example.com", password=PASSWORD, name="Secret Name")
    pages = []
    for email in ("known@example.com", "nobody@example.com"):
        admin = cast.client("admin")
        admin.post(f"{TEAM}add/", {"email": email, "role": "viewer"})
        page = text(admin.get(TEAM))
        assert "Secret Name" not in page
        pages.append(re.sub(r"/accounts/invitation/[\w-]+/", "", page).count("<"))
        Invitation.objects.all().delete()
    assert pages[0] == pages[1]


def test_removing_somebody_ends_the_invitation_that_is_open_for_them(
    cast: Cast, no_mail: None
) -> None:
    link = invite(cast, "nina@example.com")
    newcomer = Client()
    newcomer.get(link)
    newcomer.post(FORM, NINA)
    member = Member.objects.get(user__email="nina@example.com")
    admin = cast.client("admin")
    admin.post(f"{TEAM}{member.pk}/remove/")
    assert newcomer.get("/w/main/").status_code == 404
    assert newcomer.get(link).status_code == 404
    assert not Member.objects.filter(user=member.user).exists()
