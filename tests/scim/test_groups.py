"""Groups, in the shapes that Entra ID and Okta send, and the roles that they give and take."""

from typing import Any

import pytest

from admin_ui.accounts.leaving.leaving import change_role
from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import Role
from admin_ui.accounts.scim.roles import map_group
from admin_ui.accounts.services import LastAdmin
from admin_ui.audit.models import AuditEvent
from tests.conftest import Cast
from tests.factories import make_member, make_user
from tests.rights.narrowing import narrowed_member
from tests.scim.calls import GROUP, LIST, Scim, added, connect, removed

pytestmark = pytest.mark.django_db


def roles(pk: str) -> dict[str, str]:
    rows = Member.objects.filter(user=pk)
    return dict(rows.values_list("workspace__slug", "role"))


def shown(group: Any, *members: str, **fields: Any) -> dict[str, Any]:
    return {
        "schemas": [GROUP],
        "id": str(group),
        "displayName": "Support",
        "meta": {
            "resourceType": "Group",
            "location": f"http://localhost:8000/scim/v2/Groups/{group}",
        },
        "members": [
            {
                "value": pk,
                "$ref": f"http://localhost:8000/scim/v2/Users/{pk}",
            }
            for pk in members
        ],
        **fields,
    }


def test_entra_makes_a_group_and_fills_it(scim: Scim) -> None:
    zoe, ann = scim.person("zoe@example.org"), scim.person("ann@example.org")
    made = scim(
        "POST",
        "Groups",
        {
            "schemas": [
                GROUP,
                "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/Group",
            ],
            "externalId": "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159",
            "displayName": "Support",
            "meta": {"resourceType": "Group"},
        },
    )
    pk, external = made.data["id"], {"externalId": "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159"}
    assert (made.status, made.data) == (201, shown(pk, **external))
    path = f"Groups/{pk}"
    assert scim.patch(path, added(zoe, ann)).data == shown(pk, zoe, ann, **external)
    assert scim.patch(path, removed(ann)).data == shown(pk, zoe, **external)
    query = "Groups?excludedAttributes=members&filter=displayName eq"
    short = shown(pk, **external)
    del short["members"]
    assert scim("GET", f'{query} "Support"').data == {
        "schemas": [LIST],
        "totalResults": 1,
        "startIndex": 1,
        "itemsPerPage": 1,
        "Resources": [short],
    }
    both = f'Groups?filter=id eq "{pk}" and members eq "{zoe}"'
    assert scim("GET", both).data["totalResults"] == 1
    assert scim("GET", both.replace(zoe, ann)).data["totalResults"] == 0
    name = {"op": "Replace", "path": "displayName", "value": "Support team"}
    assert scim.patch(path, name).data["displayName"] == "Support team"
    assert scim("DELETE", path).status == 204
    assert scim("GET", path).refusal == (404, "")


def test_okta_makes_changes_and_empties_a_group(scim: Scim) -> None:
    zoe, ann = scim.person("zoe@example.org"), scim.person("ann@example.org")
    members = [{"value": zoe, "display": "zoe@example.org"}]
    made = scim(
        "POST", "Groups", {"schemas": [GROUP], "displayName": "Support", "members": members}
    )
    pk = made.data["id"]
    assert made.data == shown(pk, zoe)
    path = f"Groups/{pk}"
    one = {"op": "add", "path": "members", "value": [{"value": ann, "display": "ann@example.org"}]}
    assert scim.patch(path, one).data == shown(pk, zoe, ann)
    gone = {"op": "remove", "path": f'members[value eq "{zoe}"]'}
    assert scim.patch(path, gone).data == shown(pk, ann)
    all_of_them = {"op": "replace", "path": "members", "value": members}
    assert scim.patch(path, all_of_them).data == shown(pk, zoe)
    name = {"op": "replace", "value": {"id": pk, "displayName": "Care"}}
    assert scim.patch(path, name).data == shown(pk, zoe, displayName="Care")
    put = {"schemas": [GROUP], "id": pk, "displayName": "Support", "members": []}
    assert scim("PUT", path, put).data == shown(pk)
    scim.patch(path, added(zoe, ann))
    assert scim.patch(path, {"op": "remove", "path": "members"}).data == shown(pk)


def test_what_no_group_is(scim: Scim, cast: Cast) -> None:
    scim.team("Support", None)
    for body in ({}, {"displayName": ""}, {"displayName": 1}, {"displayName": "x" * 255}):
        assert scim("POST", "Groups", body).refusal == (400, "invalidValue")
    assert scim("POST", "Groups", {"displayName": "Support"}).refusal == (409, "uniqueness")
    for member in (str(cast.editor.user.pk), "0", "x", "9" * 30, ""):
        body = {"displayName": "Other", "members": [{"value": member}]}
        assert scim("POST", "Groups", body).refusal == (400, "invalidValue"), member
    for members in ("x", [1], [{}], {"display": "x"}):
        body = {"displayName": "Other", "members": members}
        assert scim("POST", "Groups", body).refusal == (400, "invalidValue")
    assert scim("GET", "Groups").data["totalResults"] == 1


def test_a_group_of_another_directory_does_not_exist(scim: Scim, cast: Cast) -> None:
    group = scim.team("Admins", cast.workspace, "admin")
    other = connect("Okta", "evil.example")
    eve = other.person("eve@evil.example")
    assert other("GET", f"Groups/{group.pk}").refusal == (404, "")
    assert other.patch(f"Groups/{group.pk}", added(eve)).refusal == (404, "")
    mine = other("POST", "Groups", {"displayName": "Admins", "members": [{"value": eve}]})
    assert mine.status == 201
    assert roles(eve) == {}, "a group of the same name gives nothing until an owner says so"


def test_a_group_gives_and_takes_a_role(scim: Scim, cast: Cast) -> None:
    zoe = scim.person()
    group = scim.team("Support", cast.workspace, "editor", zoe)
    assert roles(zoe) == {"main": "editor"}
    joined = AuditEvent.objects.get(kind="joined", about="zoe@example.org")
    assert joined.actor_name == "directory Entra ID"
    assert joined.details == {"role": "editor", "by_group": True}
    scim.patch(f"Groups/{group.pk}", removed(zoe))
    assert roles(zoe) == {}
    assert AuditEvent.objects.get(kind="left").actor_name == "directory Entra ID"


def test_the_highest_role_of_several_groups_counts(scim: Scim, cast: Cast) -> None:
    zoe = scim.person()
    scim.team("Readers", cast.workspace, "viewer", zoe)
    leads = scim.team("Leads", cast.workspace, "publisher", zoe)
    assert roles(zoe) == {"main": "publisher"}
    scim("DELETE", f"Groups/{leads.pk}")
    assert roles(zoe) == {"main": "viewer"}


def test_an_owner_maps_a_group_that_is_filled_already(scim: Scim, cast: Cast) -> None:
    zoe = scim.person()
    group = scim.team("Support", None, "", zoe)
    assert roles(zoe) == {}
    for workspace, role, expected in (
        (cast.workspace, "editor", {"main": "editor"}),
        (cast.workspace, "viewer", {"main": "viewer"}),
        (cast.stranger.workspace, "viewer", {"elsewhere": "viewer"}),
        (None, "viewer", {}),
    ):
        map_group(actor=scim.owner, group=group, workspace=workspace, role=role)
        assert roles(zoe) == expected


def test_what_people_gave_comes_back(scim: Scim, cast: Cast) -> None:
    zoe = make_user("zoe@example.org")
    make_member(cast.workspace, Role.EDITOR, user=zoe)
    group = scim.team("Readers", cast.workspace, "viewer", str(zoe.pk))
    assert roles(str(zoe.pk)) == {"main": "editor"}, "a group lowers nobody"
    map_group(actor=scim.owner, group=group, workspace=cast.workspace, role="publisher")
    assert roles(str(zoe.pk)) == {"main": "publisher"}
    scim.patch(f"Groups/{group.pk}", removed(str(zoe.pk)))
    assert roles(str(zoe.pk)) == {"main": "editor"}


def test_what_people_changed_since_stays(scim: Scim, cast: Cast) -> None:
    zoe = scim.person()
    group = scim.team("Support", cast.workspace, "editor", zoe)
    member = Member.objects.get(user=zoe)
    change_role(actor=cast.admin, member=member, role=Role.PUBLISHER)
    scim.patch(f"Groups/{group.pk}", removed(zoe))
    assert roles(zoe) == {"main": "publisher"}


def test_the_last_admin_stays(scim: Scim, cast: Cast) -> None:
    zoe = scim.person()
    group = scim.team("Admins", cast.workspace, "admin", zoe)
    change_role(actor=cast.admin, member=cast.admin, role=Role.VIEWER)
    path = f"Groups/{group.pk}"
    for refused in (
        scim.patch(path, removed(zoe)),
        scim("PUT", path, {"displayName": "Admins", "members": []}),
        scim("DELETE", path),
    ):
        assert refused.refusal == (409, "")
        assert "last admin" in refused.data["detail"]
    with pytest.raises(LastAdmin):
        map_group(actor=scim.owner, group=group, workspace=None, role="")
    assert roles(zoe) == {"main": "admin"}
    assert scim("GET", path).data["members"][0]["value"] == zoe
    # Who leaves the organisation is out all the same: an owner is an admin everywhere.
    assert scim("DELETE", f"Users/{zoe}").status == 204
    assert roles(zoe) == {}


def test_a_narrowed_member_becomes_no_admin(scim: Scim, cast: Cast) -> None:
    zoe = make_user("zoe@example.org")
    member = make_member(cast.workspace, Role.EDITOR, user=zoe)
    narrowed_member(cast, member, fields=["name"])
    scim.team("Admins", cast.workspace, "admin", str(zoe.pk))
    assert roles(str(zoe.pk)) == {"main": "editor"}


def test_a_deactivated_account_only_loses(scim: Scim, cast: Cast) -> None:
    zoe = scim.person()
    group = scim.team("Support", cast.workspace, "editor", zoe)
    scim.patch(f"Users/{zoe}", {"op": "replace", "value": {"active": False}})
    scim.patch(f"Groups/{group.pk}", removed(zoe))
    assert roles(zoe) == {}
    scim.patch(f"Groups/{group.pk}", added(zoe))
    assert roles(zoe) == {}
    scim.patch(f"Users/{zoe}", {"op": "replace", "value": {"active": True}})
    assert roles(zoe) == {"main": "editor"}


def test_who_was_deleted_comes_back_without_rights(scim: Scim, cast: Cast) -> None:
    zoe = scim.person()
    scim.team("Support", cast.workspace, "admin", zoe)
    scim("DELETE", f"Users/{zoe}")
    assert scim.person() == zoe
    assert roles(zoe) == {}


def test_a_role_lowered_by_a_group_revokes_what_exceeds_it(scim: Scim, cast: Cast) -> None:
    from admin_ui.accounts.keys.keys import create_api_key, keys_in_force

    zoe = scim.person()
    group = scim.team("Admins", cast.workspace, "admin", zoe)
    create_api_key(
        workspace=cast.workspace,
        name="App",
        can_write=True,
        created_by=User.objects.get(pk=zoe),
    )
    map_group(actor=scim.owner, group=group, workspace=cast.workspace, role="viewer")
    assert not keys_in_force().exists()
