"""Buttons of the form that show or fill in rows, and save nothing."""

from django.http import HttpResponse
from django_htmx.http import trigger_client_event

from assistants.forms.definition_form import DefinitionForm
from assistants.forms.posted.take_apart import ACTION as TAKE_APART

ROWS = {"add-function": "function", "add-metadata": "metadata"}
"""Buttons that show a row more and save nothing: the value of `action`, and the group. So do those
that begin with `TAKE_APART`, which fill in the fields of a whole function."""


def saves_nothing(action: str) -> bool:
    return action in ROWS or action.startswith(TAKE_APART)


def change_rows(form: DefinitionForm, action: str) -> str:
    """Do what a button asks of the page alone; returns the group that shows an empty row more."""
    if action.startswith(TAKE_APART):
        form.take_apart(action.removeprefix(TAKE_APART))
    form.read()
    return ROWS.get(action, "")


def with_news(answer: HttpResponse, form: DefinitionForm) -> HttpResponse:
    """Tell an open page that its fields were filled in, and are to be saved."""
    if not form.said:
        return answer
    return trigger_client_event(answer, "taken-apart", after="settle")
