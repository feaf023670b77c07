"""A whole definition, prepared to be read: texts, tools by name with their parameters, pairs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistants.definition import SHOWN, Definition, quotable
from assistants.diff import tool_label as kind_and_name
from assistants.wording.labels import (
    TOOL_ICONS,
    field_label,
    resource_label,
    tool_title,
    value_text,
)
from assistants.wording.room import Room

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
    remarks: tuple[str, ...] = ()
    """What is left out here, where that is so."""


def show_contents(definition: Definition) -> Contents:
    """Prepare a definition for a page; it may hold any JSON, right or wrong, and any amount."""
    content, room = definition.content(), Room()
    text = partial(_text, room)
    tools, metadata = content.get("tools", []), content.get("metadata", {})
    pairs = sorted(metadata.items()) if isinstance(metadata, dict) else [("", metadata)]
    unknown = definition.unknown
    shown = Contents(
        name=text(content.get("name")),
        description=text(content.get("description")),
        instructions=text(content.get("instructions")),
        settings=tuple(
            (field_label(field), room.text(value_text(field, content.get(field))))
            for field in SETTINGS
        ),
        tools=tuple(
            _tool(tool, room) for tool in room.few(tools if isinstance(tools, list) else [tools])
        ),
        knowledge=tuple(room.few(_knowledge(content.get("tool_resources"), room))),
        metadata=tuple((room.text(key), text(value)) for key, value in room.few(pairs)),
        schema=_schema(content.get("response_format"), room),
        others=tuple(
            (quotable(field, SHOWN.name), room.json(content[field]))
            for field in unknown[: SHOWN.fields]
        ),
    )
    return replace(shown, remarks=tuple(_remarks(len(unknown), room)))


def _remarks(unknown: int, room: Room) -> Iterator[str]:
    """Say what a page leaves out of an assistant."""
    if unknown > SHOWN.fields:
        yield unknown_fields(unknown)
    if room.is_cut:
        yield str(CUT)


def unknown_fields(count: int) -> str:
    """Return the sentence about fields that a page does not show, since we do not know them."""
    text = _(
        "This assistant holds %(count)s fields that this dashboard does not know; the first"
        " %(shown)s are shown."
    )
    return text % {"count": f"{count:,}", "shown": SHOWN.fields}


CUT = gettext_lazy("Some of what it holds is too long for a page, so only its beginning is shown.")


def _text(room: Room, value: Any) -> str:
    if value is None:
        return ""
    return room.text(value) if isinstance(value, str) else room.json(value)


def _tool(tool: Any, room: Room) -> ShownTool:
    kind, name = kind_and_name(tool)
    icon = TOOL_ICONS.get(kind, "wrench")
    content = tool.get(kind) if isinstance(tool, dict) else None
    if kind == "function" and isinstance(content, dict):
        return ShownTool(
            icon,
            room.text(name),
            description=_text(room, content.get("description")),
            parameters=tuple(islice(_parameters(content.get("parameters"), room), SHOWN.entries)),
            options=((_("Strict"), _("yes")),) if content.get("strict") is True else (),
            json=room.json(content.get("parameters")) if content.get("parameters") else "",
        )
    if kind == "file_search":
        return ShownTool(icon, tool_title(kind), options=tuple(_search_options(content)))
    if kind == "code_interpreter":
        return ShownTool(icon, tool_title(kind))
    return ShownTool(icon, tool_title(name), json=room.json(tool))


def _parameters(schema: Any, room: Room) -> Iterator[Parameter]:
    properties = schema.get("properties") if isinstance(schema, dict) else None
    if not isinstance(properties, dict):
        return
    required = schema.get("required")
    for name, found in properties.items():
        rules = found if isinstance(found, dict) else {}
        yield Parameter(
            name=room.text(str(name)),
            kind=room.text(_kind(rules)),
            required=isinstance(required, list) and name in required,
            description=_text(room, rules.get("description")),
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


def _knowledge(resources: Any, room: Room) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not isinstance(resources, dict):
        return
    for kind, section in resources.items():
        if not isinstance(section, dict):
            yield resource_label(kind), (_text(room, section),)
            continue
        for name, ids in section.items():
            values = room.few(ids if isinstance(ids, list) else [ids])
            yield resource_label(f"{kind}.{name}"), tuple(_text(room, value) for value in values)


def _schema(value: Any, room: Room) -> str:
    schema = value.get("json_schema") if isinstance(value, dict) else None
    return room.json(schema) if isinstance(schema, dict) else ""
