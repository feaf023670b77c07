"""Problems of a definition as plain sentences for the people who can correct them."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistants.definition import Problem, note_missing
from assistants.wording import quoted
from assistants.wording.definition.schemas import flaw_sentence

_SENTENCES: dict[str, Promise] = {
    "string_above_max_length": gettext_lazy(
        "The limit is %(limit)s characters; this has %(actual)s."
    ),
    "property_name_above_max_length": gettext_lazy(
        "A key can have at most %(limit)s characters; this one has %(actual)s."
    ),
    "array_above_max_length": gettext_lazy("There can be at most %(limit)s; there are %(actual)s."),
    "object_above_max_properties": gettext_lazy(
        "The limit is %(limit)s pairs; there are %(actual)s."
    ),
    "decimal_above_max_value": gettext_lazy("%(limit)s is the highest possible value."),
    "integer_above_max_value": gettext_lazy("%(limit)s is the highest possible value."),
    "decimal_below_min_value": gettext_lazy("%(limit)s is the lowest possible value."),
    "integer_below_min_value": gettext_lazy("%(limit)s is the lowest possible value."),
    "invalid_unicode": gettext_lazy(
        "This text has a character that cannot be stored (%(character)s). Paste the text again"
        " without it."
    ),
    "nesting_above_max_depth": gettext_lazy(
        "Objects and lists are nested too deeply. The limit is %(limit)s levels."
    ),
    "unknown_parameters_above_max_count": gettext_lazy(
        "There can be at most %(limit)s fields that this dashboard does not know; there are"
        " %(actual)s."
    ),
    "unknown_parameters_above_max_size": gettext_lazy(
        "Fields that this dashboard does not know can have at most %(limit)s characters in total;"
        " they have %(actual)s."
    ),
    "assistant_above_max_size": gettext_lazy(
        "An assistant can have at most %(limit)s characters in total; this one has %(actual)s."
        " Shorten its longest field."
    ),
    "assistant_above_max_values": gettext_lazy(
        "An assistant can have at most %(limit)s single values; this one has %(actual)s. Shorten"
        " the longest lists and schemas."
    ),
    "json_above_max_size": gettext_lazy(
        "The limit is %(limit)s characters of JSON; this has %(actual)s."
    ),
    "duplicate_name": gettext_lazy(
        "Another function has the name “%(name)s”. Give each function its own name."
    ),
}
_MISSING: dict[str, Promise] = {
    "model": gettext_lazy("Choose a model."),
    "name": gettext_lazy("Enter a name."),
    "score_threshold": gettext_lazy("Enter a lowest score too: a ranker needs one."),
}
_TYPES: dict[Any, Promise] = {
    "a boolean": gettext_lazy("This has to be yes or no."),
    "an integer": gettext_lazy("Enter a whole number."),
    "a decimal": gettext_lazy("Enter a number."),
    "a string": gettext_lazy("This has to be text."),
    "an array": gettext_lazy("This has to be a list."),
    "an object": gettext_lazy("This has to be an object: JSON in curly brackets."),
}


def problem_sentence(problem: Problem) -> str:
    """Return what is wrong and what to do; the API's own message for an unknown code."""
    values = {name: _grouped(value) for name, value in problem.params.items()}
    if problem.field == "note":
        return _note_sentence(problem, values)
    match problem.code:
        case "missing_required_parameter" | "empty_string":
            missing = _MISSING.get(problem.path.rpartition(".")[2])
            return str(missing or _("This must not be empty."))
        case "invalid_type":
            return str(_TYPES.get(problem.params.get("expected"), problem.message))
        case "invalid_value":
            return _wrong_value(values)
        case "invalid_json_schema" | "invalid_function_parameters":
            return _no_schema(problem)
    text = _SENTENCES.get(problem.code)
    return str(text) % values if text else problem.message


def _note_sentence(problem: Problem, values: Mapping[str, Any]) -> str:
    if problem.code == note_missing().code:
        return _("Write a note: this workspace asks for one with every change.")
    return _("A note can have at most %(limit)s characters; this one has %(actual)s.") % values


def _wrong_value(values: Mapping[str, Any]) -> str:
    if "values" in values:
        return _("Choose one of these: %(values)s.") % {"values": ", ".join(values["values"])}
    if "pattern" in values:
        return _("Use only the letters a to z, digits, _ and -, and no spaces.")
    return _("This number is too large to be stored. Enter a smaller one.")


def _no_schema(problem: Problem) -> str:
    if problem.code == "invalid_json_schema":
        return flaw_sentence("wrong_kind", problem.params["at"], problem.params)
    if problem.params["whole"]:
        return _("Enter only the parameters here, not the whole function.")
    return _('Parameters have to be a JSON Schema of an object: {"type": "object", …}.')


def _grouped(value: Any) -> Any:
    """Return a number as people write it (256,000), a text with a direction of its own."""
    if isinstance(value, str):
        return quoted(value)
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15
    return f"{value:,}" if whole else value
