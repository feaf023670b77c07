"""What the editor's inputs say: labels, help, limits and options.

A simple field's input is made from its declaration in `definition.fields`; the inputs of parts,
such as those of a function, are declared here.
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from assistants.definition import DEFINITION_FIELDS, LIMITS, DefinitionField
from assistants.forms.shown import OTHER_FORMAT
from assistants.wording.labels import RESOURCE_LABELS


class InputSpec(NamedTuple):
    """What is said about an input. `INPUTS` holds these in English, `specs` in one language."""

    label: str
    help: str = ""
    limit: int = 0
    """Greatest number of characters, where there is one."""
    path: str = ""
    """Its path in a definition, where that is not its own name."""
    kind: str = "line"
    """One line, an `area` of several, a `choice`, a `box` to tick, or a number on a `slider`."""
    attributes: str = ""
    """HTML attributes that only this input has."""
    range: tuple[int, int] = (0, 0)
    numbers: tuple[int, ...] = ()
    """The numbers for each `{}` in `help`."""
    counts_with: tuple[str, str] | None = None
    """Another input and the value it needs, or this one does not count."""

    @property
    def direction(self) -> str:
        """Its attribute for people's text, which may run from right to left; code does not."""
        is_code = "code-input" in self.attributes or "inputmode" in self.attributes
        return "" if is_code else ' dir="auto"'

    def holding(self, text: str) -> "InputSpec":
        """The same for an input that shows `text`: a browser takes line ends out of one line."""
        if "\n" in text and self.kind in ("line", "slider"):
            return self._replace(kind="area", attributes=_BRIEF)
        return self

    def translated(self) -> "InputSpec":
        """The same in the active language, its numbers in its help."""
        told = _(self.help).format(*self.numbers) if self.help else ""
        return self._replace(label=_(self.label), help=told)


_CODE = 'rows="8" class="code-input" spellcheck="false"'
_IDS = 'rows="3" class="code-input" spellcheck="false"'
_BRIEF = 'rows="2"'
_TALL = 'rows="{}" class="tall"'
_WHOLE = 'inputmode="numeric"'
_RANKING = "tools.file_search.ranking_options"
_SEARCHES = ("file_search-0-enabled", "on")
_BY_SCHEMA = ("response_format", "json_schema")


def _of_field(field: DefinitionField) -> InputSpec:
    """Return the input of a simple field, or of the response format."""
    spec = InputSpec(field.label, field.help, range=field.range, numbers=field.range)
    match field.kind:
        case "text" if field.lines > 1:
            attributes = _BRIEF if field.lines == 2 else _TALL.format(field.lines)
            return spec._replace(limit=field.limit, kind="area", attributes=attributes)
        case "text":
            return spec._replace(limit=field.limit)
        case "choice" | "format":
            return spec._replace(kind="choice")
        case "number":
            return spec._replace(kind="slider")
        case "integer":
            return spec._replace(attributes=_WHOLE)
    return spec._replace(attributes=f'list="{field.suggestions}"' if field.suggestions else "")


_OF_TOOLS = {
    "code_interpreter.enabled": InputSpec(
        gettext_noop("Code interpreter"),
        gettext_noop(
            "It can write and run Python to calculate, draw and read files. Off by default."
        ),
        kind="box",
    ),
    "file_search.enabled": InputSpec(
        gettext_noop("File search"),
        gettext_noop("It can look things up in the documents of a vector store. Off by default."),
        kind="box",
    ),
    "file_search.max_num_results": InputSpec(
        gettext_noop("Maximum results"),
        gettext_noop("How many passages it may use, {} to {}. Not set: the provider decides."),
        numbers=LIMITS.file_search_results,
        attributes=_WHOLE,
        counts_with=_SEARCHES,
    ),
    "file_search.ranker": InputSpec(
        gettext_noop("Ranker"),
        gettext_noop("How the passages are ranked. Not set: chosen automatically."),
        path=_RANKING,
        kind="choice",
        counts_with=_SEARCHES,
    ),
    "file_search.score_threshold": InputSpec(
        gettext_noop("Lowest score"),
        gettext_noop(
            "Leaves out passages with a lower score, {} to {}. Not set: 0, so it leaves out none."
        ),
        numbers=LIMITS.score,
        path=_RANKING,
        attributes='inputmode="decimal"',
        counts_with=_SEARCHES,
    ),
    "function.name": InputSpec(
        gettext_noop("Name"),
        gettext_noop("What your application calls it: letters, digits, _ and -."),
        LIMITS.function_name,
    ),
    "function.description": InputSpec(
        gettext_noop("Description"),
        gettext_noop("Tells the model when to use it and what it gets back."),
        kind="area",
        attributes=_BRIEF,
    ),
    "function.parameters": InputSpec(
        gettext_noop("Parameters"),
        gettext_noop("What the model fills in, as a JSON Schema. Empty: no parameters."),
        kind="area",
        attributes=_CODE,
    ),
    "function.strict": InputSpec(
        gettext_noop("Strict"),
        gettext_noop("The model follows the schema exactly. Off by default."),
        kind="box",
    ),
    "function.position": InputSpec(
        gettext_noop("Position"),
        gettext_noop("Its place among all tools; 1 is the first."),
        attributes=_WHOLE,
    ),
}
_OF_RESOURCES = {
    "code_interpreter_file_ids": InputSpec(
        RESOURCE_LABELS["code_interpreter.file_ids"],
        gettext_noop("IDs of files it may read, one per line, at most {}. Empty: none."),
        numbers=(LIMITS.files,),
        path="tool_resources",
        kind="area",
        attributes=_IDS,
    ),
    "vector_store_ids": InputSpec(
        RESOURCE_LABELS["file_search.vector_store_ids"],
        gettext_noop("ID of the one vector store that it searches. Empty: none."),
        path="tool_resources",
        kind="area",
        attributes=_IDS,
    ),
}
_OF_SCHEMA = {
    "response_schema_name": InputSpec(
        gettext_noop("Schema name"),
        gettext_noop("Letters, digits, _ and -."),
        LIMITS.schema_name,
        counts_with=_BY_SCHEMA,
    ),
    "response_schema_description": InputSpec(
        gettext_noop("Schema description"),
        gettext_noop("Tells the model what the answer is for. Optional."),
        kind="area",
        attributes=_BRIEF,
        counts_with=_BY_SCHEMA,
    ),
    "response_schema_schema": InputSpec(
        gettext_noop("Schema"),
        gettext_noop("The JSON Schema that every answer follows."),
        path="response_format",
        kind="area",
        attributes=_CODE,
        counts_with=_BY_SCHEMA,
    ),
    "response_schema_strict": InputSpec(
        gettext_noop("Strict"),
        gettext_noop("Answers follow the schema exactly. Off by default."),
        kind="box",
    ),
}
_OF_PAIRS = {
    "metadata.key": InputSpec(gettext_noop("Key"), "", LIMITS.metadata_key),
    "metadata.value": InputSpec(gettext_noop("Value"), "", LIMITS.metadata_value),
}
_PARTS = {
    "tools": _OF_TOOLS,
    "tool_resources": _OF_RESOURCES,
    "response_format": _OF_SCHEMA,
    "metadata": _OF_PAIRS,
}


def _in_page_order() -> Iterator[tuple[str, InputSpec]]:
    sections = ("basics", "instructions", "tools", "knowledge", "answers", "metadata")
    for section in sections:
        fields = [field for field in DEFINITION_FIELDS.values() if field.section == section]
        for field in fields:
            if field.name not in _PARTS or field.kind == "format":
                yield field.name, _of_field(field)
        for field in fields:
            yield from _PARTS.get(field.name, {}).items()


INPUTS = dict(_in_page_order())
"""Every input by its key, in the order of the page. A key with a dot is that of a part that may be
on the page several times."""


def name_of_input(key: str) -> str:
    """Return the name of the first input of a key on the page."""
    return key.replace(".", "-0-")


class InputOption(NamedTuple):
    """One entry in the list of an input."""

    value: str
    label: str
    selected: bool


# Made once for each language: on a page of a hundred inputs, looking up every text again is a good
# part of the whole cost.


@cache
def specs(language: str) -> dict[str, InputSpec]:
    """Return what is said about each input, in the order of the page."""
    with override(language):
        return {key: spec.translated() for key, spec in INPUTS.items()}


@cache
def options(language: str) -> dict[str, list[tuple[str, str]]]:
    """Return what each field with a list offers: the values and their labels."""
    with override(language):
        not_set = ("", _("Not set"))
        offered = {
            name: [not_set, *((option.value, _(option.label)) for option in field.options)]
            for name, field in DEFINITION_FIELDS.items()
            if field.options
        }
        return {
            **offered,
            "file_search.ranker": [not_set, *((ranker, ranker) for ranker in LIMITS.rankers)],
        }


def options_of(key: str, value: str, language: str) -> list[InputOption]:
    """Return an input's options with one selected; a value that is none of them is added."""
    found = [
        InputOption(option, label, option == value)
        for option, label in options(language).get(key, ())
    ]
    if found and not any(option.selected for option in found):
        label = _("Another format, kept unchanged") if value == OTHER_FORMAT else value
        found.append(InputOption(value, label, True))
    return found
