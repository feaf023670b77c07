"""The team page: who is in, in which role, and links for people without a password."""

import re
import threading
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from admin_ui.accounts import leaving, selectors, services
from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import ALLOWED, SYSTEM, Action, NotAllowed, Role
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
    assert "Add somebody" not in page
    assert "/role/" not in page


def test_the_table_of_roles_is_the_permissions_themselves() -> None:
    for right, action in zip(selectors.rights(), Action, strict=True):
        assert right.label == selectors.LABELS[action]
        assert right.allowed == tuple(action in ALLOWED[role] for role in Role.values)


def test_roles_nest() -> None:
    rows = [ALLOWED[role] for role in Role.values]
    assert all(lower < higher for lower, higher in pairwise(rows))
    assert rows[-1] == set(Action)


def test_add_somebody_without_an_account(cast: Cast) -> None:
    admin = cast.client("admin")
    data = {"email": "New.Person@Example.com", "name": "Nina", "role": "publisher"}
    response = admin.post(f"{TEAM}add/", data)
    assert (response.status_code, response["Location"]) == (303, TEAM)
    page = text(admin.get(TEAM))
    assert "Nina is in the team now." in page
    assert "Send this link to new.person@example.com" in page
    link = re.search(r"http://localhost:8000(/accounts/password/reset/key/\S+?/)<", page)
    assert link, page
    assert link[1] not in text(admin.get(TEAM)), "shown once"

    newcomer = Client()
    action = newcomer.get(link[1], follow=True).context["action_url"]
    password = "a passphrase of Nina"
    newcomer.post(action, {"password1": password, "password2": password})
    assert newcomer.get("/")["Location"] == "/w/main/"
    page = text(newcomer.get("/w/main/"))
    assert "Welcome to Main. Your role is Publisher." in page
    assert "Your password is changed." not in page
    assert "does not work any more" in text(Client().get(link[1], follow=True))
    member = Member.objects.get(user__email="new.person@example.com")
    assert member.role == Role.PUBLISHER
    assert member.user.emailaddress_set.get().verified


def test_add_somebody_with_an_account(cast: Cast) -> None:
    user, _ = services.save_account(email="known@example.com", password="x", name="Known")
    admin = cast.client("admin")
    admin.post(f"{TEAM}add/", {"email": user.email, "name": "Renamed", "role": "viewer"})
    page = text(admin.get(TEAM))
    assert "Known is in the team now." in page
    assert "Send this link" not in page
    assert not Member.objects.filter(user__name="Renamed").exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"email": "no address", "role": "viewer"}, "valid email"),
        ({"email": "nul\x00@example.com", "role": "viewer"}, "Null characters"),
        ({"email": "", "role": "viewer"}, "required"),
        ({"email": "a@example.com", "role": "king"}, "king is not one of the available choices"),
        ({"email": "a@example.com"}, "required"),
        ({"email": f"{'a' * 260}@example.com", "role": "viewer"}, "at most 254"),
        ({"email": "vera@example.com", "role": "admin"}, "is in the team already"),
        ({"email": "VERA@example.com", "role": "admin"}, "is in the team already"),
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
    assert "Vera: the role is now Editor." in text(admin.get(TEAM))


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


def test_another_link_for_somebody_without_a_password(cast: Cast) -> None:
    admin = cast.client("admin")
    member = services.add_member(
        actor=cast.admin, workspace=cast.workspace, email="new@example.com", role=Role.VIEWER
    ).member
    assert f"{member.pk}/link/" in text(admin.get(TEAM))
    response = admin.post(f"{TEAM}{member.pk}/link/")
    assert response["Location"] == TEAM
    assert "Send this link to new@example.com" in text(admin.get(TEAM))


def test_a_link_for_somebody_who_has_forgotten_their_password(cast: Cast) -> None:
    services.save_account(email=cast.viewer.user.email, password="a passphrase")
    admin, forgetful = cast.client("admin"), Client()
    forgetful.force_login(User.objects.get(pk=cast.viewer.user_id))
    path = f"{TEAM}{cast.viewer.pk}/link/"
    assert path in text(admin.get(TEAM))
    assert "Make a password link for Vera?" in text(admin.get(path))
    assert forgetful.get(TEAM).status_code == 200, "asking changes nothing"
    assert admin.post(path)["Location"] == TEAM
    page = text(admin.get(TEAM))
    assert "Send this link to vera@example.com" in page
    assert "No password yet" in page
    assert forgetful.get(TEAM).status_code == 302, "signed out"


def test_nobody_makes_a_link_for_themselves(cast: Cast) -> None:
    admin = cast.client("admin")
    path = f"{TEAM}{cast.admin.pk}/link/"
    assert path not in text(admin.get(TEAM))
    assert [admin.get(path).status_code, admin.post(path).status_code] == [409, 409]
    with pytest.raises(NotAllowed):
        services.new_link(actor=cast.admin, member=cast.admin)


def test_a_link_opens_nothing_once_the_person_is_added_elsewhere(cast: Cast) -> None:
    services.save_account(email=cast.viewer.user.email, password="a passphrase")
    link = services.new_link(actor=cast.admin, member=cast.viewer)
    services.add_member(
        actor=cast.stranger,
        workspace=cast.stranger.workspace,
        email=cast.viewer.user.email,
        role=Role.VIEWER,
    )
    page = text(Client().get(link.removeprefix("http://localhost:8000"), follow=True))
    assert "does not work any more" in page
    response = cast.client("admin").post(f"{TEAM}{cast.viewer.pk}/link/")
    assert response.status_code == 409
    assert "only an owner can make one" in text(response)


def test_no_admin_gets_a_link_that_would_open_another_workspace(cast: Cast) -> None:
    """Whoever holds the link is that person everywhere, so it must not cross workspaces."""
    first = services.add_member(
        actor=cast.stranger,
        workspace=cast.stranger.workspace,
        email="new@example.com",
        role=Role.ADMIN,
    )
    assert first.link
    second = services.add_member(
        actor=cast.admin, workspace=cast.workspace, email="new@example.com", role=Role.VIEWER
    )
    assert second.link is None
    page = text(Client().get(first.link.removeprefix("http://localhost:8000"), follow=True))
    assert "does not work any more" in page, "the link handed out before opens nothing now"
    assert not services.may_have_link(cast.stranger, first.member)
    assert services.may_have_link(SYSTEM, first.member)


def test_no_link_into_the_account_of_an_owner(cast: Cast) -> None:
    owner, _ = services.save_account(email="olga@example.com", is_owner=True)
    member = factories.make_member(cast.workspace, Role.VIEWER, user=owner)
    assert not services.may_have_link(cast.admin, member)


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
        services.add_member(
            actor=actor, workspace=cast.workspace, email="a@example.com", role=Role.VIEWER
        )
    with pytest.raises(NotAllowed):
        services.change_role(actor=actor, member=actor, role=Role.ADMIN)
    with pytest.raises(NotAllowed):
        leaving.remove_member(actor=actor, member=cast.viewer)
    with pytest.raises(NotAllowed):
        services.new_link(actor=actor, member=cast.viewer)
    with pytest.raises(NotAllowed):
        services.create_key(actor=actor, name="key", can_write=True)


def test_services_refuse_the_admin_of_another_workspace(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        services.change_role(actor=cast.stranger, member=cast.viewer, role=Role.ADMIN)
    with pytest.raises(NotAllowed):
        services.add_member(
            actor=cast.stranger, workspace=cast.workspace, email="a@example.com", role=Role.VIEWER
        )
    key, _ = factories.make_api_key(cast.workspace)
    with pytest.raises(NotAllowed):
        services.revoke_key(actor=cast.stranger, key=key)


def test_members_of_another_workspace_do_not_exist(cast: Cast) -> None:
    admin = cast.client("admin")
    for path in ("role/", "remove/", "link/"):
        assert admin.post(f"{TEAM}{cast.stranger.pk}/{path}", {"role": "viewer"}).status_code == 404
        assert admin.post(f"{TEAM}{10**18}/{path}", {"role": "viewer"}).status_code == 404


def test_names_are_escaped(cast: Cast) -> None:
    User.objects.filter(pk=cast.viewer.user_id).update(name="<script>alert(1)</script>")
    assert "<script>alert" not in text(cast.client("admin").get(TEAM))


def test_queries_stay_the_same_with_more_members(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    client = cast.client("admin")
    for _ in range(2):
        with django_assert_num_queries(6):  # session, user, member, members, owners, links
            client.get(TEAM)
        for _ in range(20):
            factories.make_member(cast.workspace)
