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
"""After which to try again where the database was busy: longer than most writers hold it."""


class SeeOther(HttpResponseRedirect):
    """303: the form was dealt with, look here (always with GET)."""

    status_code = 303


def add_retry_after(response: HttpResponse) -> HttpResponse:
    """Let a 503 of a busy database say when to try again."""
    if response.status_code == 503:
        response["Retry-After"] = str(BUSY_SECONDS)
    return response


def log_unavailable(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Log a 503 as a warning: nothing failed here, and the same will work in a while."""
    log_response("Not now: %s", request.path, response=response, request=request, level="warning")
    return response
