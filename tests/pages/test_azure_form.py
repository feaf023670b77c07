"""The Azure profile signs in with a key, or as an application of Microsoft Entra ID."""

import json
import re
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command

from admin_ui.audit.models import AuditEvent
from admin_ui.encryption import decrypt
from assistants.gateway import SignInUnanswered
from assistants.models import Connection
from assistants.services.connections.breaker import is_timeout
from assistants.services.connections.environment import check_login_server
from assistants.views.code.code import snippets_for
from tests.conftest import Cast
from tests.gateway.loopback import Loopback, answer
from tests.pages.connecting import NEW, ROOT, text_of
from tests.upstream import Upstream

SECRET = "entra-s3cret"
ENTRA = {
    "profile": "azure",
    "name": "Foundry",
    "base_url": "https://me.services.ai.azure.com/api/projects/p",
    "api_version": "v1",
    "way": "entra",
    "tenant_id": "contoso.onmicrosoft.com",
    "client_id": "app",
    "client_secret": SECRET,
}


def add(cast: Cast, **fields: str) -> Connection:
    response = cast.client("admin").post(NEW, {**ENTRA, **fields})
    assert response.status_code == 303
    return Connection.objects.latest("pk")


def checked(page: str) -> list[str]:
    return re.findall(r'name="way"\s+value="(\w+)"\s+checked', page)


def test_the_form_asks_for_one_of_two_ways(cast: Cast) -> None:
    page = text_of(cast.client("admin"), f"{NEW}?profile=azure")
    assert checked(page) == ["key"]
    assert "Something else" not in page
    assert "it ends in .openai.azure.com/openai, for Foundry in /api/projects/" in page


def test_an_application_is_saved_and_its_secret_is_never_shown(cast: Cast) -> None:
    row = add(cast, api_key="typed before the other way was chosen")
    assert decrypt(row.credentials) == {"client_secret": SECRET}
    assert row.options == {
        "api_version": "v1",
        "tenant_id": "contoso.onmicrosoft.com",
        "client_id": "app",
    }
    client, path = cast.client("admin"), f"{ROOT}{row.pk}/edit/"
    page = text_of(client, path)
    assert checked(page) == ["entra"]
    assert SECRET not in page + text_of(client)
    response = client.post(path, {**ENTRA, "client_secret": "", "name": "Renamed"})
    assert response.status_code == 303
    row.refresh_from_db()
    assert (row.name, decrypt(row.credentials)) == ("Renamed", {"client_secret": SECRET})
    details = [event.details for event in AuditEvent.objects.filter(about="Foundry")]
    assert SECRET not in json.dumps(details)


@pytest.mark.parametrize("changed", ["base_url", "tenant_id", "client_id", "token_scope"])
def test_the_secret_belongs_to_its_application_and_address(cast: Cast, changed: str) -> None:
    row = add(cast)
    other = "https://other.test/openai" if changed == "base_url" else "other/.default"
    other = "other.example" if changed == "tenant_id" else other
    fields = {**ENTRA, "client_secret": "", changed: other}
    response = cast.client("admin").post(f"{ROOT}{row.pk}/edit/", fields)
    assert response.status_code == 422
    assert "Enter this again." in response.content.decode()


def test_another_way_takes_the_place_of_the_first(cast: Cast) -> None:
    row = add(cast)
    client, path = cast.client("admin"), f"{ROOT}{row.pk}/edit/"
    fields = {**ENTRA, "way": "key", "api_key": "k-1", "client_secret": ""}
    assert client.post(path, fields).status_code == 303
    row.refresh_from_db()
    assert (decrypt(row.credentials), row.options) == ({"api_key": "k-1"}, {"api_version": "v1"})
    assert checked(text_of(client, path)) == ["key"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"tenant_id": ""}, "This field is required."),
        ({"client_id": ""}, "This field is required."),
        ({"client_secret": ""}, "This field is required."),
        ({"tenant_id": "https://login.test/x"}, "Enter the ID or the domain of the tenant"),
        ({"token_scope": "all"}, "Enter a scope that ends in /.default."),
        ({"base_url": "http://me.test/openai"}, "Enter an address that begins with https://."),
    ],
)
def test_what_is_wrong_is_said_at_the_field(
    cast: Cast, fields: dict[str, str], sentence: str
) -> None:
    response = cast.client("admin").post(NEW, {**ENTRA, **fields})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert SECRET not in response.content.decode()


def test_the_secret_gets_the_newest_encryption_key(cast: Cast, settings: Any) -> None:
    row = add(cast)
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS]
    call_command("rotate_encryption")
    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]
    row.refresh_from_db()
    assert decrypt(row.credentials) == {"client_secret": SECRET}


def test_code_names_a_token_and_no_secret(cast: Cast) -> None:
    snippets = snippets_for(add(cast), "asst_1")
    assert '"Authorization: Bearer $ACCESS_TOKEN"' in snippets.curl
    assert snippets.secrets == ("ACCESS_TOKEN",)
    assert "client_secret" not in (snippets.curl + snippets.python).lower()


@pytest.mark.django_db(transaction=True)
def test_a_test_signs_in_first_and_says_in_words_what_failed(
    cast: Cast, remote: Upstream, settings: Any
) -> None:
    wrong = {"error": "invalid_client", "error_description": "AADSTS7000222: It has expired."}
    good = {"access_token": "token-1", "expires_in": 3600}
    row = add(cast, base_url=remote.url)
    path = f"{ROOT}{row.pk}/test/"

    def said(behaviour: Any) -> str:
        with Loopback(behaviour) as login:
            settings.ENTRA_LOGIN_URL = login.url().removesuffix("/v1")
            found = cast.client("admin").post(path, headers={"HX-Request": "true"})
        return " ".join(found.content.decode().split())

    refusal = said(answer(json.dumps(wrong).encode(), "401 Unauthorized"))
    assert "Microsoft Entra ID did not accept this application, so nothing was sent." in refusal
    assert "AADSTS7000222: It has expired." in refusal
    assert "Microsoft Entra ID did not answer" in said(answer(b"{}", "503 Unavailable"))
    assert "Since:" in text_of(cast.client("viewer"))
    assert remote.requests == []
    assert "It works." in said(answer(json.dumps(good).encode()))
    row.refresh_from_db()
    assert row.trouble == ""


def test_a_silent_login_server_pauses_the_connection_and_a_busy_one_does_not() -> None:
    assert is_timeout(SignInUnanswered("timed out"), 0.1)
    assert not is_timeout(SignInUnanswered("down", status=503), 9.0)


@pytest.mark.parametrize("url", ["", "http://login.test", "https://a b", "https://u:p@login.test"])
def test_a_login_server_that_gets_nothing_is_reported_at_the_start(settings: Any, url: str) -> None:
    assert check_login_server() == []
    settings.ENTRA_LOGIN_URL = url
    assert [warning.id for warning in check_login_server()] == ["assistants.W002"]
    settings.ENTRA_LOGIN_URL = "http://login.test"
    settings.GATEWAY_PRIVATE_HOSTS = ["login.test"]
    assert check_login_server() == []
