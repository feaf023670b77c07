"""Builds a definition from a posted form.

Everything builds on what the form showed. A field that is missing or unchanged keeps its exact
value, with all that the form cannot show. So does a group of rows without its TOTAL_FORMS; only
DELETE removes a row. An input that is present but empty clears its field.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assistants.definition import DEFINITION_FIELDS, FIELD_NAMES, LIMITS, Definition, changed
from assistants.definition.value import copy_json
from assistants.forms.builder.typed import read_schema
from assistants.forms.posted.answers import Answers
from assistants.forms.posted.tools import build_tools
from assistants.forms.shown import ID_LISTS

_SCHEMA_LEVELS = LIMITS.nesting - 2  # the format and its json_schema are around it

_UNREAD = object()
"""The value of an unchanged field that is too long to be read for a form."""


@dataclass(frozen=True)
class Built:
    """The definition that a form describes. `tool_rows` names the row of each tool in order,
    `pair_rows` the row of each metadata key."""

    definition: Definition
    tool_rows: list[str]
    pair_rows: dict[str, str]


def build(answers: Answers) -> Built:
    """Build the definition; `answers.errors` gets what is wrong."""
    content = _shown(answers)
    for name, declared in DEFINITION_FIELDS.items():
        match declared.kind:
            case "text":
                answers.text(content, name, name)
            case "word" | "choice":
                answers.word(content, name, name)
            case "number" | "integer":
                answers.number(content, name, name)
    content["response_format"] = _response_format(answers, content.get("response_format"))
    content["tools"], tool_rows = build_tools(answers, content.get("tools"))
    content["tool_resources"] = _resources(answers, content.get("tool_resources"))
    content["metadata"], pair_rows = _metadata(answers, content.get("metadata"))
    return Built(_built(answers, content), tool_rows, pair_rows)


def _shown(answers: Answers) -> dict[str, Any]:
    """Return the fields to build on; `_UNREAD` for those that the form shows cut."""
    shown = answers.shown
    if not shown.excerpt.is_cut:
        return shown.definition.to_dict()
    fields, unread = shown.definition.content(), set(shown.excerpt.cut)
    if any(answers.changed(name) is not None for name in ID_LISTS):
        unread.discard("tool_resources")  # what was typed goes into it
    return {
        name: _UNREAD if name in unread else copy_json(fields[name])
        for name in FIELD_NAMES
        if name in fields
    }


def _built(answers: Answers, content: dict[str, Any]) -> Definition:
    shown = answers.shown
    if not shown.excerpt.is_cut:
        return Definition.parse(content)
    read = {name: content.get(name) for name in FIELD_NAMES if content.get(name) is not _UNREAD}
    return changed(shown.definition, read)


def _response_format(answers: Answers, old: Any) -> Any:
    shown = answers.shown.values["response_format"]
    word = answers.data.get("response_format", shown).strip()
    if word in LIMITS.response_types:
        value: dict[str, Any] = old if word == shown else {"type": word}
        if word == "json_schema":
            _response_schema(answers, value.setdefault("json_schema", {}))
            answers.rest(value, "response_schema_rest", levels=_SCHEMA_LEVELS)
        return value
    if word == shown:
        return old
    if word not in ("", *LIMITS.response_words):
        answers.error("response_format", _("Choose one of the formats in the list."))
        return old
    return word or None


def _response_schema(answers: Answers, schema: dict[str, Any]) -> None:
    answers.word(schema, "name", "response_schema_name")
    answers.text(schema, "description", "response_schema_description")
    read_schema(answers, schema, "schema", "response_schema_schema", levels=_SCHEMA_LEVELS)
    answers.switch(schema, "strict", "response_schema_strict")


def _resources(answers: Answers, resources: Any) -> Any:
    for name, (section, key) in ID_LISTS.items():
        found = answers.lines(name)
        if found is None:
            continue
        resources = resources if isinstance(resources, dict) else {}
        lists = resources.get(section)
        ids = {key: found}
        resources[section] = {**lists, **ids} if isinstance(lists, dict) else ids
    return resources


def _metadata(answers: Answers, old: Any) -> tuple[Any, dict[str, str]]:
    """Return the posted metadata, and the row of each key."""
    shown = answers.shown.pairs
    rows = answers.rows("metadata", len(shown))
    if rows is None or "metadata" in answers.shown.kept:
        return old, {key: row for row, key in shown.items()}
    pairs: dict[str, Any] = {}
    pair_rows: dict[str, str] = {}
    for row in (f"metadata-{number}" for number in rows):
        if answers.ticked(f"{row}-DELETE"):
            continue
        was = shown.get(row)
        pair = {"key": was or "", "value": "" if was is None else old[was]}
        answers.text(pair, "key", f"{row}-key")
        answers.text(pair, "value", f"{row}-value")
        key = pair["key"]
        if not key and key != was:
            if pair["value"] == "":
                continue  # an empty row
            answers.error(f"{row}-key", _("Enter a key for this value."))
        elif key in pairs:
            answers.error(f"{row}-key", _("Duplicate key: use each key only once."))
        pairs[key] = pair["value"]
        pair_rows.setdefault(key, row)
    return (pairs if pairs or isinstance(old, dict) else old), pair_rows
