"""A budget for each person for costly pages, such as comparisons, searches and calls of a remote.

It counts the time that the server works on them. A person who does one thing after the other never
reaches the limit, even on a slow server. A person who does many things at once gets 429.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from math import ceil
from typing import Any, Concatenate, TypeVar

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django_htmx.http import reswap, retarget

from admin_ui.accounts.guard import stash
from admin_ui.accounts.guard.access import WorkspaceRequest
from admin_ui.accounts.guard.middleware import page_to_return_to
from admin_ui.request.address import client_address
from admin_ui.request.budget import Refusal, TokenBuckets
from admin_ui.request.http import ViewArguments
from admin_ui.request.posted import content_length
from admin_ui.request.waiting import client_left, for_nobody

CostlyView = Callable[Concatenate[WorkspaceRequest, ViewArguments], HttpResponse]

ReadRow = TypeVar("ReadRow")

logger = logging.getLogger(__name__)

COSTLY_SECONDS = TokenBuckets(lambda: settings.COSTLY_SECONDS_PER_MINUTE)
LONGEST_REFUSAL = 10.0
"""Seconds after which a person may always continue, regardless of what their pages cost."""
LARGE_FORM = 256 * 1024
"""Bytes above which reading and keeping a form counts as costly."""


def costly(
    *, when: Callable[[WorkspaceRequest], bool] | None = None, quiet: bool = False
) -> Callable[[CostlyView[ViewArguments]], CostlyView[ViewArguments]]:
    """Charge a view, below `require`, to the budget of the person; 429 when nothing is left.

    If the client of a request that only reads has left while it waited, nothing is done.
    `when` picks the requests to charge (default: all). A `quiet` view serves background requests
    of a page, from its own budget; a refusal changes nothing on the page. A form with a note, or
    from an editor, is kept for the person, as after the end of a session.
    """

    def decorate(view: CostlyView[ViewArguments]) -> CostlyView[ViewArguments]:
        @wraps(view)
        def budgeted(
            request: WorkspaceRequest, *args: ViewArguments.args, **kwargs: ViewArguments.kwargs
        ) -> HttpResponse:
            if when is not None and not when(request):
                return view(request, *args, **kwargs)
            if client_left(request):
                return for_nobody()
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


def charge_reading(request: WorkspaceRequest, rows: Iterable[ReadRow]) -> Iterator[ReadRow]:
    """Hand `rows` on, and charge the time that each takes to be read: a file is sent after its
    view has returned."""
    waiting, who = iter(rows), (request.user.pk, False)
    while True:
        start = time.monotonic()
        found = next(waiting, None)
        COSTLY_SECONDS.charge(who, time.monotonic() - start, longest_wait=LONGEST_REFUSAL)
        if found is None:
            return
        yield found


def is_posted(request: WorkspaceRequest) -> bool:
    """Return whether a form was sent."""
    return request.method == "POST"


def is_large_form(request: WorkspaceRequest) -> bool:
    """Return whether a form larger than `LARGE_FORM` was sent."""
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
