"""The fields that a form has changed: their names, and where they are on its page."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, unquote

from assistants.definition import DEFINITION_FIELDS, PAGE_LIMITS, Definition
from assistants.diff import FieldChange, compare_definitions
from assistants.wording import field_label, resource_label, tool_title

UNDONE_INPUT = "undone"
"""The hidden input that names what was put back, for as long as the page is open."""
PARTS_NAMED = 3
"""Names of tools, lists and pairs that the list of changes gives for each field."""


class FieldPlace(NamedTuple):
    """Where a field is on the page."""

    anchor: str
    """ID of its input, or of the heading of its section."""
    swaps: str
    """Selectors of what shows its value."""
    inputs: tuple[str, ...]
    """What the names of its inputs begin with."""


_PLACES = {
    "tools": FieldPlace(
        "tools-title", "#tools", ("code_interpreter-", "file_search-", "function-", "other-")
    ),
    "tool_resources": FieldPlace(
        "knowledge", "#knowledge-card", ("code_interpreter_file_ids", "vector_store_ids")
    ),
    "metadata": FieldPlace("metadata-title", "#metadata", ("metadata-",)),
    "response_format": FieldPlace(
        "id_response_format", "#id_response_format,#schema", ("response_format", "response_schema_")
    ),
}
_KEPT = FieldPlace("kept", "#kept-card", ())


def place_of(field: str) -> FieldPlace:
    if field in _PLACES:
        return _PLACES[field]
    return FieldPlace(f"id_{field}", f"#id_{field}", ()) if field in DEFINITION_FIELDS else _KEPT


def is_input_of(field: str, name: str) -> bool:
    """Return whether the input `name` belongs to this field of a definition."""
    return name == field or name.startswith(place_of(field).inputs or ("\0",))


def input_of(field: str) -> str:
    """Return the input, or the group of rows, that shows errors of a whole field."""
    return "code_interpreter_file_ids" if field == "tool_resources" else field


class ChangedField(NamedTuple):
    """One entry of the list at the form's foot."""

    field: str
    label: str
    anchor: str
    section: str
    swaps: str
    parts: tuple[str, ...] = ()
    more: int = 0
    """How many parts are not named."""
    undone: str = ""
    """For a field that was put back: the digest of the definition that holds what it had."""

    @property
    def action(self) -> str:
        return f"redo:{self.field}:{self.undone}" if self.undone else f"undo:{self.field}"

    @property
    def key(self) -> str:
        """Part of its ID, whatever the field is called."""
        return quote(self.field, safe="").replace("%", "-")


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from the base of a form."""

    count: int
    fields: tuple[ChangedField, ...]
    undone: tuple[ChangedField, ...] = ()
    """What was put back to the base on this page, and can be had again."""
    posted: str = ""
    """The value of the input `UNDONE_INPUT`."""

    @property
    def names(self) -> frozenset[str]:
        return frozenset(entry.field for entry in self.fields)


NO_CHANGES = Changes(0, ())


def changes_from(
    base: Definition | None, definition: Definition, data: Mapping[str, str] | None = None
) -> Changes:
    """Compare a form with its base, without words inside texts; nothing has changed without a base.

    `data` is the posted form.
    """
    if base is None:
        return NO_CHANGES
    found = [] if definition is base else compare_definitions(base, definition, budget=0)
    fields = tuple(_entry(change) for change in found if change.kind != "more")
    left_out = sum(change.new or 0 for change in found if change.kind == "more")
    posted = undone_in(data or {})
    changed = {entry.field for entry in fields}
    undone = {field: digest for field, digest in posted.items() if field not in changed}
    return Changes(
        count=len(fields) + left_out,
        fields=fields,
        undone=tuple(_named(field, undone=digest) for field, digest in undone.items()),
        posted=write_undone(undone),
    )


def _entry(change: FieldChange) -> ChangedField:
    titles: dict[str, Callable[[str], str]] = {
        "tools": tool_title,
        "tool_resources": resource_label,
    }
    title = titles.get(change.field, _shortened)
    parts = () if change.field == "response_format" else change.items
    named = tuple(title(item.key) for item in parts[:PARTS_NAMED])
    return _named(change.field, named, len(parts) - len(named))


def _shortened(key: str) -> str:
    return key[: PAGE_LIMITS.name]


def _named(
    field: str, parts: tuple[str, ...] = (), more: int = 0, *, undone: str = ""
) -> ChangedField:
    place, declared = place_of(field), DEFINITION_FIELDS.get(field)
    section = declared.section if declared else "kept"
    return ChangedField(
        field, field_label(field), place.anchor, section, place.swaps, parts, more, undone
    )


def undone_in(data: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that were put back on a page, each with the digest of what had it."""
    entries = (entry.partition(":") for entry in data.get(UNDONE_INPUT, "").split())
    return {unquote(field): digest for field, _colon, digest in entries if digest}


def write_undone(undone: Mapping[str, str]) -> str:
    return " ".join(f"{quote(field, safe='')}:{digest}" for field, digest in undone.items())


def sections_of(fields: Iterable[str]) -> Iterator[str]:
    """Yield the sections of the page that show these fields."""
    for field in fields:
        declared = DEFINITION_FIELDS.get(field)
        yield declared.section if declared else "kept"
