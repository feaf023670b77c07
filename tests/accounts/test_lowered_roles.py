"""Lowering a role: keys and invitations that the new role does not allow are decided first."""

import pytest

from admin_ui.accounts import services
from admin_ui.accounts.invitations import invitations
from admin_ui.accounts.keys.keys import create_api_key
from admin_ui.accounts.leaving import leaving
from admin_ui.accounts.leaving.belongings import Undecided
from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import SYSTEM, Role
from admin_ui.audit.models import EventKind
from tests import factories
from tests.accounts.deciding import TEAM, call, form_of, kinds, signed_in, text
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def link_of(actor: Member) -> str:
    invited = invitations.invite(
        actor=actor, workspace=actor.workspace, email="new@example.com", role=Role.ADMIN
    )
    return str(invited.link)


@pytest.mark.parametrize(
    ("role", "can_write", "ends"),
    [
        (Role.VIEWER, True, True),
        (Role.EDITOR, True, True),
        (Role.PUBLISHER, True, False),
        (Role.VIEWER, False, False),
    ],
)
def test_a_key_that_exceeds_the_new_role_ends_unless_kept(
    cast: Cast, leaver: Member, role: Role, can_write: bool, ends: bool
) -> None:
    _, secret = services.create_key(actor=leaver, name="Night job", can_write=can_write)
    leaving.change_role(actor=cast.admin, member=leaver, role=role)
    assert call(secret) == (401 if ends else 200)
    leaver.refresh_from_db()
    assert leaver.role == role


def test_the_page_asks_before_a_role_is_lowered(cast: Cast, leaver: Member) -> None:
    key, secret = services.create_key(actor=leaver, name="Night job", can_write=True)
    services.create_key(actor=leaver, name="Reader", can_write=False)
    admin, path = cast.client("admin"), f"{TEAM}{leaver.pk}/role/"

    response = admin.post(path, {"role": "viewer"})
    assert response.status_code == 409
    page = text(response)
    assert "Nothing was changed" not in page
    assert "Decide again" not in page
    assert "Change the role of Lea to Viewer?" in page
    assert "Night job" in page
    assert "Reader" not in page
    leaver.refresh_from_db()
    assert (leaver.role, call(secret)) == (Role.ADMIN, 200)

    fields = form_of(page) | {f"what-key-{key.pk}": "keep"}
    assert admin.post(path, fields)["Location"] == TEAM
    leaver.refresh_from_db()
    assert (leaver.role, call(secret)) == (Role.VIEWER, 200)


def test_as_shown_the_page_revokes(cast: Cast, leaver: Member) -> None:
    _, secret = services.create_key(actor=leaver, name="Night job", can_write=True)
    admin, path = cast.client("admin"), f"{TEAM}{leaver.pk}/role/"
    fields = form_of(text(admin.post(path, {"role": "editor"})))
    assert admin.post(path, fields).status_code == 303
    assert call(secret) == 401
    assert kinds() == [EventKind.KEY_CREATED, EventKind.KEY_REVOKED, EventKind.ROLE]


def test_what_came_after_the_page_was_shown_is_asked_about(cast: Cast, leaver: Member) -> None:
    services.create_key(actor=leaver, name="First", can_write=True)
    admin, path = cast.client("admin"), f"{TEAM}{leaver.pk}/role/"
    fields = form_of(text(admin.post(path, {"role": "viewer"})))
    _, second = services.create_key(actor=leaver, name="Second", can_write=True)
    response = admin.post(path, fields)
    assert response.status_code == 409
    assert "Nothing was changed" in text(response)
    leaver.refresh_from_db()
    assert (leaver.role, call(second)) == (Role.ADMIN, 200)
    assert admin.post(path, form_of(text(response))).status_code == 303
    assert call(second) == 401


def test_an_invitation_by_a_former_admin_makes_nobody_an_admin(cast: Cast, leaver: Member) -> None:
    token = link_of(leaver).rstrip("/").rpartition("/")[2]
    with pytest.raises(Undecided):
        leaving.change_role(actor=cast.admin, member=leaver, role=Role.EDITOR, decisions={})
    leaving.change_role(actor=cast.admin, member=leaver, role=Role.EDITOR)
    with pytest.raises(invitations.InvitationClosed):
        invitations.find_open_invitation(token)


def test_raising_a_role_asks_nothing(cast: Cast) -> None:
    admin = cast.client("admin")
    response = admin.post(f"{TEAM}{cast.viewer.pk}/role/", {"role": "admin"})
    assert response["Location"] == TEAM


def test_an_owner_stays_an_admin_and_keeps_their_keys(cast: Cast, leaver: Member) -> None:
    leaver.user.is_owner = True
    leaver.user.save()
    _, secret = services.create_key(actor=leaver, name="Night job", can_write=True)
    leaving.change_role(actor=cast.admin, member=leaver, role=Role.VIEWER)
    assert call(secret) == 200


def test_a_removed_owner_keeps_no_key_beyond_their_role(cast: Cast, leaver: Member) -> None:
    user = leaver.user
    user.is_owner = True
    user.save()
    Member.objects.filter(pk=leaver.pk).update(role=Role.EDITOR)
    owner = factories.make_user("otto@example.com", name="Otto", is_owner=True)
    _, writes = create_api_key(
        workspace=cast.workspace, name="Night job", can_write=True, created_by=user
    )
    _, reads = create_api_key(
        workspace=cast.workspace, name="Reader", can_write=False, created_by=user
    )
    client, path = signed_in(owner), f"/people/{user.pk}/demote/"
    page = text(client.get(path))
    assert "Night job" in page
    assert "Reader" not in page
    assert client.post(path, form_of(page)).status_code == 303
    assert (call(writes), call(reads)) == (401, 200)


def test_the_server_revokes_too(cast: Cast, leaver: Member) -> None:
    _, secret = services.create_key(actor=leaver, name="Night job", can_write=True)
    leaving.change_role(actor=SYSTEM, member=leaver, role=Role.EDITOR)
    assert call(secret) == 401
