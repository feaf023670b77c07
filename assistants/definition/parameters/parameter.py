"""One row of the form: a parameter, a field of an object, or the entries of a list."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

PARAMETER_KINDS = ("string", "number", "integer", "boolean", "array", "object")
KEPT_KIND = "kept"
"""The kind of a row whose type the form cannot show, such as a list of several types."""

MOST_LEVELS = 5
"""Levels of objects that rows show; deeper ones stay in the schema."""
MOST_DEPTH = 2 * MOST_LEVELS
"""Levels of objects and lists together."""
MOST_SCHEMA_ROWS = 200
"""Rows of one schema; a schema with more is edited as JSON."""

NEW: Any = type("New", (), {"__repr__": lambda _self: "NEW"})()
"""The schema of a row that was made in the form."""


@dataclass(slots=True)
class SchemaRow:
    """A row as a person reads and types it.

    `kind` is one of `PARAMETER_KINDS`, "" where the schema has no type, or `KEPT_KIND`. `allowed`
    has one value on each line. `schema` is the value that the row was read from, and `kept` names
    its keywords that no part of the row shows. An edited row is a copy whose `origin` is the row as
    it was read: only what differs from that is written.
    """

    name: str = ""
    kind: str = ""
    nullable: bool = False
    """Whether it may be empty: its type is a list of `kind` and "null"."""
    required: bool = False
    description: str = ""
    allowed: str = ""
    default: str = ""
    closed: bool = False
    """Whether an object allows no other fields than these."""
    children: list["SchemaRow"] = field(default_factory=list)
    items: "SchemaRow | None" = None
    level: int = 0
    schema: Any = NEW
    kept: tuple[str, ...] = ()
    origin: "SchemaRow | None" = None
    removed: bool = False
    """Whether it is marked to go."""
    key: str = ""
    """Names the row for whoever made it; a `Slip` carries it."""

    @property
    def is_new(self) -> bool:
        return (self.origin or self).schema is NEW

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into a new row, nor into those inside it."""
        typed = self.name.strip() or self.description or self.allowed or self.default
        if typed or not self.is_new or not all(child.is_blank for child in self.children):
            return False
        return self.items is None or (self.items.is_blank and self.items.kind == "")

    @property
    def holds_fields(self) -> bool:
        """Whether its children count: they are fields of an object."""
        return self.kind in ("object", "") and "properties" not in self.kept

    @property
    def holds_items(self) -> bool:
        return self.kind == "array" and "items" not in self.kept

    @property
    def idle(self) -> list["SchemaRow"]:
        """Rows inside it that do not count with its kind, and say something."""
        inner = [] if self.holds_fields else self.children
        items = [] if self.holds_items or self.items is None else [self.items]
        return [row for row in (*inner, *items) if not (row.removed or row.is_blank)]

    @property
    def may_nest(self) -> bool:
        """Whether rows can show what is inside an object here."""
        return self.level < MOST_LEVELS


class Slip(NamedTuple):
    """Something typed that no schema can hold: `no_name`, `same_name`, or `no_value` (`kind`)."""

    key: str
    part: str
    """The part of the row: name, allowed or default."""
    code: str
    text: str
    """The name or value that was typed."""
    kind: str = ""
