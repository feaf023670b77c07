"""Prepares a whole definition for a page: texts, tools with their parameters, pairs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistants.definition import (
    DEFINITION_FIELDS,
    PAGE_LIMITS,
    Definition,
    DefinitionExcerpt,
    excerpt,
    quotable,
)
from assistants.wording.definition.room import Room
from assistants.wording.definition.tools import ShownTool, show_tool
from assistants.wording.labels import field_label, resource_label, value_text


@dataclass(frozen=True, slots=True)
class ShownContents:
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
    """What the page leaves out, if anything."""


def show_contents(definition: Definition) -> ShownContents:
    """Prepare a definition for a page; it may hold any JSON, right or wrong, and any amount."""
    found = excerpt(definition)
    content, room = found.values, Room(is_cut=found.is_cut)
    text = room.value
    tools, metadata = content.get("tools", []), content.get("metadata", {})
    pairs = sorted(metadata.items()) if isinstance(metadata, dict) else [("", metadata)]
    unknown = found.unknown
    shown = ShownContents(
        name=text(content.get("name")),
        description=text(content.get("description")),
        instructions=text(content.get("instructions")),
        settings=tuple(
            (field_label(name), room.text(value_text(name, content.get(name))))
            for name, field in DEFINITION_FIELDS.items()
            if field.is_setting
        ),
        tools=tuple(
            show_tool(tool, room)
            for tool in room.few(tools if isinstance(tools, list) else [tools])
        ),
        knowledge=tuple(room.few(_knowledge(content.get("tool_resources"), room))),
        metadata=tuple((room.text(key), text(value)) for key, value in room.few(pairs)),
        schema=_schema(content.get("response_format"), room),
        others=tuple(
            (quotable(field, PAGE_LIMITS.name), room.json(content[field]))
            for field in unknown[: PAGE_LIMITS.fields]
        ),
    )
    return replace(shown, remarks=tuple(remarks(found, room)))


def remarks(found: DefinitionExcerpt, room: Room) -> Iterator[str]:
    """Yield what a page leaves out of an assistant."""
    count = len(found.unknown)
    if count > PAGE_LIMITS.fields and found.has_more:
        text = _(
            "This assistant has at least %(count)s fields that this dashboard does not know. The"
            " first %(shown)s are shown."
        )
        yield text % {"count": f"{count:,}", "shown": PAGE_LIMITS.fields}
    elif count > PAGE_LIMITS.fields:
        text = _(
            "This assistant has %(count)s fields that this dashboard does not know. The first"
            " %(shown)s are shown."
        )
        yield text % {"count": f"{count:,}", "shown": PAGE_LIMITS.fields}
    if room.is_cut:
        yield str(CUT)


CUT = gettext_lazy(
    "Parts of this assistant are too long for a page, so only the beginning is shown."
)


def _knowledge(resources: Any, room: Room) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not isinstance(resources, dict):
        return
    for kind, section in resources.items():
        if not isinstance(section, dict):
            yield resource_label(kind), (room.value(section),)
            continue
        for name, ids in section.items():
            values = room.few(ids if isinstance(ids, list) else [ids])
            yield resource_label(f"{kind}.{name}"), tuple(map(room.value, values))


def _schema(value: Any, room: Room) -> str:
    schema = value.get("json_schema") if isinstance(value, dict) else None
    return room.json(schema) if isinstance(schema, dict) else ""
