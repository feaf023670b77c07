"""One vector store: who uses it, its documents, and what happened to them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from assistants.gateway import GatewayError
from assistants.models import Connection, OfferList
from assistants.selectors.addresses import WorkspacePages
from assistants.selectors.documents.library import (
    affected_by,
    changes_of_store,
    document_rows,
    entry_of_list,
)
from assistants.services.documents.reading import read_store
from assistants.services.errors import NotNow
from assistants.views.documents.library import library_of, named_in
from assistants.views.objection import reason_of
from assistants.wording.documents import document_failure


@require(Action.VIEW)
@require_safe
@costly()
def store(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Show what is known here of the store `id`. Its documents are read behind the page."""
    return _page(request, library_of(request, pk), {})


@require(Action.VIEW)
@require_safe
@costly()
def store_documents(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Read the documents of the store `id` after the cursor `after`, and settle what is open.

    htmx gets them alone, others the page of the store with them.
    """
    connection, store_id = library_of(request, pk), named_in(request, "id")
    after = request.GET.get("after", "")
    try:
        page = read_store(connection=connection, store_id=store_id, after=after or None)
        context = {
            "documents": document_rows(connection, page.items),
            "next_after": page.next_after,
            "after": after,
        }
    except NotNow as error:
        context = {"failure": reason_of(error)}
    except GatewayError as error:
        context = {"failure": document_failure(error)}
    return _page(request, connection, {"is_read": True, **context})


def _page(
    request: WorkspaceRequest, connection: Connection, found: dict[str, object]
) -> HttpResponse:
    store_id = named_in(request, "id")
    context = {
        "connection": connection,
        "pages": WorkspacePages.of(request.workspace.slug).connection(connection.pk),
        "store": entry_of_list(connection, OfferList.Kind.STORES, store_id),
        "affected": affected_by(connection, store_id),
        "changes": changes_of_store(connection, store_id),
        **found,
    }
    template = "assistants/documents/store.html"
    return render(request, f"{template}#documents" if request.htmx else template, context)
