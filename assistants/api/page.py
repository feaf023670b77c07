"""The description of the API: as OpenAPI, and as a page that people read."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document; it is the same for everybody."""
    from assistants.api.application import api

    found = dict(api.get_openapi_schema(path_prefix="/api/"))
    found["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    found["security"] = [{"key": []}]
    return found


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
    return render(request, "api/description.html", {"groups": groups.items()})


def _entry(method: str, path: str, operation: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    parameters = [
        (entry["name"], entry["schema"].get("description", ""))
        for entry in operation.get("parameters", [])
        if entry["in"] == "query"
    ]
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "text": operation.get("description", ""),
        "parameters": parameters,
        "body": _fields(body.get("schema", {})),
        "answers": list(operation["responses"]),
    }


def _fields(schema: dict[str, Any]) -> list[dict[str, Any]]:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    found = document()["components"]["schemas"].get(name, {})
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
    either = [entry.get("type", "") for entry in field.get("anyOf", [])]
    return " | ".join(either) or str(field.get("type", ""))
