"""Pages that cost much (a comparison, a search, a call of a remote): a budget for each person.

What is counted is the time that the server works on them. A person who does one thing after the
other never meets the limit, however slow the server is. One who does many at once gets 429.
"""

import logging
import time
from collections.abc import Callable
from functools import wraps
from math import ceil
from typing import Any, Concatenate

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django_htmx.http import reswap, retarget

from admin_ui.accounts.guard import stash
from admin_ui.accounts.guard.access import WorkspaceRequest
from admin_ui.accounts.guard.middleware import page_to_return_to
from admin_ui.address import client_address
from admin_ui.budget import Refusal, TokenBuckets
from admin_ui.http import ViewArguments
from admin_ui.posted import content_length

CostlyView = Callable[Concatenate[WorkspaceRequest, ViewArguments], HttpResponse]

logger = logging.getLogger(__name__)

COSTLY_SECONDS = TokenBuckets(lambda: settings.COSTLY_SECONDS_PER_MINUTE)
LONGEST_REFUSAL = 10.0
"""Seconds after which a person may always go on, whatever their pages have cost."""
LARGE_FORM = 256 * 1024
"""Bytes of a form above which reading and keeping it counts."""


def costly(
    *, when: Callable[[WorkspaceRequest], bool] | None = None, quiet: bool = False
) -> Callable[[CostlyView[ViewArguments]], CostlyView[ViewArguments]]:
    """Let a view, below `require`, take from the budget of the person; 429 where nothing is left.

    `when` tells which requests do (default: all). A `quiet` view is asked for by a page behind
    itself, and has a budget of its own; refused, it changes nothing there. A form with a note, or
    from an editor, is kept for the person, as it is when a session has ended.
    """

    def decorate(view: CostlyView[ViewArguments]) -> CostlyView[ViewArguments]:
        @wraps(view)
        def budgeted(
            request: WorkspaceRequest, *args: ViewArguments.args, **kwargs: ViewArguments.kwargs
        ) -> HttpResponse:
            if when is not None and not when(request):
                return view(request, *args, **kwargs)
            who = (request.user.pk, quiet)
            if refusal := COSTLY_SECONDS.lacks(who, 0):
                return _refuse(request, refusal, quiet=quiet)
            start = time.monotonic()
            try:
                return view(request, *args, **kwargs)
            finally:
                COSTLY_SECONDS.charge(who, time.monotonic() - start, longest_wait=LONGEST_REFUSAL)

        budgeted.is_costly = True  # type: ignore[attr-defined]
        return budgeted  # type: ignore[return-value]  # wraps() names the arguments

    return decorate


def is_posted(request: WorkspaceRequest) -> bool:
    """Return whether a form was sent."""
    return request.method == "POST"


def is_large_form(request: WorkspaceRequest) -> bool:
    """Return whether a form was sent that is larger than usual: `LARGE_FORM`."""
    return is_posted(request) and content_length(request) > LARGE_FORM


def _refuse(request: WorkspaceRequest, refusal: Refusal, *, quiet: bool) -> HttpResponse:
    if refusal.count:
        logger.warning(
            "429, %d times: costly pages of user %s (%r), now %s, from %s",
            refusal.count,
            request.user.pk,
            request.user.email,
            request.path,
            client_address(request),
        )
    seconds = max(1, ceil(refusal.seconds))
    answer = _page(request, seconds, quiet=quiet)
    answer["Retry-After"] = str(seconds)
    answer._has_been_logged = True  # type: ignore[attr-defined]  # above, once a minute
    return answer


def _page(request: WorkspaceRequest, seconds: int, *, quiet: bool) -> HttpResponse:
    if request.htmx:
        if quiet:
            return reswap(HttpResponse(status=429), "none")
        answer = render(request, "accounts/guard/_too_many.html", {"seconds": seconds}, status=429)
        answer["HX-Reswap"] = "innerHTML show:#notices:top"
        return retarget(answer, "#notices")
    context: dict[str, Any] = {
        "seconds": seconds,
        "posted": is_posted(request),
        "kept": stash.keep_form(request.user, request),
        "page": page_to_return_to(request),
    }
    return render(request, "429.html", context, status=429)
