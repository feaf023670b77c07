"""Who may call SCIM, its limits, and what it says of itself."""

from typing import Any

import pytest
from django.test import Client

from admin_ui.accounts.directories.directories import end_directory, replace_token
from admin_ui.accounts.models import Directory, User
from admin_ui.accounts.scim import endpoint
from tests.api.calls import by_role
from tests.conftest import Cast
from tests.factories import make_api_key
from tests.scim.calls import Scim, connect

pytestmark = pytest.mark.django_db
PATHS = [
    ("GET", "Users"),
    ("POST", "Users"),
    ("GET", "Users/1"),
    ("PUT", "Users/1"),
    ("PATCH", "Users/1"),
    ("DELETE", "Users/1"),
    ("GET", "Groups"),
    ("POST", "Groups"),
    ("GET", "Groups/1"),
    ("PUT", "Groups/1"),
    ("PATCH", "Groups/1"),
    ("DELETE", "Groups/1"),
    ("GET", "ServiceProviderConfig"),
    ("GET", "ResourceTypes"),
    ("GET", "ResourceTypes/User"),
    ("GET", "Schemas"),
    ("GET", "Schemas/urn:ietf:params:scim:schemas:core:2.0:User"),
    ("GET", "nothing"),
]


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_only_the_token_of_a_directory_opens_it(
    scim: Scim, cast: Cast, method: str, path: str
) -> None:
    owner = Client()
    owner.force_login(scim.owner)
    old = scim.token
    scim.token = replace_token(actor=scim.owner, directory=scim.directory)
    ended = connect("Old", "example.net")
    end_directory(actor=scim.owner, directory=ended.directory)
    secrets = {
        "": "nothing",
        "Bearer ": "an empty token",
        "Bearer scim_wrong": "a wrong token",
        f"Bearer {old}": "a replaced token",
        f"Bearer {ended.token}": "the token of a directory that has ended",
        f"Basic {scim.token}": "another scheme",
        f"Bearer {make_api_key(cast.workspace)[1]}": "a key of the registry",
        f"Bearer {by_role(cast, 'admin').secret}": "a key of the JSON API",
    }
    for sent, what in secrets.items():
        for client in (Client(), owner):
            scim.client = client
            refused = scim(method, path, authorization=sent)
            assert refused.refusal == (401, ""), what
            assert refused.headers["WWW-Authenticate"] == "Bearer"
        endpoint.WRONG_TOKENS.clear()
    scim.client = Client()
    assert scim(method, path).status != 401


def test_a_token_opens_nothing_else(scim: Scim) -> None:
    headers = {"authorization": f"Bearer {scim.token}"}
    for path in ("/api/w/main/assistants", "/v1/assistants"):
        assert Client().get(path, headers=headers).status_code == 401
    assert Client().get("/people/", headers=headers).status_code == 302


def test_the_database_keeps_no_token(scim: Scim) -> None:
    assert scim.token not in str(Directory.objects.values_list())
    assert scim.directory.prefix == scim.token[: len(scim.directory.prefix)]
    assert len(scim.directory.prefix) == 10


def test_a_directory_of_other_domains_sees_other_people(scim: Scim) -> None:
    zoe = scim.person()
    other = connect("Okta", "example.net")
    assert other("GET", "Users").data["totalResults"] == 0
    assert other("GET", f"Users/{zoe}").refusal == (404, "")
    assert other("DELETE", f"Users/{zoe}").refusal == (404, "")
    assert User.objects.get(pk=zoe).is_active


def test_bodies_and_calls_have_limits(scim: Scim, settings: Any) -> None:
    big = b'{"userName": "' + b"x" * endpoint.LARGEST_SCIM_BODY + b'"}'
    assert scim("POST", "Users", big).refusal == (413, "")
    chunked = Scim(scim.directory, scim.token, scim.owner, Client(HTTP_TRANSFER_ENCODING="chunked"))
    assert chunked("POST", "Users", b"{}").status == 411
    settings.API_READS_PER_MINUTE, settings.WEB_WORKERS = 2, 1
    endpoint.DIRECTORY_CALLS.clear()
    statuses = [scim("GET", "Users").status for _ in range(3)]
    assert statuses == [200, 200, 429]
    refused = scim("GET", "Users")
    assert refused.refusal == (429, "")
    assert int(refused.headers["Retry-After"]) > 0


def test_guessing_is_bounded(scim: Scim, settings: Any) -> None:
    settings.API_WRONG_KEYS_PER_MINUTE, settings.WEB_WORKERS = 2, 1
    wrong = Scim(scim.directory, "scim_wrong", scim.owner)
    assert [wrong("GET", "Users").status for _ in range(3)] == [401, 401, 429]


def test_methods(scim: Scim) -> None:
    refused = scim("DELETE", "Users")
    assert (refused.refusal, refused.headers["Allow"]) == ((405, ""), "GET, HEAD, POST")
    head = Client().head("/scim/v2/Users", headers={"authorization": f"Bearer {scim.token}"})
    assert (head.status_code, head.content) == (200, b"")


def test_what_it_says_of_itself(scim: Scim) -> None:
    config = scim("GET", "ServiceProviderConfig").data
    assert config["patch"] == {"supported": True}
    assert config["bulk"]["supported"] is config["sort"]["supported"] is False
    kinds = scim("GET", "ResourceTypes").data
    assert [(row["id"], row["endpoint"]) for row in kinds["Resources"]] == [
        ("User", "/Users"),
        ("Group", "/Groups"),
    ]
    for row in kinds["Resources"]:
        assert scim("GET", f"ResourceTypes/{row['id']}").data == row
        schema = scim("GET", f"Schemas/{row['schema']}").data
        assert schema["id"] == row["schema"]
        assert schema in scim("GET", "Schemas").data["Resources"]
    assert scim("GET", "Schemas/urn:nothing").refusal == (404, "")
    assert scim("GET", "ResourceTypes/Nothing").refusal == (404, "")
