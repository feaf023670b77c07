"""What the rows of a schema say, looked up once for each language: a page may have 200 rows."""

from collections.abc import Mapping
from functools import cache

from django.utils.html import escape
from django.utils.translation import gettext, gettext_noop, override

from assistants.definition.parameters import KEPT_KIND

KIND_WORDS: Mapping[str, str] = {
    "string": gettext_noop("Text (string)"),
    "number": gettext_noop("Number"),
    "integer": gettext_noop("Whole number (integer)"),
    "boolean": gettext_noop("Yes or no (boolean)"),
    "array": gettext_noop("List (array)"),
    "object": gettext_noop("Group (object)"),
    "": gettext_noop("Not set"),
    KEPT_KIND: gettext_noop("Another type, kept"),
}
_TEXTS: Mapping[str, str] = {
    "name": gettext_noop("Name"),
    "type": gettext_noop("Type"),
    "entry_type": gettext_noop("Type of each entry"),
    "required": gettext_noop("Required"),
    "description": gettext_noop("Description"),
    "what": gettext_noop("What the model fills in here"),
    "more": gettext_noop("More"),
    "allowed": gettext_noop("Allowed values"),
    "allowed_help": gettext_noop("One per line. Empty: any value."),
    "default": gettext_noop("Default"),
    "default_help": gettext_noop("What your application assumes where it is left out."),
    "null": gettext_noop("May be empty (null)"),
    "closed": gettext_noop("Allow only these fields"),
    "up": gettext_noop("Move up"),
    "down": gettext_noop("Move down"),
    "copy": gettext_noop("Duplicate"),
    "remove": gettext_noop("Remove when saving"),
    "add": gettext_noop("Add a parameter"),
    "add_answer": gettext_noop("Add a field"),
    "add_inside": gettext_noop("Add a field inside"),
    "show": gettext_noop("Update rows after changing a type"),
    "each": gettext_noop("Each entry"),
    "none": gettext_noop("No parameters yet. The model calls the function without any values."),
    "none_answer": gettext_noop("No fields yet. Add the first one."),
    "full": gettext_noop("The form shows at most 200 parameters. Add more in the JSON."),
    "kept": gettext_noop("Also set: %(names)s. Edit it in the JSON."),
    "idle": gettext_noop(
        "These rows do not count with this type. Choose “Group” or “List” to use them, or remove"
        " them."
    ),
    "deeper": gettext_noop("Fields inside this group are in the JSON; the form shows five levels."),
    "in": gettext_noop("Fields of %(name)s"),
    "fix": gettext_noop("Fix"),
}


@cache
def row_words(language: str) -> Mapping[str, str]:
    """Return the words as HTML."""
    with override(language):
        texts = {**_TEXTS, **{f"kind:{kind}": word for kind, word in KIND_WORDS.items()}}
        return {name: str(escape(gettext(text))) for name, text in texts.items()}


@cache
def kind_options(language: str, kind: str) -> str:
    """Return the choices of a type with one selected; what is not on offer only where it is set."""
    words = row_words(language)
    offered = [one for one in KIND_WORDS if one not in ("", KEPT_KIND) or one == kind]
    return "".join(
        f'<option value="{one}"{" selected" if one == kind else ""}>{words[f"kind:{one}"]}</option>'
        for one in offered
    )
