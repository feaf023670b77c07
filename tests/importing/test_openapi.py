"""Operations of an OpenAPI document become functions."""

import json
from typing import Any

import pytest
import yaml

from assistants.importing import NotRead, functions_of
from tests.importing.test_kinds import found, said, tool

DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "paths": {
        "/orders/{id}": {
            "parameters": [{"$ref": "#/components/parameters/Id"}],
            "get": {
                "operationId": "getOrder",
                "summary": "Finds an order",
                "description": "With its lines.",
                "parameters": [
                    {
                        "name": "expand",
                        "in": "query",
                        "description": "What to add.",
                        "schema": {"type": "array", "items": {"type": "string"}},
                    },
                    {"name": "X-Trace", "in": "header", "schema": {"type": "string"}},
                ],
                "responses": {"200": {"description": "ok"}},
            },
            "patch": {
                "summary": "Changes an order",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Order"}}
                    },
                },
                "responses": {},
            },
        },
        "/notes": {
            "post": {
                "operationId": "add note",
                "requestBody": {"content": {"application/json": {"schema": {"type": "string"}}}},
                "responses": {},
            },
        },
    },
    "components": {
        "parameters": {
            "Id": {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
        },
        "schemas": {
            "Money": {"type": "number", "minimum": 0, "exclusiveMinimum": True, "example": 3},
            "Base": {
                "type": "object",
                "properties": {
                    "created": {"type": "string", "readOnly": True},
                    "note": {"type": "string", "nullable": True, "x-order": 1},
                },
                "required": ["created"],
            },
            "Order": {
                "allOf": [
                    {"$ref": "#/components/schemas/Base"},
                    {
                        "type": "object",
                        "properties": {"total": {"$ref": "#/components/schemas/Money"}},
                        "required": ["total"],
                    },
                ]
            },
        },
    },
}
EXPECTED = [
    tool(
        "getOrder",
        {
            "type": "object",
            "properties": {
                "id": {"type": "integer"},
                "expand": {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "What to add.",
                },
            },
            "required": ["id"],
        },
        "Finds an order\n\nWith its lines.",
    ),
    tool(
        "patch_orders_id",
        {
            "type": "object",
            "properties": {
                "id": {"type": "integer"},
                "note": {"type": ["string", "null"]},
                "total": {"type": "number", "exclusiveMinimum": 0},
            },
            "required": ["id", "total"],
        },
        "Changes an order",
    ),
    tool("add_note", {"type": "object", "properties": {"body": {"type": "string"}}}),
]


@pytest.mark.parametrize("write", [json.dumps, yaml.safe_dump])
def test_each_operation_becomes_a_function(write: Any) -> None:
    options = {"sort_keys": False} if write is yaml.safe_dump else {}
    text = write(DOCUMENT, **options)
    assert found(text) == EXPECTED
    assert said(text) == [
        "“X-Trace” is sent in a header or cookie and was left out.",
        "“add note” is no valid name. It is now “add_note”.",
    ]


def operation(schema: Any, **schemas: Any) -> str:
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return json.dumps(
        {
            "openapi": "3.1.0",
            "paths": {"/a": {"post": {"operationId": "a", "requestBody": body}}},
            "components": {"schemas": schemas},
        }
    )


def test_a_schema_that_contains_itself_is_cut_and_named() -> None:
    node = {
        "type": "object",
        "properties": {"next": {"$ref": "#/components/schemas/Node"}, "id": {"type": "string"}},
    }
    text = operation({"$ref": "#/components/schemas/Node"}, Node=node)
    (function,) = found(text)
    assert function["function"]["parameters"]["properties"] == {
        "next": {"type": "object"},
        "id": {"type": "string"},
    }
    assert said(text) == ["“#/components/schemas/Node” contains itself. It is written out once."]


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("https://127.0.0.1:1/a.json#/A", "is outside the text and was left out."),
        ("other.yaml#/A", "is outside the text and was left out."),
        ("#/components/schemas/None", "is not in the text and was left out."),
    ],
)
def test_nothing_is_fetched(reference: str, reason: str) -> None:
    text = operation({"type": "object", "properties": {"a": {"$ref": reference}}})
    (function,) = found(text)
    assert function["function"]["parameters"]["properties"] == {"a": {}}
    assert said(text) == [f"“{reference}” {reason}"]


def test_a_body_that_is_no_json_is_left_out_and_named() -> None:
    text = operation({}).replace("application/json", "text/plain")
    assert said(text) == ["A request body of the type “text/plain” was left out."]


def test_a_body_beside_a_parameter_of_the_same_name_stays_whole() -> None:
    document = json.loads(operation({"type": "object", "properties": {"id": {"type": "string"}}}))
    document["paths"]["/a"]["parameters"] = [
        {"name": "id", "in": "query", "schema": {"type": "integer"}}
    ]
    (function,) = found(json.dumps(document))
    assert function["function"]["parameters"] == {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "body": {"type": "object", "properties": {"id": {"type": "string"}}},
        },
        "required": ["body"],
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"swagger": "2.0", "paths": {}}', "This is a document of Swagger 2"),
        ("openapi: 3.0.0\npaths: {}", "This OpenAPI document has no operation"),
        ('{"/a": {"get": {"responses": {}}}}', "This is a part of an OpenAPI document."),
        ("openapi: 3.0.0\npaths: &a {}\nx: *a", "This YAML uses an anchor (&)"),
        ("openapi: !!str 3.0.0", "This YAML uses a tag (!)"),
        ("openapi: 3.0.0\nopenapi: 3.0.1", "“openapi” is in the same object twice."),
        ("openapi: 3.0.0\n  paths: x: y", "This looks like YAML, and is not valid: line 2"),
        ("openapi: 3.0.0\n---\nopenapi: 3.1.0", "This text has several YAML documents."),
        ("type: 1\nb: 2", "This looks like YAML, but not like"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, reason: str) -> None:
    with pytest.raises(NotRead) as refused:
        functions_of(text)
    assert str(refused.value).startswith(reason)
