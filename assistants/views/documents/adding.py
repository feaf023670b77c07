"""Uploading a file, and making a vector store."""

from io import BytesIO
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly, is_posted
from admin_ui.accounts.permissions import Action
from admin_ui.request.http import SeeOther
from assistants.forms.text import printable
from assistants.gateway import GatewayError
from assistants.models import Connection
from assistants.selectors.addresses import WorkspacePages
from assistants.services.documents.adding import NewFile, make_store, upload_file
from assistants.services.documents.kinds import CODE_ONLY, SEARCHABLE, extension_of
from assistants.services.errors import Invalid, NotNow
from assistants.views.documents.library import library_of
from assistants.views.objection import reason_of
from assistants.wording import quoted
from assistants.wording.documents import (
    file_problem,
    store_failure,
    store_problem,
    upload_failure,
)


@require(Action.ADD_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@costly(when=is_posted)
def file_upload(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET shows the form; POST uploads `file`. With `store`, the next page adds it to that store.

    A refusal is 422, a failure of the gateway 502, and 503 if it is not asked now; htmx gets the
    reason alone, so the chosen file stays in the form.
    """
    connection, store_id = library_of(request, pk), request.GET.get("store", "")
    trouble, status = "", 200
    if request.method == "POST":
        try:
            found = upload_file(author=request.member, connection=connection, file=_sent(request))
        except Invalid as error:
            trouble, status = file_problem(error.problems[0].code), 422
        except NotNow as error:
            trouble, status = f"{reason_of(error)} {_('Nothing was uploaded.')}", 503
        except GatewayError as error:
            trouble, status = upload_failure(error), 502
        else:
            return _uploaded(request, connection, store_id, found.id, found.name)
    context = {
        "connection": connection,
        "pages": WorkspacePages.of(request.workspace.slug).connection(pk),
        "trouble": trouble,
        "megabytes": settings.UPLOAD_MB,
        "too_large": file_problem("too_large"),
        "most_bytes": settings.UPLOAD_MB * 1024 * 1024,
        "searchable": sorted(SEARCHABLE),
        "code_only": sorted(CODE_ONLY),
        "accept": ",".join(f".{name}" for name in sorted({**SEARCHABLE, **CODE_ONLY})),
        "store_id": store_id,
    }
    template = "assistants/documents/upload.html"
    template = f"{template}#trouble" if request.htmx else template
    answer = render(request, template, context, status=status)
    answer["X-Told"] = "true"
    return answer


def _sent(request: WorkspaceRequest) -> NewFile:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile) or file.file is None:
        return NewFile(BytesIO(), "", 0)
    return NewFile(file.file, printable(file.name or ""), file.size or 0)


def _uploaded(
    request: WorkspaceRequest, connection: Connection, store_id: str, file_id: str, name: str
) -> HttpResponse:
    pages = WorkspacePages.of(request.workspace.slug).connection(connection.pk)
    said = _("%(name)s is uploaded.") % {"name": quoted(name or file_id)}
    if extension_of(name) in CODE_ONLY:
        said += " " + _("Only the code interpreter can read it.")
    messages.success(request, said)
    address = pages.files
    if store_id:
        address = f"{pages.document_add}?{urlencode({'id': store_id, 'file': file_id})}"
    return HttpResponseClientRedirect(address) if request.htmx else SeeOther(address)


@require(Action.ADD_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@costly(when=is_posted)
def new_store(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET asks for the name; POST makes an empty vector store."""
    connection, name = library_of(request, pk), printable(request.POST.get("name", ""))
    pages = WorkspacePages.of(request.workspace.slug).connection(pk)
    trouble, error_of_name, status = "", "", 200
    if request.method == "POST":
        try:
            found = make_store(author=request.member, connection=connection, name=name)
        except Invalid as error:
            error_of_name, status = store_problem(error.problems[0].code), 422
        except NotNow as error:
            trouble, status = reason_of(error), 503
        except GatewayError as error:
            trouble, status = store_failure(error), 502
        else:
            messages.success(
                request,
                _("%(name)s is created. Add its first document.")
                % {"name": quoted(found.name or name)},
            )
            return SeeOther(f"{pages.store}?{urlencode({'id': found.id})}")
    context = {
        "connection": connection,
        "pages": pages,
        "name": name,
        "trouble": trouble,
        "error": error_of_name,
    }
    return render(request, "assistants/documents/store_new.html", context, status=status)
