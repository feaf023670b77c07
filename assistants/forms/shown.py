"""What the form shows of a definition: a flat mapping of field names to text.

Scripts use these names too. A form that is posted unchanged builds an equal definition, whatever
the definition held: see `build`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from assistants.definition import (
    DEFINITION_FIELDS,
    LIMITS,
    PAGE_LIMITS,
    Definition,
    DefinitionExcerpt,
    excerpt,
)
from assistants.definition.value import canonical
from assistants.forms.text import show, show_json

ID_LISTS = {
    "code_interpreter_file_ids": ("code_interpreter", "file_ids"),
    "vector_store_ids": ("file_search", "vector_store_ids"),
}
"""Inputs with one ID on each line, and where their list is in `tool_resources`."""

OTHER_FORMAT = "other"
"""The choice for a response format that the form cannot describe, and keeps."""


@dataclass(frozen=True)
class ShownDefinition:
    """A definition as its form shows it.

    `values` maps field names to text ("on" for a ticked box). `tools` maps the prefix of a row
    ("function-0", "file_search-0", "other-1") to the index of its tool, `pairs` the prefix of a row
    of metadata to its key. `kept` names the fields that are too large for a form: it does not show
    them and keeps them.
    """

    definition: Definition
    excerpt: DefinitionExcerpt
    values: dict[str, str] = field(default_factory=dict)
    tools: dict[str, int] = field(default_factory=dict)
    pairs: dict[str, str] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()

    @classmethod
    def of(cls, definition: Definition) -> "ShownDefinition":
        found = excerpt(definition)
        shown = cls(definition, found, kept=frozenset(_beyond_a_form(definition, found)))
        content = {name: value for name, value in found.values.items() if name not in shown.kept}
        for name, declared in DEFINITION_FIELDS.items():
            if declared.is_simple:
                shown.values[name] = show(content.get(name))
        answers = (
            OTHER_FORMAT if "response_format" in shown.kept else content.get("response_format")
        )
        shown.values.update(_format_values(answers))
        shown.values.update(_id_values(content.get("tool_resources")))
        shown._add_tools(content.get("tools"))
        shown._add_metadata(content.get("metadata"))
        return shown

    def _add_tools(self, tools: Any) -> None:
        counts = {"code_interpreter": 0, "file_search": 0, "function": 0, "other": 0}
        for index, tool in enumerate(tools if isinstance(tools, list) else []):
            group = _group(tool)
            if group != "function" and counts[group]:
                group = "other"  # a second one of a kind that has one card
            prefix = f"{group}-{counts[group]}"
            counts[group] += 1
            self.tools[prefix] = index
            for name, value in _tool_values(group, tool, index):
                self.values[f"{prefix}-{name}"] = value
        for group in ("code_interpreter", "file_search"):
            self.values[f"{group}-TOTAL_FORMS"] = "1"
        for group in ("function", "other"):
            self.values[f"{group}-TOTAL_FORMS"] = str(counts[group])

    def _add_metadata(self, metadata: Any) -> None:
        # Sorted, since two equal definitions may hold their keys in different orders.
        for number, key in enumerate(sorted(metadata) if isinstance(metadata, dict) else []):
            prefix = f"metadata-{number}"
            self.pairs[prefix] = key
            self.values[f"{prefix}-key"] = show(key)
            self.values[f"{prefix}-value"] = show(metadata[key])
        self.values["metadata-TOTAL_FORMS"] = str(len(self.pairs))


MOST_SHOWN_CHARACTERS = 4 * LIMITS.part_size
"""Characters of one field up to which a form shows it, more than the limits allow."""


def _beyond_a_form(definition: Definition, found: DefinitionExcerpt) -> Iterator[str]:
    """Yield the names of fields that are far over the limits, too large for a browser."""
    is_large = found.is_cut or len(definition.canonical_json()) > MOST_SHOWN_CHARACTERS
    for name, value in found.values.items():
        declared = DEFINITION_FIELDS.get(name)
        if declared is None or declared.is_number:
            continue
        has_rows = declared.kind in ("tools", "pairs") and isinstance(value, list | dict)
        too_many = has_rows and len(value) > PAGE_LIMITS.entries
        if too_many or (is_large and _is_large(name, value, found)):
            yield name


def _is_large(name: str, value: Any, found: DefinitionExcerpt) -> bool:
    return name in found.cut or len(canonical(value)) > MOST_SHOWN_CHARACTERS


def format_word(value: Any) -> str:
    """Return the choice for a response format; "" where it is unset."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value if value in LIMITS.response_words else OTHER_FORMAT
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "json_schema" and not isinstance(value.get("json_schema"), dict):
        return OTHER_FORMAT
    return kind if isinstance(kind, str) and kind in LIMITS.response_types else OTHER_FORMAT


def _format_values(value: Any) -> dict[str, str]:
    word = format_word(value)
    schema = value["json_schema"] if word == "json_schema" else {}
    return {
        "response_format": word,
        "response_schema_name": show(schema.get("name")),
        "response_schema_description": show(schema.get("description")),
        "response_schema_schema": show_json(schema.get("schema")),
        "response_schema_strict": "on" if schema.get("strict") is True else "",
    }


def _id_values(resources: Any) -> Iterator[tuple[str, str]]:
    for name, (section, key) in ID_LISTS.items():
        found = resources.get(section) if isinstance(resources, dict) else None
        ids = found.get(key) if isinstance(found, dict) else None
        yield name, "\n".join(map(show, ids)) if isinstance(ids, list) else ""


def _group(tool: Any) -> str:
    """Return which part of the form shows a tool; "other" where no part can show it in full."""
    if not isinstance(tool, dict):
        return "other"
    match tool.get("type"):
        case "code_interpreter":
            return "code_interpreter"
        case "function" if isinstance(tool.get("function"), dict):
            return "function"
        case "file_search":
            options = tool.get("file_search", {})
            ranking = options.get("ranking_options", {}) if isinstance(options, dict) else None
            return "file_search" if isinstance(ranking, dict) else "other"
    return "other"


def _tool_values(group: str, tool: Any, index: int) -> Iterator[tuple[str, str]]:
    if group == "function":
        function = tool["function"]
        yield "name", show(function.get("name"))
        yield "description", show(function.get("description"))
        yield "strict", "on" if function.get("strict") is True else ""
        yield "parameters", show_json(function.get("parameters"))
        yield "position", str(index + 1)
    elif group == "file_search":
        options = tool.get("file_search", {})
        ranking = options.get("ranking_options", {})
        yield "enabled", "on"
        yield "max_num_results", show(options.get("max_num_results"))
        yield "ranker", show(ranking.get("ranker"))
        yield "score_threshold", show(ranking.get("score_threshold"))
    elif group == "code_interpreter":
        yield "enabled", "on"
