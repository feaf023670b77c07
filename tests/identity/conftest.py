"""A provider on loopback that the installation knows, and a browser's way through it."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from admin_ui.accounts.identity.providers import for_allauth, read_providers
from tests.identity.oidc_idp import SECRET, IdentityProvider
from tests.identity.saml import METADATA, SamlProcess, running

START, CALLBACK = "/accounts/oidc/corp/", "/accounts/oidc/corp/callback/"


def use_providers(settings: Any, *, oidc: Any = (), saml: Any = ()) -> None:
    """Let the installation know these providers only."""
    texts = {"oidc": json.dumps([*oidc]), "saml": json.dumps([*saml])}
    settings.IDENTITY_PROVIDERS = read_providers(**texts)
    settings.SOCIALACCOUNT_PROVIDERS = for_allauth(settings.IDENTITY_PROVIDERS)


@pytest.fixture
def idp(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[IdentityProvider]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    provider = IdentityProvider()
    row = {
        "id": "corp",
        "name": "Example Corp",
        "issuer": provider.issuer,
        "client_id": "dashboard",
        "client_secret": SECRET,
        "domains": ["example.org", "example.com"],
        "roles": [
            {"claim": "groups", "value": "staff", "workspace": "main", "role": "editor"},
            {"claim": "groups", "value": "leads", "workspace": "main", "role": "publisher"},
            {"claim": "team", "value": "web", "workspace": "nowhere", "role": "admin"},
        ],
    }
    use_providers(settings, oidc=[row])
    yield provider
    provider.close()


def begin(client: Client, next_page: str = "") -> dict[str, str]:
    """Begin to sign in; returns what the browser is sent to the provider with."""
    answer = client.get(START, {"next": next_page} if next_page else {})
    assert answer.status_code == 302
    return dict(parse_qsl(urlsplit(answer["Location"]).query))


def come_back(client: Client, asked: dict[str, str], code: str) -> Any:
    return client.get(CALLBACK, {"code": code, "state": asked["state"]})


def sign_in_by(client: Client, idp: IdentityProvider, **claims: Any) -> Any:
    """Sign in at the provider as somebody with these claims; returns the last answer."""
    asked = begin(client)
    return come_back(client, asked, idp.code_for(asked, **claims))


@pytest.fixture(scope="session")
def saml_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SamlProcess]:
    with running(tmp_path_factory.mktemp("saml")) as process:
        yield process


SAML_ROLES = [
    {"claim": "groups", "value": "staff", "workspace": "main", "role": "editor"},
    {"claim": "groups", "value": "leads", "workspace": "main", "role": "publisher"},
]


def saml_row(process: SamlProcess, **changes: Any) -> dict[str, Any]:
    """Return the row of `SAML_PROVIDERS` for the provider of the tests."""
    return {
        "id": "okta",
        "name": "Example Corp",
        "entity_id": f"{process.address}/metadata",
        "sso_url": f"{process.address}/sso",
        "certificates": [process.certificate],
        "domains": ["example.org", "example.com"],
        "roles": SAML_ROLES,
    } | changes


@pytest.fixture
def saml(settings: Any, saml_process: SamlProcess) -> SamlProcess:
    """The provider, which trusts this dashboard and is trusted by it."""
    use_providers(settings, saml=[saml_row(saml_process)])
    saml_process.post("/trust", Client().get(METADATA).content.decode())
    return saml_process
