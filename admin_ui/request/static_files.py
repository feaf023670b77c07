"""Static files over the wire, with as few header bytes as they need."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.security import SecurityMiddleware
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import Redirect, StaticFile

VALIDATORS = ("Last-Modified", "ETag")
SHOWN_ALONE = ("image/svg+xml", "text/html")
"""Types that a browser shows as a page with scripts, and so in a frame."""


class StaticFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Serves static files, and says of a file with a hash in its name only that it never changes.

    A first visit loads dozens of them, so each header counts: browsers never ask whether such a
    file has changed. What an inner middleware adds belongs to pages and is left out, except HSTS.
    """

    @staticmethod
    def serve(static_file: StaticFile | Redirect, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = WhiteNoiseMiddleware.serve(static_file, request)
        response["X-Content-Type-Options"] = "nosniff"
        if response["Content-Type"] in SHOWN_ALONE:
            response["Content-Security-Policy"] = "frame-ancestors 'none'"
        if promise := _promise_of_tls(request):
            response["Strict-Transport-Security"] = promise
        if "immutable" in response.get("Cache-Control", ""):
            for name in VALIDATORS:
                del response[name]
        return response


def _promise_of_tls(request: HttpRequest) -> str | None:
    """Return the header that Django sends with pages, if any."""
    page = SecurityMiddleware(lambda _: HttpResponse()).process_response(request, HttpResponse())
    return page.get("Strict-Transport-Security")
