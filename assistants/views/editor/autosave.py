"""Saving an open editor automatically, after each pause in typing, and when a form is sent."""

from functools import partial
from typing import Any

from django.db import DatabaseError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_htmx.http import replace_url, trigger_client_event

from admin_ui.accounts.guard import stash
from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly, is_large_form
from admin_ui.accounts.permissions import Action
from admin_ui.paging import is_number
from admin_ui.request.http import BUSY_SECONDS, add_retry_after
from admin_ui.views import of_bounded_size
from assistants import selectors
from assistants.definition import changed_fields
from assistants.forms.advising.hints import Hints
from assistants.forms.builder.shown import example_answer
from assistants.forms.builder.typed import has_rows
from assistants.forms.changed import changes_from
from assistants.forms.definition_form import DefinitionForm
from assistants.forms.offered.models import model_hints, model_of
from assistants.forms.posted.answers import region_of
from assistants.models import Assistant, Connection
from assistants.selectors.addresses import AssistantPages, WorkspacePages
from assistants.selectors.offers import offers_of
from assistants.selectors.rights.scope import scope_of
from assistants.services.editing import copies, drafts
from assistants.services.editing.presence import new_tab, own_tab
from assistants.services.errors import DraftMoved
from assistants.services.rights.checks import check_reach
from assistants.views.editor.editor_page import StoredAs, editor_chips, kept_beside
from assistants.views.editor.starting_point import (
    StartingPoint,
    starting_point,
    tab_of,
    taken,
)
from assistants.wording import notices

KEEP = "keep"
"""The value of `action` with which pages of the release before save automatically, to the address
of their form. The next release no longer takes it."""


@require(Action.EDIT_DRAFT)
@require_POST
@costly(when=is_large_form)
@of_bounded_size
def autosave(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Save what is being typed; see `keep_draft` for the answers.

    A proxy may send the request twice: the same save of a page changes nothing the second time.
    """
    return keep_draft(request, selectors.get_assistant(request.workspace, pk))


def store_draft(
    request: WorkspaceRequest, assistant: Assistant, start: StartingPoint, form: DefinitionForm
) -> StoredAs:
    """Store the posted `form`, already parsed, as the draft, even if it breaks a limit.

    If something does not parse (broken JSON, an invalid number), or has no effect with what is
    chosen, the whole form is also kept as typed. Raises `DraftMoved` and `DatabaseError`; then
    nothing is stored.
    """
    if not start.known:
        stash.keep_form_at(
            request.user, copies.editor_path(request.workspace, assistant), request.POST
        )
        return StoredAs.AS_TYPED
    if not start.is_revision:  # the draft moves on, and this page keeps its starting point
        drafts.remember_shown(user=request.user, assistant=assistant, definition=start.original)
    began = start.base_definition
    is_changed = began is None or bool(changed_fields(began, form.definition))
    if not is_changed and not form.says_more:
        drafts.discard_draft(
            author=request.member, assistant=assistant, page=start.page, is_asked=False
        )
        return StoredAs.NOTHING
    if form.refused:
        _keep_refused(request, assistant)
    _choose_connection(request, assistant)
    same = start.draft is not None and not changed_fields(start.draft.shown, form.definition)
    drafts.save_draft(
        author=request.member,
        assistant=assistant,
        definition=form.definition,
        base=start.base,
        began=began,
        kind=start.draft.kind if start.draft and same else "edit",
        page=start.page,
        typed=request.POST if form.says_more and not form.refused else None,
    )
    return StoredAs.AS_TYPED if form.says_more else StoredAs.DRAFT


def _keep_refused(request: WorkspaceRequest, assistant: Assistant) -> None:
    """Keep a form that changes closed fields, as the text of another page.

    So the next save of this page, without them, does not end it.
    """
    tab = own_tab(request.user, request.POST.get("tab", ""))
    typed = request.POST.copy()
    typed["tab"] = f"{tab}-refused" if tab else new_tab(request.user)
    stash.keep_form_at(request.user, copies.editor_path(request.workspace, assistant), typed)


def _choose_connection(request: WorkspaceRequest, assistant: Assistant) -> None:
    """Store the chosen connection, which the page of a new assistant offers."""
    picked = request.POST.get("connection", "")
    if not is_number(picked) or int(picked) == assistant.connection_id:
        return
    chosen = selectors.get_connection(request.workspace, int(picked))
    if chosen.archived_at is None:
        drafts.choose_connection(author=request.member, assistant=assistant, connection=chosen)


def keep_draft(request: WorkspaceRequest, assistant: Assistant) -> HttpResponse:
    """Save what is being typed, and answer with a fragment that confirms it.

    Answers 409 if the draft was saved elsewhere since the page was shown, or if the page is another
    person's, and 503 if the database refuses. Then the text is on the page alone.
    """
    start = posted_start(request, assistant, by_button=False)
    form = start.form(request.POST)
    form.is_valid()
    assistant.workspace = request.workspace
    pages = AssistantPages.of(assistant)
    answer = partial(_answer, request, form, assistant.connection)
    if start.is_anothers:
        return answer({"foreign": True}, status=409)
    try:
        kept = store_draft(request, assistant, start, form)
    except DraftMoved:
        return answer({"moved": True, "pages": pages}, status=409)
    except DatabaseError:
        return answer({"failed": BUSY_SECONDS}, status=503)
    context = {
        "chips": editor_chips(assistant, has_draft=kept != StoredAs.NOTHING),
        "kept": kept.name,
        "changes": changes_from(start.base_definition, form.definition, request.POST),
        "is_published": start.base is not None,
        "address": pages.edit,
        "discard": pages.discard,
    }
    return answer(context)


def posted_start(
    request: WorkspaceRequest, assistant: Assistant, *, by_button: bool
) -> StartingPoint:
    """Return the starting point of the form in `request`.

    Raises `OutsideRights` if the member may change nothing of the assistant.
    """
    check_reach(request.member, assistant, Action.EDIT_DRAFT)
    data = request.POST.dict()
    return starting_point(
        assistant=assistant,
        user=request.user,
        draft=drafts.draft_of(user=request.user, assistant=assistant),
        data=taken(data) if "take" in data else data,
        by_button=by_button,
        closed=scope_of(request.member, assistant).closed,
    )


def keep_new(
    request: WorkspaceRequest, connection: Connection, form: DefinitionForm
) -> HttpResponse:
    """Create an assistant with what is being typed as its draft; the page becomes its editor."""
    form.is_valid()
    answer = partial(_answer, request, form, connection)
    if stash.is_anothers(request.user, request.POST):
        return answer({"foreign": True}, status=409)
    try:
        assistant = begin_draft(request, connection, form)
    except DatabaseError:
        return answer({"failed": BUSY_SECONDS}, status=503)
    pages = AssistantPages.of(assistant)
    kept = StoredAs.AS_TYPED if form.says_more else StoredAs.DRAFT
    told = answer({"kept": kept.name, "discard": pages.discard})
    addresses = {"address": pages.edit, "autosave": pages.autosave}
    return replace_url(trigger_client_event(told, "begun", addresses), pages.edit)


def begin_draft(
    request: WorkspaceRequest, connection: Connection, form: DefinitionForm
) -> Assistant:
    """Create an assistant with the posted `form`, already parsed, as its draft."""
    page = tab_of(request.POST, request.user)
    assistant = drafts.new_assistant(
        author=request.member,
        connection=connection,
        definition=form.definition,
        page=page,
        typed=request.POST if form.says_more else None,
    )
    stash.drop_forms_of_tabs(request.user, WorkspacePages.of(request.workspace.slug).new)
    return assistant


def draft_begun_by(request: WorkspaceRequest) -> Assistant | None:
    """Return the assistant that this page, or the one just left, has already created, if any."""
    name = request.POST.get("tab") or request.GET.get("left", "")
    draft = drafts.draft_of_tab(request.member, own_tab(request.user, name))
    return selectors.get_assistant(request.workspace, draft.assistant_id) if draft else None


def _answer(
    request: WorkspaceRequest,
    form: DefinitionForm,
    connection: Connection,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    context |= {"noticed": _noticed(request, form, connection), **kept_beside(form)}
    context["example"] = example_answer(form.answers)
    context |= {"faults": sum(map(len, form.errors.values())), "moment": timezone.now()}
    answer = add_retry_after(
        render(request, "assistants/editor/_saved.html", context, status=status)
    )
    answer["X-Kept"] = "true" if status == 200 else "false"
    return answer


def _noticed(
    request: WorkspaceRequest, form: DefinitionForm, connection: Connection
) -> list[tuple[str, list[str], Hints | None]]:
    """Return the texts beside the fields that have one, and an empty one for those that had."""
    offers = offers_of(connection, [model_of(form.definition)])
    had = request.POST.getlist("noticed")
    hints = {**form.hints(), **model_hints(form.definition, offers)}
    posted = {region_of(name) for name in request.POST}  # a closed function has no inputs
    found: dict[str, list[str]] = {region: [] for region in (*hints, *had) if region in posted}
    for name, text in request.POST.items():
        if not has_rows(form.answers, name):
            region = region_of(name)
            found[region] = [*found.get(region, ()), *notices(str(text))]
    entries = ((name, texts, hints.get(name)) for name, texts in found.items())
    return [entry for entry in entries if entry[1] or entry[2] or entry[0] in had]
