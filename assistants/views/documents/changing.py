"""Adding a document to a vector store and removing one, after a confirmation."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from admin_ui.accounts.guard import stash
from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, can
from admin_ui.request.http import SeeOther
from assistants.forms.sentences import problem_sentence
from assistants.forms.text import printable
from assistants.models import Connection, OfferList, Status, StoreChange
from assistants.selectors.addresses import ConnectionPages, WorkspacePages
from assistants.selectors.documents.library import (
    LibraryRow,
    affected_by,
    entry_of_list,
    library_page,
    open_change_of,
)
from assistants.selectors.offers import LONGEST_QUERY
from assistants.services.documents.changing import (
    DocumentPlace,
    DocumentResult,
    add_document,
    remove_document,
)
from assistants.services.errors import (
    AffectedMoved,
    Frozen,
    Invalid,
    NeedsApproval,
    NoOverride,
    NotNow,
)
from assistants.views.documents.held import held_context
from assistants.views.documents.library import library_of, named_in
from assistants.views.objection import not_approved, note_refused, reason_of
from assistants.views.review.approval import override_of
from assistants.views.review.notes import (
    does_more,
    is_kept_only,
    keep_shown_note,
    keep_typed_note,
)
from assistants.wording.documents import (
    change_reason,
    document_busy,
    document_done,
    reason_needed,
    still_open,
)


@dataclass(frozen=True)
class DocumentTrouble:
    """Why a change was not made, and what is wrong with its note or the admin's reason."""

    text: str
    status: int
    note: str = ""
    reason: str = ""


@require(Action.CHANGE_DOCUMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
@costly(when=does_more)
def document_add(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Without `file`, show the files to choose from. With it, GET asks and POST adds it to the
    store `id`."""
    connection, store_id = library_of(request, pk), named_in(request, "id")
    if request.GET.get("file"):
        return _confirm(request, connection, StoreChange.Kind.ADD, add_document)
    kind, query = OfferList.Kind.FILES, {"id": store_id, "q": request.GET.get("q", "")}
    params = {**query, **{name: request.GET.get(name, "") for name in ("after", "before")}}
    context = {
        "connection": connection,
        "pages": _pages(request, connection),
        "store": entry_of_list(connection, OfferList.Kind.STORES, store_id),
        **held_context(request, store_id, affected_by(connection, store_id)),
        "library": library_page(connection, kind, params),
        "q": query["q"][:LONGEST_QUERY],
        "longest": LONGEST_QUERY,
    }
    return render(request, "assistants/documents/choose.html", context)


@require(Action.CHANGE_DOCUMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
@costly(when=does_more)
def document_remove(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET asks; POST removes the document `file` from the store `id`."""
    connection = library_of(request, pk)
    return _confirm(request, connection, StoreChange.Kind.REMOVE, remove_document)


def _confirm(
    request: WorkspaceRequest,
    connection: Connection,
    kind: str,
    act: Callable[..., DocumentResult],
) -> HttpResponse:
    """Show the change with the assistants that it affects, and what holds it; or make it."""
    store = entry_of_list(connection, OfferList.Kind.STORES, named_in(request, "id"))
    file = entry_of_list(connection, OfferList.Kind.FILES, named_in(request, "file"))
    about = stash.mark_about(request.user, f"{kind} {store.id} {file.id}")
    if is_kept_only(request):
        return keep_typed_note(request, about)
    note, trouble = _note_of(request, about), None
    if request.method == "POST":
        place = DocumentPlace(connection, store.id, file.id, store.name, file.name)
        confirmed = request.POST.get("seen", "")
        said = {"note": note, "override": override_of(request)}
        done = _try(
            request.member,
            lambda: act(author=request.member, document=place, confirmed=confirmed, **said),
        )
        if isinstance(done, DocumentResult):
            return _done(request, connection, store, done)
        trouble = done
        keep_shown_note(request, about=about, note=note)
    open_change = open_change_of(connection, store.id, file.id)
    affected = affected_by(connection, store.id)
    context = {
        "connection": connection,
        "pages": _pages(request, connection),
        "store": store,
        "file": file,
        "is_removal": kind == StoreChange.Kind.REMOVE,
        "affected": affected,
        **held_context(request, store.id, affected),
        "about": about,
        "note": note,
        "reason": override_of(request),
        "trouble": trouble,
        "doubt": still_open(open_change) if open_change else "",
    }
    status = trouble.status if trouble else 200
    return render(request, "assistants/documents/confirm.html", context, status=status)


def _try(member: Member, act: Callable[[], DocumentResult]) -> DocumentResult | DocumentTrouble:
    """Make a change, or return why it had no effect. One in doubt is a result."""
    try:
        result = act()
    except (NeedsApproval, Frozen, NoOverride) as error:
        return _held(error, may_override=can(member, Action.OVERRIDE))
    except (Invalid, AffectedMoved, NotNow, DatabaseError) as error:
        return _nothing_sent(error)
    if result.outcome.status in (Status.APPLIED, Status.UNCONFIRMED):
        return result
    reason = change_reason(result.change, result.outcome)
    text = _("Nothing has changed. %(reason)s") % {"reason": reason}
    return DocumentTrouble(text, 422 if result.outcome.status == Status.REJECTED else 502)


def _held(error: NeedsApproval | Frozen | NoOverride, *, may_override: bool) -> DocumentTrouble:
    if may_override:
        text = _("Nothing was sent: a change without approval needs a reason.")
        return DocumentTrouble(text, 422, reason=reason_needed())
    if isinstance(error, Frozen):
        return DocumentTrouble(not_approved(error).text, 403)
    return DocumentTrouble(_("Nothing was sent: these documents need approval."), 403)


def _nothing_sent(error: Exception) -> DocumentTrouble:
    match error:
        case Invalid():
            text = note_refused(error)
            return DocumentTrouble(text, 422, note=problem_sentence(error.problems[0]))
        case AffectedMoved():
            text = _("Nothing was sent: other assistants use this store by now. Look again.")
            return DocumentTrouble(text, 409)
        case NotNow():
            text = _("%(reason)s Nothing was sent.") % {"reason": reason_of(error)}
            return DocumentTrouble(text, 503)
    return DocumentTrouble(document_busy(), 503)


def _done(
    request: WorkspaceRequest, connection: Connection, store: LibraryRow, result: DocumentResult
) -> HttpResponse:
    stash.take_form(request.user, request.path)
    if result.outcome.status == Status.APPLIED:
        messages.success(request, document_done(result.change))
    else:
        messages.warning(request, still_open(result.change))
    return SeeOther(f"{_pages(request, connection).store}?{urlencode({'id': store.id})}")


def _note_of(request: WorkspaceRequest, about: str) -> str:
    """Return the note that was sent, or the one kept from a form that failed."""
    posted = request.method == "POST"
    form = request.POST if posted else stash.newest_form(request.user, request.path, about)
    return printable(form.get("note", "")).strip() if form else ""


def _pages(request: WorkspaceRequest, connection: Connection) -> ConnectionPages:
    return WorkspacePages.of(request.workspace.slug).connection(connection.pk)
