"""Functions as APIs write them: of OpenAI, Anthropic, the Model Context Protocol, and others."""

from collections.abc import Iterator, Mapping
from typing import Any

from assistants.definition.translation import gettext_noop
from assistants.definition.value import as_dict, as_list
from assistants.definition.whole import whole_format, whole_function
from assistants.importing.found import FoundFunction, Remarks

_LISTS = ("tools", "functions", "function_declarations", "functionDeclarations")
"""Where an assistant, a request or a server's answer lists its functions."""
_FOREIGN_SCHEMAS = ("input_schema", "inputSchema")
_MOST_LEVELS = 4


def tools_in(value: Any, remarks: Remarks) -> list[FoundFunction]:
    """Return the functions that are written as tools in a value; none if it holds no tool."""
    return list(_functions(value, remarks, 0))


def _functions(value: Any, remarks: Remarks, level: int) -> Iterator[FoundFunction]:
    if isinstance(value, list):
        if any(_is_tool(item) or _has_list(item) for item in value):
            for item in value:
                yield from _functions(item, remarks, level + 1) if level < _MOST_LEVELS else ()
    elif (tool := _one(value, remarks)) is not None:
        yield tool
    elif _has_list(value) and level < _MOST_LEVELS:
        for name in _LISTS:
            if isinstance(value.get(name), list):
                yield from _functions(value[name], remarks, level + 1)
    elif isinstance(value, dict) and isinstance(value.get("result"), dict) and level < _MOST_LEVELS:
        yield from _functions(value["result"], remarks, level + 1)
    elif level and isinstance(value, dict):
        kind = value.get("type")
        remarks.add(
            gettext_noop("The tool “%(name)s” is no function and was left out."),
            name=kind if isinstance(kind, str) else "?",
        )


def _has_list(value: Any) -> bool:
    """Return whether an object lists tools, such as a whole assistant."""
    lists = (as_list(value.get(name)) for name in _LISTS) if isinstance(value, dict) else ()
    return any(_is_tool(item) or _has_list(item) for items in lists for item in items)


def _is_tool(value: Any) -> bool:
    return _one(value, Remarks()) is not None


def _one(value: Any, remarks: Remarks) -> FoundFunction | None:
    """Return the function that an object is."""
    if not isinstance(value, dict):
        return None
    spec = value.get("toolSpec")
    if isinstance(spec, dict):
        inner = as_dict(spec.get("inputSchema")).get("json")
        value = {**spec, "inputSchema": inner}
    whole = whole_function(value)
    if whole is not None:
        foreign = any(name in value for name in _FOREIGN_SCHEMAS)
        rest = _told(whole.rest, remarks) if foreign else whole.rest
        return FoundFunction(whole.name, whole.description, whole.schema, whole.strict, rest)
    if (format_ := whole_format(value)) is not None and format_.schema is not None:
        return FoundFunction(format_.name, format_.description, format_.schema, format_.strict)
    return None


def _told(rest: Mapping[str, Any], remarks: Remarks) -> dict[str, Any]:
    """Leave out what only another vendor's tool has, and say so."""
    names = sorted(as_dict(rest.get("function")))
    if names:
        remarks.add(
            gettext_noop("Left out, as an assistant has no place for it: %(names)s."),
            names=", ".join(names),
        )
    return {}
