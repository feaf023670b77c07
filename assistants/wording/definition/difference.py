"""Prepares a difference for a page: labels, marked words, tools by name, invisible characters."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from assistants.definition import PAGE_LIMITS, quotable
from assistants.diff import FieldChange, ItemChange, count_words, unseen_in
from assistants.wording.definition.parameters import show_parameters
from assistants.wording.definition.parts import (
    CHANGE_LABELS,
    CHANGE_TONES,
    ShownPart,
    show_parts,
    value_of,
)
from assistants.wording.definition.room import Room
from assistants.wording.definition.tools import ShownTool, show_tool
from assistants.wording.labels import (
    field_label,
    more_fields,
    resource_label,
    tool_title,
    value_text,
)
from assistants.wording.marks import all_marked, came_and_went
from assistants.wording.texts.blocks import Block, show_text
from assistants.wording.texts.opening import opening


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One tool, metadata pair or list of ids: what happened to it, and to what inside it."""

    title: str
    kind: str
    label: str
    tone: str
    parts: tuple[ShownPart, ...] = ()
    whole: bool = False
    """Whether `old` and `new` say it all: a metadata pair."""
    old: str = ""
    new: str = ""
    tool: ShownTool | None = None
    """A tool that was added or removed, as it is read."""
    content: str = ""
    """JSON of anything else that was added or removed as a whole."""
    former: str = ""
    """The name that it had before it was renamed."""

    @property
    def plain_parts(self) -> list[ShownPart]:
        """The parts that are not inside a schema."""
        return [part for part in self.parts if not part.name]

    @property
    def parameters(self) -> list[tuple[str, list[ShownPart]]]:
        """The parts inside a schema, by the parameter."""
        groups: dict[str, list[ShownPart]] = {}
        for part in self.parts:
            if part.name:
                groups.setdefault(part.name, []).append(part)
        return list(groups.items())


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One changed field as a page shows it: as `blocks`, as `items`, or `old` and `new`."""

    field: str
    label: str
    added: int = 0
    removed: int = 0
    blocks: tuple[Block, ...] = ()
    items: tuple[ShownItem, ...] = ()
    old: str = ""
    new: str = ""
    part: int = 100
    """The percentage of a text's difference that `blocks` show."""
    moved: bool = False
    is_more: bool = False
    """Whether it represents fields that are not shown; its label says how many."""
    is_cut: bool = False
    """Whether only the beginning of something is shown."""
    advice: tuple[str, ...] = ()
    """Advice about it before it is published."""
    unseen: tuple[str, ...] = ()
    """The invisible characters that were added or removed, each in a few words."""

    @property
    def has_lines(self) -> bool:
        """Whether its text has several lines, which numbers tell apart."""
        return len(self.blocks) > 1 or any("\n" in block.html for block in self.blocks)

    @property
    def count(self) -> int:
        """How many changes it is: places in a text, tools or pairs, or one value."""
        places = sum(block.changed for block in self.blocks)
        return places or len(self.items) + self.moved or 1

    @property
    def anchor(self) -> str:
        """Its name in an address; the name of a field may be of any length."""
        return quotable(self.field)


def show_changes(changes: Iterable[FieldChange], *, in_full: bool = True) -> list[ShownChange]:
    """Prepare what `diff.compare` found; the order of the fields is kept.

    Unless `in_full`, of a long difference between two texts only the beginning is prepared.
    """
    room = Room(in_full=in_full)
    return [_show(change, room) for change in changes]


def _show(change: FieldChange, room: Room) -> ShownChange:
    if change.kind == "more":
        left = _("possibly others") if change.new is None else more_fields(change.new)
        return ShownChange("", left, is_more=True)
    before, room.is_cut = room.is_cut, change.is_cut
    unseen = tuple(came_and_went(unseen_in(change)))
    shown = replace(_prepare(change, room), is_cut=room.is_cut, unseen=unseen)
    room.is_cut = room.is_cut or before
    return shown


def _prepare(change: FieldChange, room: Room) -> ShownChange:
    label = field_label(change.field)
    if change.pieces:
        added, removed = count_words(change.pieces)
        pieces, part = (change.pieces, 100) if room.in_full else opening(change.pieces)
        blocks = tuple(show_text(pieces, most_folded=room.folded))
        return ShownChange(change.field, label, added, removed, blocks, part=part)
    few = len(change.items) <= PAGE_LIMITS.entries
    if change.moved or (change.items and few):
        items = tuple(_item(change.field, item, room) for item in room.few(change.items))
        return ShownChange(change.field, label, items=items, moved=change.moved)
    if change.field == "response_format" and (items := _answers(change, room)):
        return ShownChange(change.field, label, items=items)
    old, new = (value_of(change.field, side, room) for side in (change.old, change.new))
    return ShownChange(change.field, label, old=old, new=new)


def _item(field: str, item: ItemChange, room: Room) -> ShownItem:
    titles = {"tools": tool_title, "response_format": field_label}
    either = item.old if item.new is None else item.new
    is_object = isinstance(either, dict)
    in_full = is_object and item.kind in ("added", "removed") and not item.parts
    is_tool = field == "tools" and in_full
    return ShownItem(
        title=titles.get(field, resource_label)(item.key),
        kind=item.kind,
        label=str(CHANGE_LABELS[item.kind]),
        tone=CHANGE_TONES[item.kind],
        parts=tuple(show_parts(item, room)),
        whole=not item.parts and not is_object and item.kind != "moved",
        old=room.text(value_text(field, item.old)),
        new=room.text(value_text(field, item.new)),
        tool=show_tool(either, room, all_marked) if is_tool else None,
        content=room.json(either) if in_full and not is_tool else "",
        former=tool_title(item.former) if item.former else "",
    )


def _answers(change: FieldChange, room: Room) -> tuple[ShownItem, ...]:
    """Return a response format whose schema came or went, with the schema as it is read."""
    old, new = map(_schema_of, (change.old, change.new))
    schema = new or old
    if schema is None or (old and new):
        return ()
    text = room.value(schema.get("description"))
    rows = show_parameters(schema.get("schema"), room, all_marked)
    kind = "removed" if new is None else "added"
    return (
        ShownItem(
            title=_("Schema"),
            kind=kind,
            label=str(CHANGE_LABELS[kind]),
            tone=CHANGE_TONES[kind],
            whole=True,
            old=value_of(change.field, change.old, room),
            new=value_of(change.field, change.new, room),
            tool=ShownTool("", "", all_marked(text), rows, json=all_marked(room.json(schema))),
        ),
    )


def _schema_of(value: Any) -> dict[str, Any] | None:
    found = value.get("json_schema") if isinstance(value, dict) else None
    return found if isinstance(found, dict) else None
