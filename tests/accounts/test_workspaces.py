"""Workspaces: created and archived by owners, renamed by admins, switched by everybody."""

from typing import Any

import pytest
from django.test import Client

from admin_ui.accounts.invitations.invitations import invite
from admin_ui.accounts.models import User, Workspace
from admin_ui.accounts.permissions import SYSTEM, Role
from admin_ui.accounts.selectors import workspaces_of
from admin_ui.accounts.workspaces.workspaces import (
    LastWorkspace,
    archive_workspace,
    create_workspace,
    reopen_workspace,
)
from admin_ui.audit.models import AuditEvent, EventKind
from assistants.models import Connection
from assistants.tasks import connections
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
ALL = "/people/workspaces/"
SETTINGS = "/w/main/settings/"


@pytest.fixture
def owner(db: None) -> User:
    return factories.make_user("olga@example.com", is_owner=True)


@pytest.fixture
def owners_client(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def told(workspace: Workspace | None) -> list[dict[str, Any]]:
    events = AuditEvent.objects.filter(workspace=workspace, kind=EventKind.WORKSPACE_CHANGED)
    return [event.details for event in events.order_by("number")]


def test_an_owner_creates_a_workspace_with_its_registry(owners_client: Client) -> None:
    response = owners_client.post(ALL, {"name": "Kundendienst Süd"})
    assert (response.status_code, response["Location"]) == (303, "/w/kundendienst-sud/team/")
    workspace = Workspace.objects.get(slug="kundendienst-sud")
    assert workspace.name == "Kundendienst Süd"
    assert told(None) == [{"created": True}]
    assert [row.profile for row in Connection.objects.filter(workspace=workspace)] == ["registry"]
    assert owners_client.get("/w/kundendienst-sud/").status_code == 200


def test_addresses_are_free_ones(owner: User) -> None:
    names = ["Sales", "sales!", "Sales", "販売", "販売", "-" * 100]
    made = [create_workspace(actor=owner, name=name).slug for name in names]
    assert made == ["sales", "sales-2", "sales-3", "workspace", "workspace-2", "workspace-3"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x00b"])
def test_a_name_that_cannot_be(owners_client: Client, cast: Cast, name: str) -> None:
    before = Workspace.objects.count()
    assert owners_client.post(ALL, {"name": name}).status_code == 422
    assert owners_client.post(SETTINGS, {"name": name}).status_code == 422
    assert Workspace.objects.count() == before
    assert Workspace.objects.get(slug="main").name == "Main"


@pytest.mark.parametrize("who", ["viewer", "editor", "publisher", "admin", "stranger"])
def test_nobody_else_creates_or_archives(cast: Cast, who: str) -> None:
    client = cast.client(who)
    pk = cast.workspace.pk
    for path in (ALL, f"{ALL}{pk}/archive/", f"{ALL}{pk}/reopen/"):
        assert client.post(path, {"name": "Mine"}).status_code == 404
    assert client.get(ALL).status_code == 404
    assert not Workspace.objects.filter(name="Mine").exists()
    assert Workspace.objects.get(pk=pk).archived_at is None


@pytest.mark.parametrize(
    ("who", "status"),
    [("viewer", 403), ("editor", 403), ("publisher", 403), ("stranger", 404), ("admin", 303)],
)
def test_admins_rename(cast: Cast, who: str, status: int) -> None:
    response = cast.client(who).post(SETTINGS, {"name": " Support "})
    assert response.status_code == status
    renamed = status == 303
    assert Workspace.objects.get(slug="main").name == ("Support" if renamed else "Main")
    assert told(cast.workspace) == ([{"name_before": "Main", "name": "Support"}] if renamed else [])


def test_the_same_name_is_no_event(cast: Cast) -> None:
    cast.client("admin").post(SETTINGS, {"name": "Main"})
    assert told(cast.workspace) == []


def test_an_archived_workspace_is_closed_to_all(cast: Cast, owner: User) -> None:
    _key, secret = factories.make_api_key(cast.workspace)
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {secret}", "HTTP_OPENAI_BETA": "assistants=v2"}
    assert Client().get("/v1/assistants", **bearer).status_code == 200
    invite(actor=SYSTEM, workspace=cast.workspace, email="new@example.com", role=Role.VIEWER)
    archive_workspace(actor=owner, workspace=cast.workspace)
    clients = [cast.client(who) for who in ("viewer", "admin")]
    as_owner = Client()
    as_owner.force_login(owner)
    for client in (*clients, as_owner):
        for page in ("", "assistants/", "team/", "settings/"):
            assert client.get(f"/w/main/{page}").status_code == 404
    assert Client().get("/v1/assistants", **bearer).status_code == 401
    assert cast.workspace not in workspaces_of(owner)
    assert told(None) == [{"archived": True}]
    reopen_workspace(actor=owner, workspace=cast.workspace)
    assert cast.client("viewer").get("/w/main/").status_code == 200
    assert Client().get("/v1/assistants", **bearer).status_code == 200
    assert told(None) == [{"archived": True}, {"reopened": True}]


def test_its_connections_stay_unread(
    cast: Cast, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[int] = []
    monkeypatch.setattr(connections, "enqueue", lambda _task, pk, key: queued.append(pk))
    monkeypatch.setattr(connections, "report_due_repeats", lambda: None)
    create_workspace(actor=owner, name="Sales")
    here = Connection.objects.filter(workspace=cast.workspace).values_list("pk", flat=True)
    connections.sync_all.func()
    assert set(here) < set(queued)
    queued.clear()
    archive_workspace(actor=owner, workspace=cast.workspace)
    connections.sync_all.func()
    assert queued
    assert not set(here) & set(queued)


def test_the_last_workspace_stays(owner: User) -> None:
    only = create_workspace(actor=owner, name="Only")
    Workspace.objects.exclude(pk=only.pk).update(archived_at=only.created_at)
    with pytest.raises(LastWorkspace):
        archive_workspace(actor=owner, workspace=only)


def test_archiving_asks_first_and_counts_the_keys(owners_client: Client, cast: Cast) -> None:
    factories.make_api_key(cast.workspace)
    page = f"{ALL}{cast.workspace.pk}/archive/"
    assert "1 API key stops working" in owners_client.get(page).content.decode()
    assert Workspace.objects.get(pk=cast.workspace.pk).archived_at is None
    assert owners_client.post(page).status_code == 303
    assert Workspace.objects.get(pk=cast.workspace.pk).archived_at is not None
    assert owners_client.get(page).status_code == 404


def test_the_switcher_has_what_a_person_may_open(cast: Cast, owner: User) -> None:
    other = create_workspace(actor=owner, name="Sales")
    factories.make_member(other, user=cast.viewer.user)
    text = cast.client("viewer").get("/account/workspaces/").content.decode()
    assert "/w/main/" in text
    assert "/w/sales/" in text
    assert "aria-current" not in text
    assert "elsewhere" not in text
    assert "Manage" not in text
    here = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://testserver/w/sales/team/"}
    text = cast.client("viewer").get("/account/workspaces/", **here).content.decode()
    assert '/w/sales/" aria-current="true"' in text
    assert "Switch workspace" in cast.client("viewer").get("/w/main/").content.decode()
    assert "Switch workspace" not in cast.client("editor").get("/w/main/").content.decode()
    archive_workspace(actor=owner, workspace=other)
    assert "Switch workspace" not in cast.client("viewer").get("/w/main/").content.decode()
