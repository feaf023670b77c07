"""The rows of a schema as they were typed.

The input of a schema holds its JSON. Beside it, `<schema>-view` tells whether rows are edited
(`FORM`), and each row posts its parts as `<schema>-<key>-<part>`. Rows are read against the JSON in
that input: the row with the key 3 is the fourth of that JSON, and higher keys are new rows. `in` is
the key of the row around it, with an "i" where it describes the entries of a list. The order of the
rows is the order in which they are posted.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from assistants.definition import LIMITS, normalise_text
from assistants.definition.parameters import (
    MOST_SCHEMA_ROWS,
    PARAMETER_KINDS,
    NotRows,
    SchemaRow,
    read_parameters,
    write_parameters,
)
from assistants.definition.parameters.parameter import MOST_DEPTH
from assistants.definition.parameters.values import same_json
from assistants.forms.builder.slips import slip_sentence, too_many
from assistants.forms.posted.answers import Answers
from assistants.forms.posted.json_text import JsonError, parse_object
from assistants.forms.text import show, show_json, ticked, untouched

FORM = "form"
ITEMS = "i"
_MOST_ROWS = 5 * MOST_SCHEMA_ROWS
"""Rows that are read at all; a page has no more than `MOST_SCHEMA_ROWS`."""


def has_rows(answers: Answers, name: str) -> bool:
    """Return whether the schema `name` was edited as rows."""
    return answers.data.get(f"{name}-view") == FORM


def read_schema(
    answers: Answers, target: dict[str, Any], key: str, name: str, *, levels: int
) -> None:
    """Put the schema that was typed, as rows or as JSON, into the object that holds it."""
    answers.json(target, key, name, levels=levels)
    if not has_rows(answers, name) or name in answers.errors:
        return
    try:
        base = read_parameters(target.get(key))
    except NotRows:
        return
    keys = answers.schema_rows.get(name, [])
    if len(keys) > _MOST_ROWS:
        answers.error(name, too_many(len(keys)))
        return
    typed = answers.trees[name] = typed_rows(answers, name, base)
    lines = sum(row.allowed.count("\n") for row in inside(typed))
    if answers.is_too_much(name, lines + len(keys)):
        return
    schema, slips = write_parameters(typed)
    for slip in slips:
        answers.error(f"{name}-{slip.key}-{slip.part}", slip_sentence(slip))
    if slips or same_json(schema, target.get(key)):
        return
    if schema is None:
        target.pop(key, None)
    else:
        target[key] = schema


def numbered(row: SchemaRow) -> SchemaRow:
    """Give the rows inside one the keys that their inputs have."""
    for number, inner in enumerate(inside(row)):
        inner.key = str(number)
    return row


def inside(row: SchemaRow) -> Iterator[SchemaRow]:
    """Yield all rows inside one, each before those inside it."""
    for inner in (*row.children, *([] if row.items is None else [row.items])):
        yield inner
        yield from inside(inner)


def typed_rows(answers: Answers, name: str, base: SchemaRow) -> SchemaRow:
    """Return the rows as typed, over those of the JSON in the input `name`."""
    known = {row.key: row for row in inside(numbered(base))}
    around: dict[str, list[str]] = {}
    for key in answers.schema_rows.get(name, []):
        around.setdefault(answers.data[f"{name}-{key}-in"], []).append(key)
    return _Typed(answers, name, known, around).root(base)


class _Typed:
    def __init__(
        self,
        answers: Answers,
        name: str,
        known: dict[str, SchemaRow],
        around: dict[str, list[str]],
    ) -> None:
        self._data, self._name = answers.data, name
        self._known, self._around = known, around
        self._posted = frozenset(answers.schema_rows.get(name, ()))

    def root(self, base: SchemaRow) -> SchemaRow:
        closed = ticked(self._data.get(f"{self._name}-closed"))
        return replace(base, origin=base, closed=closed, children=self._children("", base, 0, 0))

    def _children(self, key: str, was: SchemaRow | None, level: int, depth: int) -> list[SchemaRow]:
        """Return the rows inside one; those that were not posted stay, as only DELETE removes."""
        keys = self._around.get(key, ()) if depth < MOST_DEPTH + 2 else ()
        found = [self._row(inner, level + 1, depth + 1) for inner in keys]
        known = was.children if was is not None and was.key == key else []
        return [*found, *(row for row in known if row.key not in self._posted)]

    def _row(self, key: str, level: int, depth: int) -> SchemaRow:
        prefix = f"{self._name}-{key}"
        was = self._known.get(self._data.get(f"{prefix}-of", key))
        shown = was or SchemaRow(kind="string")
        return replace(
            shown,
            name=self._name_of(prefix, shown.name),
            kind=self._kind(prefix, shown.kind),
            nullable=self._ticked(prefix, "null"),
            required=self._ticked(prefix, "required"),
            description=self._text(prefix, "description", shown.description),
            allowed=self._text(prefix, "allowed", shown.allowed),
            default=self._text(prefix, "default", shown.default),
            closed=self._ticked(prefix, "closed"),
            children=self._children(key, was, level, depth),
            items=self._items(key, was, level, depth),
            level=level,
            origin=was,
            removed=self._ticked(prefix, "DELETE"),
            key=key,
        )

    def _items(self, key: str, was: SchemaRow | None, level: int, depth: int) -> SchemaRow | None:
        keys = self._around.get(key + ITEMS, ()) if depth < MOST_DEPTH + 2 else ()
        if keys:
            return self._row(keys[0], level, depth + 1)
        known = was.items if was is not None and was.key == key else None
        return known if known is not None and known.key not in self._posted else None

    def _name_of(self, prefix: str, shown: str) -> str:
        text = self._text(prefix, "name", shown)
        return text if text == shown else text.strip()

    def _kind(self, prefix: str, shown: str) -> str:
        posted = self._data.get(f"{prefix}-type", shown)
        return posted if posted in (*PARAMETER_KINDS, "") else shown

    def _ticked(self, prefix: str, part: str) -> bool:
        return ticked(self._data.get(f"{prefix}-{part}"))

    def _text(self, prefix: str, part: str, shown: str) -> str:
        """Return what was typed into an input; the exact value where nothing was."""
        posted = self._data.get(f"{prefix}-{part}")
        is_typed = posted is not None and not untouched(show(shown), posted)
        return normalise_text(posted or "") if is_typed else shown


def is_idle(row: SchemaRow) -> bool:
    """Return whether text was typed into rows that do not count with the type around them."""
    return any(one.idle for one in (row, *inside(row)) if not one.removed)


def schema_text(answers: Answers, name: str) -> str:
    """Return the JSON of a schema whose rows do not count, to see whether something was typed."""
    aside, found = Answers(answers.shown, answers.data), dict[str, Any]()
    try:
        found["schema"] = parse_object(answers.value(name), levels=LIMITS.nesting)
    except JsonError:
        return answers.value(name)
    read_schema(aside, found, "schema", name, levels=LIMITS.nesting)
    if aside.errors:
        return "\n".join(text for part, text in answers.data.items() if part.startswith(name))
    return show_json(found.get("schema"))
