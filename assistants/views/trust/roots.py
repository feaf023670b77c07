from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.request.http import SeeOther
from assistants.selectors.past.imported import import_into
from assistants.selectors.past.roots import get_root, roots_of
from assistants.services.trust.bundles import export_history
from assistants.services.trust.root_files import write_root
from assistants.services.trust.sealing import newest_root, sign_history
from assistants.services.trust.signing import newest_key


@require_safe
@require(Action.READ_AUDIT)
def signed_roots(request: WorkspaceRequest) -> HttpResponse:
    """List the signed roots of the history, and say what to do with them."""
    found = roots_of(request.workspace, request.GET.dict())
    file = _file_name(request, found.rows[0].number) if found.rows else ""
    imported = import_into(request.workspace)
    context = {"page": found, "key": newest_key(), "file": file, "imported": imported}
    return render(request, "assistants/trust/roots.html", context)


@require_POST
@require(Action.READ_AUDIT)
@costly()
def sign_now(request: WorkspaceRequest) -> HttpResponse:
    """Sign the history at once."""
    before = newest_root(request.workspace)
    root = sign_history(request.workspace) or before
    if root is None:
        messages.info(request, _("There is no history to sign yet. Publish an assistant first."))
    elif before and root.number == before.number:
        said = _("Nothing has changed since root %(number)s, so it still covers everything.")
        messages.info(request, said % {"number": root.number})
    else:
        said = _("Signed as root %(number)s. Download it and keep it elsewhere.")
        messages.success(request, said % {"number": root.number})
    return SeeOther(resolve_url("assistants:signed_roots", request.workspace.slug))


@require_POST
@require(Action.READ_AUDIT)
@costly()
def export_whole(request: WorkspaceRequest) -> HttpResponse:
    """Return the whole history as a zip, with what checks it elsewhere. Sent while it is read."""
    response: Any = StreamingHttpResponse(
        export_history(author=request.member), content_type="application/zip"
    )
    name = f"history-{request.workspace.slug}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response  # type: ignore[no-any-return]


@require_safe
@require(Action.READ_AUDIT)
def root_file(request: WorkspaceRequest, number: int) -> HttpResponse:
    """Return a signed root as a file, for `verify_history --against`."""
    content = write_root(get_root(request.workspace, number))
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{_file_name(request, number)}"'
    return response


def _file_name(request: WorkspaceRequest, number: int) -> str:
    return f"history-{request.workspace.slug}-root-{number}.json"
