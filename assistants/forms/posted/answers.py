"""What was posted, read against what the form showed."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from assistants.definition import LIMITS, Problem, add_rest, normalise_text
from assistants.definition.parameters import SchemaRow
from assistants.forms.posted.json_text import JsonError, parse_object
from assistants.forms.sentences import problem_sentence
from assistants.forms.shown import MOST_SHOWN_CHARACTERS, ShownDefinition
from assistants.forms.text import (
    Ambiguous,
    Inexact,
    parse_lines,
    parse_number,
    printable,
    ticked,
    untouched,
)

MOST_NEW_ROWS = 1000
"""Rows that a form may add to a group at once, and lines of ids; more are not read."""
MOST_JSON_PARTS = 2 * LIMITS.values
"""Commas and opening brackets in all typed JSON up to which it is read. Each value has one at most,
and an empty object or list two."""


SCHEMA_ROW = re.compile(
    r"(?P<row>(?P<schema>function-\d{1,6}-parameters|response_schema_schema)-(?P<key>\d{1,6}))-"
)
"""How the names of all inputs of a row begin that is about a part of a schema."""


def schema_of(name: str) -> str:
    """Return the input of the schema that a row's input belongs to; any other name as it is."""
    parts = SCHEMA_ROW.match(name)
    return parts["schema"] if parts else name


def region_of(name: str) -> str:
    """Return whose region says what is worth knowing about an input: its own or its row's."""
    parts = SCHEMA_ROW.match(name)
    return parts["row"] if parts else name


class Answers:
    """Reads inputs by name; `errors` holds what is wrong with them, by name."""

    def __init__(self, shown: ShownDefinition, data: Mapping[str, str]) -> None:
        self.shown = shown
        self.data = data
        self.errors: dict[str, list[str]] = {}
        self.trees: dict[str, SchemaRow] = {}
        """The rows of schemas as typed, by the name of the schema's input."""
        self._parts = 0

    def error(self, name: str, message: str) -> None:
        self.errors.setdefault(name, []).append(message)

    @property
    def unread(self) -> set[str]:
        """The names of the inputs whose text could not be read, those of schemas by their rows."""
        return {schema_of(name) for name in self.errors}

    @cached_property
    def schema_rows(self) -> dict[str, list[str]]:
        """The keys of the rows of each schema, in the order in which the page shows them."""
        found: dict[str, list[str]] = {}
        for name in self.data:
            if name.endswith("-in") and (parts := SCHEMA_ROW.match(name)):
                found.setdefault(parts["schema"], []).append(parts["key"])
        return found

    def changed(self, name: str) -> str | None:
        """Return what was typed into an input; None where it is missing or unchanged."""
        posted = self.data.get(name)
        shown = self.shown.values.get(name, "")
        if posted is None or untouched(shown, posted):
            return None
        if len(posted) > MOST_SHOWN_CHARACTERS:
            self._too_much(name, "string_above_max_length", MOST_SHOWN_CHARACTERS, len(posted))
            return None
        return normalise_text(posted)

    def _too_much(self, name: str, code: str, limit: int, actual: int) -> None:
        """Refuse a value so far over its limits that reading it would cost other people's time."""
        params = {"limit": limit, "actual": actual}
        self.errors[name] = [problem_sentence(Problem(name, name, code, params, ""))]

    def value(self, name: str) -> str:
        """Return what the input shows now: what was typed, or what it showed before."""
        posted = self.data.get(name)
        return self.shown.values.get(name, "") if posted is None else printable(posted)

    def ticked(self, name: str) -> bool:
        return ticked(self.data.get(name))

    def checked(self, name: str) -> bool:
        """Return the state of a box; as it was where its part of the page was not posted."""
        if name in self.data or _companion(name) in self.data:
            return self.ticked(name)
        return self.shown.values.get(name) == "on"

    def rows(self, group: str, shown: int) -> range | None:
        """Return the numbers of a group's rows, at least the shown ones; None if missing."""
        total = self.data.get(f"{group}-TOTAL_FORMS")
        if total is None:
            return None
        asked = int(total) if total.isascii() and total.isdigit() and len(total) < 7 else 0
        return range(max(shown, min(asked, shown + MOST_NEW_ROWS)))

    def lines(self, name: str) -> list[str] | None:
        """Return the lines that were typed into an input; None where it is unchanged."""
        text = self.changed(name)
        if text is not None and (count := text.count("\n") + 1) > MOST_NEW_ROWS:
            self._too_much(name, "array_above_max_length", LIMITS.files, count)
            return None
        return None if text is None else parse_lines(text)

    # Each of these puts one input's value into the object that holds it, unless it is unchanged.

    def text(self, target: dict[str, Any], key: str, name: str) -> None:
        if (text := self.changed(name)) is not None:
            target[key] = text

    def word(self, target: dict[str, Any], key: str, name: str) -> None:
        """Without the space around it, which is never intended in a name or a choice."""
        if (text := self.changed(name)) is not None:
            _put(target, key, text.strip() or None)

    def number(self, target: dict[str, Any], key: str, name: str) -> None:
        if (text := self.changed(name)) is not None:
            try:
                _put(target, key, parse_number(text))
            except ValueError as error:
                self.error(name, _unread(text.strip(), error))

    def json(self, target: dict[str, Any], key: str, name: str, *, levels: int) -> None:
        if (text := self.changed(name)) is not None:
            if self.is_too_much(name, text.count(",") + text.count("{") + text.count("[")):
                return
            try:
                _put(target, key, parse_object(text, levels=levels))
            except JsonError as error:
                self.error(name, str(error))

    def is_too_much(self, name: str, parts: int) -> bool:
        """Count the parts of typed values; an error where there are too many to be read."""
        self._parts += parts
        if self._parts > MOST_JSON_PARTS:
            self._too_much(name, "assistant_above_max_values", LIMITS.values, self._parts)
        return self._parts > MOST_JSON_PARTS

    def rest(self, target: dict[str, Any], name: str, *, levels: int) -> None:
        """Put the content of a hidden input, which has no input of its own, into the object."""
        found: dict[str, Any] = {}
        self.json(found, "rest", name, levels=levels)
        add_rest(target, found.get("rest", {}))

    def switch(self, target: dict[str, Any], key: str, name: str) -> None:
        was = self.shown.values.get(name) == "on"
        if self.checked(name) != was:
            target[key] = not was


def _unread(text: str, error: ValueError) -> str:
    """Return what is wrong with a text that is no number, or not the number that it seems."""
    shown = {"number": text if len(text) <= 40 else f"{text[:39]}…"}
    if isinstance(error, Inexact):
        return _("The number %(number)s has too many digits to be stored exactly.") % shown
    if isinstance(error, Ambiguous):
        said = _(
            "It is not clear which number %(number)s is. Leave out the comma, or write a decimal"
            " point."
        )
        return said % shown
    return _("Enter a number, or leave the field empty.")


def _companion(box: str) -> str:
    """Return an input that is posted with a box: a box that is not ticked is not posted."""
    if box.endswith("-enabled"):
        return f"{box.partition('-')[0]}-TOTAL_FORMS"
    return box.removesuffix("strict") + "name"


def _put(target: dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        target.pop(key, None)
    else:
        target[key] = value
