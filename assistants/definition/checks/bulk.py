"""Limits of a definition as a whole: unknown fields, size of the JSON, values, long names."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from assistants.definition.checks.outline import passed
from assistants.definition.checks.problem import JsonLocation
from assistants.definition.fields import FIELD_NAMES
from assistants.definition.limits import LIMITS
from assistants.definition.text import quotable
from assistants.definition.value import Definition, as_list, canonical

ContentMapping = Mapping[str, Any]


class Excess(NamedTuple):
    """One limit that a definition exceeds; `{path}` in the message becomes its location."""

    location: JsonLocation
    code: str
    message: str
    params: dict[str, Any]


def text_excess(text: bytes) -> Iterator[Excess]:
    """Yield the limits that the JSON of a definition exceeds for certain, without parsing it.

    The location is ("",) where `text` is no object and so has no fields.
    """
    values = LIMITS.values + _NOT_KEPT
    found = passed(text, values=values, levels=LIMITS.nesting + 1, characters=LIMITS.size)
    if found and found.limit == "levels":
        yield too_deep((found.member,))
    elif found:
        measure = _VALUES if found.limit == "values" else _SIZE
        yield measure.excess(found.member, "more")


def excesses(part: ContentMapping, whole: Definition, before: Definition | None) -> list[Excess]:
    """List the limits that `part`, the fields to check, and `whole` exceed.

    `before` is the definition that `part` changes into `whole`. What exceeded a limit there may
    stay as large as it is, but unknown fields may not grow.
    """
    measured = _Measured(part)
    return [
        *_as_a_whole(measured, whole, before),
        *_long_names(part),
        *_large_parts(measured),
    ]


def too_deep(location: JsonLocation) -> Excess:
    """Return the excess for objects and arrays that are nested too deeply at this location."""
    limit = LIMITS.nesting
    message = f"Invalid '{{path}}': nested too deeply. Expected at most {limit} levels."
    return Excess(location, "nesting_above_max_depth", message, {"limit": limit})


def count_values(content: Any) -> int:
    """Count the numbers, texts, objects and arrays in a JSON value."""
    count, left = 0, [content]
    while left:
        value = left.pop()
        count += 1
        if isinstance(value, dict):
            left.extend(value.values())
        elif isinstance(value, list):
            left.extend(value)
    return count


class _Measured:
    """The sizes of some fields. Each field is written as JSON once and counted once."""

    def __init__(self, content: ContentMapping) -> None:
        self.content = content
        self.unknown = [name for name in content if name not in FIELD_NAMES]
        self._sizes: dict[str, int] = {}

    def size(self, name: str) -> int:
        """Return the characters of JSON of one field."""
        if name not in self._sizes:
            value = self.content[name]
            each = self.tool_sizes if name == "tools" else []
            self._sizes[name] = _joined(each) if each else len(canonical(value))
        return self._sizes[name]

    @cached_property
    def tool_sizes(self) -> list[int]:
        """The characters of JSON of each tool."""
        return [len(canonical(tool)) for tool in as_list(self.content.get("tools"))]

    @cached_property
    def values(self) -> dict[str, int]:
        """How many values each field holds."""
        return {name: count_values(value) for name, value in self.content.items()}

    def sizes(self, names: Iterable[str]) -> dict[str, int]:
        """Return how many characters each field adds to an object: name, colon and value."""
        return {name: len(canonical(name)) + 1 + self.size(name) for name in names}


def _joined(sizes: Collection[int]) -> int:
    """Return the size of an array or object from those of its parts: adds brackets and commas."""
    return sum(sizes) + max(len(sizes) - 1, 0) + 2


class _Measure(NamedTuple):
    of: Callable[[_Measured], dict[str, int]]
    """What each field adds."""
    total: Callable[[Collection[int]], int]
    limit: int
    code: str
    may_not_grow: bool
    message: str
    """`{limit}` and `{actual}` are the numbers."""

    def in_all(self, measured: _Measured) -> int:
        return self.total(added.values()) if (added := self.of(measured)) else 0

    def worst(self, measured: _Measured) -> str:
        """Return the field that adds most."""
        added = self.of(measured)
        return max(added, key=added.__getitem__, default="")

    def excess(self, name: str, actual: int | str) -> Excess:
        message = self.message.replace("{limit}", str(self.limit))
        message = message.replace("{actual}", str(actual))
        return Excess((name,), self.code, message, {"limit": self.limit, "actual": actual})


_SIZE = _Measure(
    lambda measured: measured.sizes(measured.content),
    _joined,
    LIMITS.size,
    "assistant_above_max_size",
    False,
    "Invalid '{path}': assistant too large. Expected an assistant of at most {limit} "
    "characters of JSON, but got {actual} instead.",
)
_VALUES = _Measure(
    lambda measured: measured.values,
    lambda counts: sum(counts) + 1,
    LIMITS.values,
    "assistant_above_max_values",
    False,
    "Invalid '{path}': too many values. Expected an assistant with at most {limit} numbers, "
    "strings, objects and arrays, but got {actual} instead.",
)
_MEASURES = (
    _Measure(
        lambda measured: dict.fromkeys(measured.unknown, 1),
        len,
        LIMITS.unknown_fields,
        "unknown_parameters_above_max_count",
        True,
        "Invalid '{path}': too many unknown parameters. Expected at most {limit} parameters that "
        "this API does not define, but got {actual} instead.",
    ),
    _Measure(
        lambda measured: measured.sizes(measured.unknown),
        _joined,
        LIMITS.unknown_size,
        "unknown_parameters_above_max_size",
        True,
        "Invalid '{path}': unknown parameters too large. Expected at most {limit} characters of "
        "JSON in parameters that this API does not define, but got {actual} instead.",
    ),
    _SIZE,
    _VALUES,
)
_NOT_KEPT = 100
"""Values that a body may have beside those of the definition: its identity, nulls."""


def _as_a_whole(
    measured: _Measured, whole: Definition, before: Definition | None
) -> Iterator[Excess]:
    if before is not None:
        after, earlier = _Measured(whole.content()), _Measured(before.content())
    for measure in _MEASURES:
        actual = measure.in_all(measured)
        if actual and actual <= measure.limit and before is not None:
            total, held = measure.in_all(after), 0
            if total > measure.limit:
                held = measure.in_all(earlier)
            if total > held and (held <= measure.limit or measure.may_not_grow):
                actual = total
        if actual > measure.limit:
            yield measure.excess(measure.worst(measured), actual)
            return  # the other measures would only repeat it


def _long_names(part: ContentMapping) -> Iterator[Excess]:
    limit = LIMITS.unknown_field_name
    for name in part:
        if len(name) > limit and name not in FIELD_NAMES:
            message = (
                f"Invalid property name '{{path}}': too long. Expected a string with maximum "
                f"length {limit}, but got a string with length {len(name)} instead."
            )
            numbers = {"limit": limit, "actual": len(name), "name": quotable(name)}
            yield Excess((name,), "property_name_above_max_length", message, numbers)


def _large_parts(measured: _Measured) -> Iterator[Excess]:
    limit = LIMITS.part_size
    for location, actual in _parts(measured):
        if actual > limit:
            message = (
                f"Invalid '{{path}}': too large. Expected at most {limit} characters of JSON, "
                f"but got {actual} instead."
            )
            numbers = {"limit": limit, "actual": actual}
            yield Excess(location, "json_above_max_size", message, numbers)


def _parts(measured: _Measured) -> Iterator[tuple[JsonLocation, int]]:
    """Yield each tool, and each other field that is not a text, with its size."""
    for index, size in enumerate(measured.tool_sizes[: LIMITS.tools]):
        yield ("tools", index), size
    for name in FIELD_NAMES:
        value = measured.content.get(name)
        if value is not None and name != "tools" and not isinstance(value, str):
            yield (name,), measured.size(name)


def note_excess(note: str) -> Iterator[Excess]:
    """Yield the limit that the note about a change exceeds, if any."""
    limit, actual = LIMITS.note, len(note)
    if actual > limit:
        message = (
            f"Invalid '{{path}}': string too long. Expected a string with maximum length {limit}, "
            f"but got a string with length {actual} instead."
        )
        numbers = {"limit": limit, "actual": actual}
        yield Excess(("note",), "string_above_max_length", message, numbers)
