"""Counts requests, and answers `/metrics` before anything else sees the request."""

import time
from hmac import compare_digest

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from admin_ui.monitoring.metrics import exposition, metrics
from admin_ui.request.http import GetResponse

METRICS_PATH = "/metrics"
EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class MetricsMiddleware:
    """Count each request with its duration, and serve `/metrics` to holders of `METRICS_TOKEN`.

    The outermost middleware: a scrape opens no session, needs no host in `ALLOWED_HOSTS` and is
    not counted. Without the setting there is no such middleware, so `/metrics` is 404.
    """

    def __init__(self, get_response: GetResponse) -> None:
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == METRICS_PATH:
            response = scrape(request)
            response["Cache-Control"] = "no-store"
            return response
        began = time.monotonic()
        response = self.get_response(request)
        metrics().count_request(request, response, time.monotonic() - began)
        return response


def scrape(request: HttpRequest) -> HttpResponse:
    """Answer a request to `/metrics`: 401 without the token, 503 when the database is down."""
    if not has_token(request):
        text = "Send the METRICS_TOKEN of this server as a bearer token.\n"
        headers = {"WWW-Authenticate": "Bearer"}
        return HttpResponse(text, status=401, content_type="text/plain", headers=headers)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    try:
        return HttpResponse(exposition(), content_type=EXPOSITION_TYPE)
    except DatabaseError:
        text = "The database does not answer.\n"
        return HttpResponse(text, status=503, content_type="text/plain")


def has_token(request: HttpRequest) -> bool:
    """Return whether the request carries the token; the comparison takes the same time always."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.METRICS_TOKEN.encode()
    return compare_digest(token.strip().encode(), wanted) and scheme.lower() == "bearer"
