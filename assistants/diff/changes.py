"""What differs between two definitions, field by field and inside tools by name."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from time import thread_time
from typing import Any, Literal

from assistants.definition import (
    FIELD_NAMES,
    LIMITS,
    PAGE_LIMITS,
    PROSE,
    REST,
    Definition,
    DefinitionExcerpt,
    changed_fields,
    excerpt,
    same_value,
    shared,
)
from assistants.definition.value import canonical
from assistants.diff.matching import longest_rising
from assistants.diff.renamed import ToolKey, find_renamed, without_name
from assistants.diff.words import Piece, replaced, word_diff

_WRAPPERS = frozenset({"function", "file_search", "json_schema"})
_MANY = 1000
"""Entries of a field up to which they are compared one by one; our limits allow fewer."""
_NOTHING = Definition.parse({})

Diff = Callable[[str, str], tuple[Piece, ...]]
ChangeKind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class PartChange:
    """A change inside an item; `path` such as "description" or "parameters.city.type".

    `old` or `new` is None where the part is absent. `pieces` are there when both are texts.
    """

    path: str
    old: Any
    new: Any
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemChange:
    """A change to one tool, one metadata pair, one list of resources, or one inner object.

    `key` is the tool's name (its type if it has none), the metadata key, or the path of the
    list. An item that only took another place in the order is "moved". One that got another name
    is "renamed", from `former`; its parts say what else changed inside.
    """

    key: str
    kind: Literal["added", "removed", "changed", "moved", "renamed"]
    old: Any
    new: Any
    parts: tuple[PartChange, ...] = ()
    former: str = ""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A change to one field; `old` or `new` is None where the field is not set.

    The kind "more" ends a list that is cut: `new` is how many fields it leaves out, None where that
    takes reading all of them. With `is_cut`, `old` and `new` may be beginnings (`glance`).

    `pieces` compare texts, `items` say what changed inside tools, metadata, resources and other
    objects. `moved` is true when tools that stayed are in another order.
    """

    field: str
    kind: Literal["added", "removed", "changed", "more"]
    old: Any
    new: Any
    pieces: tuple[Piece, ...] = ()
    items: tuple[ItemChange, ...] = ()
    moved: bool = False
    is_cut: bool = False


def compare_definitions(
    old: Definition | None, new: Definition, *, budget: float = 0.3
) -> list[FieldChange]:
    """List the changed fields in display order; without `old`, every field of `new` as added.

    At most `SHOWN.fields`, then how many more there are.

    `budget` is the processor time in seconds for comparing all texts, as in `word_diff`.
    """
    old = old or _NOTHING
    before, after = old.content(), new.content()
    diff = _within(budget)
    names = changed_fields(old, new)
    changes = [
        _compare_field(field, before.get(field), after.get(field), diff)
        for field in names[: PAGE_LIMITS.fields]
    ]
    if left := len(names) - len(changes):
        changes.append(FieldChange("", "more", None, left))
    return changes


def glance(old: Definition | None, new: Definition, *, budget: float = 0.3) -> list[FieldChange]:
    """As `compare_definitions`, for a page: reads only the beginning of values far over the limits.

    Whether such a value differs, its digest says: one with its keys in another order counts.
    """
    old = old or _NOTHING
    before, after = excerpt(old), excerpt(new)
    if not before.is_cut and not after.is_cut:
        return compare_definitions(old, new, budget=budget)
    diff, cut = _within(budget), before.cut | after.cut
    changes: list[FieldChange] = []
    for field in _readable(before, after, shared(old, new)):
        one, two = before.values.get(field), after.values.get(field)
        if field in cut and (field in FIELD_NAMES or not same_value(one, two)):
            changes.append(FieldChange(field, _kind(one, two), one, two, is_cut=True))
        elif not same_value(one, two):
            changes.append(_compare_field(field, one, two, diff))
    left = len(changes) - PAGE_LIMITS.fields
    is_open = REST not in shared(old, new) and (before.has_more or after.has_more)
    if is_open or left > 0:
        more = FieldChange("", "more", None, None if is_open else left)
        changes[PAGE_LIMITS.fields :] = [more]
    return changes


def _readable(before: DefinitionExcerpt, after: DefinitionExcerpt, same: set[str]) -> Iterator[str]:
    """Yield the fields that both excerpts tell something about; `same` are known to be equal."""
    for field in FIELD_NAMES:
        if field not in same and (field in before.values or field in after.values):
            yield field
    if REST not in same:
        ends = [max(side.unknown, default="") for side in (before, after) if side.has_more]
        for field in sorted({*before.unknown, *after.unknown} - same):
            if all(field <= end for end in ends):
                yield field


def _within(budget: float) -> Diff:
    deadline = thread_time() + budget

    def diff(old: str, new: str) -> tuple[Piece, ...]:
        if len(old) + len(new) > LIMITS.size:  # a foreign text; cutting it into words takes long
            return ()
        left = deadline - thread_time()
        return tuple(word_diff(old, new, budget=left) if left > 0 else replaced(old, new))

    return diff


def _compare_field(field: str, old: Any, new: Any, diff: Diff) -> FieldChange:
    kind = _kind(old, new)
    lists = field in ("tools", "metadata", "tool_resources")
    if lists and _size(old) + _size(new) > _MANY:
        pass
    elif field == "tools" and _both(list, old, new):
        items, moved = _compare_tools(old or [], new or [], diff)
        return FieldChange(field, kind, old, new, items=tuple(items), moved=moved)
    elif field in PROSE and _both(str, old, new):
        return FieldChange(field, kind, old, new, pieces=diff(old or "", new or ""))
    elif field == "metadata" and _both(dict, old, new):
        return FieldChange(field, kind, old, new, items=tuple(_compare_keys(old or {}, new or {})))
    elif field == "tool_resources" and _both(dict, old, new):
        found = _compare_keys(_lists(old or {}), _lists(new or {}))
        return FieldChange(field, kind, old, new, items=tuple(map(_with_entries, found)))
    elif isinstance(old, dict) and isinstance(new, dict):
        item = ItemChange(field, "changed", old, new, tuple(islice(_parts(old, new, diff), _MANY)))
        return FieldChange(field, kind, old, new, items=(item,))
    return FieldChange(field, kind, old, new)


def _size(value: Any) -> int:
    return len(value) if isinstance(value, list | dict) else 0


def _kind(old: Any, new: Any) -> ChangeKind:
    if old is None:
        return "added"
    return "removed" if new is None else "changed"


def _both(kind: type, old: Any, new: Any) -> bool:
    return isinstance(old, kind | None) and isinstance(new, kind | None)


def _compare_keys(old: dict[str, Any], new: dict[str, Any]) -> Iterator[ItemChange]:
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key), new.get(key)
        if not same_value(before, after):
            yield ItemChange(key, _kind(before, after), before, after)


def _lists(resources: dict[str, Any]) -> dict[str, Any]:
    """The resources by path: {"code_interpreter.file_ids": [...]}."""
    flat: dict[str, Any] = {}
    for key, section in resources.items():
        if isinstance(section, dict):
            flat |= {f"{key}.{name}": value for name, value in section.items()}
        else:
            flat[key] = section
    return flat


def _with_entries(item: ItemChange) -> ItemChange:
    """Name the ids that were added to and removed from a list of resources."""
    if not _both(list, item.old, item.new):
        return item
    old, new = item.old or [], item.new or []
    before, after = set(map(canonical, old)), set(map(canonical, new))
    removed = [
        PartChange(str(entry), entry, None) for entry in old if canonical(entry) not in after
    ]
    added = [PartChange(str(entry), None, entry) for entry in new if canonical(entry) not in before]
    return ItemChange(item.key, item.kind, item.old, item.new, (*removed, *added))


def _compare_tools(old: list[Any], new: list[Any], diff: Diff) -> tuple[list[ItemChange], bool]:
    before, after = _by_name(old), _by_name(new)
    former = {key: key for key in after if key in before} | find_renamed(before, after)
    places = {key: place for place, key in enumerate(before)}
    kept = [(place, places[former[key]]) for place, key in enumerate(after) if key in former]
    in_order = {place for place, _ in longest_rising(kept)} if kept else set()
    items: list[ItemChange] = []
    for place, (key, tool) in enumerate(after.items()):
        was = former.get(key)
        if was is None:
            items.append(ItemChange(key[1], "added", None, tool))
        elif was != key:
            parts = tuple(
                islice(_parts(without_name(before[was]), without_name(tool), diff), _MANY)
            )
            items.append(ItemChange(key[1], "renamed", before[was], tool, parts, former=was[1]))
        elif not same_value(before[key], tool):
            parts = tuple(islice(_parts(before[key], tool, diff), _MANY))
            items.append(ItemChange(key[1], "changed", before[key], tool, parts))
        elif place not in in_order:
            items.append(ItemChange(key[1], "moved", before[key], tool))
    gone = before.keys() - former.values()
    items += [ItemChange(key[1], "removed", before[key], None) for key in before if key in gone]
    return items, len(in_order) < len(kept)


def _by_name(tools: list[Any]) -> dict[ToolKey, Any]:
    """The tools by type, name, and a count that tells apart those that share both."""
    seen: Counter[tuple[str, str]] = Counter()
    named: dict[ToolKey, Any] = {}
    for tool in tools:
        kind, name = tool_type_and_name(tool)
        seen[kind, name] += 1
        named[kind, name, seen[kind, name]] = tool
    return named


def tool_type_and_name(tool: Any) -> tuple[str, str]:
    """A tool's type and the name to show for it; the type again where it has no name."""
    tool = tool if isinstance(tool, dict) else {}
    kind = str(tool.get("type", "?"))
    inner = tool.get(kind)
    name = inner.get("name") if isinstance(inner, dict) else None
    return kind, name if isinstance(name, str) and name else kind


def _parts(
    old: Any, new: Any, diff: Diff, path: tuple[str, ...] = (), *, properties: bool = False
) -> Iterator[PartChange]:
    """Compare two JSON values down to what differs.

    The paths leave out what only wraps: {"function": …} around a tool's content, and "properties"
    in a JSON Schema, unless it is itself the name of a property.
    """
    if not (isinstance(old, dict) and isinstance(new, dict)):
        texts = isinstance(old, str) and isinstance(new, str)
        yield PartChange(".".join(path), old, new, diff(old, new) if texts else ())
        return
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key), new.get(key)
        if (key in old) == (key in new) and same_value(before, after):
            continue
        inner = key == "properties" and not properties
        wraps = (inner or (key in _WRAPPERS and not path)) and _both(dict, before, after)
        if wraps:
            yield from _parts(before or {}, after or {}, diff, path, properties=inner)
        else:
            yield from _parts(before, after, diff, (*path, key))
