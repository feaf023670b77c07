"""A draft at a glance, for the person who decides about it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assistants.diff import FieldChange, Piece
from assistants.wording.definition.difference import ShownChange

MOST_SECTIONS = 8


@dataclass(frozen=True, slots=True)
class DraftGlance:
    """How much a draft changes, and where."""

    text: str
    """The numbers of changes and fields."""
    sections: tuple[str, ...]
    """Headings of the instructions that a change is below."""
    more_sections: int
    added: str
    removed: str
    """Characters, grouped."""


def decision_about(changes: Sequence[FieldChange], shown: Sequence[ShownChange]) -> DraftGlance:
    """Count what a draft changes; `shown` are the same changes as the page shows them."""
    count = sum(change.count for change in shown if not change.is_more)
    fields = sum(change.new or 0 if change.kind == "more" else 1 for change in changes)
    parts = {
        "changes": ngettext("%(count)s change", "%(count)s changes", count)
        % {"count": f"{count:,}"},
        "fields": ngettext("%(count)s field", "%(count)s fields", fields)
        % {"count": f"{fields:,}"},
    }
    sections = tuple(
        dict.fromkeys(
            heading
            for change in shown
            if change.field == "instructions"
            for block in change.blocks
            for heading in block.sections
        )
    )
    sizes = list(_sizes(changes))
    return DraftGlance(
        text=_("%(changes)s in %(fields)s") % parts,
        sections=sections[:MOST_SECTIONS],
        more_sections=len(sections[MOST_SECTIONS:]),
        added=f"{sum(added for added, _removed in sizes):,}",
        removed=f"{sum(removed for _added, removed in sizes):,}",
    )


def _sizes(changes: Iterable[FieldChange]) -> Iterator[tuple[int, int]]:
    """Yield the characters that came and went with each changed text or value."""
    for change in changes:
        if change.pieces:
            yield _of_pieces(change.pieces)
        elif change.items:
            for item in change.items:
                parts: Sequence[Any] = item.parts or (item,)
                for part in parts:
                    pieces = getattr(part, "pieces", ())
                    moved = getattr(part, "kind", "") == "moved"
                    if not moved:
                        yield _of_pieces(pieces) if pieces else (_size(part.new), _size(part.old))
        elif change.kind != "more":
            yield _size(change.new), _size(change.old)


def _of_pieces(pieces: Iterable[Piece]) -> tuple[int, int]:
    lengths = {"+": 0, "-": 0, "=": 0}
    for piece in pieces:
        lengths[piece.op] += len(piece.text)
    return lengths["+"], lengths["-"]


def _size(value: Any) -> int:
    """Return the characters of all texts, names and numbers in a value."""
    match value:
        case None:
            return 0
        case dict():
            return sum(len(key) + _size(inner) for key, inner in value.items())
        case list():
            return sum(map(_size, value))
    return len(str(value))
