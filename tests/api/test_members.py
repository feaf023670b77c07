"""Changing the team by key: whole payloads, and the refusals of the pages."""

from typing import Any

import pytest

from admin_ui.accounts.invitations.invitations import (
    accept_with_new_account,
    decline_invitation,
    find_open_invitation,
)
from admin_ui.accounts.models import Invitation, Member
from admin_ui.accounts.permissions import Role
from admin_ui.accounts.services import make_member
from admin_ui.audit.models import AuditEvent
from tests.api.calls import by_role
from tests.conftest import Cast
from tests.factories import make_user
from tests.rights.narrowing import narrowed

pytestmark = pytest.mark.django_db(transaction=True)
SMTP = "django.core.mail.backends.locmem.EmailBackend"
NINA = {"email": "Nina@Example.com", "role": "editor", "name": "Nina"}
ACTOR = "service account Script admin"


def events(kind: str) -> list[tuple[str, str, Any]]:
    rows = AuditEvent.objects.filter(kind=kind).order_by("pk")
    return [(row.actor_name, row.about, row.details) for row in rows]


def test_a_role_changes(cast: Cast) -> None:
    api = by_role(cast, "admin")
    path = f"members/{cast.viewer.pk}/role"
    answer = api("PUT", path, {"role": "editor", "seen": "viewer"})
    assert (answer.status, answer.data) == (
        200,
        {
            "id": cast.viewer.pk,
            "name": "Vera",
            "email": "vera@example.com",
            "role": "editor",
            "is_owner": False,
            "is_service": False,
            "is_active": True,
        },
    )
    assert events("role") == [(ACTOR, "vera@example.com", {"from": "viewer", "to": "editor"})]
    refused = api("PUT", path, {"role": "publisher", "seen": "viewer"})
    assert refused.refusal == (409, "role_moved", None)
    for role in ("owner", "", None, 1):
        assert api("PUT", path, {"role": role}).refusal == (422, "invalid_request", "body.role")
    cast.viewer.refresh_from_db()
    assert cast.viewer.role == Role.EDITOR


def test_the_last_admin_stays(cast: Cast) -> None:
    api = by_role(cast, "admin")
    path = f"members/{cast.admin.pk}"
    assert api("PUT", f"{path}/role", {"role": "editor"}).refusal == (409, "last_admin", None)
    assert api("DELETE", path).refusal == (409, "last_admin", None)
    cast.admin.refresh_from_db()
    assert cast.admin.role == Role.ADMIN


def test_a_narrowed_member_becomes_no_admin(cast: Cast) -> None:
    api, member = by_role(cast, "admin"), narrowed(cast, fields=["name"])
    refused = api("PUT", f"members/{member.pk}/role", {"role": "admin"})
    assert refused.refusal == (409, "still_narrowed", None)


def test_a_member_is_removed(cast: Cast) -> None:
    api = by_role(cast, "admin")
    assert api("DELETE", f"members/{cast.editor.pk}").status == 204
    assert not Member.objects.filter(pk=cast.editor.pk).exists()
    assert events("left") == [(ACTOR, "emil@example.com", {"role": "editor"})]
    gone = api("DELETE", f"members/{cast.editor.pk}")
    assert gone.refusal == (404, "not_found", None)


def test_service_accounts_are_no_members_here(cast: Cast) -> None:
    api = by_role(cast, "admin")
    account = Member.objects.get(user__is_service=True)
    for method, path in (("DELETE", ""), ("PUT", "/role")):
        refused = api(method, f"members/{account.pk}{path}", {"role": "viewer"})
        assert refused.refusal == (404, "not_found", None)


def test_an_invitation_without_mail_has_a_link(cast: Cast, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    api = by_role(cast, "admin")
    made = api("POST", "invitations", NINA)
    row = Invitation.objects.get()
    shown = {
        "id": row.pk,
        "email": "nina@example.com",
        "name": "Nina",
        "role": "editor",
        "state": "open",
        "by_mail": False,
        "created_at": made.data["created_at"],
        "created_by": ACTOR,
        "expires_at": made.data["expires_at"],
    }
    link = made.data["link"]
    assert (made.status, made.data) == (201, {**shown, "link": link, "mail_failed": False})
    assert api("GET", "invitations").data == {"data": [shown], "next": None}
    invitation = find_open_invitation(link.rstrip("/").rpartition("/")[2])
    user = accept_with_new_account(invitation=invitation, name="Nina", password="x")
    assert user.vouched_by == ACTOR
    assert user.memberships.get().role == Role.EDITOR
    assert api("GET", "invitations").data["data"] == []
    for path in ("again", "revoke"):
        refused = api("POST", f"invitations/{row.pk}/{path}")
        assert refused.refusal == (409, "invitation_closed", None)


def test_an_invitation_is_mailed_repeated_and_revoked(
    cast: Cast, settings: Any, mailoutbox: list[Any]
) -> None:
    settings.EMAIL_BACKEND = SMTP
    api = by_role(cast, "admin")
    made = api("POST", "invitations", NINA).data
    assert (made["link"], made["by_mail"], len(mailoutbox)) == (None, True, 1)
    assert mailoutbox[0].to == ["nina@example.com"]
    again = api("POST", f"invitations/{made['id']}/again")
    assert (again.status, again.data["id"] == made["id"], len(mailoutbox)) == (201, False, 2)
    open_one = Invitation.objects.open().get()
    decline_invitation(user=None, invitation=open_one, holds_link=True)
    assert [row["state"] for row in api("GET", "invitations").data["data"]] == ["declined"]
    assert api("POST", f"invitations/{open_one.pk}/revoke").status == 204
    assert api("GET", "invitations").data["data"] == []
    refused = api("POST", f"invitations/{open_one.pk}/again")
    assert refused.refusal == (409, "invitation_closed", None)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": "nina@straße.de"}, "email"),
        ({"role": "owner"}, "body.role"),
        ({"name": "x" * 151}, "body.name"),
        ({"is_owner": True}, "body.is_owner"),
    ],
)
def test_what_no_invitation_can_be(cast: Cast, fields: Any, field: str) -> None:
    refused = by_role(cast, "admin")("POST", "invitations", {**NINA, **fields})
    assert refused.refusal == (422, "invalid_request", field)
    assert not Invitation.objects.exists()


def test_a_member_is_not_invited(cast: Cast) -> None:
    nina = make_user("nina@example.com")
    make_member(workspace=cast.workspace, user=nina, role="viewer", actor=cast.admin.user)
    refused = by_role(cast, "admin")("POST", "invitations", NINA)
    assert refused.refusal == (409, "already_member", None)


def test_invitations_have_a_limit(cast: Cast) -> None:
    api = by_role(cast, "admin")
    assert {api("POST", "invitations", NINA).status for _ in range(5)} == {201}
    refused = api("POST", "invitations", NINA)
    assert refused.refusal == (429, "rate_limited", None)
    assert int(refused.headers["Retry-After"]) > 0


def test_an_invitation_is_sent_once(cast: Cast) -> None:
    api = by_role(cast, "admin")
    first, second = (
        api("POST", "invitations", NINA, Idempotency_Key="run-1").data for _ in range(2)
    )
    assert first == second
    assert Invitation.objects.count() == 1


def test_no_role_is_given_above_ones_own(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Admins alone change a team today; this holds if a lower role may some day."""
    from admin_ui.accounts.permissions import ALLOWED, Action

    monkeypatch.setitem(ALLOWED, Role.EDITOR, ALLOWED[Role.EDITOR] | {Action.MANAGE_TEAM})
    api = by_role(cast, "editor")
    path = f"members/{cast.viewer.pk}/role"
    assert api("PUT", path, {"role": "publisher"}).refusal == (403, "not_allowed", None)
    assert api("POST", "invitations", {**NINA, "role": "admin"}).refusal[0] == 403
    assert api("PUT", path, {"role": "editor"}).status == 200
