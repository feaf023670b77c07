"""The team page: who is in, and in which role."""

import re
import threading
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from admin_ui.accounts import selectors, services
from admin_ui.accounts.invitations.invitations import invite
from admin_ui.accounts.leaving import leaving
from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import ALLOWED, Action, NotAllowed, Role
from tests import factories
from tests.conftest import Cast

TEAM = "/w/main/team/"


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_everybody_in_the_workspace_sees_the_team_and_what_roles_may(cast: Cast) -> None:
    cast.viewer.user.last_login = None
    page = text(cast.client("viewer").get(TEAM))
    for name in ("Vera", "Emil", "Pia", "Ada"):
        assert name in page
    assert "Sam" not in page
    assert "Publish any draft of the workspace" in page
    assert "Invite someone" not in page
    assert "/role/" not in page


def test_the_table_of_roles_is_the_permissions_themselves() -> None:
    for right, action in zip(selectors.rights(), Action, strict=True):
        assert right.label == selectors.LABELS[action]
        assert right.allowed == tuple(action in ALLOWED[role] for role in Role.values)


def test_roles_nest() -> None:
    rows = [ALLOWED[role] for role in Role.values]
    assert all(lower < higher for lower, higher in pairwise(rows))
    assert rows[-1] == set(Action)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"email": "no address", "role": "viewer"}, "valid email"),
        ({"email": "nul\x00@example.com", "role": "viewer"}, "Null characters"),
        ({"email": "", "role": "viewer"}, "required"),
        ({"email": "a@example.com", "role": "king"}, "king is not one of the available choices"),
        ({"email": "a@example.com"}, "required"),
        ({"email": f"{'a' * 260}@example.com", "role": "viewer"}, "at most 254"),
        ({"email": "vera@example.com", "role": "admin"}, "is already in the team"),
        ({"email": "VERA@example.com", "role": "admin"}, "is already in the team"),
    ],
)
def test_what_cannot_be_added_is_said_beside_the_field(
    cast: Cast, data: dict[str, str], sentence: str
) -> None:
    response = cast.client("admin").post(f"{TEAM}add/", data)
    assert response.status_code == 422
    assert sentence in text(response)
    assert Member.objects.count() == 5
    assert User.objects.count() == 5


def test_the_address_of_the_form_leads_to_the_page(cast: Cast) -> None:
    assert cast.client("admin").get(f"{TEAM}add/")["Location"] == TEAM


def test_change_a_role(cast: Cast) -> None:
    admin = cast.client("admin")
    response = admin.post(f"{TEAM}{cast.viewer.pk}/role/", {"role": "editor"})
    assert (response.status_code, response["Location"]) == (303, TEAM)
    cast.viewer.refresh_from_db()
    assert cast.viewer.role == Role.EDITOR
    assert "The role of Vera is now Editor." in text(admin.get(TEAM))


def test_a_role_that_does_not_exist(cast: Cast) -> None:
    response = cast.client("admin").post(f"{TEAM}{cast.viewer.pk}/role/", {"role": "king"})
    assert response.status_code == 422
    assert "Choose one of the roles." in text(response)


def test_remove_asks_first(cast: Cast) -> None:
    admin, viewer = cast.client("admin"), cast.client("viewer")
    page = f"{TEAM}{cast.viewer.pk}/remove/"
    assert "Remove Vera from Main?" in text(admin.get(page))
    assert Member.objects.filter(pk=cast.viewer.pk).exists()
    assert admin.post(page)["Location"] == TEAM
    assert "Vera is no longer in the team." in text(admin.get(TEAM))
    assert viewer.get(TEAM).status_code == 404
    assert User.objects.filter(pk=cast.viewer.user_id, is_active=True).exists()
    assert admin.get(page).status_code == 404


@pytest.mark.parametrize(("path", "data"), [("role/", {"role": "viewer"}), ("remove/", {})])
def test_the_last_admin_stays(cast: Cast, path: str, data: dict[str, str]) -> None:
    response = cast.client("admin").post(f"{TEAM}{cast.admin.pk}/{path}", data)
    assert response.status_code == 409
    assert "Ada is the last admin" in text(response)
    cast.admin.refresh_from_db()
    assert cast.admin.role == Role.ADMIN


def test_a_deactivated_admin_does_not_count(cast: Cast) -> None:
    other = factories.make_member(cast.workspace, Role.ADMIN)
    other.user.is_active = False
    other.user.save()
    with pytest.raises(services.LastAdmin):
        leaving.remove_member(actor=cast.admin, member=cast.admin)


def test_an_admin_may_go_when_there_is_another(cast: Cast) -> None:
    factories.make_member(cast.workspace, Role.ADMIN)
    client = cast.client("admin")
    assert client.post(f"{TEAM}{cast.admin.pk}/role/", {"role": "viewer"}).status_code == 303
    assert client.post(f"{TEAM}{cast.viewer.pk}/role/", {"role": "admin"}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_of_two_admins_who_remove_each_other_one_stays() -> None:
    for _ in range(5):
        workspace = factories.make_workspace()
        admins = [factories.make_member(workspace, Role.ADMIN) for _ in range(2)]
        ready = threading.Barrier(2)

        def remove(actor: Member, member: Member, ready: threading.Barrier = ready) -> None:
            try:
                ready.wait()
                leaving.remove_member(actor=actor, member=member)
            except (services.LastAdmin, NotAllowed):
                pass
            finally:
                connection.close()

        threads = [threading.Thread(target=remove, args=pair) for pair in (admins, admins[::-1])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert workspace.members.count() == 1


def test_an_owner_is_admin_everywhere_and_named_on_the_page(cast: Cast) -> None:
    owner, _ = services.save_account(email="olga@example.com", name="Olga", is_owner=True)
    client = Client()
    client.force_login(owner)
    page = text(client.get(TEAM))
    assert re.search(r"Olga</span> <span class=\"chip\">You</span>.{,200}>Owner</td>", page), page
    response = client.post(f"{TEAM}add/", {"email": "new@example.com", "role": "viewer"})
    assert response.status_code == 303
    factories.make_member(cast.workspace, Role.VIEWER, user=owner)
    assert client.post(f"{TEAM}{cast.viewer.pk}/role/", {"role": "admin"}).status_code == 303


@pytest.mark.parametrize("who", ["viewer", "editor", "publisher"])
def test_services_refuse_whoever_may_not(cast: Cast, who: str) -> None:
    actor: Member = getattr(cast, who)
    with pytest.raises(NotAllowed):
        invite(actor=actor, workspace=cast.workspace, email="a@example.com", role=Role.VIEWER)
    with pytest.raises(NotAllowed):
        leaving.change_role(actor=actor, member=actor, role=Role.ADMIN)
    with pytest.raises(NotAllowed):
        leaving.remove_member(actor=actor, member=cast.viewer)
    with pytest.raises(NotAllowed):
        services.create_key(actor=actor, name="key", can_write=True)


def test_services_refuse_the_admin_of_another_workspace(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        leaving.change_role(actor=cast.stranger, member=cast.viewer, role=Role.ADMIN)
    with pytest.raises(NotAllowed):
        invite(
            actor=cast.stranger, workspace=cast.workspace, email="a@example.com", role=Role.VIEWER
        )
    key, _ = factories.make_api_key(cast.workspace)
    with pytest.raises(NotAllowed):
        services.revoke_key(actor=cast.stranger, key=key)


def test_members_of_another_workspace_do_not_exist(cast: Cast) -> None:
    admin = cast.client("admin")
    for path in ("role/", "remove/"):
        assert admin.post(f"{TEAM}{cast.stranger.pk}/{path}", {"role": "viewer"}).status_code == 404
        assert admin.post(f"{TEAM}{10**18}/{path}", {"role": "viewer"}).status_code == 404


def test_names_are_escaped(cast: Cast) -> None:
    User.objects.filter(pk=cast.viewer.user_id).update(name="<script>alert(1)</script>")
    assert "<script>alert" not in text(cast.client("admin").get(TEAM))


@pytest.mark.parametrize("who", ["viewer", "editor", "publisher", "admin"])
def test_the_matrix_marks_the_column_of_the_reader(cast: Cast, who: str) -> None:
    page = text(cast.client(who).get(TEAM))
    matrix = page[page.index("What each role may do") :]
    column = [*Role.values].index(who)
    headings = re.findall(r"<th scope=\"col\"( class=\"own\")?> ([^<]*)(<span[^>]*>[^<]*)?", matrix)
    assert [bool(own) for own, *_ in headings] == [role == who for role in Role.values]
    assert headings[column][1:] == (f"{Role(who).label} ", '<span class="yours">Your role')
    rows = re.findall(r"<tr> <th scope=\"row\">.*?</tr>", matrix)
    assert len(rows) == len(Action)
    for row in rows:
        own = [bool(found) for found in re.findall(r"<td( class=\"own\")?>", row)]
        assert own == [role == who for role in Role.values]


def test_the_column_of_an_owner_is_that_of_admins(cast: Cast) -> None:
    owner = factories.make_user("otto@example.com", is_owner=True)
    client = Client()
    client.force_login(owner)
    assert 'class="own"> Admin <span class="yours">Your role' in text(client.get(TEAM))
