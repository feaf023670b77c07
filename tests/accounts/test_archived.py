"""A page of an archived workspace says why it is closed, to those who may know."""

import re

import pytest
from django.test import Client

from admin_ui.accounts.invitations.invitations import invite
from admin_ui.accounts.models import User
from admin_ui.accounts.permissions import SYSTEM, Role
from admin_ui.accounts.workspaces.workspaces import archive_workspace, reopen_workspace
from tests import factories
from tests.accounts.deciding import signed_in, text
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
PAGES = ("", "assistants/", "team/", "settings/", "assistants/7/edit/")
TOKEN = re.compile(r'value="\w{64}"')


@pytest.fixture
def owner(cast: Cast) -> User:
    user = factories.make_user("olga@example.com", name="Olga", is_owner=True)
    archive_workspace(actor=user, workspace=cast.workspace)
    return user


def body(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 404
    return TOKEN.sub("", response.content.decode())


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["viewer", "editor", "publisher", "admin"])
def test_members_read_who_can_reopen_it(cast: Cast, owner: User, who: str, page: str) -> None:
    client = cast.client(who)
    for _ in range(2):  # the first request reads the session alone, later ones the member too
        response = client.get(f"/w/main/{page}")
        assert response.status_code == 404
        assert "An owner archived the workspace Main." in text(response)
        assert "These owners can reopen it: <bdi>Olga</bdi>" in text(response)
        assert "/people/workspaces/" not in text(response)


@pytest.mark.parametrize("page", PAGES)
def test_owners_get_a_link_to_the_workspaces(cast: Cast, owner: User, page: str) -> None:
    for _ in range(2):
        response = signed_in(owner).get(f"/w/main/{page}")
        assert response.status_code == 404
        assert "An owner archived the workspace" in text(response)
        assert 'class="button primary" href="/people/workspaces/"' in text(response)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_cannot_tell_it_from_none(
    cast: Cast, owner: User, page: str, method: str
) -> None:
    invite(actor=SYSTEM, workspace=cast.workspace, email="sam@example.com", role=Role.ADMIN)
    sam = cast.client("stranger")
    answers = [getattr(sam, method)(f"/w/{slug}/{page}") for slug in ("main", "nowhere")]
    there, not_there = (TOKEN.sub("", answer.content.decode()) for answer in answers)
    # Some pages refuse the method before they look for a workspace.
    assert [answer.status_code for answer in answers] in ([404, 404], [405, 405])
    assert there == not_there
    assert "archived" not in there


def test_somebody_who_left_before_cannot_tell_either(cast: Cast, owner: User) -> None:
    client = cast.client("editor")
    cast.editor.delete()
    assert body(client, "/w/main/") == body(client, "/w/nowhere/")


def test_people_who_are_not_signed_in_sign_in(cast: Cast, owner: User) -> None:
    answers = [cast.client("anonymous").get(f"/w/{slug}/") for slug in ("main", "nowhere")]
    assert [answer.status_code for answer in answers] == [302, 302]


def test_an_unknown_address_of_an_open_workspace_is_as_before(cast: Cast, owner: User) -> None:
    reopen_workspace(actor=owner, workspace=cast.workspace)
    assert cast.client("viewer").get("/w/main/").status_code == 200
    page = body(cast.client("viewer"), "/w/main/assistants/7/edit/")
    assert "Page not found" in page
    assert "archived" not in page
