"""Prepares what changed inside a tool, a schema or another object; by parameter in a schema."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistants.definition import PAGE_LIMITS
from assistants.diff import ItemChange, PartChange
from assistants.wording.definition.parameters import Parameter, is_schema, show_parameters
from assistants.wording.definition.room import Room
from assistants.wording.labels import value_text
from assistants.wording.marks import all_marked
from assistants.wording.texts.blocks import show_pieces

_EMPTY = SafeString("")
CHANGE_LABELS = {
    "added": gettext_lazy("Added"),
    "removed": gettext_lazy("Removed"),
    "changed": gettext_lazy("Changed"),
    "moved": gettext_lazy("Moved"),
    "renamed": gettext_lazy("Renamed"),
}
CHANGE_TONES = {
    "added": "good",
    "removed": "danger",
    "changed": "info",
    "moved": "",
    "renamed": "info",
}
PART_LABELS = {
    "description": gettext_lazy("Description"),
    "name": gettext_lazy("Name"),
    "strict": gettext_lazy("Strict"),
    "parameters": gettext_lazy("Parameters"),
    "required": gettext_lazy("required"),
    "type": gettext_lazy("type"),
    "max_num_results": gettext_lazy("Maximum results"),
    "ranking_options": gettext_lazy("Ranking"),
    "score_threshold": gettext_lazy("lowest score"),
    "schema": gettext_lazy("Schema"),
}
SETTINGS = {
    "type": gettext_lazy("Type"),
    "description": gettext_lazy("Description"),
    "enum": gettext_lazy("Allowed values"),
    "required": gettext_lazy("Required"),
    "default": gettext_lazy("Default"),
    "items": gettext_lazy("Entries"),
    "additionalProperties": gettext_lazy("Other names"),
}
"""What a schema says of a parameter, where it has a word here."""
SCHEMA_PARTS = ("parameters", "schema")
"""Parts that are JSON schemas, with everything inside."""
SCHEMA_VALUES = ("default", "const", "example", "examples", "enum", "required")
"""Parts of a schema that are never schemas, even if they look like one."""


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One value: before and after, or a text with its words marked.

    Inside a schema, `name` is the parameter, and `what` the part of it that changed.
    """

    label: str
    name: str = ""
    what: str = ""
    old: str = ""
    new: str = ""
    html: SafeString = _EMPTY
    parameters: tuple[Parameter, ...] = ()
    """Of a schema that was added or removed as a whole; `old` or `new` is its JSON."""
    change: str = ""
    tone: str = ""
    """Whether that schema was added or removed, in a word, and its tone."""


def value_of(field: str, value: Any, room: Room) -> str:
    if isinstance(value, dict | list) and field != "response_format":
        return room.json(value)
    return room.text(value_text(field, value))


def show_parts(item: ItemChange, room: Room) -> Iterator[ShownPart]:
    """What changed inside; where that is too much to list, the whole before and after."""
    if len(item.parts) > PAGE_LIMITS.entries:
        yield ShownPart(_("All of it"), room.json(item.old), room.json(item.new))
        return
    for part in item.parts:
        yield from _required_names(part, room) or [_part(part, room)]


def _part(part: PartChange, room: Room) -> ShownPart:
    steps = [str(PART_LABELS.get(step, step)) for step in part.path.split(".")]
    name, what = _parameter_of(part, room)
    shown = ShownPart(room.text(" › ".join(steps)), name, what)
    if part.pieces:
        return replace(shown, html=show_pieces(part.pieces))
    old, new = (_in_schema(side, room, name) for side in (part.old, part.new))
    shown = replace(shown, old=old, new=new)
    if rows := _rows(part, room):
        kind = "added" if part.old is None else "removed"
        change, tone = str(CHANGE_LABELS[kind]), CHANGE_TONES[kind]
        return replace(shown, parameters=rows, change=change, tone=tone)
    return shown


def _rows(part: PartChange, room: Room) -> tuple[Parameter, ...]:
    """Return the rows of a schema that came or went as a whole; none for anything else."""
    first, *steps = part.path.split(".")
    schema = part.new if part.old is None else part.old
    if first not in SCHEMA_PARTS or (part.old is not None and part.new is not None):
        return ()
    if not steps:
        return show_parameters(schema, room, all_marked)
    if steps[-1] in SCHEMA_VALUES or not is_schema(schema):
        return ()
    return show_parameters({"properties": {steps[-1]: schema}}, room, all_marked)


def _parameter_of(part: PartChange, room: Room) -> tuple[str, str]:
    """Return the parameter that a part belongs to, and what of it the part is; both are empty
    outside of a schema."""
    first, *steps = part.path.split(".")
    if first not in SCHEMA_PARTS or not steps:
        return "", ""
    *above, last = steps
    value = part.old if part.new is None else part.new
    came_or_went = part.old is None or part.new is None
    if last not in SCHEMA_VALUES and is_schema(value) and (came_or_went or last not in SETTINGS):
        return room.text(" › ".join(steps)), " "
    return room.text(" › ".join(above)) or _("All parameters"), str(SETTINGS.get(last, last))


def _required_names(part: PartChange, room: Room) -> list[ShownPart]:
    """Return a change of `required` by the names in it; empty for anything else."""
    first, *steps = part.path.split(".")
    lists = isinstance(part.old, list | None) and isinstance(part.new, list | None)
    if first not in SCHEMA_PARTS or steps[-1:] != ["required"] or not lists:
        return []
    old, new = part.old or [], part.new or []
    names = [
        name for name in dict.fromkeys(map(str, (*old, *new))) if (name in old) != (name in new)
    ]
    if len(names) > PAGE_LIMITS.entries or not all(isinstance(name, str) for name in (*old, *new)):
        return []
    yes, no = _("yes"), _("no")
    found = []
    for name in names:
        path = room.text(" › ".join((*steps[:-1], name)))
        old_, new_ = (no, yes) if name in new else (yes, no)
        label = f"{path} › {SETTINGS['required']}"
        found.append(ShownPart(label, path, str(SETTINGS["required"]), old_, new_))
    return found


def _in_schema(value: Any, room: Room, name: str) -> str:
    """As `value_of`, but a list of short texts inside a schema in one line."""
    values = value if name and isinstance(value, list) else []
    if values and all(isinstance(part, str) and "," not in part for part in values):
        return room.text(", ".join(values))
    return value_of("", value, room)
