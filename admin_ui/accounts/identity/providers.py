"""The identity providers of an installation, as its settings name them.

`admin_ui.settings` reads them before Django is ready, so nothing here needs it.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlsplit

from cryptography.x509 import load_pem_x509_certificate

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


@dataclass(frozen=True, kw_only=True)
class Provider:
    """One provider. It speaks only for email addresses of its `domains`.

    Where `needs_verified` is False, an address counts as verified unless `verified_claim` says no.
    With `sync_roles`, a sign-in also lowers and removes, in the workspaces of its mappings.
    """

    id: str
    name: str
    domains: frozenset[str]
    mappings: tuple[RoleMapping, ...]
    sync_roles: bool
    verified_claim: str
    needs_verified: bool

    begins_at: ClassVar[str]
    """The name of the address at which a sign-in begins."""

    def speaks_for(self, email: str) -> bool:
        return email.rpartition("@")[2] in self.domains


@dataclass(frozen=True, kw_only=True)
class OidcProvider(Provider):
    """One that speaks OpenID Connect."""

    issuer: str
    client_id: str
    client_secret: str

    begins_at = "openid_connect_login"


@dataclass(frozen=True, kw_only=True)
class SamlProvider(Provider):
    """One that speaks SAML 2.0. `certificates` hold its keys, in base64 without line ends.

    Three claims have other names with each product: "" stands for the usual ones.
    """

    entity_id: str
    sso_url: str
    certificates: tuple[str, ...]
    id_claim: str
    email_claim: str
    name_claim: str

    begins_at = "saml_login"


def read_providers(*, oidc: str, saml: str) -> tuple[Provider, ...]:
    """Return the providers of two settings, each a JSON list or empty.

    Exits with a sentence if something is wrong.
    """
    found = (
        *_read("OIDC_PROVIDERS", oidc, _oidc_provider),
        *_read("SAML_PROVIDERS", saml, _saml_provider),
    )
    ids = [entry.id for entry in found]
    if twice := {entry for entry in ids if ids.count(entry) > 1}:
        sys.exit(f"Two identity providers have the same id: {min(twice)}.")
    return found


def _read(setting: str, text: str, make: Callable[[dict[str, Any]], Provider]) -> list[Provider]:
    try:
        rows = json.loads(text) if text.strip() else []
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise _Wrong("it must be a list of objects")
        return [make(row) for row in rows]
    except json.JSONDecodeError as error:
        sys.exit(f"The setting {setting} is not JSON: line {error.lineno}.")
    except _Wrong as error:
        sys.exit(f"The setting {setting} is not valid: {error}.")


def _oidc_provider(row: dict[str, Any]) -> Provider:
    return OidcProvider(
        **_common(row, {"issuer", "client_id", "client_secret"}),
        needs_verified=True,
        issuer=_address(row, "issuer").rstrip("/"),
        client_id=_text(row, "client_id"),
        client_secret=_text(row, "client_secret"),
    )


def _saml_provider(row: dict[str, Any]) -> Provider:
    claims = {"id_claim", "email_claim", "name_claim"}
    return SamlProvider(
        **_common(row, {"entity_id", "sso_url", "certificates", *claims}),
        # SAML has no claim for it: the organisation itself speaks for its addresses.
        needs_verified="verified_claim" in row,
        entity_id=_text(row, "entity_id"),
        sso_url=_address(row, "sso_url"),
        certificates=tuple(map(_certificate, _texts(row, "certificates"))),
        id_claim=_text(row, "id_claim", default=""),
        email_claim=_text(row, "email_claim", default=""),
        name_claim=_text(row, "name_claim", default=""),
    )


def _common(row: dict[str, Any], others: set[str]) -> dict[str, Any]:
    """Return what every provider has. Raises `_Wrong` for keys beyond these and `others`."""
    shared = {"id", "name", "domains", "roles", "sync_roles", "verified_claim"}
    if unknown := row.keys() - shared - others:
        raise _Wrong(f"unknown key {min(unknown)}")
    domains = frozenset(_texts(row, "domains"))
    if not all(domain == domain.lower() and domain.isascii() for domain in domains):
        raise _Wrong("domains must be in lower case and plain letters")
    if not _ID.fullmatch(_text(row, "id")):
        raise _Wrong("an id has at most 30 letters from a to z, digits and hyphens")
    if not isinstance(row.get("sync_roles", False), bool):
        raise _Wrong("sync_roles is true or false")
    return {
        "id": _text(row, "id"),
        "name": _text(row, "name"),
        "domains": domains,
        "mappings": tuple(map(_mapping, row.get("roles", []))),
        "sync_roles": row.get("sync_roles", False),
        "verified_claim": _text(row, "verified_claim", default="email_verified"),
    }


def _mapping(row: Any) -> RoleMapping:
    if not isinstance(row, dict) or row.keys() - RoleMapping.__dataclass_fields__:
        raise _Wrong("each entry of roles has claim, value, workspace and role")
    mapping = RoleMapping(*(_text(row, name) for name in ("claim", "value", "workspace", "role")))
    if mapping.role not in _ROLES:
        raise _Wrong(f"a role must be one of: {', '.join(_ROLES)}")
    return mapping


def _text(row: dict[str, Any], name: str, *, default: str | None = None) -> str:
    value = row.get(name, default)
    if not isinstance(value, str) or (not value.strip() and value != default):
        raise _Wrong(f"{name} is missing")
    return value.strip()


def _texts(row: dict[str, Any], name: str) -> list[str]:
    values = row.get(name)
    if not isinstance(values, list) or not values or not all(isinstance(v, str) for v in values):
        raise _Wrong(f"{name} must be a list of texts")
    return values


def _address(row: dict[str, Any], name: str) -> str:
    address = _text(row, name)
    if not is_safe_address(address):
        raise _Wrong(f"the {name} of {row['id']} must begin with https://")
    return address


def _certificate(text: str) -> str:
    """Return a certificate in base64 without line ends, from that or from PEM."""
    base64 = "".join(re.sub(r"-----(BEGIN|END) CERTIFICATE-----", "", text).split())
    pem = f"-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n"
    try:
        load_pem_x509_certificate(pem.encode())
    except ValueError as error:
        raise _Wrong("certificates must be X.509 certificates in base64 or PEM") from error
    return base64


def is_safe_address(address: str) -> bool:
    """Return whether nobody on the way can read or change what goes there."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def for_allauth(providers: Iterable[Provider]) -> dict[str, Any]:
    """Return the setting of allauth for these providers."""
    apps: dict[str, list[dict[str, Any]]] = {"openid_connect": [], "saml": []}
    for entry in providers:
        app = {"provider_id": entry.id, "name": entry.name, "client_id": entry.id}
        if isinstance(entry, OidcProvider):
            discovery = {"server_url": entry.issuer, "oauth_pkce_enabled": True}
            app |= {"client_id": entry.client_id, "secret": entry.client_secret}
            apps["openid_connect"].append(app | {"settings": discovery})
        else:
            apps["saml"].append(app)
    return {kind: {"APPS": rows} for kind, rows in apps.items()}
