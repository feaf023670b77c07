"""Putting one field of an open form back to what is live, and having it again."""

from dataclasses import replace

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from admin_ui.accounts.guard import stash
from admin_ui.accounts.guard.access import WorkspaceRequest
from admin_ui.serving.best_effort import best_effort
from assistants.definition import Definition
from assistants.forms.changed import UNDONE_INPUT, is_input_of, undone_in, write_undone
from assistants.forms.definition_form import DefinitionForm
from assistants.models import Assistant
from assistants.services.editing import copies
from assistants.services.editing.drafts import find_shown, remember_shown
from assistants.services.editing.presence import new_tab
from assistants.views.editor.editor_page import editor_page
from assistants.views.editor.starting_point import DIGEST_LENGTH, StartingPoint
from assistants.wording import field_label

_UNDO, _REDO = "undo:", "redo:"


def is_put_back(action: str) -> bool:
    """Return whether a button asks for this: `undo:<field>`, or `redo:<field>:<digest>`."""
    return action.startswith((_UNDO, _REDO))


def put_back(
    request: WorkspaceRequest, assistant: Assistant, start: StartingPoint, action: str
) -> HttpResponse:
    """Show the posted form with one field as it is live, or as it was before that.

    It saves no draft: the open page does so next. What the field had is kept beside the draft.
    """
    form = start.form(request.POST)
    form.read()
    undone = undone_in(request.POST)
    source: Definition | None
    if action.startswith(_REDO):
        field, _colon, digest = action.removeprefix(_REDO).rpartition(":")
        undone.pop(field, None)
        source = find_shown(user=request.user, assistant=assistant, digest=digest)
    else:
        field, source = action.removeprefix(_UNDO), start.base_definition
        undone[field] = _kept(request, assistant, form, field)
    if source is None:
        return editor_page(request, assistant, start, form)
    original = start.original.replace(**{field: source.value(field)})
    base = start.base_definition
    start = replace(start, original=base if base == original else original)
    form = start.form(_without(request, field, undone))
    form.read()
    said = _("Put back: %(field)s") % {"field": field_label(field)}
    answer = editor_page(request, assistant, start, form)
    return trigger_client_event(answer, "put-back", {"said": said}, after="settle")


def _without(request: WorkspaceRequest, field: str, undone: dict[str, str]) -> dict[str, str]:
    """Return the posted form without the inputs of a field, which then shows what it is read
    against."""
    data = {name: str(text) for name, text in request.POST.items() if not is_input_of(field, name)}
    return data | {UNDONE_INPUT: write_undone(undone)}


def _kept(request: WorkspaceRequest, assistant: Assistant, form: DefinitionForm, field: str) -> str:
    """Keep what is typed; returns the digest by which it is found.

    What no definition can hold is kept as typed, as the text of another page: the next save of this
    page ends only its own.
    """
    with best_effort("What a field had"):
        remember_shown(user=request.user, assistant=assistant, definition=form.definition)
    unread = any(is_input_of(field, name) for name in form.answers.errors)
    if unread or (field == "response_format" and form.left_out):
        typed = request.POST.copy()
        typed["tab"] = new_tab(request.user)
        stash.keep_form_at(request.user, copies.editor_path(request.workspace, assistant), typed)
    return form.definition.digest[:DIGEST_LENGTH]
