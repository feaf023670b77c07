"""Recognises what a pasted text is, and reads the functions in it."""

import re
from collections.abc import Iterable
from typing import Any

from assistants.definition.text import normalise_text
from assistants.definition.translation import gettext_noop
from assistants.importing.documents import read_json, read_yaml
from assistants.importing.example import from_example
from assistants.importing.found import FoundFunction, FoundFunctions, NotRead, Remarks
from assistants.importing.names import with_names
from assistants.importing.openapi import HTTP_METHODS, is_openapi, operations_in
from assistants.importing.python.functions import functions_in_python
from assistants.importing.python.source import looks_like_python, parse_python
from assistants.importing.schema import are_properties, from_schema, is_json_schema, object_schema
from assistants.importing.tools import tools_in
from assistants.importing.typescript.declarations import (
    functions_in_typescript,
    looks_like_typescript,
)

MOST_PASTED = 1_000_000
"""Characters of a text that is read."""
_MOST_FUNCTIONS = 500
_FENCE = re.compile(r"\s*```[^\n`]*\n")
_ODD = re.compile("[\0\ud800-\udfff]")
_YAML_KEY = re.compile(
    r"^[\"']?(?:openapi|swagger|tools?|functions?|paths|parameters|properties|name|type|\$schema)"
    r"[\"']?[ \t]*:",
    re.MULTILINE,
)
_PROSE = gettext_noop(
    "No function was found in this text. Paste a tool, a JSON Schema, example data as JSON,"
    " a Python or TypeScript signature, or an OpenAPI document."
)


def functions_of(text: str) -> FoundFunctions:
    """Return the functions in a pasted text, of which there is at least one.

    The text is parsed, never run, and nothing is fetched. Raises `NotRead`, which says what is
    wrong and what to do.
    """
    if len(text) > MOST_PASTED:
        raise NotRead(
            gettext_noop(
                "The text has %(actual)s characters. Up to %(limit)s are read: paste a part of it."
            ),
            actual=len(text),
            limit=MOST_PASTED,
        )
    if _ODD.search(text):
        raise NotRead(
            gettext_noop("This text has a character that cannot be stored. Paste it without it.")
        )
    text = _without_fence(normalise_text(text).removeprefix("\ufeff")).strip()
    if not text:
        raise NotRead(gettext_noop("Paste a text first."))
    remarks = Remarks()
    try:
        return _found(_read(text, remarks), remarks)
    except RecursionError:
        raise NotRead(gettext_noop("This text is nested too deeply. Paste a part of it.")) from None


def functions_in(tools: Any) -> FoundFunctions | None:
    """Return the functions among the tools of an assistant; None if there are none."""
    remarks = Remarks()
    found = tools_in(tools, remarks)
    return FoundFunctions(tuple(found[:_MOST_FUNCTIONS]), tuple(remarks)) if found else None


def _found(functions: Iterable[FoundFunction], remarks: Remarks) -> FoundFunctions:
    every = list(functions)
    if not every:
        raise NotRead(_PROSE)
    if len(every) > _MOST_FUNCTIONS:
        remarks.add(
            gettext_noop("The text has %(count)s functions. Only the first %(limit)s are shown."),
            count=len(every),
            limit=_MOST_FUNCTIONS,
        )
    return FoundFunctions(tuple(with_names(every[:_MOST_FUNCTIONS], remarks)), tuple(remarks))


def _without_fence(text: str) -> str:
    """Return a text without the marks of a code block around it."""
    match = _FENCE.match(text)
    if match is None:
        return text
    end = text.find("```", match.end())
    return text[match.end() : end if end >= 0 else len(text)]


def _read(text: str, remarks: Remarks) -> list[FoundFunction]:
    if text[0] in "{[" or text[0] == '"':
        return _of_value(read_json(text), remarks)
    if text.startswith("<"):
        raise NotRead(gettext_noop("This looks like HTML or XML, which is not read. Paste JSON."))
    if looks_like_typescript(text):
        return functions_in_typescript(text, remarks)
    if looks_like_python(text):
        return _of_python(text, remarks)
    if _YAML_KEY.search(text):
        return _of_yaml(read_yaml(text), remarks)
    return _of_signature(text, remarks)


def _of_python(text: str, remarks: Remarks) -> list[FoundFunction]:
    tree = parse_python(text)
    found = functions_in_python(tree, remarks) if tree else []
    if not found:
        raise NotRead(
            gettext_noop("This Python defines no function and no class with fields. Paste one.")
        )
    return found


def _of_signature(text: str, remarks: Remarks) -> list[FoundFunction]:
    """Read a name with parameters in brackets, as either language writes them."""
    tree = parse_python(text)
    if tree is not None:
        return functions_in_python(tree, remarks)
    if re.match(r"[A-Za-z_$][\w$]{0,200}\s{0,10}[(<]", text):
        return functions_in_typescript(text, remarks)
    return []


def _of_value(value: Any, remarks: Remarks) -> list[FoundFunction]:
    """Read what a text of JSON holds."""
    if is_openapi(value):
        return operations_in(value, remarks)
    if found := tools_in(value, remarks):
        return found
    if isinstance(value, dict) and _is_operation(value):
        raise NotRead(
            gettext_noop(
                "This is a part of an OpenAPI document. Paste all of it, so that its references"
                " can be read."
            )
        )
    if is_json_schema(value):
        return [from_schema(value, remarks)]
    if are_properties(value):
        return [FoundFunction("", parameters=object_schema(value, []))]
    function = from_example(value, remarks)
    if function is None:
        raise NotRead(
            gettext_noop(
                "This JSON is no object. Paste a tool, a JSON Schema or an example in { }."
            )
        )
    return [function]


def _of_yaml(value: Any, remarks: Remarks) -> list[FoundFunction]:
    """Read YAML, which almost any text is: only what is recognised, no example of data."""
    if not isinstance(value, dict | list):
        return []
    if is_openapi(value) or is_json_schema(value) or tools_in(value, Remarks()):
        return _of_value(value, remarks)
    raise NotRead(
        gettext_noop(
            "This looks like YAML, but not like an OpenAPI document, a tool or a JSON Schema. Write"
            " an example of the data as JSON."
        )
    )


def _is_operation(value: dict[str, Any]) -> bool:
    has_responses = isinstance(value.get("responses"), dict) and "parameters" in value
    nested = any(
        isinstance(value.get(method), dict) and "responses" in value[method]
        for method in HTTP_METHODS
    )
    return (
        has_responses
        or nested
        or any(key.startswith("/") and isinstance(item, dict) for key, item in value.items())
    )
