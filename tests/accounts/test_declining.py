"""Invitations that are declined, that expire, and that are sent again too often."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from admin_ui.accounts.invitations import invitations, limits
from admin_ui.accounts.models import Invitation, Member, User
from admin_ui.accounts.permissions import SYSTEM, Role
from admin_ui.accounts.signing_in.addresses import prove_address
from admin_ui.audit.models import AuditEvent, EventKind
from tests import factories
from tests.accounts.deciding import TEAM, signed_in, text
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

FORM = "/accounts/invitation/"
DECLINE = "/accounts/invitation/decline/"


@pytest.fixture(autouse=True)
def no_mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"


def invited(cast: Cast, email: str = "new@example.com") -> tuple[Invitation, str]:
    made = invitations.invite(
        actor=cast.admin, workspace=cast.workspace, email=email, role=Role.EDITOR
    )
    assert made.link
    return made.invitation, "/accounts/" + made.link.partition("/accounts/")[2]


def opened(client: Client, path: str) -> Client:
    assert client.get(path)["Location"] == FORM
    return client


def again(client: Client, row: Invitation) -> Any:
    return client.post(f"{TEAM}invitations/{row.pk}/again/")


# Declining


def test_a_newcomer_declines_and_the_admin_sees_it(cast: Cast) -> None:
    row, path = invited(cast)
    client = opened(Client(), path)
    assert "Decline" in text(client.get(FORM))
    response = client.post(DECLINE, {"invitation": row.pk})
    assert response.status_code == 200
    assert "You will not join Main" in text(response)
    assert client.get(path).status_code == 404
    assert not User.objects.filter(email=row.email).exists()
    page = text(cast.client("admin").get(TEAM))
    assert '<span class="chip danger">Declined</span>' in page
    event = AuditEvent.objects.get(kind=EventKind.INVITATION_DECLINED)
    assert (event.about, event.actor, event.workspace) == (row.email, None, cast.workspace)


def test_somebody_signed_in_declines_by_link(cast: Cast) -> None:
    person = factories.make_user("new@example.com", password="seven green bottles")
    row, path = invited(cast)
    client = opened(signed_in(person), path)
    response = client.post(DECLINE, {"invitation": row.pk})
    assert (response.status_code, response["Location"]) == (303, "/")
    assert "You declined the invitation to Main." in text(client.get("/"))
    event = AuditEvent.objects.get(kind=EventKind.INVITATION_DECLINED)
    assert event.actor == person
    with pytest.raises(invitations.InvitationClosed):
        invitations.accept_invitation(user=person, invitation=row, holds_link=True)
    assert not Member.objects.filter(user=person).exists()


def test_a_proven_address_declines_on_home(cast: Cast) -> None:
    person = factories.make_user("new@example.com", password="seven green bottles")
    row, _path = invited(cast)
    client = signed_in(person)
    home = f"/accounts/invitations/{row.pk}/decline/"
    assert client.post(home).status_code == 404  # not proven: the link is needed
    prove_address(person)
    assert home in text(client.get("/"))
    assert client.post(home)["Location"] == "/"
    row.refresh_from_db()
    assert row.declined_at
    assert home not in text(client.get("/"))
    assert client.post(home).status_code == 404


def test_nobody_else_declines(cast: Cast) -> None:
    row, path = invited(cast)
    viewer = opened(cast.client("viewer"), path)
    assert viewer.post(DECLINE, {"invitation": row.pk}).status_code == 403
    assert Client().post(DECLINE, {"invitation": row.pk}).status_code == 404
    with pytest.raises(invitations.NotInvited):
        invitations.decline_invitation(user=None, invitation=row, holds_link=False)
    row.refresh_from_db()
    assert row.declined_at is None


def test_the_form_of_an_older_invitation_declines_nothing(cast: Cast) -> None:
    first, _ = invited(cast)
    second, path = invited(cast)
    client = opened(Client(), path)
    assert client.post(DECLINE, {"invitation": first.pk})["Location"] == FORM
    second.refresh_from_db()
    assert second.declined_at is None


def test_what_was_declined_can_be_sent_again_or_removed(cast: Cast) -> None:
    row, _ = invited(cast)
    invitations.decline_invitation(user=None, invitation=row, holds_link=True)
    with pytest.raises(invitations.InvitationClosed):
        invitations.decline_invitation(user=None, invitation=row, holds_link=True)
    admin = cast.client("admin")
    assert again(admin, row).status_code == 303
    assert "Declined" not in text(admin.get(TEAM))
    assert list(Invitation.objects.open().values_list("email", flat=True)) == [row.email]
    row = Invitation.objects.open().get()
    invitations.decline_invitation(user=None, invitation=row, holds_link=True)
    assert admin.post(f"{TEAM}invitations/{row.pk}/revoke/").status_code == 303
    assert "is removed" in text(admin.get(TEAM))
    assert not Invitation.objects.listed().exists()
    assert not AuditEvent.objects.filter(kind=EventKind.INVITATION_REVOKED).exists()


# What is over


def test_an_expired_one_is_shown_for_thirty_days(cast: Cast) -> None:
    row, _ = invited(cast)
    admin = cast.client("admin")
    rows = Invitation.objects.filter(pk=row.pk)
    rows.update(expires_at=timezone.now() - timedelta(days=29))
    page = text(admin.get(TEAM))
    assert row.email in page
    assert '<span class="chip warning">Expired</span>' in page
    assert "Remove <span" in page
    assert "New link" in page
    rows.update(expires_at=timezone.now() - timedelta(days=31))
    assert row.email not in text(admin.get(TEAM))
    invited(cast, row.email)  # and it is in nobody's way
    rows = Invitation.objects.listed().filter(email=row.email)
    rows.update(declined_at=timezone.now() - timedelta(days=31))
    assert row.email not in text(admin.get(TEAM))


# Limits


def test_one_address_is_not_flooded(cast: Cast, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    admin = cast.client("admin")
    for _ in range(5):
        form = {"email": "new@example.com", "role": "viewer"}
        assert admin.post(f"{TEAM}add/", form).status_code == 303
        row = Invitation.objects.open().get()
        admin.post(f"{TEAM}invitations/{row.pk}/revoke/")  # does not begin anew
    sent = len(mail.outbox)
    response = admin.post(f"{TEAM}add/", form)
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 24 * 3600 + 1
    page = text(response)
    assert "You can invite the same address at most 5 times a day." in page
    assert re.search(r"Try again in (1 day|2[0-3] hours)\.", page)
    assert 'value="new@example.com"' in page
    assert len(mail.outbox) == sent == 5
    assert admin.post(f"{TEAM}add/", {**form, "email": "other@example.com"}).status_code == 303


def test_send_again_is_limited_and_keeps_the_last_link(cast: Cast) -> None:
    invited(cast)
    admin = cast.client("admin")
    for _ in range(4):
        assert again(admin, Invitation.objects.open().get()).status_code == 303
    last = Invitation.objects.open().get()
    assert again(admin, last).status_code == 429
    assert Invitation.objects.open().get() == last


def test_a_workspace_is_limited_and_others_are_not(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = limits.Limit("a few", most=2, within=timedelta(hours=1))
    monkeypatch.setattr(limits, "INVITATIONS_OF_WORKSPACE", limit)
    for number in range(2):
        invited(cast, f"{number}@example.com")
    response = cast.client("admin").post(
        f"{TEAM}add/", {"email": "x@example.com", "role": "viewer"}
    )
    assert response.status_code == 429
    assert "A workspace can send at most 2 invitations an hour." in text(response)
    for workspace, actor in [(cast.workspace, SYSTEM), (cast.stranger.workspace, cast.stranger)]:
        Member.objects.filter(pk=cast.stranger.pk).update(role=Role.ADMIN)
        cast.stranger.refresh_from_db()
        invitations.invite(
            actor=actor, workspace=workspace, email="y@example.com", role=Role.VIEWER
        )
