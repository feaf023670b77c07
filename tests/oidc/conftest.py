"""A provider on loopback that the installation knows, and a browser's way through it."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from admin_ui.accounts.oidc.providers import for_allauth, read_providers
from tests.oidc.idp import SECRET, IdentityProvider

START, CALLBACK = "/accounts/oidc/corp/", "/accounts/oidc/corp/callback/"


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
    settings.OIDC_PROVIDERS = read_providers(json.dumps([row]))
    settings.SOCIALACCOUNT_PROVIDERS = for_allauth(settings.OIDC_PROVIDERS)
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
