"""What the editor's inputs say: labels, help, limits and options."""

from functools import cache
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import override

from assistants.definition import LIMITS
from assistants.forms.shown import OTHER
from assistants.wording import field_label, resource_label
from assistants.wording.labels import FORMAT_LABELS


class Spec(NamedTuple):
    label: str
    help: str
    limit: int = 0
    """Greatest number of characters, where there is one."""
    path: str = ""
    """Where it stands in a definition, if not under its own name."""
    kind: str = "line"
    """One line, an `area` of several, a `choice`, a `box` to tick, or a number on a `slider`."""
    attributes: str = ""
    """HTML attributes that only this input has."""
    range: tuple[int, int] = (0, 0)

    @property
    def direction(self) -> str:
        """Its attribute for people's text, which may run from right to left; code does not."""
        is_code = "code-input" in self.attributes or "inputmode" in self.attributes
        return "" if is_code else ' dir="auto"'

    def holding(self, text: str) -> "Spec":
        """The same for an input that shows `text`: a browser takes line ends out of one line."""
        if "\n" in text and self.kind in ("line", "slider"):
            return self._replace(kind="area", attributes=_BRIEF)
        return self


_CODE = 'rows="8" class="code-input" spellcheck="false"'
_IDS = 'rows="3" class="code-input" spellcheck="false"'
_BRIEF = 'rows="2"'


class Choice(NamedTuple):
    value: str
    label: str
    selected: bool


# Made once for each language: on a page of a hundred inputs, looking up every text again is a good
# part of the whole cost.


@cache
def specs(language: str) -> dict[str, Spec]:
    """Return what is said about each input, in the order of the page."""
    with override(language):
        return {
            "name": Spec(
                field_label("name"), _("What people call it, here and in the history."), LIMITS.name
            ),
            "description": Spec(
                field_label("description"),
                _("What it is for, in a sentence or two. For people; it does not steer answers."),
                LIMITS.description,
                kind="area",
                attributes=_BRIEF,
            ),
            "model": Spec(
                field_label("model"),
                _("Which model answers, by the name your provider gives it. Required."),
                attributes='list="models"',
            ),
            "instructions": Spec(
                field_label("instructions"),
                _("Its role, rules and tone. The model reads this before every conversation."),
                LIMITS.instructions,
                kind="area",
                attributes='rows="14" class="tall"',
            ),
            "code_interpreter.enabled": Spec(
                _("Code interpreter"),
                _("It can write and run Python to calculate, draw and read files. Off by default."),
                kind="box",
            ),
            "file_search.enabled": Spec(
                _("File search"),
                _("It can look things up in the documents of a vector store. Off by default."),
                kind="box",
            ),
            "file_search.max_num_results": Spec(
                _("Most results"),
                _("How many passages it may use, {} to {}. Not set: the provider decides.").format(
                    *LIMITS.file_search_results
                ),
                attributes='inputmode="numeric"',
            ),
            "file_search.ranker": Spec(
                _("Ranker"),
                _("What puts the passages in order. Not set: chosen automatically."),
                path="tools.file_search.ranking_options",
                kind="choice",
            ),
            "file_search.score_threshold": Spec(
                _("Lowest score"),
                _(
                    "Leaves out passages that fit worse than this, {} to {}. Not set: 0, so none."
                ).format(*LIMITS.score),
                path="tools.file_search.ranking_options",
                attributes='inputmode="decimal"',
            ),
            "function.name": Spec(
                _("Name"),
                _("What your application knows it by: letters, digits, _ and -."),
                LIMITS.function_name,
            ),
            "function.description": Spec(
                field_label("description"),
                _("Tells the model when to use it and what it gets back."),
                kind="area",
                attributes=_BRIEF,
            ),
            "function.parameters": Spec(
                _("Parameters"),
                _("What the model has to fill in, as a JSON Schema. Empty: it takes none."),
                kind="area",
                attributes=_CODE,
            ),
            "function.strict": Spec(
                _("Strict"),
                _("The model keeps to the schema to the letter. Off by default."),
                kind="box",
            ),
            "function.position": Spec(
                _("Position"),
                _("Its place among all tools; 1 is the first."),
                attributes='inputmode="numeric"',
            ),
            "code_interpreter_file_ids": Spec(
                resource_label("code_interpreter.file_ids"),
                _("Ids of files it may read, one on each line, at most {}. Empty: none.").format(
                    LIMITS.files
                ),
                path="tool_resources",
                kind="area",
                attributes=_IDS,
            ),
            "vector_store_ids": Spec(
                resource_label("file_search.vector_store_ids"),
                _("Id of the vector store that it searches, at most {}. Empty: none.").format(
                    LIMITS.vector_stores
                ),
                path="tool_resources",
                kind="area",
                attributes=_IDS,
            ),
            "temperature": Spec(
                field_label("temperature"),
                _(
                    "How varied the answers are. {} repeats itself, {} is wild. Not set: usually 1."
                ).format(*LIMITS.temperature),
                kind="slider",
                range=LIMITS.temperature,
            ),
            "top_p": Spec(
                field_label("top_p"),
                _("Keeps to the likeliest words: 0.1 is the top tenth, 1 all. Not set: usually 1."),
                kind="slider",
                range=LIMITS.top_p,
            ),
            "response_format": Spec(
                field_label("response_format"),
                _("Plain text, or JSON for a program to read. Not set: text as a rule."),
                kind="choice",
            ),
            "response_schema_name": Spec(
                _("Schema name"), _("Letters, digits, _ and -."), LIMITS.schema_name
            ),
            "response_schema_description": Spec(
                _("Schema description"),
                _("Tells the model what the answer is for. May stay empty."),
                kind="area",
                attributes=_BRIEF,
            ),
            "response_schema_schema": Spec(
                _("Schema"),
                _("The JSON Schema that every answer follows."),
                path="response_format",
                kind="area",
                attributes=_CODE,
            ),
            "response_schema_strict": Spec(
                _("Strict"),
                _("Answers keep to the schema to the letter. Off by default."),
                kind="box",
            ),
            "reasoning_effort": Spec(
                field_label("reasoning_effort"),
                _("How long it thinks before it answers; reasoning models only. Not set: medium."),
                kind="choice",
            ),
            "metadata.key": Spec(_("Key"), "", LIMITS.metadata_key),
            "metadata.value": Spec(_("Value"), "", LIMITS.metadata_value),
        }


@cache
def options(language: str) -> dict[str, list[tuple[str, str]]]:
    """Return what each field with a list offers: the values and their labels."""
    with override(language):
        efforts = {
            "none": _("None"),
            "minimal": _("Minimal"),
            "low": _("Low"),
            "medium": _("Medium"),
            "high": _("High"),
            "xhigh": _("Extra high"),
            "max": _("Highest"),
        }
        not_set = ("", _("Not set"))
        formats = (*LIMITS.response_words, *LIMITS.response_types)
        return {
            "reasoning_effort": [
                not_set,
                *((effort, efforts.get(effort, effort)) for effort in LIMITS.reasoning_efforts),
            ],
            "response_format": [not_set, *((word, str(FORMAT_LABELS[word])) for word in formats)],
            "file_search.ranker": [not_set, *((ranker, ranker) for ranker in LIMITS.rankers)],
        }


def choices(key: str, value: str, language: str) -> list[Choice]:
    """Return a field's options with one selected; a value that is none of them is added to them."""
    found = [
        Choice(option, label, option == value) for option, label in options(language).get(key, ())
    ]
    if found and not any(choice.selected for choice in found):
        label = _("Something else, kept as it is") if value == OTHER else value
        found.append(Choice(value, label, True))
    return found
