"""A role is changed in the list at once, and the answer offers to undo it."""

import re
from typing import Any

import pytest
from django.test import Client

from admin_ui.accounts import services
from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import Role
from admin_ui.audit.models import AuditEvent, EventKind
from tests import factories
from tests.accounts.deciding import TEAM, call, form_of, owner_named, signed_in, text
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def role_of(member: Member) -> str:
    return Member.objects.get(pk=member.pk).role


def post(client: Client, member: Member, *, page: str = TEAM, target: str = "", **data: str) -> Any:
    """Send a role as htmx does, from the list at `page`; `target` is what the answer replaces."""
    headers = {
        "HX-Request": "true",
        "HX-Current-URL": f"http://testserver{page}",
        "HX-Target": target or f"member-{member.pk}",
    }
    return client.post(f"{TEAM}{member.pk}/role/", data, headers=headers)


def undo_of(page: str) -> dict[str, str]:
    """Return what the button "Undo" sends."""
    _before, found, form = page.partition('<div class="banner success">')
    assert found
    names = r'<input type="hidden" name="(role|undoes)" value="([^"]*)">'
    return dict(re.findall(names, form.partition("</form>")[0]))


@pytest.mark.parametrize("who", ["admin", "owner"])
def test_a_choice_is_saved_at_once_and_undone(cast: Cast, who: str) -> None:
    client = signed_in(owner_named("Otto")) if who == "owner" else cast.client(who)
    response = post(client, cast.editor, role="publisher")
    page = text(response)
    assert response.status_code == 200
    assert role_of(cast.editor) == "publisher"
    assert page.strip().startswith(f'<tr id="member-{cast.editor.pk}">')
    assert page.count("<tr") == 1
    assert '<option value="publisher" selected>' in page
    assert '<div id="said" hx-swap-oob="innerHTML">' in page
    assert "The role of Emil is now Publisher." in page
    assert undo_of(page) == {"role": "editor", "undoes": "publisher"}

    response = post(client, cast.editor, target="members", **undo_of(page))
    page = text(response)
    assert role_of(cast.editor) == "editor"
    assert "The role of Emil is Editor again." in page
    assert "Undo" not in page
    assert response["HX-Retarget"] == "#members"
    assert re.search(rf'id="role-{cast.editor.pk}" [^>]*autofocus', page)
    events = AuditEvent.objects.filter(kind=EventKind.ROLE).order_by("number")
    assert [event.details for event in events] == [
        {"from": "editor", "to": "publisher"},
        {"from": "publisher", "to": "editor"},
    ]


@pytest.mark.parametrize("who", ["viewer", "editor", "publisher", "stranger", "anonymous"])
@pytest.mark.parametrize("data", [{"role": "admin"}, {"role": "admin", "undoes": "viewer"}])
def test_nobody_else_changes_or_undoes(cast: Cast, who: str, data: dict[str, str]) -> None:
    member = cast.viewer if who in ("stranger", "anonymous") else getattr(cast, who)
    before, client = role_of(member), cast.client(who)
    status = {"stranger": 404, "anonymous": 302}.get(who, 403)
    assert client.post(f"{TEAM}{member.pk}/role/", data).status_code == status
    assert client.get(f"{TEAM}{member.pk}/role/", data).status_code == status
    assert role_of(member) == before


def test_without_scripts_the_page_offers_the_undo(cast: Cast) -> None:
    admin, path = cast.client("admin"), f"{TEAM}{cast.viewer.pk}/role/"
    filtered = f"{TEAM}?q=vera&role=viewer"
    sent_from = {"referer": f"http://testserver{filtered}"}
    response = admin.post(path, {"role": "editor"}, headers=sent_from)
    assert (response.status_code, response["Location"]) == (303, filtered)
    page = text(admin.get(TEAM))
    assert "The role of Vera is now Editor." in page
    response = admin.post(path, undo_of(page))
    assert (response.status_code, response["Location"]) == (303, TEAM)
    assert role_of(cast.viewer) == "viewer"
    assert "The role of Vera is Viewer again." in text(admin.get(TEAM))
    assert "is Viewer again" not in text(admin.get(TEAM))


def test_the_button_is_there_for_those_without_scripts(cast: Cast) -> None:
    page = text(cast.client("admin").get(TEAM))
    assert re.search(r'<button class="button small without-js" type="submit">Change</button>', page)


def test_an_undo_does_not_take_back_what_somebody_else_did(cast: Cast, leaver: Member) -> None:
    admin = cast.client("admin")
    undo = undo_of(text(post(admin, cast.viewer, role="editor")))
    post(cast.client("admin"), cast.viewer, role="publisher")
    response = post(admin, cast.viewer, target="members", **undo)
    assert response["HX-Redirect"] == TEAM
    assert role_of(cast.viewer) == "publisher"
    assert "Somebody else has just changed the role of Vera." in text(admin.get(TEAM))
    without_scripts = admin.post(f"{TEAM}{cast.viewer.pk}/role/", undo)
    assert (without_scripts.status_code, role_of(cast.viewer)) == (303, "publisher")


def test_the_same_role_is_no_change(cast: Cast) -> None:
    page = text(post(cast.client("admin"), cast.viewer, role="viewer"))
    assert "Undo" not in page
    assert not AuditEvent.objects.filter(kind=EventKind.ROLE).exists()


def test_a_lowering_asks_first_and_can_be_undone_afterwards(cast: Cast, leaver: Member) -> None:
    _, secret = services.create_key(actor=leaver, name="Night job", can_write=True)
    admin, path = cast.client("admin"), f"{TEAM}{leaver.pk}/role/"
    response = post(admin, leaver, role="viewer")
    assert response["HX-Redirect"] == f"{path}?role=viewer"
    assert role_of(leaver) == "admin"

    page = text(admin.get(response["HX-Redirect"]))
    assert "Change the role of Lea to Viewer?" in page
    assert "Night job" in page
    assert role_of(leaver) == "admin"
    assert admin.post(path, form_of(page))["Location"] == TEAM
    assert (role_of(leaver), call(secret)) == ("viewer", 401)

    page = text(admin.get(TEAM))
    assert "The role of Lea is now Viewer. What you revoked for it stays revoked." in page
    post(admin, leaver, target="members", **undo_of(page))
    assert (role_of(leaver), call(secret)) == ("admin", 401)


def test_an_undo_that_lowers_asks_too(cast: Cast) -> None:
    admin = cast.client("admin")
    undo = undo_of(text(post(admin, cast.viewer, role="admin")))
    cast.viewer.refresh_from_db()
    services.create_key(actor=cast.viewer, name="Night job", can_write=True)
    response = post(admin, cast.viewer, target="members", **undo)
    assert response["HX-Redirect"] == f"{TEAM}{cast.viewer.pk}/role/?role=viewer"
    assert role_of(cast.viewer) == "admin"
    assert admin.post(f"{TEAM}{cast.viewer.pk}/role/", undo).status_code == 409


def test_an_undo_leaves_an_admin(cast: Cast, leaver: Member) -> None:
    """Ada got her role by the change that is undone, and is the only admin by then."""
    Member.objects.filter(pk=cast.admin.pk).update(role=Role.EDITOR)
    lea = signed_in(leaver.user)
    undo = undo_of(text(post(lea, cast.admin, role="admin")))
    User.objects.filter(pk=leaver.user_id).update(is_owner=False)
    Member.objects.filter(pk=leaver.pk).update(role=Role.EDITOR)
    assert post(lea, cast.admin, target="members", **undo).status_code == 403
    response = post(cast.client("admin"), cast.admin, target="members", **undo)
    assert response["HX-Redirect"] == f"{TEAM}{cast.admin.pk}/role/?role=editor"
    page = text(cast.client("admin").get(response["HX-Redirect"]))
    assert "Ada is the last admin" in page
    assert role_of(cast.admin) == "admin"


def test_who_becomes_the_last_admin_is_seen_at_once(cast: Cast, leaver: Member) -> None:
    admin, list_of_two = cast.client("admin"), f"{TEAM}?q=example"
    assert f'id="role-{cast.admin.pk}"' in text(admin.get(TEAM))
    response = post(admin, leaver, role="editor", page=list_of_two)
    page = text(response)
    assert response["HX-Retarget"] == "#members"
    assert "5 of 5 people" in page
    assert f'id="role-{cast.admin.pk}"' not in page
    assert "This is the last admin." in page
    page = text(post(admin, leaver, target="members", **undo_of(page)))
    assert f'id="role-{cast.admin.pk}"' in page


def test_who_lowers_themselves_cannot_undo_it(cast: Cast, leaver: Member) -> None:
    admin = cast.client("admin")
    response = post(admin, cast.admin, role="editor")
    assert response["HX-Redirect"] == TEAM
    page = text(admin.get(TEAM))
    assert "The role of Ada is now Editor." in page
    assert "Undo" not in page
    undo = {"role": "admin", "undoes": "editor"}
    assert post(admin, cast.admin, target="members", **undo).status_code == 403
    assert role_of(cast.admin) == "editor"


def test_an_owner_who_is_a_member_is_changed_on_the_page(cast: Cast) -> None:
    otto = owner_named("Otto")
    member = factories.make_member(cast.workspace, Role.VIEWER, user=otto)
    client = signed_in(otto)
    assert post(client, member, role="editor")["HX-Redirect"] == TEAM
    page = text(client.get(TEAM))
    assert undo_of(page) == {"role": "viewer", "undoes": "editor"}


@pytest.mark.parametrize("data", [{"role": "king"}, {}, {"role": "viewer", "undoes": "king"}])
def test_what_is_no_role(cast: Cast, data: dict[str, str]) -> None:
    admin, path = cast.client("admin"), f"{TEAM}{cast.viewer.pk}/role/"
    assert admin.post(path, data).status_code == 422
    assert admin.get(path, data)["Location"] == TEAM
    assert role_of(cast.viewer) == "viewer"


def test_what_is_no_role_leads_a_request_of_htmx_back(cast: Cast) -> None:
    admin = cast.client("admin")
    assert post(admin, cast.viewer, role="king")["HX-Redirect"] == TEAM
    assert "Choose one of the roles." in text(admin.get(TEAM))


def test_asking_without_anything_to_decide(cast: Cast) -> None:
    page = text(cast.client("admin").get(f"{TEAM}{cast.editor.pk}/role/?role=viewer"))
    assert "Change the role of Emil to Viewer?" in page
    assert "They created API keys" not in page
