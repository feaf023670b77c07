"""Middleware of the whole site: content policy, caching, and limits on the size of forms."""

from contextlib import suppress

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.datastructures import MultiValueDict

from admin_ui import views
from admin_ui.request import posted, uploads
from admin_ui.request.api import speaks_json
from admin_ui.request.http import GetResponse
from admin_ui.request.reports import ADDRESS

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "worker-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        f"report-uri {ADDRESS}",
    )
)

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "camera",
        "display-capture",
        "geolocation",
        "microphone",
        "payment",
        "serial",
        "usb",
    )
)


class ContentSecurityPolicyMiddleware:
    """Let pages use our own files only, without inline scripts, styles, frames or any device.

    Nor may another site load what they answer.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


class PrivateMiddleware:
    """Forbid browsers and proxies to store answers: pages, JSON, redirects and `/v1/`.

    A view with the same answer for everybody sets its own `Cache-Control`. An outer middleware
    serves static files.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Cache-Control", "private, no-store")
        return response


class BodySizeMiddleware:
    """Refuse a form over `DATA_UPLOAD_MAX_MEMORY_SIZE` with 413, before any of it is read.

    An upload may be as large as `UPLOAD_MB` says, at its own address. A body without a length gets
    411. Under `/v1/`, `/api/` and `/scim/` the APIs do both, in their own words.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if speaks_json(request.path):
            return self.get_response(request)
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if uploads.carries_file(request):
            limit = uploads.largest_body(request.path)
        if posted.content_length(request) > limit:
            return views.too_large(request)
        if "HTTP_TRANSFER_ENCODING" in request.META:  # Django would take the body for empty
            text = "Send the body with a Content-Length."
            return HttpResponse(text, status=411, content_type="text/plain")
        return self.get_response(request)


class LargeFormMiddleware:
    """Read a large url-encoded form by `posted.read_form`, so that it costs little more than its
    bytes. Below `BodySizeMiddleware`; APIs take no forms."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_form = request.method == "POST" and request.content_type == posted.CONTENT_TYPE
        is_large = posted.content_length(request) > posted.LARGE_FORM_BYTES
        if is_form and is_large and not speaks_json(request.path):
            with suppress(UnreadablePostError):  # the view finds that out
                request._post = posted.read_form(request.body)  # type: ignore[attr-defined]
                request._files = MultiValueDict()  # type: ignore[attr-defined]
        return self.get_response(request)
