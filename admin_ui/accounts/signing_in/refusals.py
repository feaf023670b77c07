"""Answers to too many attempts, and to links that do not exist."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from admin_ui.audit.sign_in import link_must_wait


def too_many_tries(request: HttpRequest, seconds: int) -> HttpResponse:
    """Answer 429: the next try is taken in so many seconds."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(seconds)
    return response


def dead_link(request: HttpRequest, page: str, *, token: str) -> HttpResponse:
    """Answer 404 with the template `page`, or 429 where too many such links were opened.

    Only a `token` in the address may be guessed; without one, it is a page that is over.
    """
    if token and (wait := link_must_wait(request)):
        return too_many_tries(request, wait)
    return render(request, page, status=404)
