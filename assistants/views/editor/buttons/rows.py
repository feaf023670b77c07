"""Buttons of the form that show or fill in rows, without saving."""

from django.http import HttpResponse
from django_htmx.http import trigger_client_event

from admin_ui.accounts.models import Workspace
from assistants.forms.builder.places import BUILD_ACTION
from assistants.forms.definition_form import OPEN, DefinitionForm
from assistants.forms.posted.take_apart import TAKE_APART
from assistants.views.editor.buttons.adding import ADDING, add_from

ROWS = {"add-function": "function", "add-metadata": "metadata"}
"""Values of `action` that show another row without saving, each with its group. Values that begin
with `TAKE_APART` fill in the fields of a whole function, with `BUILD_ACTION` change the rows of a
schema, with `OPEN` show the inputs of a function, and those of `ADDING` add functions from
elsewhere. They save nothing either."""
ADD_PAIR = "add-metadata:"
"""What comes before the key in the `action` that shows a row for a key."""


def saves_nothing(action: str) -> bool:
    begins = (TAKE_APART, BUILD_ACTION, OPEN, ADD_PAIR)
    return action in ROWS or action in ADDING or action.startswith(begins)


def change_rows(workspace: Workspace, form: DefinitionForm, action: str) -> str:
    """Handle a button without saving. Returns the group that shows another empty row.

    A key for which metadata shows one follows the group and a colon.
    """
    if action.startswith(TAKE_APART):
        form.take_apart(action.removeprefix(TAKE_APART))
    elif action in ADDING:
        add_from(workspace, form, action)
    elif action.startswith((BUILD_ACTION, OPEN)):
        form.take_step(action)
        return ""
    form.read()
    if action.startswith(ADD_PAIR):
        return f"metadata:{action.removeprefix(ADD_PAIR)}"
    return ROWS.get(action, "")


def with_news(answer: HttpResponse, form: DefinitionForm) -> HttpResponse:
    """Tell an open page that its fields were filled in and need saving."""
    if not (form.said or form.is_typed):
        return answer
    return trigger_client_event(answer, "taken-apart", after="settle")
