"""The description of the API: as OpenAPI, and as a page that people read."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assistants.api.idempotency import LONGEST_KEY

WITH_BASE = ("draft_save", "assistants_publish", "assistants_delete")
"""The operations that honour If-Match."""
HEADERS = {
    "Idempotency-Key": {"type": "string", "pattern": f"^[ -~]{{1,{LONGEST_KEY}}}$"},
    "If-Match": {"type": "string", "pattern": '^(W/)?"[0-9]{1,18}"$'},
}
SLUG = {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$", "description": "The workspace."}
_TEXT, _MAYBE = {"type": "string"}, {"type": ["string", "null"]}
_PART = {"code": _TEXT, "message": _TEXT, "field": _MAYBE}
ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "field", "request_id", "problems"],
            "properties": {
                **_PART,
                "request_id": _TEXT,
                "problems": {
                    "type": "array",
                    "items": {"type": "object", "required": list(_PART), "properties": _PART},
                },
            },
        }
    },
}
"""The shape of every error, as JSON Schema."""


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document; it is the same for everybody."""
    from assistants.api.application import api

    found = dict(api.get_openapi_schema(path_prefix="/api/"))
    found["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    found["components"]["schemas"]["Error"] = ERROR
    found["security"] = [{"key": []}]
    for methods in found["paths"].values():
        for method, operation in methods.items():
            _complete(method, operation)
    return found


def _complete(method: str, operation: dict[str, Any]) -> None:
    """Describe what `endpoint.answering` takes and answers at each address."""
    headers = [] if method == "get" else ["Idempotency-Key"]
    headers += ["If-Match"] if operation["operationId"] in WITH_BASE else []
    operation["parameters"] = [
        {"in": "path", "name": "ws", "required": True, "schema": SLUG},
        *operation.get("parameters", []),
        *({"in": "header", "name": name, "schema": HEADERS[name]} for name in headers),
    ]
    error = {"schema": {"$ref": "#/components/schemas/Error"}}
    operation["responses"]["default"] = {
        "description": "An error",
        "content": {"application/json": error},
    }


@require_safe
def openapi(_request: HttpRequest) -> HttpResponse:
    return JsonResponse(document())


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """Show the operations, from the same document."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            entry = _entry(method, path, operation)
            groups.setdefault(operation["tags"][0], []).append(entry)
    context = {"groups": groups.items(), "site": settings.SITE_URL}
    return render(request, "api/description.html", context)


def _entry(method: str, path: str, operation: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    parameters = [
        (entry["name"], entry["schema"].get("description", ""))
        for entry in operation.get("parameters", [])
        if entry["in"] == "query"
    ]
    headers = [e["name"] for e in operation["parameters"] if e["in"] == "header"]
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "text": operation.get("description", ""),
        "parameters": parameters,
        "headers": headers,
        "body": _fields(body.get("schema", {})),
        "answers": [str(status) for status in operation["responses"] if status != "default"],
    }


def _fields(schema: dict[str, Any]) -> list[dict[str, Any]]:
    found = _named(schema)
    required = found.get("required", [])
    return [
        {
            "name": key,
            "type": _type(field),
            "text": field.get("description", ""),
            "is_required": key in required,
        }
        for key, field in found.get("properties", {}).items()
    ]


def _type(field: dict[str, Any]) -> str:
    return " | ".join(str(_named(entry).get("type", "")) for entry in field.get("anyOf", [field]))


def _named(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema that `schema` refers to, or itself."""
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    found: dict[str, Any] = document()["components"]["schemas"].get(name, schema)
    return found
