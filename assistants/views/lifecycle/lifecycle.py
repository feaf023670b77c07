"""Beginnings and ends of an assistant: duplicate, restore, delete, recreate."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from admin_ui.accounts import stash
from admin_ui.accounts.access import WorkspaceRequest, require
from admin_ui.accounts.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.http import SeeOther
from assistants import selectors
from assistants.definition import LIMITS, changed_fields
from assistants.diff import glance
from assistants.forms.text import printable
from assistants.models import Assistant, Outcome
from assistants.selectors.paging import is_number
from assistants.services.editing import copies, drafts
from assistants.services.editing.restore import restore as restore_draft
from assistants.services.errors import DraftMoved
from assistants.services.publishing import delete as deletion
from assistants.services.publishing import recreate as recreation
from assistants.services.remote.closing import Result
from assistants.views.assistant_page import GONE, assistant_page
from assistants.views.attempt import attempt
from assistants.views.review.doubts import doubt_context, goes_over_doubt
from assistants.views.review.notes import does_more, is_kept_only, keep_shown_note, keep_typed_note
from assistants.wording import show_changes, show_contents

IN_DOUBT = gettext_lazy(
    "It is not certain whether this arrived: the gateway did not give a clear answer. It will be"
    " found out at the next check."
)


@require(Action.EDIT_DRAFT)
@require_POST
def duplicate(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Begin a new assistant with the same content; leads to its editor."""
    assistant = selectors.get_assistant(request.workspace, pk)
    name = _("Copy of %(original)s") % {"original": assistant}
    copy = drafts.duplicate(author=request.member, assistant=assistant, name=name[: LIMITS.name])
    messages.success(request, _("This is a copy, so far only as your draft."))
    return SeeOther(resolve_url("assistants:edit", request.workspace.slug, copy.pk))


@require(Action.PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
@costly()
def restore(request: WorkspaceRequest, pk: int, revision: int) -> HttpResponse:
    """GET shows the difference it will make; POST makes it the person's draft, to be reviewed.

    409 where that would replace a draft that says something else, or a text that is kept as typed,
    until `replace` is sent, with what its page showed: the draft's digest as `seen`, and when the
    newest text was kept as `kept`.
    """
    assistant = selectors.get_assistant(request.workspace, pk)
    found = selectors.get_revision(assistant, revision)
    definition = selectors.held_after(found)
    if assistant.live is None:
        return SeeOther(resolve_url("assistants:history", request.workspace.slug, pk))
    if assistant.state in GONE:
        address = resolve_url("assistants:recreate", request.workspace.slug, pk)
        return SeeOther(f"{address}?revision={revision}")
    draft = drafts.draft_of(user=request.user, assistant=assistant)
    replaces = draft is not None and bool(changed_fields(definition, draft.shown))
    kept = copies.latest(user=request.user, workspace=request.workspace, assistant=assistant)
    confirmed = request.method == "POST"
    seen = draft.known_digest if draft else ""
    row = selectors.revision_detail(assistant, revision).row
    shown = request.POST.get("seen", seen), request.POST.get("kept", kept)
    asked = "replace" in request.POST and shown == (seen, kept)
    if confirmed and (asked or not (replaces or kept)):
        try:
            restore_draft(author=request.member, assistant=assistant, revision=found, seen=seen)
        except DraftMoved:  # saved this very moment: the page asks about it
            return SeeOther(request.path)
        review = resolve_url("assistants:review", request.workspace.slug, pk)
        return SeeOther(f"{review}?restores={row.version}")
    context = {
        "row": row,
        "changes": show_changes(glance(selectors.current(assistant), definition)),
        "replaces": replaces,
        "ends": bool(kept),
        "seen": seen,
        "kept": kept,
    }
    status = 409 if confirmed else 200
    return assistant_page(request, "assistants/restore.html", assistant, context, status=status)


def _note(request: WorkspaceRequest, assistant: Assistant) -> str:
    """Return the note as it was sent, or as it is kept of a form that could not be dealt with.

    A note is about the assistant under its id on the remote: once that is gone, it is over.
    """
    posted, about = request.method == "POST", _about(request, assistant)
    form = request.POST if posted else stash.peek(request.user, request.path, about)
    return printable(form.get("note", "")).strip() if form else ""


def _about(request: WorkspaceRequest, assistant: Assistant) -> str:
    return stash.mark_about(request.user, assistant.remote_id or "")


@require(Action.DELETE)
@require_http_methods(["GET", "HEAD", "POST"])
@costly(when=does_more)
def delete(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET shows what will be lost; POST takes the assistant off its remote, with `note`."""
    assistant = selectors.get_assistant(request.workspace, pk)
    if is_kept_only(request):
        return keep_typed_note(request, _about(request, assistant))
    history = resolve_url("assistants:history", request.workspace.slug, pk)
    if assistant.state in GONE:
        return SeeOther(history)
    definition = selectors.current(assistant)
    trouble, note = None, _note(request, assistant)
    if request.method == "POST":
        result = attempt(
            lambda: deletion.delete(author=request.member, assistant=assistant, note=note),
            definition,
        )
        if isinstance(result, Result):
            stash.take(request.user, request.path)
            return _deleted(request, pk, result)
        trouble = result
        keep_shown_note(request, about=_about(request, assistant), note=note)
    context = {
        "contents": show_contents(definition),
        "note": note,
        "about": _about(request, assistant),
        "trouble": trouble,
    }
    return assistant_page(request, "assistants/delete.html", assistant, context, trouble=trouble)


def _deleted(request: WorkspaceRequest, pk: int, result: Result) -> HttpResponse:
    page = "assistants:history"
    if result.status == Outcome.Status.UNCONFIRMED:
        messages.warning(request, IN_DOUBT)
    elif result.outcome is not None:
        messages.success(request, _("Deleted. Its history stays, and it can be recreated."))
    elif Assistant.objects.filter(pk=pk).exists():
        messages.info(request, _("It was never published, and a colleague is drafting it."))
    else:
        messages.success(request, _("Draft discarded."))
        return SeeOther(resolve_url("assistants:list", request.workspace.slug))
    return SeeOther(resolve_url(page, request.workspace.slug, pk))


@require(Action.PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
@costly(when=does_more)
def recreate(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET shows what will be created; POST creates it anew, from what was live last.

    `revision` (the number of one) names an older definition.
    """
    assistant = selectors.get_assistant(request.workspace, pk)
    if is_kept_only(request):
        return keep_typed_note(request, _about(request, assistant))
    history = resolve_url("assistants:history", request.workspace.slug, pk)
    number = (request.POST or request.GET).get("revision", "")
    revision = selectors.get_revision(assistant, int(number)) if is_number(number) else None
    source = revision or assistant.live
    if assistant.state not in GONE or source is None:
        return SeeOther(history)
    definition = selectors.held_after(source)
    trouble, note = None, _note(request, assistant)
    if request.method == "POST":
        result = attempt(
            lambda: recreation.recreate(
                author=request.member,
                assistant=assistant,
                revision=revision,
                note=note,
                over_doubt=goes_over_doubt(request, assistant),
            ),
            definition,
        )
        if isinstance(result, Result):
            stash.take(request.user, request.path)
            _say_recreated(request, result)
            return SeeOther(history)
        trouble = result
        keep_shown_note(request, about=_about(request, assistant), note=note)
    context = {
        "contents": show_contents(definition),
        "revision": revision,
        **doubt_context(assistant),
        "note": note,
        "about": _about(request, assistant),
        "trouble": trouble,
    }
    return assistant_page(request, "assistants/recreate.html", assistant, context, trouble=trouble)


def _say_recreated(request: WorkspaceRequest, result: Result) -> None:
    if result.status == Outcome.Status.UNCONFIRMED:
        messages.warning(request, IN_DOUBT)
        return
    text = _("Recreated. It has a new id, which applications that call it have to learn.")
    messages.success(request, text)
