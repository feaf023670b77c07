"""Users, in the shapes that Entra ID and Okta send: whole requests, whole answers."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from admin_ui.accounts.models import User
from admin_ui.accounts.services import save_account
from admin_ui.accounts.signing_in.addresses import has_proven_address
from admin_ui.accounts.signing_in.links import mail_link
from admin_ui.audit.models import AuditEvent
from tests.conftest import Cast
from tests.factories import make_user
from tests.scim.calls import LIST, USER, Scim

pytestmark = pytest.mark.django_db
ENTRA_USER = {
    "schemas": [USER, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
    "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
    "userName": "Zoe@Example.org",
    "active": True,
    "displayName": "Zoe Quist",
    "emails": [{"primary": True, "type": "work", "value": "zoe@example.org"}],
    "meta": {"resourceType": "User"},
    "name": {"formatted": "Zoe Quist", "familyName": "Quist", "givenName": "Zoe"},
    "roles": [],
    "title": "Lead",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Support"},
}
OKTA_USER = {
    "schemas": [USER],
    "userName": "zoe@example.org",
    "name": {"givenName": "Zoe", "familyName": "Quist"},
    "emails": [{"primary": True, "value": "zoe@example.org", "type": "work"}],
    "displayName": "Zoe Quist",
    "locale": "en-US",
    "externalId": "00ujl29u0le5T6Aj10h7",
    "groups": [],
    "password": "1mz050nq",
    "active": True,
}


def shown(user: User, **fields: Any) -> dict[str, Any]:
    return {
        "schemas": [USER],
        "id": str(user.pk),
        "externalId": ENTRA_USER["externalId"],
        "userName": "zoe@example.org",
        "displayName": "Zoe Quist",
        "name": {"formatted": "Zoe Quist"},
        "active": True,
        "emails": [{"value": "zoe@example.org", "type": "work", "primary": True}],
        "meta": {
            "resourceType": "User",
            "location": f"http://localhost:8000/scim/v2/Users/{user.pk}",
        },
        **fields,
    }


def listed(*rows: Any, total: int | None = None, start: int = 1) -> dict[str, Any]:
    return {
        "schemas": [LIST],
        "totalResults": len(rows) if total is None else total,
        "startIndex": start,
        "itemsPerPage": len(rows),
        "Resources": list(rows),
    }


def test_entra_looks_for_a_user_and_creates_one(scim: Scim) -> None:
    path = 'Users?filter=userName eq "Zoe@Example.org"'
    assert scim("GET", path).data == listed()
    made = scim("POST", "Users", ENTRA_USER)
    user = User.objects.get(email="zoe@example.org")
    assert (made.status, made.data) == (201, shown(user))
    assert made.headers["Location"] == made.data["meta"]["location"]
    assert scim("GET", path).data == listed(shown(user))
    assert scim("GET", f"Users/{user.pk}").data == shown(user)
    external = f'Users?filter=externalId eq "{ENTRA_USER["externalId"]}"'
    assert scim("GET", external).data == listed(shown(user))
    assert not user.has_usable_password()
    assert not has_proven_address(user)
    assert not user.is_owner
    event = AuditEvent.objects.get(kind="account", about=user.email)
    assert event.actor_name == "directory Entra ID"
    assert event.details == {"address_proven": False, "directory": "Entra ID"}
    assert scim("POST", "Users", ENTRA_USER).refusal == (409, "uniqueness")


def test_okta_creates_replaces_and_deactivates(scim: Scim) -> None:
    made = scim("POST", "Users", OKTA_USER)
    user = User.objects.get(email="zoe@example.org")
    okta = {"externalId": OKTA_USER["externalId"]}
    assert made.data == shown(user, **okta)
    assert not user.has_usable_password(), "the password of the directory is not ours"
    new = {**OKTA_USER, "id": made.data["id"], "displayName": "Zoe Young"}
    put = scim("PUT", f"Users/{user.pk}", new)
    named = {"displayName": "Zoe Young", "name": {"formatted": "Zoe Young"}}
    assert put.data == shown(user, **okta, **named)
    off = scim.patch(f"Users/{user.pk}", {"op": "replace", "value": {"active": False}})
    assert off.data == shown(user, **okta, **named, active=False)
    on = scim.patch(f"Users/{user.pk}", {"op": "replace", "value": {"active": True}})
    assert on.data["active"] is True


@pytest.mark.parametrize(
    ("operation", "changes"),
    [
        ({"op": "Replace", "path": "active", "value": "False"}, {"active": False}),
        ({"op": "Replace", "path": "active", "value": False}, {"active": False}),
        ({"op": "replace", "value": {"active": False}}, {"active": False}),
        ({"op": "Add", "path": "displayName", "value": "Zo"}, {"name": "Zo"}),
        ({"op": "Replace", "path": "name.formatted", "value": "Zo"}, {"name": "Zo"}),
        ({"op": "Replace", "path": f"{USER}:displayName", "value": "Zo"}, {"name": "Zo"}),
        ({"op": "Remove", "path": "displayName"}, {"name": ""}),
        (
            {"op": "Replace", "path": "userName", "value": "Zo@example.org"},
            {"email": "zo@example.org"},
        ),
        ({"op": "Add", "value": {"name.givenName": "Z", "displayName": "Zo"}}, {"name": "Zo"}),
        (
            {"op": "replace", "value": {"name": {"givenName": "Z", "familyName": "Q"}}},
            {"name": "Z Q"},
        ),
        ({"op": "Replace", "path": 'emails[type eq "work"].value', "value": "x@evil.example"}, {}),
        ({"op": "Add", "path": "name.givenName", "value": "Zed"}, {}),
        (
            {
                "op": "Add",
                "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
                "value": "Support",
            },
            {},
        ),
    ],
)
def test_each_operation(scim: Scim, operation: Any, changes: dict[str, Any]) -> None:
    pk = scim.person(displayName="Zoe")
    answer = scim.patch(f"Users/{pk}", operation)
    assert answer.status == 200, answer.data
    user = User.objects.get(pk=pk)
    found = {"email": user.email, "name": user.name, "active": user.is_active}
    assert found == {"email": "zoe@example.org", "name": "Zoe", "active": True, **changes}
    assert answer.data["active"] is user.is_active


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "invalidSyntax"),
        (b"[]", "invalidSyntax"),
        (b"{", "invalidSyntax"),
        (b'{"a": NaN}', "invalidSyntax"),
        (b"\xff", "invalidSyntax"),
        (b"[" * 50_000, "invalidSyntax"),
        ({}, "invalidSyntax"),
        ({"Operations": []}, "invalidSyntax"),
        ({"Operations": ["x"]}, "invalidSyntax"),
        ({"Operations": [{"op": "move", "path": "active"}]}, "invalidSyntax"),
        ({"Operations": [{"op": "remove"}]}, "noTarget"),
        ({"Operations": [{"op": "add", "value": 3}]}, "invalidValue"),
        ({"Operations": [{"op": "add", "path": "a b", "value": 3}]}, "invalidPath"),
        ({"Operations": [{"op": "add", "path": 3, "value": 3}]}, "invalidPath"),
        ({"Operations": [{"op": "replace", "path": "active", "value": "no"}]}, "invalidValue"),
        ({"Operations": [{"op": "remove", "path": "active"}]}, "invalidValue"),
        ({"Operations": [{"op": "remove", "path": "userName"}]}, "invalidValue"),
        ({"Operations": [{"op": "replace", "path": "userName", "value": 1}]}, "invalidValue"),
        ({"Operations": [{"op": "add", "path": "displayName", "value": "a\0"}]}, "invalidValue"),
        (
            {"Operations": [{"op": "add", "path": "displayName", "value": "a" * 255}]},
            "invalidValue",
        ),
    ],
)
def test_what_no_patch_says(scim: Scim, body: Any, kind: str) -> None:
    pk = scim.person(displayName="Zoe")
    assert scim("PATCH", f"Users/{pk}", body).refusal == (400, kind)
    assert User.objects.get(pk=pk).name == "Zoe"


@pytest.mark.parametrize(
    "user_name",
    [
        "",
        None,
        3,
        "zoe",
        "zoe@example.com",
        "zoe@sub.example.org",
        "zoe@example.org.evil.example",
        "zoe@\u0435xample.org",
        "\u212aoe@example.org",
        "zoe@example.org\0",
        f"{'z' * 250}@example.org",
    ],
)
def test_an_address_that_is_not_the_directorys(scim: Scim, user_name: Any) -> None:
    pk = scim.person("one@example.org")
    before = User.objects.count()
    body = {"schemas": [USER], "userName": user_name}
    assert scim("POST", "Users", body).refusal == (400, "invalidValue")
    assert scim("PUT", f"Users/{pk}", body).refusal == (400, "invalidValue")
    assert User.objects.count() == before
    assert User.objects.get(pk=pk).email == "one@example.org"


def test_accounts_of_other_domains_do_not_exist(scim: Scim, cast: Cast) -> None:
    mine = make_user("ann@example.org", name="Ann")
    assert [row["id"] for row in scim("GET", "Users").data["Resources"]] == [str(mine.pk)]
    for pk in (str(cast.editor.user.pk), "0", "999999999", "x", "²", "1" * 30):
        assert scim("GET", f"Users/{pk}").refusal == (404, "")
        assert (
            scim.patch(f"Users/{pk}", {"op": "replace", "value": {"active": False}}).status == 404
        )
        assert scim("DELETE", f"Users/{pk}").refusal == (404, "")
    assert scim("GET", 'Users?filter=userName eq "emil@example.com"').data == listed()
    cast.editor.user.refresh_from_db()
    assert cast.editor.user.is_active


def test_pages_and_filters(scim: Scim) -> None:
    pks = [scim.person(f"p{number}@example.org") for number in range(5)]

    def page(query: str) -> tuple[list[str], int, int]:
        data = scim("GET", f"Users?{query}").data
        rows = [row["id"] for row in data["Resources"]]
        return rows, data["totalResults"], data["startIndex"]

    assert page("startIndex=1&count=2") == (pks[:2], 5, 1)
    assert page("startIndex=4&count=2") == (pks[3:], 5, 4)
    assert page("startIndex=9") == ([], 5, 9)
    assert page("startIndex=-3&count=-1") == ([], 5, 1)
    assert page("count=0") == ([], 5, 1)
    assert page('filter=userName eq "p1@example.org" and active eq true') == ([pks[1]], 1, 1)
    assert page('filter=USERNAME EQ "P1@EXAMPLE.ORG"') == ([pks[1]], 1, 1)
    assert page(f'filter=id eq "{pks[2]}"') == ([pks[2]], 1, 1)
    assert page('filter=emails[type eq "work"].value eq "p3@example.org"') == ([pks[3]], 1, 1)
    assert page('filter=externalId eq ""') == ([], 0, 1)
    for wrong in (
        "filter=userName",
        'filter=userName co "p"',
        'filter=password eq "x"',
        'filter=userName eq "x" or active eq true',
        "filter=userName eq p1",
        'filter=userName eq "\\u0000"',
        'filter=userName eq "\\x"',
        'filter=userName eq "a" and id eq "b" and id eq "c"',
        f"filter={'(' * 1200}",
    ):
        assert scim("GET", f"Users?{wrong}").refusal == (400, "invalidFilter"), wrong
    assert scim("GET", "Users?count=many").refusal == (400, "invalidValue")


def test_a_leaver_is_deactivated_in_one_act(scim: Scim, cast: Cast) -> None:
    zoe = save_account(email="zoe@example.org", name="Zoe", password="seven green bottles")[0]
    cast.workspace.members.create(user=zoe, role="editor")
    browser = Client()
    browser.force_login(zoe)
    assert browser.get("/w/main/").status_code == 200
    scim.patch(f"Users/{zoe.pk}", {"op": "Replace", "path": "active", "value": "False"})
    assert browser.get("/w/main/").status_code == 302
    zoe.refresh_from_db()
    assert (zoe.is_active, zoe.session_epoch) == (False, 1)
    event = AuditEvent.objects.get(kind="deactivated")
    assert (event.actor_name, event.about) == ("directory Entra ID", "zoe@example.org")
    found = scim("GET", f"Users/{zoe.pk}").data
    assert found["active"] is False, "still there, so that it can be reactivated"
    scim.patch(f"Users/{zoe.pk}", {"op": "Replace", "path": "active", "value": "True"})
    zoe.refresh_from_db()
    assert zoe.is_active
    assert AuditEvent.objects.get(kind="reactivated").actor_name == "directory Entra ID"
    assert browser.get("/w/main/").status_code == 302, "sessions do not come back"


def test_a_deleted_user_is_gone_and_can_come_back(scim: Scim) -> None:
    pk = scim.person(externalId="one")
    assert scim("DELETE", f"Users/{pk}").status == 204
    assert scim("DELETE", f"Users/{pk}").refusal == (404, "")
    assert scim("GET", f"Users/{pk}").refusal == (404, "")
    assert scim("GET", "Users").data == listed()
    user = User.objects.get(pk=pk)
    assert not user.is_active, "deactivated, and kept for the history"
    again = scim("POST", "Users", {"userName": "zoe@example.org", "externalId": "two"})
    assert (again.status, again.data["id"], again.data["externalId"]) == (201, pk, "two")
    user.refresh_from_db()
    assert user.is_active


def test_owners_are_spared(scim: Scim) -> None:
    boss = make_user("boss@example.org", name="Boss", is_owner=True)
    path = f"Users/{boss.pk}"
    for operation in (
        {"op": "Replace", "path": "active", "value": False},
        {"op": "Replace", "path": "displayName", "value": "X"},
        {"op": "Replace", "path": "userName", "value": "x@example.org"},
    ):
        assert scim.patch(path, operation).refusal == (403, "")
    assert scim("DELETE", path).refusal == (403, "")
    assert scim.patch(path, {"op": "Add", "path": "externalId", "value": "b"}).status == 200
    boss.refresh_from_db()
    assert (boss.is_active, boss.name, boss.email) == (True, "Boss", "boss@example.org")
    made = scim(
        "POST", "Users", {"userName": "zoe@example.org", "is_owner": True, "roles": ["owner"]}
    )
    assert not User.objects.get(pk=made.data["id"]).is_owner


def test_another_address_is_unproven_and_ends_links(scim: Scim, settings: Any) -> None:
    zoe = save_account(email="zoe@example.org", password="seven green bottles")[0]
    other = make_user("taken@example.org")
    mail_link(zoe.email)
    body = str(mail.outbox[-1].body)
    (link,) = [word for word in body.split() if "/password/reset/key/" in word]
    path = f"Users/{zoe.pk}"

    def move(address: str) -> Any:
        return scim.patch(path, {"op": "Replace", "path": "userName", "value": address})

    assert move(other.email).refusal == (409, "uniqueness")
    assert move("zoe@evil.example").refusal == (400, "invalidValue")
    assert move("zoe.q@example.org").data["userName"] == "zoe.q@example.org"
    zoe.refresh_from_db()
    assert (zoe.email, has_proven_address(zoe)) == ("zoe.q@example.org", False)
    page = Client().get(link.replace(settings.SITE_URL, ""), follow=True).content.decode()
    assert 'name="password1"' not in page
    event = AuditEvent.objects.get(kind="profile")
    assert event.details == {"email_before": "zoe@example.org", "email": "zoe.q@example.org"}


def test_an_account_that_somebody_else_made_first_is_taken_from_them(scim: Scim) -> None:
    zoe = save_account(email="zoe@example.org", password="seven green bottles")[0]
    User.objects.filter(pk=zoe.pk).update(vouched_by="sam@example.com")
    attacker = Client()
    attacker.force_login(User.objects.get(pk=zoe.pk))
    scim.patch(f"Users/{zoe.pk}", {"op": "Add", "path": "externalId", "value": "zoe"})
    zoe.refresh_from_db()
    assert (zoe.has_usable_password(), zoe.vouched_by) == (False, "")
    assert attacker.get("/account/").status_code == 302
