"""A whole definition, prepared to be read: texts, tools by name with their parameters, pairs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assistants.definition import Definition
from assistants.diff import tool_label as kind_and_name
from assistants.wording.difference import pretty
from assistants.wording.labels import (
    TOOL_ICONS,
    field_label,
    resource_label,
    tool_title,
    value_text,
)

SETTINGS = ("model", "temperature", "top_p", "response_format", "reasoning_effort")


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class ShownTool:
    icon: str
    title: str
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    json: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """A definition as a page shows it; what is not set is left out, except among the settings."""

    name: str
    description: str
    instructions: str
    settings: tuple[tuple[str, str], ...]
    tools: tuple[ShownTool, ...]
    knowledge: tuple[tuple[str, tuple[str, ...]], ...]
    metadata: tuple[tuple[str, str], ...]
    schema: str = ""
    """The JSON schema that answers follow."""
    others: tuple[tuple[str, str], ...] = ()
    """Fields that we do not know, as JSON."""


def show_contents(definition: Definition) -> Contents:
    """Prepare a definition for a page; it may hold any JSON, right or wrong."""
    tools = definition.value("tools")
    metadata = definition.value("metadata")
    return Contents(
        name=_text(definition.value("name")),
        description=_text(definition.value("description")),
        instructions=_text(definition.value("instructions")),
        settings=tuple(
            (field_label(field), value_text(field, definition.value(field))) for field in SETTINGS
        ),
        tools=tuple(map(_tool, tools if isinstance(tools, list) else [tools])),
        knowledge=tuple(_knowledge(definition.value("tool_resources"))),
        metadata=tuple((key, _text(value)) for key, value in sorted(metadata.items()))
        if isinstance(metadata, dict)
        else (("", _text(metadata)),),
        schema=_schema(definition.value("response_format")),
        others=tuple(
            (field, pretty(definition.value(field)))
            for field in definition.fields()
            if field not in KNOWN
        ),
    )


KNOWN = (*SETTINGS, "name", "description", "instructions", "tools", "tool_resources", "metadata")


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else pretty(value)


def _tool(tool: Any) -> ShownTool:
    kind, name = kind_and_name(tool)
    icon = TOOL_ICONS.get(kind, "wrench")
    content = tool.get(kind) if isinstance(tool, dict) else None
    if kind == "function" and isinstance(content, dict):
        return ShownTool(
            icon,
            name,
            description=_text(content.get("description")),
            parameters=tuple(_parameters(content.get("parameters"))),
            options=((_("Strict"), _("yes")),) if content.get("strict") is True else (),
            json=pretty(content.get("parameters")) if content.get("parameters") else "",
        )
    if kind == "file_search":
        return ShownTool(icon, tool_title(kind), options=tuple(_search_options(content)))
    if kind == "code_interpreter":
        return ShownTool(icon, tool_title(kind))
    return ShownTool(icon, tool_title(name), json=pretty(tool))


def _parameters(schema: Any) -> Iterator[Parameter]:
    properties = schema.get("properties") if isinstance(schema, dict) else None
    if not isinstance(properties, dict):
        return
    required = schema.get("required")
    for name, found in properties.items():
        rules = found if isinstance(found, dict) else {}
        yield Parameter(
            name=str(name),
            kind=_kind(rules),
            required=isinstance(required, list) and name in required,
            description=_text(rules.get("description")),
        )


def _kind(rules: dict[str, Any]) -> str:
    values = rules.get("enum")
    if isinstance(values, list):
        return _("one of: %(values)s") % {"values": ", ".join(map(str, values))}
    kind = rules.get("type")
    return ", ".join(map(str, kind)) if isinstance(kind, list) else str(kind or "")


def _search_options(options: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(options, dict):
        return
    if options.get("max_num_results") is not None:
        yield _("Results at most"), str(options["max_num_results"])
    ranking = options.get("ranking_options")
    if isinstance(ranking, dict):
        if ranking.get("ranker") is not None:
            yield _("Ranker"), str(ranking["ranker"])
        if ranking.get("score_threshold") is not None:
            yield _("Lowest score"), str(ranking["score_threshold"])


def _knowledge(resources: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not isinstance(resources, dict):
        return
    for kind, section in resources.items():
        if not isinstance(section, dict):
            yield kind, (_text(section),)
            continue
        for name, ids in section.items():
            values = ids if isinstance(ids, list) else [ids]
            yield resource_label(f"{kind}.{name}"), tuple(map(_text, values))


def _schema(value: Any) -> str:
    schema = value.get("json_schema") if isinstance(value, dict) else None
    return pretty(schema) if isinstance(schema, dict) else ""
