"""An admin who was removed while their request waited: it does nothing any more."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from admin_ui.accounts import services
from admin_ui.accounts.invitations import invitations
from admin_ui.accounts.keys.keys import create_api_key
from admin_ui.accounts.models import ApiKey, Invitation, Member
from admin_ui.accounts.permissions import NotAllowed, Role
from assistants.models import Connection
from assistants.services.connections import saving
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = {"profile": "openai", "base_url": "https://api.example.org/v1"}
WRITES = {"credentials": {"api_key": "sk-1"}, "options": {}}


def invited(cast: Cast) -> Invitation:
    return invitations.invite(
        actor=cast.publisher, workspace=cast.workspace, email="old@example.org", role=Role.VIEWER
    ).invitation


def connection_of(cast: Cast) -> Connection:
    return saving.save_connection(
        author=cast.publisher, connection=None, name="Old", **ADDRESS, **WRITES
    )


def invite(cast: Cast) -> Callable[[], Any]:
    return lambda: invitations.invite(
        actor=cast.publisher, workspace=cast.workspace, email="new@example.org", role=Role.ADMIN
    )


def invite_again(cast: Cast) -> Callable[[], Any]:
    row = invited(cast)
    return lambda: invitations.invite_again(actor=cast.publisher, invitation=row)


def revoke(cast: Cast) -> Callable[[], Any]:
    row = invited(cast)
    return lambda: invitations.revoke_invitation(actor=cast.publisher, invitation=row)


def add_connection(cast: Cast) -> Callable[[], Any]:
    return lambda: saving.save_connection(
        author=cast.publisher, connection=None, name="New", **ADDRESS, **WRITES
    )


def change_connection(cast: Cast) -> Callable[[], Any]:
    row = connection_of(cast)
    return lambda: saving.save_connection(
        author=cast.publisher, connection=row, name="Mine now", **ADDRESS, **WRITES
    )


def make_default(cast: Cast) -> Callable[[], Any]:
    row = connection_of(cast)
    return lambda: saving.make_default(author=cast.publisher, connection=row)


def remove_connection(cast: Cast) -> Callable[[], Any]:
    row = connection_of(cast)
    return lambda: saving.remove_connection(author=cast.publisher, connection=row)


def make_key(cast: Cast) -> Callable[[], Any]:
    return lambda: services.create_key(actor=cast.publisher, name="New", can_write=True)


def revoke_key(cast: Cast) -> Callable[[], Any]:
    key, _ = create_api_key(
        workspace=cast.workspace, name="Old", can_write=True, created_by=cast.admin.user
    )
    return lambda: services.revoke_key(actor=cast.publisher, key=key)


ACTS = [
    invite,
    invite_again,
    revoke,
    add_connection,
    change_connection,
    make_default,
    remove_connection,
    make_key,
    revoke_key,
]


def everything() -> list[Any]:
    rows = (Invitation.objects, ApiKey.objects, Connection.objects)
    return [sorted(map(repr, table.values())) for table in rows]


@pytest.mark.parametrize("lost", ["removed", "lowered", "deactivated"])
@pytest.mark.parametrize("act", ACTS)
def test_what_was_begun_as_an_admin_needs_one_at_its_end(
    cast: Cast, act: Callable[[Cast], Callable[[], Any]], lost: str
) -> None:
    cast.publisher.role = Role.ADMIN
    cast.publisher.save()
    finish = act(cast)
    row = Member.objects.get(pk=cast.publisher.pk)
    if lost == "removed":
        row.delete()
    elif lost == "lowered":
        Member.objects.filter(pk=row.pk).update(role=Role.PUBLISHER)
    else:
        type(row.user).objects.filter(pk=row.user.pk).update(is_active=False)
    before = everything()
    with pytest.raises(NotAllowed):
        finish()
    assert everything() == before


def test_a_link_that_is_shown_once_is_shown_where_it_was_made(cast: Cast, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    Member.objects.create(workspace=cast.stranger.workspace, user=cast.admin.user, role=Role.ADMIN)
    client: Client = cast.client("admin")
    client.post("/w/main/team/add/", {"email": "new@example.org", "role": "viewer"})
    elsewhere = f"/w/{cast.stranger.workspace.slug}/team/"
    assert "/accounts/invitation/" not in client.get(elsewhere).content.decode()
    client.head("/w/main/team/")
    assert "/accounts/invitation/" in client.get("/w/main/team/").content.decode()
    assert "/accounts/invitation/" not in client.get("/w/main/team/").content.decode()
