"""A whole function, pasted where only its parameters belong, put into the fields of its parts."""

import json

from django.utils.translation import gettext as _

from assistants.definition import LIMITS, Whole, normalise_text, whole_format, whole_function
from assistants.forms.posted.answers import Answers
from assistants.forms.posted.json_text import JsonError, parse_object
from assistants.forms.text import show_json
from assistants.wording import quoted

TAKE_APART = "take-apart:"
"""The value of `action` begins with this, and ends in the name of the field that holds it."""


def take_apart(answers: Answers, name: str) -> tuple[Answers, list[str]]:
    """Return the answers with what the field `name` holds put into the fields of its parts.

    And what to say about it: what was in those fields before, as nothing may go unseen. What has
    no field goes into `rest`, a hidden one. Where there is nothing to take apart, all stays.
    """
    whole = _whole(name, answers.value(name))
    if whole is None:
        return answers, []
    prefix = name.removesuffix("parameters").removesuffix("schema")
    data = {key: str(value) for key, value in answers.data.items()}
    said = [_("Name, description and schema are now in their own fields.")]
    for part, text in (("name", whole.name), ("description", whole.description)):
        before = answers.value(prefix + part)
        if text and before.strip() and normalise_text(before) != normalise_text(text):
            said.append(_REPLACED[part]() % {"text": quoted(before)})
        if text:
            data[prefix + part] = text
    if whole.strict is not None:
        if answers.checked(prefix + "strict") and not whole.strict:
            said.append(_("“Strict” was on and is now off."))
        data.pop(prefix + "strict", None)
        data.update({prefix + "strict": "on"} if whole.strict else {})
    data[name] = show_json(whole.schema)
    if whole.rest:
        said.append(_("Parts without a field of their own are kept."))
        data[prefix + "rest"] = json.dumps(whole.rest)
    return Answers(answers.shown, data), said


def _whole(name: str, text: str) -> Whole | None:
    is_function = name.startswith("function-") and name.endswith("-parameters")
    if not is_function and name != "response_schema_schema":
        return None
    try:
        value = parse_object(text, levels=LIMITS.nesting)
    except JsonError:
        return None
    return whole_function(value) if is_function else whole_format(value)


_REPLACED = {
    "name": lambda: _("This replaced the name “%(text)s”."),
    "description": lambda: _("This replaced the description “%(text)s”."),
}
