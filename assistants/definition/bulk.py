"""What is too much of a definition as a whole: fields we do not know, JSON, values, names."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from assistants.definition.limits import LIMITS
from assistants.definition.value import FIELDS, Definition, as_list, canonical, quotable

Content = Mapping[str, Any]


class Excess(NamedTuple):
    """Something that is over a limit; `{path}` in the message is its place."""

    location: tuple[str | int, ...]
    code: str
    message: str
    params: dict[str, Any]


def excesses(part: Content, whole: Definition, before: Definition | None) -> list[Excess]:
    """List what is too much of `part`, the fields that are judged, and of `whole`.

    With `before`, of which `part` makes `whole`, what was over a limit already may stay so; only
    of fields that we do not know there may not be more and more.
    """
    return [
        *_as_a_whole(part, whole, before),
        *_long_names(part),
        *_large_parts(part),
    ]


def _unknown(content: Content) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name not in FIELDS}


def _unknown_size(content: Content) -> int:
    return len(canonical(unknown)) if (unknown := _unknown(content)) else 0


def _size(content: Content) -> int:
    return len(canonical(dict(content)))


def count_values(content: Any) -> int:
    """Return how many numbers, texts, objects and arrays there are in some JSON."""
    count, left = 0, [content]
    while left:
        value = left.pop()
        count += 1
        if isinstance(value, Mapping):
            left.extend(value.values())
        elif isinstance(value, list):
            left.extend(value)
    return count


class _Measure(NamedTuple):
    of: Callable[[Content], int]
    limit: int
    code: str
    may_not_grow: bool
    message: str
    """`{limit}` and `{actual}` are the numbers."""

    def in_all(self, definition: Definition) -> int:
        if self.of is _size:  # known already, for the digest
            return len(definition.canonical_json())
        return self.of(definition.content())


_MEASURES = (
    _Measure(
        lambda content: len(_unknown(content)),
        LIMITS.unknown_fields,
        "unknown_parameters_above_max_count",
        True,
        "Invalid '{path}': too many unknown parameters. Expected at most {limit} parameters that "
        "this API does not define, but got {actual} instead.",
    ),
    _Measure(
        _unknown_size,
        LIMITS.unknown_size,
        "unknown_parameters_above_max_size",
        True,
        "Invalid '{path}': unknown parameters too large. Expected at most {limit} characters of "
        "JSON in parameters that this API does not define, but got {actual} instead.",
    ),
    _Measure(
        _size,
        LIMITS.size,
        "assistant_above_max_size",
        False,
        "Invalid '{path}': assistant too large. Expected an assistant of at most {limit} "
        "characters of JSON, but got {actual} instead.",
    ),
    _Measure(
        count_values,
        LIMITS.values,
        "assistant_above_max_values",
        False,
        "Invalid '{path}': too many values. Expected an assistant with at most {limit} numbers, "
        "strings, objects and arrays, but got {actual} instead.",
    ),
)


def _as_a_whole(part: Content, whole: Definition, before: Definition | None) -> Iterator[Excess]:
    for measure in _MEASURES:
        actual = measure.of(part)
        if actual and actual <= measure.limit and before is not None:
            total, held = measure.in_all(whole), 0
            if total > measure.limit:
                held = measure.in_all(before)
            if total > held and (held <= measure.limit or measure.may_not_grow):
                actual = total
        if actual > measure.limit:
            numbers = {"limit": measure.limit, "actual": actual}
            message = measure.message.replace("{limit}", str(measure.limit))
            message = message.replace("{actual}", str(actual))
            yield Excess((_worst(part, measure),), measure.code, message, numbers)
            return  # the others would say the same in other words


def _worst(part: Content, measure: _Measure) -> str:
    """The field that adds most to what is too much."""
    return max(part, key=lambda name: measure.of({name: part[name]}), default="")


def _long_names(part: Content) -> Iterator[Excess]:
    limit = LIMITS.unknown_field_name
    for name in part:
        if len(name) > limit and name not in FIELDS:
            message = (
                f"Invalid property name '{{path}}': too long. Expected a string with maximum "
                f"length {limit}, but got a string with length {len(name)} instead."
            )
            numbers = {"limit": limit, "actual": len(name), "name": quotable(name)}
            yield Excess((name,), "property_name_above_max_length", message, numbers)


def _large_parts(part: Content) -> Iterator[Excess]:
    limit = LIMITS.part_size
    for location, value in _parts(part):
        if (actual := len(canonical(value))) > limit:
            message = (
                f"Invalid '{{path}}': too large. Expected at most {limit} characters of JSON, "
                f"but got {actual} instead."
            )
            numbers = {"limit": limit, "actual": actual}
            yield Excess(location, "json_above_max_size", message, numbers)


def _parts(part: Content) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """What is measured alone: each tool, and each other field that is no text."""
    for index, tool in enumerate(as_list(part.get("tools"))[: LIMITS.tools]):
        yield ("tools", index), tool
    for name in FIELDS:
        if name in part and name != "tools" and not isinstance(part[name], str):
            yield (name,), part[name]


def note_excess(note: str) -> Excess | None:
    """Return what is too much of the note about a change, if anything."""
    limit, actual = LIMITS.note, len(note)
    if actual <= limit:
        return None
    message = (
        f"Invalid '{{path}}': string too long. Expected a string with maximum length {limit}, "
        f"but got a string with length {actual} instead."
    )
    return Excess(("note",), "string_above_max_length", message, {"limit": limit, "actual": actual})
