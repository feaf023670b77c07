"""The parameters of a function as rows that people read, objects inside objects in their place.

The value may be any JSON. The rows leave out only what has too many levels, or would need too many
rows; the JSON beside them shows it.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from assistants.definition import PAGE_LIMITS
from assistants.wording.definition.room import Room

Schema = dict[str, Any]
TextMarker = Callable[[str], str]
DEEPEST = 6
"""Levels of rows inside each other."""
MOST_KINDS = 20
"""Kinds of value that one row names."""
SCHEMA_CHOICES: dict[str, tuple[Promise, Promise]] = {
    "anyOf": (gettext_lazy("%(first)s or %(second)s"), gettext_lazy("choice %(number)s")),
    "oneOf": (gettext_lazy("%(first)s or %(second)s"), gettext_lazy("choice %(number)s")),
    "allOf": (gettext_lazy("%(first)s and %(second)s"), gettext_lazy("part %(number)s")),
}
"""How kinds of value are joined, and the name of a row with more about one of them."""
SCHEMA_DEFINITIONS = ("$defs", "definitions")
SCHEMA_RULES: dict[str, Promise] = {
    "minimum": gettext_lazy("at least %(value)s"),
    "maximum": gettext_lazy("at most %(value)s"),
    "exclusiveMinimum": gettext_lazy("more than %(value)s"),
    "exclusiveMaximum": gettext_lazy("less than %(value)s"),
    "minLength": ngettext_lazy(
        "at least %(value)s character", "at least %(value)s characters", "count"
    ),
    "maxLength": ngettext_lazy(
        "at most %(value)s character", "at most %(value)s characters", "count"
    ),
    "minItems": ngettext_lazy("at least %(value)s entry", "at least %(value)s entries", "count"),
    "maxItems": ngettext_lazy("at most %(value)s entry", "at most %(value)s entries", "count"),
}
_KEPT_AS_JSON = ("default", "const", "examples", "example")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row, and below it the rows of what is inside."""

    name: str
    kind: str = ""
    required: bool = False
    description: str = ""
    rules: str = ""
    """The other rules for a value, in a few words."""
    inner: tuple["Parameter", ...] = ()
    is_word: bool = True
    """Whether the name is a word of the product rather than one in the schema."""


class _Child(NamedTuple):
    name: str
    schema: Any
    required: bool = False
    is_word: bool = True


def show_parameters(schema: Any, room: Room, mark: TextMarker = str) -> tuple[Parameter, ...]:
    """Return the rows of a JSON schema, its texts through `mark`; none for what is no object."""
    return _Rows(room, mark).whole(schema) if isinstance(schema, dict) else ()


def is_schema(value: Any) -> bool:
    """Return whether `value` looks like a schema, which rows can show."""
    names = ("type", "properties", "items", "enum", "$ref", *SCHEMA_CHOICES)
    return isinstance(value, dict) and any(name in value for name in names)


class _Rows:
    def __init__(self, room: Room, mark: TextMarker) -> None:
        self._room, self._mark = room, mark
        self._left = PAGE_LIMITS.entries

    def whole(self, schema: Schema) -> tuple[Parameter, ...]:
        about = self._row(_Child(_("All parameters"), schema), DEEPEST, opened=False)
        rows = self._inner(schema, 1)
        if about.kind == "object":
            about = Parameter(about.name, "", False, about.description, about.rules)
        said = about.kind or about.description or about.rules
        return (*rows, about) if said else rows

    def _row(self, child: _Child, level: int, *, opened: bool = True) -> Parameter:
        schema = child.schema if isinstance(child.schema, dict) else {}
        return Parameter(
            name=self._text(child.name),
            kind=self._text(_kind(child.schema)),
            required=child.required,
            description=self._text(_description(schema)),
            rules=self._text(" · ".join(_rules(child.schema))),
            inner=self._inner(schema, level + 1) if opened else (),
            is_word=child.is_word,
        )

    def _inner(self, schema: Schema, level: int) -> tuple[Parameter, ...]:
        rows = []
        for child in _children(schema):
            if level > DEEPEST or not self._left or not self._room.takes_row():
                more = _("Only a part is shown. The JSON shows all of it.")
                rows.append(Parameter("…", description=more))
                break
            self._left -= 1
            rows.append(self._row(child, level))
        return tuple(rows)

    def _text(self, text: str) -> str:
        return self._mark(self._room.text(text)) if text else ""


def _children(schema: Schema) -> Iterator[_Child]:
    """Yield what is inside a schema and has something to say of its own."""
    properties, required = schema.get("properties"), _required(schema)
    if isinstance(properties, dict):
        for name, found in properties.items():
            yield _Child(name, found, name in required, is_word=False)
    items = schema.get("items")
    if isinstance(items, dict):
        if _says_more(items):
            yield _Child(_("each entry"), items)
        else:
            yield from _children(items)
    others = schema.get("additionalProperties")
    if isinstance(others, dict):
        yield _Child(_("any other name"), others)
    for choice, (_text, label) in SCHEMA_CHOICES.items():
        named = _named_choice(schema) == choice
        for number, option in enumerate(_options(schema, choice), start=1):
            if not named or _says_more(option) or next(_children(option), None):
                yield _Child(str(label) % {"number": number}, option)
    for place in SCHEMA_DEFINITIONS:
        if isinstance(found := schema.get(place), dict):
            for name, part in found.items():
                yield _Child(f"#/{place}/{name}", part, is_word=False)


def _says_more(schema: Schema) -> bool:
    return bool(_description(schema)) or next(_rules(schema), None) is not None


def _description(schema: Schema) -> str:
    found = schema.get("description")
    return "" if found is None else _as_text(found)


def _named_choice(schema: Schema) -> str:
    """Return which of its choices a schema's kind names: the first, where nothing else is said."""
    if any(name in schema for name in ("type", "$ref", "enum", "const", "properties")):
        return ""
    return next((choice for choice in SCHEMA_CHOICES if _options(schema, choice)), "")


def _options(schema: Schema, choice: str) -> list[Schema]:
    found = schema.get(choice)
    return (
        found if isinstance(found, list) and all(isinstance(part, dict) for part in found) else []
    )


def _required(schema: Schema) -> set[str]:
    found = schema.get("required")
    return {name for name in found if isinstance(name, str)} if isinstance(found, list) else set()


def _kind(schema: Any, level: int = 0) -> str:
    """Return what kind of value a schema asks for, in a few words."""
    if isinstance(schema, bool):
        return _("anything") if schema else _("nothing")
    if not isinstance(schema, dict):
        return ""
    if level > DEEPEST:
        return "…"
    return _chosen(schema) or _typed(schema, level)


def _chosen(schema: Schema) -> str:
    """Return the kind of a schema that says of its values more than a type."""
    if isinstance(target := schema.get("$ref"), str):
        return target
    if isinstance(values := schema.get("enum"), list):
        return _("one of: %(values)s") % {"values": ", ".join(map(_as_text, values))}
    if "const" in schema:
        return _("always %(value)s") % {"value": _as_text(schema["const"])}
    return ""


def _typed(schema: Schema, level: int) -> str:
    kind, items = schema.get("type"), schema.get("items")
    if isinstance(kind, list):
        return _joined("anyOf", [_as_text(part) for part in kind])
    if choice := _named_choice(schema):
        options = _options(schema, choice)[: MOST_KINDS + 1]
        return _joined(choice, [_kind(option, level + 1) or "…" for option in options])
    if kind is None and isinstance(schema.get("properties"), dict):
        kind = "object"
    if isinstance(items, dict) and kind in ("array", None) and (inner := _kind(items, level + 1)):
        return _("list of %(kind)s") % {"kind": inner}
    return "" if kind is None else _as_text(kind)


def _joined(choice: str, kinds: list[str]) -> str:
    """Join kinds of value: "string or null"."""
    few = list(dict.fromkeys(kinds[:MOST_KINDS] + ["…"] * (len(kinds) > MOST_KINDS)))
    joined, text = few[0] if few else "", str(SCHEMA_CHOICES[choice][0])
    for kind in few[1:]:
        joined = text % {"first": joined, "second": kind}
    return joined


def _rules(schema: Any) -> Iterator[str]:
    """Yield the rules of a schema that its kind, description and inner rows do not show."""
    if not isinstance(schema, dict):
        if not isinstance(schema, bool):
            yield _as_text(schema)
        return
    for key, value in schema.items():
        if key == "additionalProperties" and value is False:
            yield _("no other names")
        elif key == "required":
            yield from _missing(schema, value)
        elif key in SCHEMA_RULES and isinstance(value, int | float) and not isinstance(value, bool):
            yield SCHEMA_RULES[key] % {"value": f"{value:,}", "count": 1 if value == 1 else 2}
        elif not _is_told(schema, key, value):
            shown = (
                json.dumps(value, ensure_ascii=False) if key in _KEPT_AS_JSON else _as_text(value)
            )
            yield f"{key}: {shown}"


def _missing(schema: Schema, required: Any) -> Iterator[str]:
    """Yield the required names that are not properties."""
    properties = schema.get("properties")
    if not isinstance(required, list):
        yield f"required: {_as_text(required)}"
        return
    names = properties if isinstance(properties, dict) else {}
    if left := [name for name in required if not isinstance(name, str) or name not in names]:
        yield f"required: {', '.join(map(_as_text, left))}"


def _is_told(schema: Schema, key: str, value: Any) -> bool:
    """Return whether something else than a rule shows `value`."""
    match key:
        case "description":
            told = True
        case "$ref":
            told = isinstance(value, str)
        case "enum":
            told = isinstance(value, list) and not isinstance(schema.get("$ref"), str)
        case "const":
            told = not isinstance(schema.get("$ref"), str) and not isinstance(
                schema.get("enum"), list
            )
        case "type":
            told = isinstance(value, str) or not _chosen(schema)
        case "properties" | "$defs" | "definitions" | "additionalProperties" | "items":
            told = isinstance(value, dict)
        case _:
            told = key in SCHEMA_CHOICES and bool(_options(schema, key))
    return told


def _as_text(value: Any) -> str:
    """A text as it is, anything else as JSON."""
    if value is None:
        return "null"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
