"""What the endpoint says of itself (RFC 7643, sections 5 to 7)."""

from typing import Any

from django.conf import settings
from django.http import Http404

from admin_ui.accounts.scim.queries import LIST_SCHEMA, MOST_A_LIST

ROOT = "/scim/v2"
CORE = "urn:ietf:params:scim:schemas:core:2.0:"
USER_SCHEMA, GROUP_SCHEMA = f"{CORE}User", f"{CORE}Group"


def location(*parts: object) -> str:
    """Return the address of a resource."""
    return "/".join((f"{settings.SITE_URL}{ROOT}", *map(str, parts)))


def meta(kind: str, *parts: object) -> dict[str, str]:
    return {"resourceType": kind, "location": location(*parts)}


def provider_described() -> dict[str, Any]:
    no = {"supported": False}
    return {
        "schemas": [f"{CORE}ServiceProviderConfig"],
        "patch": {"supported": True},
        "bulk": {**no, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": MOST_A_LIST},
        "changePassword": no,
        "sort": no,
        "etag": no,
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "Bearer token",
                "description": "The token of a directory, which an owner creates.",
                "primary": True,
            }
        ],
        "meta": meta("ServiceProviderConfig", "ServiceProviderConfig"),
    }


def types_described() -> dict[str, dict[str, Any]]:
    """Return the resource types by ID."""
    return {
        kind: {
            "schemas": [f"{CORE}ResourceType"],
            "id": kind,
            "name": kind,
            "endpoint": f"/{kind}s",
            "schema": f"{CORE}{kind}",
            "meta": meta("ResourceType", "ResourceTypes", kind),
        }
        for kind in ("User", "Group")
    }


def schemas_described() -> dict[str, dict[str, Any]]:
    """Return the schemas by ID: only what is stored, and what follows from it."""
    user = [
        _text("userName", required=True, uniqueness="server"),
        _text("displayName"),
        _complex("name", [_text("formatted")]),
        _attribute("active", "boolean"),
        _complex("emails", _read_only(_text("value"), _text("type"), _flag("primary")), many=True),
    ]
    user[-1]["mutability"] = "readOnly"
    group = [
        _text("displayName", required=True, uniqueness="server"),
        _complex(
            "members",
            [
                _text("value", mutability="immutable"),
                _attribute("$ref", "reference", mutability="immutable", referenceTypes=["User"]),
            ],
            many=True,
        ),
    ]
    return {
        f"{CORE}{name}": {
            "schemas": [f"{CORE}Schema"],
            "id": f"{CORE}{name}",
            "name": name,
            "attributes": attributes,
            "meta": meta("Schema", "Schemas", f"{CORE}{name}"),
        }
        for name, attributes in (("User", user), ("Group", group))
    }


def all_listed(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return all of these as a list."""
    return {
        "schemas": [LIST_SCHEMA],
        "totalResults": len(found),
        "startIndex": 1,
        "itemsPerPage": len(found),
        "Resources": list(found.values()),
    }


def single(found: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    """Return one of these. Raises `Http404`."""
    if name not in found:
        raise Http404
    return found[name]


def _attribute(name: str, kind: str, **more: Any) -> dict[str, Any]:
    plain = {"multiValued": False, "required": False, "mutability": "readWrite"}
    return {"name": name, "type": kind, **plain, "returned": "default", **more}


def _text(name: str, **more: Any) -> dict[str, Any]:
    return _attribute(name, "string", **{"caseExact": False, "uniqueness": "none", **more})


def _flag(name: str) -> dict[str, Any]:
    return _attribute(name, "boolean")


def _complex(name: str, parts: list[dict[str, Any]], *, many: bool = False) -> dict[str, Any]:
    return _attribute(name, "complex", multiValued=many, subAttributes=parts)


def _read_only(*attributes: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**attribute, "mutability": "readOnly"} for attribute in attributes]
