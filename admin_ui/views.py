"""The error pages."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django_htmx.http import reswap, retarget

from admin_ui.accounts.factors.factor_required import FactorRequired, lead_to_factor
from admin_ui.accounts.guard.access import WorkspaceArchived
from admin_ui.accounts.guard.middleware import page_to_return_to
from admin_ui.accounts.guard.stash import is_anothers, keep_form
from admin_ui.accounts.selectors import admins_of, owners
from admin_ui.installation.writing import is_read_only
from admin_ui.request.http import BUSY_SECONDS, ViewArguments
from admin_ui.request.posted import MOST_TYPED, is_too_large
from admin_ui.request.uploads import UPLOAD_PATH


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 when the form was too large to be read."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return too_large(request)
    return render(request, "400.html", status=400)


def of_bounded_size(
    view: Callable[ViewArguments, HttpResponse],
) -> Callable[ViewArguments, HttpResponse]:
    """Answer 413 to a form that is too large to be kept as typed; the view does not see it."""

    @wraps(view)
    def bounded(*args: ViewArguments.args, **kwargs: ViewArguments.kwargs) -> HttpResponse:
        request = args[0]
        assert isinstance(request, HttpRequest)
        return too_large(request) if is_too_large(request.POST) else view(*args, **kwargs)

    return bounded


def too_large(request: HttpRequest) -> HttpResponse:
    """413: a form with more bytes or more fields than we read."""
    context = {
        "upload": settings.UPLOAD_MB if UPLOAD_PATH.fullmatch(request.path) else 0,
        "megabytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // (1024 * 1024),
        "characters": f"{MOST_TYPED:,}",
        "fields": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
    }
    return render(request, "413.html", context, status=413)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: a member whose role does not include what they asked for.

    An admin may have lowered their role while they typed. A form with a note, or from an editor, is
    kept for them, as after the end of a session. A background request gets a notice.
    """
    if isinstance(exception, FactorRequired):
        return lead_to_factor(request)
    member = getattr(request, "member", None)
    kept = member is not None and keep_form(member.user, request)
    context = {"admins": admins_of(member.workspace) if member else [], "kept": kept}
    if not request.headers.get("X-Background"):
        return render(request, "403.html", context, status=403)
    answer = render(request, "accounts/guard/_not_allowed.html", context, status=403)
    answer["X-Kept"] = "true" if kept else "false"
    return retarget(reswap(answer, "innerHTML"), "#notices")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: the page does not exist, or the person may not know that it does.

    People of an archived workspace, and owners, read that it is archived and who can reopen it.
    """
    context: dict[str, Any] = {}
    if isinstance(exception, WorkspaceArchived):
        context = {"archived": exception.workspace, "owners": owners().order_by("email")}
    return render(request, "404.html", context, status=404)


def server_error(_request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database was busy, full or read-only.

    Rendered without a request, so that it needs no session and no database.
    """
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError) or is_read_only(error):
        page = render_to_string("503.html", {"seconds": BUSY_SECONDS})
        return HttpResponse(page, status=503, headers={"Retry-After": str(BUSY_SECONDS)})
    return HttpResponse(render_to_string("500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403: a form whose token is missing or older than the last sign-in.

    A text that our own page sent is kept for the person, as it is when a session has ended. An open
    page stays as it is, and sends the next form with the new token.
    """
    user = request.user if request.user.is_authenticated else None
    context = {
        "kept": user is not None and from_our_page(request) and keep_form(user, request),
        "is_anothers": user is not None and is_anothers(user, request.POST),
        "page": page_to_return_to(request),
    }
    answer = render(request, "403_csrf.html", context, status=403)
    if not request.headers.get("X-Background"):
        return answer
    answer["X-Kept"] = "true" if context["kept"] else "false"
    return reswap(answer, "none")


def from_our_page(request: HttpRequest) -> bool:
    """Return whether the browser says that a page of this site sent the form."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
