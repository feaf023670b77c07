"""What the editor's inputs say: labels, help and limits, and each input ready for its template."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from assistants.definition import LIMITS
from assistants.forms.shown import OTHER
from assistants.wording.labels import FIELD_LABELS, FORMAT_LABELS, RESOURCE_LABELS


class Spec(NamedTuple):
    label: str | Promise
    help: str | Promise
    limit: int = 0
    """Greatest number of characters, where there is one."""
    path: str = ""
    """Where it stands in a definition, if not under its own name."""


class Choice(NamedTuple):
    value: str
    label: str | Promise
    selected: bool


SPECS: dict[str, Spec] = {
    "name": Spec(
        FIELD_LABELS["name"], _("What people call it, here and in the history."), LIMITS.name
    ),
    "description": Spec(
        FIELD_LABELS["description"],
        _("What it is for, in a sentence or two. This is for people; it does not steer answers."),
        LIMITS.description,
    ),
    "model": Spec(
        FIELD_LABELS["model"],
        _("Which model answers, by the name your provider gives it. Needed."),
    ),
    "instructions": Spec(
        FIELD_LABELS["instructions"],
        _("Its role, its rules and its tone. The model reads this before every conversation."),
        LIMITS.instructions,
    ),
    "code_interpreter.enabled": Spec(
        _("Code interpreter"),
        _("It can write and run Python to calculate, draw charts and read files. Off by default."),
    ),
    "file_search.enabled": Spec(
        _("File search"),
        _("It can look things up in the documents of a vector store. Off by default."),
    ),
    "file_search.max_num_results": Spec(
        _("Most results"),
        format_lazy(
            _("How many passages it may use, {} to {}. Not set: the provider decides, often 20."),
            *LIMITS.file_search_results,
        ),
    ),
    "file_search.ranker": Spec(
        _("Ranker"),
        _("What puts the passages in order. Not set: chosen automatically."),
        path="tools.file_search.ranking_options",
    ),
    "file_search.score_threshold": Spec(
        _("Lowest score"),
        format_lazy(
            _("Leaves out passages that fit worse than this, {} to {}. Not set: 0, so none."),
            *LIMITS.score,
        ),
        path="tools.file_search.ranking_options",
    ),
    "function.name": Spec(
        _("Name"),
        _("What your application knows it by: letters, digits, _ and -."),
        LIMITS.function_name,
    ),
    "function.description": Spec(
        FIELD_LABELS["description"], _("Tells the model when to use it and what it gets back.")
    ),
    "function.parameters": Spec(
        _("Parameters"),
        _("What the model has to fill in, as a JSON Schema. Empty: it takes none."),
    ),
    "function.strict": Spec(
        _("Strict"), _("The model keeps to the schema to the letter. Off by default.")
    ),
    "function.position": Spec(_("Position"), _("Its place among all tools; 1 is the first.")),
    "code_interpreter_file_ids": Spec(
        RESOURCE_LABELS["code_interpreter.file_ids"],
        format_lazy(
            _("Ids of files it may read, one on each line, at most {}. Empty: none."), LIMITS.files
        ),
        path="tool_resources",
    ),
    "vector_store_ids": Spec(
        RESOURCE_LABELS["file_search.vector_store_ids"],
        format_lazy(
            _("Id of the vector store that it searches, at most {}. Empty: none."),
            LIMITS.vector_stores,
        ),
        path="tool_resources",
    ),
    "temperature": Spec(
        FIELD_LABELS["temperature"],
        format_lazy(
            _("How varied the answers are. {} repeats itself, {} is wild. Not set: usually 1."),
            *LIMITS.temperature,
        ),
    ),
    "top_p": Spec(
        FIELD_LABELS["top_p"],
        _("Keeps to the likeliest words: 0.1 means the top tenth, 1 all. Not set: usually 1."),
    ),
    "response_format": Spec(
        FIELD_LABELS["response_format"],
        _("Whether it answers in plain text or in JSON for a program. Not set: text as a rule."),
    ),
    "response_schema_name": Spec(
        _("Schema name"), _("Letters, digits, _ and -."), LIMITS.schema_name
    ),
    "response_schema_description": Spec(
        _("Schema description"), _("Tells the model what the answer is for. May stay empty.")
    ),
    "response_schema_schema": Spec(
        _("Schema"), _("The JSON Schema that every answer follows."), path="response_format"
    ),
    "response_schema_strict": Spec(
        _("Strict"), _("Answers keep to the schema to the letter. Off by default.")
    ),
    "reasoning_effort": Spec(
        FIELD_LABELS["reasoning_effort"],
        _("How long it thinks before it answers; for reasoning models only. Not set: medium."),
    ),
    "metadata.key": Spec(_("Key"), "", LIMITS.metadata_key),
    "metadata.value": Spec(_("Value"), "", LIMITS.metadata_value),
}

_EFFORT_LABELS: dict[str, Promise] = {
    "none": _("None"),
    "minimal": _("Minimal"),
    "low": _("Low"),
    "medium": _("Medium"),
    "high": _("High"),
    "xhigh": _("Extra high"),
    "max": _("Highest"),
}
EFFORTS: tuple[tuple[str, str | Promise], ...] = (
    ("", _("Not set")),
    *((effort, _EFFORT_LABELS.get(effort, effort)) for effort in LIMITS.reasoning_efforts),
)
RANKERS: tuple[tuple[str, str | Promise], ...] = (
    ("", _("Not set")),
    *((ranker, ranker) for ranker in LIMITS.rankers),
)
FORMATS: tuple[tuple[str, str | Promise], ...] = (
    ("", _("Not set")),
    *((word, FORMAT_LABELS[word]) for word in (*LIMITS.response_words, *LIMITS.response_types)),
)
CHOICES = {"reasoning_effort": EFFORTS, "response_format": FORMATS, "file_search.ranker": RANKERS}
"""The options of each field that offers some."""


def choices(key: str, value: str) -> list[Choice]:
    """Return a field's options with one selected; a value that is none of them is added to them."""
    found = [Choice(option, label, option == value) for option, label in CHOICES.get(key, ())]
    if found and not any(choice.selected for choice in found):
        label = _("Something else, kept as it is") if value == OTHER else value
        found.append(Choice(value, label, True))
    return found
