"""Owners: one always stays, and only active owners change accounts."""

import re
from typing import Any

import pytest

from admin_ui.accounts.keys.keys import create_api_key
from admin_ui.accounts.leaving import leaving
from admin_ui.accounts.models import User
from admin_ui.accounts.permissions import SYSTEM, NotAllowed, Role
from admin_ui.audit.models import EventKind
from tests import factories
from tests.accounts.deciding import TEAM, call, form_of, kinds, owner_named, signed_in, text
from tests.conftest import Cast


def test_the_last_owner_stays(cast: Cast) -> None:
    olga, otto = owner_named("Olga"), owner_named("Otto")
    leaving.deactivate(actor=olga, user=otto)
    client = signed_in(olga)
    assert "Last owner, cannot be removed" in text(client.get("/people/"))
    for what, sentence in (
        ("deactivate", "cannot be deactivated"),
        ("demote", "must stay an owner"),
    ):
        page = text(client.get(f"/people/{olga.pk}/{what}/"))
        assert sentence in page
        assert 'class="button danger"' not in page
        assert client.post(f"/people/{olga.pk}/{what}/").status_code == 409
    for act in (leaving.deactivate, leaving.demote_owner):
        with pytest.raises(leaving.LastOwner):
            act(actor=SYSTEM, user=olga)
    olga.refresh_from_db()
    assert olga.is_owner
    assert olga.is_active


def test_make_an_owner_and_demote_them(cast: Cast) -> None:
    olga = owner_named("Olga")
    client = signed_in(olga)
    address = f"/people/{cast.viewer.user.pk}"
    assert "Make Vera an owner?" in text(client.get(f"{address}/owner/"))
    assert client.post(f"{address}/owner/").status_code == 303
    assert cast.client("viewer").get("/w/elsewhere/team/").status_code == 200
    assert client.post(f"{address}/demote/").status_code == 303
    assert cast.client("viewer").get("/w/elsewhere/team/").status_code == 404
    assert cast.client("viewer").get("/w/main/").status_code == 200
    assert kinds() == [EventKind.OWNER, EventKind.OWNER]


def test_demoting_an_owner_ends_the_keys_they_made_where_they_are_no_member(cast: Cast) -> None:
    olga, otto = owner_named("Olga"), owner_named("Otto")
    factories.make_member(cast.workspace, Role.ADMIN, user=otto)
    _, here = create_api_key(workspace=cast.workspace, name="Here", can_write=True, created_by=otto)
    _, there = create_api_key(
        workspace=cast.stranger.workspace, name="There", can_write=True, created_by=otto
    )
    client = signed_in(olga)
    page = text(client.get(f"/people/{otto.pk}/demote/"))
    assert "There" in page
    assert "Here" not in page
    assert client.post(f"/people/{otto.pk}/demote/").status_code == 409, "nothing was decided"
    assert client.post(f"/people/{otto.pk}/demote/", form_of(page)).status_code == 303
    assert (call(here), call(there)) == (200, 401)


def test_a_deactivated_account_cannot_be_made_an_owner(cast: Cast) -> None:
    olga = owner_named("Olga")
    leaving.deactivate(actor=olga, user=cast.viewer.user)
    assert signed_in(olga).post(f"/people/{cast.viewer.user.pk}/owner/").status_code == 404
    with pytest.raises(leaving.Deactivated):
        leaving.promote_to_owner(actor=olga, user=cast.viewer.user)


def test_services_refuse_all_but_active_owners(cast: Cast) -> None:
    gone = owner_named("Otto")
    leaving.deactivate(actor=owner_named("Olga"), user=gone)
    acts: list[Any] = [
        leaving.deactivate,
        leaving.reactivate,
        leaving.promote_to_owner,
        leaving.demote_owner,
    ]
    for act in acts:
        for actor in (cast.admin.user, gone):
            with pytest.raises(NotAllowed):
                act(actor=actor, user=cast.viewer.user)


def test_the_list_of_people_says_who_is_where(cast: Cast, django_assert_num_queries: Any) -> None:
    client = signed_in(owner_named("Olga"))
    page = text(client.get("/people/"))
    assert re.search(
        r"Ada</span>.{,120}ada@example.com.{,160}Main <span class=\"quiet-text\">\(Admin", page
    )
    assert "All people" in text(client.get(TEAM))
    assert "All people" not in text(cast.client("admin").get(TEAM))
    for _ in range(2):
        # session with its user, count, accounts, memberships with workspaces, owners
        with django_assert_num_queries(5):
            client.get("/people/")
        for _ in range(10):
            factories.make_member(cast.workspace)


def test_many_people_are_shown_page_by_page(cast: Cast) -> None:
    for _ in range(60):
        factories.make_user()
    client = signed_in(owner_named("Olga"))
    first, second = client.get("/people/"), client.get("/people/?page=2")
    assert "?page=2" in text(first)
    assert text(first).count("<tr>") + text(second).count("<tr>") == User.objects.count() + 2
