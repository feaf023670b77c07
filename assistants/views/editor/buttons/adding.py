"""Buttons of "Add from …": read a text, choose a template or another assistant, add functions."""

from admin_ui.accounts.models import Workspace
from admin_ui.paging import is_number
from assistants import selectors
from assistants.forms.definition_form import DefinitionForm
from assistants.forms.posted.add_from import (
    OWNER,
    SOURCE,
    AddFrom,
    Owner,
    list_functions,
    picked_functions,
    read_template,
    read_text,
    read_tools,
)
from assistants.importing import FoundFunctions

READ_TEXT, USE_TEMPLATE, FIND = "read-functions", "use-template", "find-assistants"
SHOW, ADD = "find-functions", "add-functions"
ADDING = frozenset((READ_TEXT, USE_TEMPLATE, FIND, SHOW, ADD))
"""Values of `action` that this handles; none of them saves."""
_OF_TEXT = "text"


def add_from(workspace: Workspace, form: DefinitionForm, action: str) -> None:
    """Handle a button: list functions to choose from, or add them to the rows of the form.

    A text with one function, and a template, are added at once.
    """
    state = form.add_from
    if action in (FIND, SHOW) or _source(form, action) == OWNER:
        _offer_owners(workspace, state)
    if action == FIND:
        return
    found = _found(workspace, form, action)
    if found is None:
        return
    source = _source(form, action)
    if action == ADD:
        found = picked_functions(state, source, found, form.answers.data)
    elif action == SHOW or len(found.functions) > 1:
        list_functions(state, source, found)
        return
    if found is not None:
        form.add_functions(found, is_text=source == _OF_TEXT)


def _source(form: DefinitionForm, action: str) -> str:
    """Return where the functions come from."""
    if action == ADD:
        return OWNER if form.answers.data.get(SOURCE) == OWNER else _OF_TEXT
    return {READ_TEXT: _OF_TEXT, SHOW: OWNER}.get(action, "")


def _found(workspace: Workspace, form: DefinitionForm, action: str) -> FoundFunctions | None:
    state = form.add_from
    if action == USE_TEMPLATE:
        return read_template(state)
    if _source(form, action) == _OF_TEXT:
        return read_text(state)
    tools = selectors.live_tools(workspace, int(state.owner)) if is_number(state.owner) else []
    return read_tools(state, tools)


def _offer_owners(workspace: Workspace, state: AddFrom) -> None:
    found = selectors.function_owners(workspace, state.search)
    state.owners = [Owner(pk, name) for pk, name in found]
