"""Answers that Django has no name for, or takes for something else."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.log import log_response


class SeeOther(HttpResponseRedirect):
    """303: the form was dealt with, look here (always with GET)."""

    status_code = 303


def not_now(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Log a 503 as a warning: nothing failed here, and the same will work in a while."""
    log_response("Not now: %s", request.path, response=response, request=request, level="warning")
    return response
