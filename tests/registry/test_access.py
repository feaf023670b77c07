"""Who may call: keys of one workspace, reading or writing, and the dashboard in process."""

import http.client
import socket
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.live_server_helper import LiveServer

from admin_ui.accounts.keys.key_use import KEY_USES
from admin_ui.accounts.keys.keys import revoke_api_key
from admin_ui.accounts.models import ApiKey, Workspace
from tests.factories import make_api_key, make_user, make_workspace
from tests.registry import calls
from tests.registry.calls import Registry

NO_KEY = (
    "You didn't provide an API key. You need to provide your API key in an Authorization header "
    "using Bearer auth (i.e. Authorization: Bearer YOUR_KEY), or in an api-key or "
    "x-portkey-api-key header."
)
ADDRESSES = [
    ("GET", "/assistants"),
    ("POST", "/assistants"),
    ("GET", "/assistants/asst_a"),
    ("POST", "/assistants/asst_a"),
    ("DELETE", "/assistants/asst_a"),
    ("GET", "/models"),
    ("GET", "/models/gpt-5"),
    ("GET", "/changes"),
    ("GET", "/"),
    ("POST", "/threads"),
]


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
@pytest.mark.parametrize("value", [None, "", "Bearer", "Bearer ", "Basic YTpi", "aa_key"])
def test_without_a_key(method: str, path: str, value: str | None, db: None) -> None:
    answer = calls.by_key("")(method, path, {}, {"Authorization": value or ""})
    assert answer.error == (401, "invalid_api_key", None, NO_KEY)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
def test_with_a_wrong_key(method: str, path: str, by_key: Registry) -> None:
    for secret in ("sk-something", "aa_" + "x" * 43, "aa_", "é"):
        answer = by_key(method, path, {}, {"Authorization": f"Bearer {secret}"})
        assert answer.error[:3] == (401, "invalid_api_key", None)
        assert secret not in answer.error[3]


def test_revoked_key(workspace: Workspace) -> None:
    key, secret = make_api_key(workspace)
    registry = calls.by_key(secret)
    assert registry("GET", "/assistants").status == 200
    revoke_api_key(key=key)
    assert registry("GET", "/assistants").error[:2] == (401, "invalid_api_key")


def test_scheme_in_any_case(workspace: Workspace) -> None:
    secret = make_api_key(workspace)[1]
    answer = calls.by_key("")("GET", "/models", None, {"Authorization": f"bearer  {secret} "})
    assert answer.status == 200


def test_reading_key(workspace: Workspace, by_key: Registry, told: list[int]) -> None:
    created = by_key.create(name="Before")
    told.clear()
    path = f"/assistants/{created['id']}"
    reader = calls.by_key(make_api_key(workspace, name="Reader", can_write=False)[1])
    for method, address in (("POST", "/assistants"), ("POST", path), ("DELETE", path)):
        answer = reader(method, address, {"model": "gpt-5", "name": "After"})
        assert answer.error[:3] == (403, "insufficient_permissions", None)
    assert reader.retrieve(created["id"]) == created
    assert reader("GET", "/assistants").data["data"] == [created]
    assert told == []


def test_workspaces_do_not_see_each_other(by_key: Registry) -> None:
    mine = by_key.create(name="Mine")
    elsewhere = make_workspace("elsewhere")
    for other in (calls.by_key(make_api_key(elsewhere)[1]), calls.in_process(elsewhere.pk)):
        path = f"/assistants/{mine['id']}"
        for method in ("GET", "POST", "DELETE"):
            message = f"No assistant found with id '{mine['id']}'."
            assert other(method, path, {"name": "Theirs"}).error == (404, None, None, message)
        theirs = other.create()
        assert other("GET", "/assistants").data["data"] == [theirs]
        for cursor in ("after", "before"):
            answer = other("GET", f"/assistants?{cursor}={mine['id']}")
            assert answer.error[:3] == (400, "invalid_value", cursor)
        assert by_key("GET", f"/assistants/{theirs['id']}").status == 404
        other.delete(theirs["id"])
    assert by_key("GET", "/assistants").data["data"] == [mine]


@pytest.mark.django_db(transaction=True)
def test_last_use_is_noted_every_few_minutes(workspace: Workspace) -> None:
    key, secret = make_api_key(workspace)
    registry = calls.by_key(secret)
    assert key.last_used_at is None
    registry("GET", "/models")
    KEY_USES.finish()
    key.refresh_from_db()
    assert key.last_used_at is not None
    assert timezone.now() - key.last_used_at < timedelta(seconds=5)
    for age, noted in ((290, False), (310, True)):
        KEY_USES.clear()
        then = timezone.now() - timedelta(seconds=age)
        ApiKey.objects.update(last_used_at=then)
        registry("GET", "/models")
        KEY_USES.finish()
        key.refresh_from_db()
        assert (key.last_used_at != then) is noted


@pytest.mark.django_db(transaction=True)
def test_a_process_tries_to_note_a_use_once_in_a_while(workspace: Workspace) -> None:
    registry = calls.by_key(make_api_key(workspace)[1])
    registry("GET", "/models")
    KEY_USES.finish()
    ApiKey.objects.update(last_used_at=None)
    registry("GET", "/models")
    KEY_USES.finish()
    assert ApiKey.objects.get().last_used_at is None


def test_cookies_and_forgery_tokens_play_no_part(
    workspace: Workspace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_user(is_owner=True))
    assert browser.get("/v1/models").status_code == 401
    secret = make_api_key(workspace)[1]
    ApiKey.objects.update(last_used_at=timezone.now())
    with django_assert_num_queries(1):  # the key; neither session nor user
        answer = browser.get("/v1/models", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200
    assert not answer.cookies


FORGED = [
    "assistants.registry.workspace",
    "ASSISTANTS.REGISTRY.WORKSPACE",
    "Assistants-Registry-Workspace",
    "Assistants_Registry_Workspace",
    "HTTP_assistants.registry.workspace",
    "X-Assistants-Registry-Workspace",
    "X-Workspace",
    "Workspace",
    "REMOTE_USER",
    "X-Forwarded-User",
]


@pytest.mark.parametrize("secret", ["", "aa_wrong"])
def test_no_header_names_the_workspace(
    live_server: LiveServer, workspace: Workspace, secret: str
) -> None:
    """Through a real server: each header alone, and all of them at every address."""
    address = urlsplit(live_server.url)
    connection = http.client.HTTPConnection(str(address.hostname), int(address.port or 0))
    query = f"?assistants.registry.workspace={workspace.pk}"
    everything = {name: str(workspace.pk) for name in FORGED}
    for method, path, forged in [
        *(("GET", "/assistants", {name: value}) for name, value in everything.items()),
        *((method, path, everything) for method, path in ADDRESSES),
    ]:
        headers = {**calls.BETA, "Authorization": f"Bearer {secret}", **forged}
        connection.request(method, f"/v1{path}{query}", headers=headers)
        response = connection.getresponse()
        assert (response.status, b"invalid_api_key" in response.read()) == (401, True)
    connection.close()


def test_header_does_not_lead_a_key_elsewhere(by_key: Registry) -> None:
    mine = by_key.create()
    other = make_workspace("elsewhere")
    headers = {name: str(other.pk) for name in FORGED}
    assert by_key("GET", "/assistants", None, headers).data["data"] == [mine]


def test_trace_and_request_id(by_key: Registry, in_process: Registry) -> None:
    for registry in (by_key, in_process):
        answer = registry("GET", "/nowhere", None, {"x-portkey-trace-id": "publish-42"})
        assert answer.headers["x-portkey-trace-id"] == "publish-42"
        assert answer.headers["x-request-id"].startswith("req_")
        other = registry("GET", "/nowhere", None, {"x-portkey-trace-id": "x" * 201})
        assert "x-portkey-trace-id" not in other.headers
        assert other.headers["x-request-id"] != answer.headers["x-request-id"]


def test_a_broken_request_line_is_answered(live_server: LiveServer, workspace: Workspace) -> None:
    secret = make_api_key(workspace)[1]
    address = urlsplit(live_server.url)
    with socket.create_connection((address.hostname, address.port), timeout=5) as sent:
        head = f"GET /v1/assistants/%ff%00 HTTP/1.0\r\nAuthorization: Bearer {secret}\r\n"
        sent.sendall(f"{head}OpenAI-Beta: assistants=v2\r\n\r\n".encode())
        answer = b"".join(iter(lambda: sent.recv(65536), b""))
    assert b" 404 " in answer.splitlines()[0]
    assert b"No assistant found" in answer
