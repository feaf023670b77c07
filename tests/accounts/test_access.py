"""Who is a member, what they are told, and how a refusal looks."""

import re
from typing import Any

import pytest
from django.test import Client

from admin_ui.accounts.guard.access import find_member
from admin_ui.accounts.models import Member, Workspace
from admin_ui.accounts.permissions import SYSTEM, Action, NotAllowed, Role, can
from admin_ui.accounts.services import save_account
from tests import factories
from tests.conftest import Cast
from tests.pages.reading import tight

TEAM = "/w/main/team/"


def browser(cast: Cast, who: str) -> Client:
    if who != "owner":
        return cast.client(who)
    client = Client()
    client.force_login(save_account(email="olga@example.com", is_owner=True)[0])
    return client


def test_a_stranger_cannot_tell_a_workspace_from_none(cast: Cast) -> None:
    sam = cast.client("stranger")
    there, not_there = (sam.get(f"/w/{slug}/team/") for slug in ("main", "nowhere"))
    assert there.status_code == not_there.status_code == 404
    token = re.compile(r'value="\w{64}"')
    assert token.sub("", there.content.decode()) == token.sub("", not_there.content.decode())


def test_whoever_may_not_is_told_their_role_and_whom_to_ask(cast: Cast) -> None:
    save_account(email="olga@example.com", name="Olga", is_owner=True)
    page = cast.client("viewer").get("/w/main/keys/").content.decode()
    assert "<strong>Viewer</strong>" in page
    assert "Ada, Olga" in page


def test_whoever_is_nobody_may_nothing() -> None:
    assert not any(can(None, action) for action in Action)
    assert not any(can(Member(role="king"), action) for action in Action)
    assert all(can(SYSTEM, action) for action in Action)
    assert can(Member(role=Role.PUBLISHER), Action.PUBLISH)
    assert not can(Member(role=Role.EDITOR), Action.PUBLISH)


def test_a_refusal_by_a_service_is_a_403_on_a_page(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: Any) -> None:
        raise NotAllowed(Action.MANAGE_TEAM)

    monkeypatch.setattr("admin_ui.accounts.leaving.leaving.remove_member", refuse)
    response = cast.client("admin").post(f"/w/main/team/{cast.viewer.pk}/remove/")
    assert response.status_code == 403


@pytest.mark.parametrize("who", ["viewer", "owner"])
def test_only_who_has_several_workspaces_may_switch(cast: Cast, who: str) -> None:
    client = browser(cast, who)
    Workspace.objects.exclude(pk=cast.workspace.pk).delete()
    assert "Switch workspace" not in client.get(TEAM).content.decode()
    second = factories.make_workspace("second")
    assert ("Switch workspace" in client.get(TEAM).content.decode()) == (who == "owner")
    factories.make_member(second, user=cast.viewer.user)
    assert "Switch workspace" in client.get(TEAM).content.decode()


def test_the_menu_says_what_one_is(cast: Cast) -> None:
    for who, role in {"viewer": "Viewer", "owner": "Owner"}.items():
        page = browser(cast, who).get(TEAM).content.decode()
        assert f'<span class="quiet-text small">{role}</span>' in tight(page)


def test_an_owner_who_is_a_member_stays_that_member(cast: Cast) -> None:
    cast.viewer.user.is_owner = True
    found = find_member(user=cast.viewer.user, slug=cast.workspace.slug)
    assert (found.pk, found.role, found.workspace) == (cast.viewer.pk, "admin", cast.workspace)
    elsewhere = find_member(user=cast.viewer.user, slug=cast.stranger.workspace.slug)
    assert (elsewhere.pk, elsewhere.role) == (None, "admin")
