"""The operations of an OpenAPI 3 document, each as a function."""

from collections.abc import Iterator
from typing import Any

from assistants.definition.translation import gettext_noop
from assistants.definition.value import as_dict, as_list
from assistants.importing.expansion import Expansion
from assistants.importing.found import FoundFunction, NotRead, Remarks
from assistants.importing.names import snake_case
from assistants.importing.references import Document
from assistants.importing.schema import object_schema

HTTP_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_OF_PLAIN_OBJECTS = frozenset(
    ("type", "properties", "required", "description", "title", "additionalProperties", "examples")
)
_READ_FROM = ("path", "query")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def is_openapi(value: Any) -> bool:
    """Return whether an object is a document of OpenAPI, of any version."""
    if not isinstance(value, dict):
        return False
    return isinstance(value.get("paths"), dict) or "openapi" in value or "swagger" in value


def operations_in(content: dict[str, Any], remarks: Remarks) -> list[FoundFunction]:
    """Return the operations of the document. Raises `NotRead` where it has none to read."""
    if "swagger" in content:
        raise NotRead(
            gettext_noop(
                "This is a document of Swagger 2, and only OpenAPI 3 is read. Convert it, for"
                " example with the Swagger Editor."
            )
        )
    document = Document(content, remarks)
    found = list(_operations(content, document, remarks))
    if not found:
        raise NotRead(
            gettext_noop("This OpenAPI document has no operation under “paths”. Paste all of it.")
        )
    return found


def _operations(
    content: dict[str, Any], document: Document, remarks: Remarks
) -> Iterator[FoundFunction]:
    for path, written in as_dict(content.get("paths")).items():
        item = document.resolved(written)
        for method in HTTP_METHODS:
            if not isinstance(operation := item.get(method), dict):
                continue
            if not _has_room(document.expansion, remarks):
                return
            shared = as_list(item.get("parameters"))
            yield FoundFunction(
                name=_name(operation, method, path),
                description=_description(operation),
                parameters=_Parameters(document, remarks).of(operation, shared),
            )


def _has_room(expansion: Expansion, remarks: Remarks) -> bool:
    if expansion.begin():
        return True
    remarks.add(
        gettext_noop(
            "The document is long. Only its first operations were read: paste a part of it."
        )
    )
    return False


def _name(operation: dict[str, Any], method: str, path: str) -> str:
    given = operation.get("operationId")
    if isinstance(given, str) and given.strip():
        return given.strip()
    return snake_case(f"{method} {path}")


def _description(operation: dict[str, Any]) -> str:
    summary, text = operation.get("summary"), operation.get("description")
    summary = summary.strip() if isinstance(summary, str) else ""
    text = text.strip() if isinstance(text, str) else ""
    if summary and text and not text.startswith(summary):
        return f"{summary}\n\n{text}"
    return text or summary


class _Parameters:
    """The parameters of one operation and the properties of its body, as one object."""

    def __init__(self, document: Document, remarks: Remarks) -> None:
        self._document, self._remarks = document, remarks
        self._properties: dict[str, Any] = {}
        self._required: list[str] = []

    def of(self, operation: dict[str, Any], shared: list[Any]) -> dict[str, Any]:
        entries: dict[tuple[str, str], dict[str, Any]] = {}
        for written in [*shared, *as_list(operation.get("parameters"))]:
            entry = self._document.resolved(written)
            if isinstance(entry.get("name"), str):
                entries[entry["name"], str(entry.get("in"))] = entry
        for (name, place), entry in entries.items():
            self._parameter(name, place, entry)
        body = self._document.resolved(operation.get("requestBody"))
        if body:
            self._body(body)
        return object_schema(self._properties, self._required)

    def _parameter(self, name: str, place: str, entry: dict[str, Any]) -> None:
        if place not in _READ_FROM:
            self._remarks.add(
                gettext_noop("“%(name)s” is sent in a header or cookie and was left out."),
                name=name,
            )
            return
        schema = entry.get("schema") or _media(as_dict(entry.get("content")))[1]
        found = self._document.schema(schema or {})
        text = entry.get("description")
        if isinstance(text, str) and text.strip() and isinstance(found, dict):
            found = {**found, "description": text.strip()}
        self._add(name, found, is_required=place == "path" or entry.get("required") is True)

    def _add(self, name: str, schema: Any, *, is_required: bool) -> None:
        free = name
        while free in self._properties:
            free += "_"
        self._properties[free] = schema
        self._required += [free] if is_required else []

    def _body(self, body: dict[str, Any]) -> None:
        kind, written = _media(as_dict(body.get("content")))
        if written is None:
            self._remarks.add(
                gettext_noop("A request body of the type “%(name)s” was left out."),
                name=kind or "?",
            )
            return
        schema = self._document.schema(written)
        is_required = body.get("required") is True
        properties = as_dict(as_dict(schema).get("properties"))
        more = as_dict(schema).keys() - _OF_PLAIN_OBJECTS
        if not properties or more or properties.keys() & self._properties.keys():
            text = body.get("description")
            if isinstance(text, str) and isinstance(schema, dict):
                schema = {"description": text.strip(), **schema}
            self._add("body", schema, is_required=is_required)
            return
        required = as_list(schema.get("required")) if body.get("required") is not False else []
        for name, value in properties.items():
            self._add(name, value, is_required=name in required)


def _media(content: dict[str, Any]) -> tuple[str, Any]:
    """Return the type of a body that can be written as JSON, and its schema; None for another."""
    ranked = sorted(content, key=lambda kind: kind.partition(";")[0].strip() != "application/json")
    for kind in ranked:
        bare = kind.partition(";")[0].strip().lower()
        if bare == "application/json" or bare.endswith("+json") or bare in ("*/*", *_FORMS):
            return bare, as_dict(content[kind]).get("schema", {})
    return (ranked[0] if ranked else ""), None
