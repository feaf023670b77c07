"""The identity providers of an installation, as its setting `OIDC_PROVIDERS` names them.

`admin_ui.settings` reads them before Django is ready, so nothing here needs it.
"""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

EVERYBODY = "*"
"""The value of a mapping that counts for everybody the provider signs in."""
LOOPBACK = ("localhost", "127.0.0.1")
_ID = re.compile(r"[a-z0-9-]{1,30}")
_ROLES = ("viewer", "editor", "publisher", "admin")


class _Wrong(ValueError):
    """What is wrong with the setting, as a sentence."""


@dataclass(frozen=True)
class RoleMapping:
    """People with `value` in the claim `claim` get `role` in the workspace."""

    claim: str
    value: str
    workspace: str
    role: str

    def counts_for(self, claims: Mapping[str, Any]) -> bool:
        held = claims.get(self.claim)
        values = held if isinstance(held, list) else [held]
        return self.value == EVERYBODY or self.value in values


@dataclass(frozen=True)
class OidcProvider:
    """One provider. It speaks only for email addresses of its `domains`."""

    id: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    domains: frozenset[str]
    mappings: tuple[RoleMapping, ...]
    verified_claim: str

    def speaks_for(self, email: str) -> bool:
        return email.rpartition("@")[2] in self.domains


def read_providers(text: str) -> tuple[OidcProvider, ...]:
    """Return the providers in `text`, a JSON list. Exits with a sentence if something is wrong."""
    try:
        rows = json.loads(text) if text.strip() else []
        if not isinstance(rows, list):
            raise _Wrong("it must be a list")
        found = tuple(map(_provider, rows))
        if len({entry.id for entry in found}) < len(found):
            raise _Wrong("two providers have the same id")
    except json.JSONDecodeError as error:
        sys.exit(f"The setting OIDC_PROVIDERS is not JSON: line {error.lineno}.")
    except _Wrong as error:
        sys.exit(f"The setting OIDC_PROVIDERS is not valid: {error}.")
    return found


def _provider(row: Any) -> OidcProvider:
    if not isinstance(row, dict):
        raise _Wrong("each provider must be an object")
    unknown = row.keys() - {*OidcProvider.__dataclass_fields__, "roles"}
    if unknown:
        raise _Wrong(f"unknown key {min(unknown)}")
    domains = frozenset(_texts(row, "domains"))
    if not all(domain == domain.lower() and domain.isascii() for domain in domains):
        raise _Wrong("domains must be in lower case and plain letters")
    provider = OidcProvider(
        id=_text(row, "id"),
        name=_text(row, "name"),
        issuer=_text(row, "issuer").rstrip("/"),
        client_id=_text(row, "client_id"),
        client_secret=_text(row, "client_secret"),
        domains=domains,
        mappings=tuple(map(_mapping, row.get("roles", []))),
        verified_claim=row.get("verified_claim", "email_verified"),
    )
    if not _ID.fullmatch(provider.id):
        raise _Wrong("an id has at most 30 letters from a to z, digits and hyphens")
    if not is_safe_address(provider.issuer):
        raise _Wrong(f"the issuer of {provider.id} must begin with https://")
    return provider


def _mapping(row: Any) -> RoleMapping:
    if not isinstance(row, dict) or row.keys() - RoleMapping.__dataclass_fields__:
        raise _Wrong("each entry of roles has claim, value, workspace and role")
    mapping = RoleMapping(*(_text(row, name) for name in ("claim", "value", "workspace", "role")))
    if mapping.role not in _ROLES:
        raise _Wrong(f"a role must be one of: {', '.join(_ROLES)}")
    return mapping


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _Wrong(f"{name} is missing")
    return value.strip()


def _texts(row: dict[str, Any], name: str) -> Iterable[str]:
    values = row.get(name)
    if not isinstance(values, list) or not values or not all(isinstance(v, str) for v in values):
        raise _Wrong(f"{name} must be a list of texts")
    return values


def is_safe_address(address: str) -> bool:
    """Return whether nobody on the way can read or change what goes there."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def for_allauth(providers: Iterable[OidcProvider]) -> dict[str, Any]:
    """Return the setting of allauth for these providers."""
    apps = [
        {
            "provider_id": entry.id,
            "name": entry.name,
            "client_id": entry.client_id,
            "secret": entry.client_secret,
            "settings": {"server_url": entry.issuer, "oauth_pkce_enabled": True},
        }
        for entry in providers
    ]
    return {"openid_connect": {"APPS": apps}}
