"""The buttons of the builder: each changes what was typed, and saves nothing."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from assistants.definition import LIMITS
from assistants.definition.checks.json_schema import find_flaws
from assistants.definition.parameters import (
    MOST_SCHEMA_ROWS,
    SchemaRow,
    can_fix,
    fix_flaw,
    plain_name,
    write_parameters,
)
from assistants.forms.builder.places import BUILD_ACTION
from assistants.forms.builder.shown import Unshown, flaw_mark, rows_of
from assistants.forms.builder.typed import FORM, ITEMS, has_rows
from assistants.forms.posted.answers import Answers
from assistants.forms.posted.json_text import JsonError, parse_object
from assistants.forms.text import show, show_json

_MOST_FIXES = 100
_TYPED = ("up", "down", "copy", "fix", "fixall", "plain")
"""What changes the schema itself, and not only what the page shows of it."""


class SchemaStep(NamedTuple):
    """What a button of the builder did."""

    answers: Answers
    name: str
    """The input that it is about."""
    focus: str = ""
    """The input to go to."""
    is_typed: bool = False
    """Whether the schema has changed, so that it needs saving."""


def take_step(answers: Answers, action: str) -> SchemaStep:
    """Do what a button says: `schema:<verb>:<input>:<rest>`. An unknown one does nothing."""
    verb, _colon, said = action.removeprefix(BUILD_ACTION).partition(":")
    name, _colon, rest = said.partition(":")
    data = {key: str(text) for key, text in answers.data.items()}
    focus = ""
    if verb == "plain" and name in data:
        data[name] = plain_name(data[name]) or data[name]
        focus = name
    elif verb in ("fix", "fixall"):
        _fix(answers, data, name, "" if verb == "fixall" else rest)
    elif verb in (FORM, "json"):
        _choose(answers, data, name, verb)
    elif verb in _ON_ROWS:
        try:
            rows = _Rows(answers, name)
        except Unshown:
            return SchemaStep(answers, name)
        focus = _ON_ROWS[verb](rows, rest)
        data = rows.data()
    return SchemaStep(Answers(answers.shown, data), name, focus, verb in _TYPED)


def _without_rows(data: dict[str, str], name: str) -> None:
    data.pop(f"{name}-view", None)
    for key in [key for key in data if key.startswith(f"{name}-") and key[len(name) + 1 :]]:
        if key[len(name) + 1 :].partition("-")[0].isdecimal() or key == f"{name}-closed":
            del data[key]


def _choose(answers: Answers, data: dict[str, str], name: str, view: str) -> None:
    """Change between rows and JSON, unless what was typed cannot be read."""
    try:
        if view == "json" and has_rows(answers, name):
            base = parse_object(answers.value(name), levels=LIMITS.nesting)
            schema, slips = write_parameters(rows_of(answers, name))
            if slips:
                return
            if show_json(schema) != show_json(base):
                data[name] = show_json(schema)
        elif view == FORM:
            rows_of(answers, name)
    except (Unshown, JsonError):
        data[f"{name}-view"] = "json"
        return
    data.setdefault(name, answers.value(name))
    _without_rows(data, name)
    if view == FORM:
        data.update(_Rows(Answers(answers.shown, data), name).data())
    else:
        data[f"{name}-view"] = "json"


def _fix(answers: Answers, data: dict[str, str], name: str, mark: str) -> None:
    """Correct the flaw with this mark, or all that can be corrected."""
    strict = answers.checked(name.removesuffix("parameters").removesuffix("schema") + "strict")
    try:
        schema = parse_object(answers.value(name), levels=LIMITS.nesting)
        if has_rows(answers, name):
            schema, slips = write_parameters(rows_of(answers, name))
            if slips:
                return
    except (Unshown, JsonError):
        return
    before = schema
    for _number in range(_MOST_FIXES):
        flaws = (flaw for flaw in find_flaws(schema, strict=strict) if can_fix(flaw))
        flaw = next((flaw for flaw in flaws if not mark or flaw_mark(flaw) == mark), None)
        if flaw is None or schema is None:
            break
        schema = fix_flaw(schema, flaw)
    if schema is before:
        return
    data[name] = show_json(schema)
    if has_rows(answers, name):
        _without_rows(data, name)
        data.update(_Rows(Answers(answers.shown, data), name).data())


class _Rows:
    """The rows of one schema as what their inputs post, in their order."""

    def __init__(self, answers: Answers, name: str) -> None:
        self.name = name
        self._all = {key: str(text) for key, text in answers.data.items()}
        self._all.setdefault(name, answers.value(name))
        tree = rows_of(answers, name)
        self.parts: dict[str, dict[str, str]] = {}
        if answers.schema_rows.get(name):
            for key in answers.schema_rows[name]:
                start = f"{name}-{key}-"
                self.parts[key] = {
                    part.removeprefix(start): str(text)
                    for part, text in answers.data.items()
                    if part.startswith(start)
                }
        else:
            self._add_inside(tree, "")
            if tree.closed:
                self._all[f"{name}-closed"] = "on"

    def _add_inside(self, row: SchemaRow, key: str) -> None:
        for child in row.children:
            self.parts[child.key] = _posted(child, key)
            self._add_inside(child, child.key)
        if row.items is not None:
            self.parts[row.items.key] = _posted(row.items, key + ITEMS)
            self._add_inside(row.items, row.items.key)

    def data(self) -> dict[str, str]:
        """Return the whole form with these rows in it."""
        data = {
            key: str(text)
            for key, text in self._all.items()
            if not (
                key.startswith(f"{self.name}-")
                and key.removeprefix(f"{self.name}-").partition("-")[0].isdecimal()
            )
        }
        data[f"{self.name}-view"] = FORM
        for key, parts in self.parts.items():
            data.update({f"{self.name}-{key}-{part}": text for part, text in parts.items()})
        return data

    def _next(self) -> int:
        return max(map(int, self.parts), default=-1) + 1

    def add(self, around: str) -> str:
        key = str(self._next())
        if len(self.parts) >= MOST_SCHEMA_ROWS or (around and around not in self.parts):
            return ""
        self.parts[key] = {"in": around, "name": "", "type": "string"}
        return f"{self.name}-{key}-name"

    def show(self, key: str) -> str:
        return f"{self.name}-{key}-type" if key in self.parts else ""

    def move(self, key: str, step: int) -> str:
        if key not in self.parts:
            return ""
        around = self.parts[key]["in"]
        beside = [other for other, parts in self.parts.items() if parts["in"] == around]
        place = beside.index(key) + step
        if 0 <= place < len(beside):
            order, other = list(self.parts), beside[place]
            here, there = order.index(key), order.index(other)
            order[here], order[there] = other, key
            self.parts = {one: self.parts[one] for one in order}
        return f"{self.name}-{key}-name"

    def copy(self, key: str) -> str:
        """Put a copy of a row, and of what is inside it, right behind it."""
        if key not in self.parts:
            return ""
        keys = [key, *self._inside(key)]
        if len(self.parts) + len(keys) > MOST_SCHEMA_ROWS:
            return ""
        first = self._next()
        new = {old: str(first + number) for number, old in enumerate(keys)}
        made = {new[old]: self._copied(old, new) for old in keys}
        made[new[key]]["name"] = self._free_name(key)
        order: dict[str, dict[str, str]] = {}
        for old, parts in self.parts.items():
            order[old] = parts
            if old == key:
                order.update(made)
        self.parts = order
        return f"{self.name}-{new[key]}-name"

    def _inside(self, key: str) -> list[str]:
        found: list[str] = []
        for other, parts in self.parts.items():
            around = parts["in"].removesuffix(ITEMS)
            if around == key or around in found:
                found.append(other)
        return found

    def _copied(self, old: str, new: Mapping[str, str]) -> dict[str, str]:
        parts = dict(self.parts[old])
        around = parts["in"].removesuffix(ITEMS)
        if around in new:
            parts["in"] = new[around] + parts["in"][len(around) :]
        return {"of": old, **parts}

    def _free_name(self, key: str) -> str:
        around, name = self.parts[key]["in"], self.parts[key].get("name", "")
        taken = {parts.get("name") for parts in self.parts.values() if parts["in"] == around}
        numbers = range(2, len(self.parts) + 3)
        return next(f"{name}_{n}" for n in numbers if f"{name}_{n}" not in taken) if name else ""


def _posted(row: SchemaRow, around: str) -> dict[str, str]:
    """Return what the inputs of a row post that nobody has touched."""
    boxes = {
        "null": row.nullable,
        "required": row.required,
        "closed": row.closed,
    }
    return {
        "in": around,
        "name": show(row.name),
        "type": row.kind,
        "description": show(row.description),
        "allowed": show(row.allowed),
        "default": show(row.default),
        **{name: "on" for name, is_on in boxes.items() if is_on},
    }


_ON_ROWS: Mapping[str, Callable[[_Rows, str], str]] = {
    "add": _Rows.add,
    "copy": _Rows.copy,
    "show": _Rows.show,
    "up": lambda rows, key: rows.move(key, -1),
    "down": lambda rows, key: rows.move(key, 1),
}
