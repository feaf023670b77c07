"""A difference, prepared for a page: labels, folded stretches, marked words, tools by name."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistants.definition import SHOWN, quotable
from assistants.diff import FieldChange, ItemChange, PartChange, Piece, count_words
from assistants.wording.labels import (
    field_label,
    more_fields,
    resource_label,
    tool_title,
    value_text,
)
from assistants.wording.room import Room

CONTEXT = 2
"""Unchanged lines shown around a change; longer stretches fold."""

KIND_LABELS = {
    "added": gettext_lazy("Added"),
    "removed": gettext_lazy("Removed"),
    "changed": gettext_lazy("Changed"),
    "moved": gettext_lazy("Moved"),
}
_EMPTY = SafeString("")
KIND_TONES = {"added": "good", "removed": "danger", "changed": "info", "moved": ""}
PART_LABELS = {
    "description": gettext_lazy("Description"),
    "name": gettext_lazy("Name"),
    "strict": gettext_lazy("Strict"),
    "parameters": gettext_lazy("Parameters"),
    "required": gettext_lazy("required"),
    "type": gettext_lazy("type"),
    "max_num_results": gettext_lazy("Results at most"),
    "ranking_options": gettext_lazy("Ranking"),
    "score_threshold": gettext_lazy("lowest score"),
    "schema": gettext_lazy("Schema"),
}


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines of a compared text: either all unchanged (`folded` when many), or a change.

    `html` marks both sides in one text; `old` and `new` are the sides by themselves.
    """

    html: SafeString
    old: SafeString
    new: SafeString
    changed: bool
    folded: int = 0
    """How many lines are folded away; 0 when they are shown."""


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One value: before and after, or a text with its words marked."""

    label: str
    old: str = ""
    new: str = ""
    html: SafeString = _EMPTY


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
    content: str = ""
    """JSON of what was added or removed as a whole."""


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
    moved: bool = False
    is_more: bool = False
    """Whether it represents fields that are not shown; its label says how many."""
    is_cut: bool = False
    """Whether only the beginning of something is shown."""

    @property
    def anchor(self) -> str:
        """What it is called in an address; the name of a field may be of any length."""
        return quotable(self.field)


def show_changes(changes: Iterable[FieldChange]) -> list[ShownChange]:
    """Prepare what `diff.compare` found; the order of the fields is kept."""
    room = Room()
    return [_show(change, room) for change in changes]


def _show(change: FieldChange, room: Room) -> ShownChange:
    if change.kind == "more":
        return ShownChange("", more_fields(change.new), is_more=True)
    before, room.is_cut = room.is_cut, False
    shown = replace(_prepare(change, room), is_cut=room.is_cut)
    room.is_cut = room.is_cut or before
    return shown


def _prepare(change: FieldChange, room: Room) -> ShownChange:
    label = field_label(change.field)
    if change.pieces:
        added, removed = count_words(change.pieces)
        blocks = tuple(show_text(change.pieces))
        return ShownChange(change.field, label, added, removed, blocks)
    few = len(change.items) <= SHOWN.entries
    if change.moved or (change.items and few):
        items = tuple(_item(change.field, item, room) for item in room.few(change.items))
        return ShownChange(change.field, label, items=items, moved=change.moved)
    old, new = (_value(change.field, side, room) for side in (change.old, change.new))
    return ShownChange(change.field, label, old=old, new=new)


def _value(field: str, value: Any, room: Room) -> str:
    if isinstance(value, dict | list) and field != "response_format":
        return room.json(value)
    return room.text(value_text(field, value))


def _item(field: str, item: ItemChange, room: Room) -> ShownItem:
    titles = {"tools": tool_title, "response_format": field_label}
    either = item.old if item.new is None else item.new
    is_object = isinstance(either, dict)
    in_full = is_object and item.kind in ("added", "removed") and not item.parts
    return ShownItem(
        title=titles.get(field, resource_label)(item.key),
        kind=item.kind,
        label=str(KIND_LABELS[item.kind]),
        tone=KIND_TONES[item.kind],
        parts=tuple(_parts(item, room)),
        whole=not item.parts and not is_object and item.kind != "moved",
        old=room.text(value_text(field, item.old)),
        new=room.text(value_text(field, item.new)),
        content=room.json(either) if in_full else "",
    )


def _parts(item: ItemChange, room: Room) -> Iterator[ShownPart]:
    """What changed inside; where that is too much to list, the whole before and after."""
    if len(item.parts) > SHOWN.entries:
        yield ShownPart(_("All of it"), room.json(item.old), room.json(item.new))
        return
    for part in item.parts:
        yield _part(part, room)


def _part(part: PartChange, room: Room) -> ShownPart:
    steps = [str(PART_LABELS.get(step, step)) for step in part.path.split(".")]
    label = room.text(" › ".join(steps))
    if part.pieces:
        return ShownPart(label, html=mark_safe("".join(map(mark, part.pieces))))
    return ShownPart(label, _value("", part.old, room), _value("", part.new, room))


def mark(piece: Piece) -> str:
    """Return a piece as HTML, escaped, in `<ins>` or `<del>` where it is one."""
    text = escape(piece.text)
    if piece.op == "=":
        return text
    tag = "ins" if piece.op == "+" else "del"
    return f"<{tag}>{text}</{tag}>"


def show_text(pieces: Sequence[Piece]) -> Iterator[Block]:
    """Cut a compared text into blocks of whole lines: a change, or unchanged lines between two."""
    rows = list(_rows(pieces))
    for index, row in enumerate(rows):
        if len(row) > 1 or row[0].op != "=":
            yield _changed_block(row)
        else:
            yield from _unchanged(row[0].text, first=index == 0, last=index == len(rows) - 1)


def show_original(text: str, *differences: Sequence[Piece]) -> list[Block]:
    """Cut `text`, from which all `differences` start, into blocks: lines that one of them touches
    (`changed`), and what is between them."""
    lines = text.split("\n")
    touched = {line for pieces in differences for line in _touched(pieces)}
    blocks: list[Block] = []
    for is_touched, run in groupby(range(len(lines)), touched.__contains__):
        numbers = list(run)
        first, last = numbers[0], numbers[-1]
        if is_touched:
            blocks.append(replace(_same(lines[first : last + 1]), changed=True))
        else:
            stretch = "\n".join(lines[first : last + 1]) + "\n"
            at_end = last == len(lines) - 1
            blocks.extend(_unchanged(stretch, first=first == 0, last=at_end))
    return blocks


def _touched(pieces: Sequence[Piece]) -> Iterator[int]:
    """Yield the numbers of the old text's lines that a difference takes away, or adds to."""
    line, before = 0, "="
    for piece in pieces:
        end = line + (piece.text.count("\n") if piece.op != "+" else 0)
        if piece.op == "+" and before != "-":
            yield line
        elif piece.op == "-":
            yield from range(line, end if piece.text.endswith("\n") else end + 1)
        line, before = end, piece.op


def _rows(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Cut into rows: a run of untouched lines, or the lines around a change.

    A row with a change ends with the first line end that both sides share, or where both sides
    stand at the beginning of a line.
    """
    row: list[Piece] = []
    last = pieces[-1] if pieces else None
    for piece in pieces:
        if piece.op != "=":
            row.append(piece)
            continue
        if row and _at_line_start(row, "-") and _at_line_start(row, "+"):
            yield row
            row = []
        text = piece.text
        if row:
            end = text.find("\n") + 1
            if not end:
                row.append(piece)
                continue
            yield [*row, Piece("=", text[:end])]
            text = text[end:]
        end = len(text) if piece is last else text.rfind("\n") + 1
        if end:
            yield [Piece("=", text[:end])]
        row = [Piece("=", text[end:])] if text[end:] else []
    if row:
        yield row


def _at_line_start(row: list[Piece], op: str) -> bool:
    """Return whether one side of a row ("-" is the old one) ends with a line end, or is empty."""
    text = next((piece.text for piece in reversed(row) if piece.op in ("=", op)), "\n")
    return text.endswith("\n")


def _changed_block(row: list[Piece]) -> Block:
    return Block(
        html=_html(row),
        old=_html([piece for piece in row if piece.op != "+"]),
        new=_html([piece for piece in row if piece.op != "-"]),
        changed=True,
    )


def _html(row: list[Piece]) -> SafeString:
    """Mark the pieces of a row; the last line end is left out, since a block ends there anyway."""
    *first, last = row or [Piece("=", "")]
    shown = Piece(last.op, last.text.removesuffix("\n") or last.text)
    return mark_safe("".join(map(mark, [*first, shown])))


def _unchanged(text: str, *, first: bool, last: bool) -> Iterator[Block]:
    lines = text.removesuffix("\n").split("\n")
    head, tail = (0 if first else CONTEXT), (0 if last else CONTEXT)
    if len(lines) <= head + tail + 1:
        yield _same(lines)
        return
    if head:
        yield _same(lines[:head])
    yield _same(lines[head : len(lines) - tail], folded=len(lines) - head - tail)
    if tail:
        yield _same(lines[-tail:])


def _same(lines: list[str], folded: int = 0) -> Block:
    html = mark_safe(escape("\n".join(lines)))
    return Block(html, html, html, changed=False, folded=folded)
