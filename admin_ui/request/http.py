"""Answers that Django has no class for, and the types of what views and middleware take."""

from collections.abc import Callable
from typing import ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.log import log_response

GetResponse = Callable[[HttpRequest], HttpResponse]
"""The rest of the middleware and the view, as a middleware gets it."""
ViewArguments = ParamSpec("ViewArguments")
"""What a view takes beside the request."""
BUSY_SECONDS = 5
"""How long clients wait after a busy database: longer than most writes take."""


class SeeOther(HttpResponseRedirect):
    """303: the server has handled the form; the browser loads this page with GET."""

    status_code = 303


def add_retry_after(response: HttpResponse) -> HttpResponse:
    """Add `Retry-After` to a 503, the answer when the database is busy."""
    if response.status_code == 503:
        response["Retry-After"] = str(BUSY_SECONDS)
    return response


def log_unavailable(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Log a 503 as a warning, not as an error: the same request will work later."""
    log_response("Not now: %s", request.path, response=response, request=request, level="warning")
    return response
