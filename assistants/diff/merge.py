"""Bring together two definitions that were changed from the same one."""

from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import Any

from assistants.definition import LONG_TEXTS, Definition, changed_fields, same_value
from assistants.diff.changes import tool_type_and_name
from assistants.diff.three_way import join_picks, merge_lines

_NOTHING = Definition.parse({})


@dataclass(frozen=True, slots=True)
class Merge:
    """Two changed definitions brought together, or as much of it as needs no person.

    Each field in which the two sides differ is in exactly one of the four lists, which are in
    display order. A field both sides changed alike is in none.
    """

    definition: Definition
    """What came out; it carries mine in the fields that clash. It may break a limit that each
    side keeps, such as the number of tools."""
    clashes: tuple[str, ...]
    """Both sides changed it, and somebody has to choose."""
    merged: tuple[str, ...]
    """Both sides changed it, and the value holds the changes of both but is that of neither."""
    from_mine: tuple[str, ...]
    """Only I changed it, or my value holds their changes too."""
    from_theirs: tuple[str, ...]
    """Only they changed it, or their value holds my changes too."""


class _Clash(Exception):
    """Both sides changed the same thing in different ways."""


def merge(*, base: Definition | None, mine: Definition, theirs: Definition) -> Merge:
    """Bring the changes that `mine` and `theirs` made to `base` together; None is an empty one.

    - The description and the instructions go by line (`three_way`). Changes between which no
      unchanged line is left clash, and so do two texts where there was none, and the same new line
      put in different places.
    - Metadata goes by key, resources by list, tools by name. What both sides changed inside one
      pair, one list or one tool clashes, and so does a removal with a change.
    - Tools have the order of the side that moved some; if both did, in different ways, they
      clash. A tool that one side added follows the tool it follows there; where both added tools
      in one place, the names decide.
    - Every other field goes as a whole.

    Which side is called mine changes nothing but the field values of a clash. Takes less than half
    a second of processor time for texts of 250,000 characters: lines not compared by then count
    as changed, so that at worst a person is asked.
    """
    base = base or _NOTHING
    differing = changed_fields(theirs, mine)
    taken: dict[str, Any] = {}
    for field in differing:
        sides = base.value(field), mine.value(field), theirs.value(field)
        with suppress(_Clash):
            taken[field] = _merge_field(field, *sides)
    definition = Definition.parse({**mine.to_dict(), **taken})
    not_mine, not_theirs = (set(changed_fields(side, definition)) for side in (mine, theirs))
    return Merge(
        definition,
        clashes=tuple(field for field in differing if field not in taken),
        merged=tuple(field for field in taken if field in not_mine & not_theirs),
        from_mine=tuple(field for field in taken if field not in not_mine),
        from_theirs=tuple(field for field in taken if field not in not_theirs),
    )


def _merge_field(field: str, base: Any, mine: Any, theirs: Any) -> Any:
    try:
        return _choose(base, mine, theirs)
    except _Clash:
        if field not in _COMBINE:
            raise
    kind, combine = _COMBINE[field]
    sides = [kind() if side is None else side for side in (base, mine, theirs)]
    if not all(isinstance(side, kind) for side in sides):
        raise _Clash
    return combine(*sides)


def _choose(base: Any, mine: Any, theirs: Any) -> Any:
    """The value of the side that changed it."""
    if same_value(base, theirs) or same_value(mine, theirs):
        return mine
    if same_value(base, mine):
        return theirs
    raise _Clash


def _merge_keys(
    base: dict[Any, Any], mine: dict[Any, Any], theirs: dict[Any, Any]
) -> dict[Any, Any]:
    """Choose for each key; a key that is missing counts as a value of its own."""
    merged = {}
    for key in dict.fromkeys((*theirs, *mine)):
        found = ([side[key]] if key in side else [] for side in (base, mine, theirs))
        for value in _choose(*found):
            merged[key] = value
    return merged


def _merge_resources(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> dict[str, Any]:
    """Choose for each list in each section; a section without lists is as good as none."""
    merged = {}
    for key in dict.fromkeys((*theirs, *mine)):
        sections = [side.get(key, {}) for side in (base, mine, theirs)]
        whole = not all(isinstance(section, dict) for section in sections)
        merged[key] = (_choose if whole else _merge_keys)(*sections)
    return merged


# Tools: those of one type and name are one thing; a slot is the place of one of them in the order.

_Slot = tuple[str, str, int]


def _merge_tools(base: list[Any], mine: list[Any], theirs: list[Any]) -> list[Any]:
    sides = [_by_label(side) for side in (base, mine, theirs)]
    merged = _merge_keys(*sides)
    kept = {(*label, number) for label, tools in merged.items() for number in range(len(tools))}
    order = _merge_order(_slots(base), _slots(mine), _slots(theirs), kept)
    return [merged[kind, name][number] for kind, name, number in order]


def _by_label(tools: list[Any]) -> dict[tuple[str, str], list[Any]]:
    by_label: dict[tuple[str, str], list[Any]] = {}
    for tool in tools:
        by_label.setdefault(tool_type_and_name(tool), []).append(tool)
    return by_label


def _slots(tools: list[Any]) -> list[_Slot]:
    labels = Counter[tuple[str, str]]()
    slots = []
    for label in map(tool_type_and_name, tools):
        slots.append((*label, labels[label]))
        labels[label] += 1
    return slots


def _merge_order(
    base: list[_Slot], mine: list[_Slot], theirs: list[_Slot], kept: set[_Slot]
) -> list[_Slot]:
    """Order the slots to keep: those on both sides first, the others put between them."""
    shared = kept.intersection(mine, theirs)
    former = shared.intersection(base)
    backbone, other = _only(mine, shared), _only(theirs, shared)
    if backbone != other:
        moved = [_only(side, former) != _only(base, former) for side in (mine, theirs)]
        if moved == [False, True]:
            backbone = other
        elif moved != [True, False]:
            raise _Clash
    followers = [_followers(_only(side, kept), shared) for side in (mine, theirs)]
    order: list[_Slot] = []
    for slot in (None, *backbone):
        order += [slot] if slot else []
        order += chain(*sorted(side.get(slot, []) for side in followers))
    return order


def _only(slots: list[_Slot], wanted: Collection[_Slot]) -> list[_Slot]:
    return [slot for slot in slots if slot in wanted]


def _followers(slots: list[_Slot], shared: Collection[_Slot]) -> dict[_Slot | None, list[_Slot]]:
    """The slots that are not shared, each run of them under the shared slot that it follows."""
    followers: dict[_Slot | None, list[_Slot]] = {}
    last = None
    for slot in slots:
        if slot in shared:
            last = slot
        else:
            followers.setdefault(last, []).append(slot)
    return followers


# Long texts.


def _merge_texts(base: str, mine: str, theirs: str) -> str:
    stretches = merge_lines(base, mine, theirs)
    if any(stretch.is_clash for stretch in stretches):
        raise _Clash
    return join_picks(stretches, [])


_COMBINE: dict[str, tuple[type, Callable[..., Any]]] = {
    **dict.fromkeys(LONG_TEXTS, (str, _merge_texts)),
    "tools": (list, _merge_tools),
    "tool_resources": (dict, _merge_resources),
    "metadata": (dict, _merge_keys),
}
