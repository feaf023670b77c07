"""Asks people to confirm that it is them before they do what matters most, and then goes on.

A form that was sent too late waits in the session, encrypted and without secrets. When its person
has confirmed, the next request of the same page is answered as if the form had just come.
"""

import time
from collections.abc import Callable, Collection
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from admin_ui.accounts.guard.confirming import is_confirmed
from admin_ui.accounts.guard.stash import CSRF_FIELD
from admin_ui.encryption import Undecryptable, decrypt, encrypt
from admin_ui.request.http import ViewArguments

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

WAITING_FORM = "waiting_form"
"""The key of the session that holds the form."""
LARGEST_WAITING_FORM = 200_000
"""Characters; a larger form has to be sent again."""
GOES_ON_WITHIN = 60
"""Seconds in which a form goes on after its person has confirmed."""

ConfirmedView = Callable[Concatenate[Any, ViewArguments], HttpResponse]


def confirmed(
    *, secrets: Collection[str] = (), again: "str | _StrPromise" = ""
) -> Callable[[ConfirmedView[ViewArguments]], ConfirmedView[ViewArguments]]:
    """Guard a view, below `require` or `owners_only`: its forms need a recent confirmation.

    A form without `secrets` goes on after it. One with some is shown again without them: as
    `request.typed`, for a form that nobody has sent yet. `again` then says what to enter again.
    So a page with secrets gets `request.confirm_at`, where its reader can confirm before.
    """

    def decorate(view: ConfirmedView[ViewArguments]) -> ConfirmedView[ViewArguments]:
        @wraps(view)
        def guarded(
            request: Any, *args: ViewArguments.args, **kwargs: ViewArguments.kwargs
        ) -> HttpResponse:
            if request.method == "POST" and not is_confirmed(request):
                return _ask(request, secrets)
            if request.method == "GET" and WAITING_FORM in request.session:
                _go_on(request, again)
            if secrets and not is_confirmed(request):
                request.confirm_at = _page_to_confirm(request)
            return view(request, *args, **kwargs)

        return guarded  # type: ignore[return-value]  # wraps() names the arguments

    return decorate


def confirm_first(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Guard a page of a signed-in person that shows or changes a secret: reading it asks too.

    allauth lets people without a password and a factor through, whom a provider signs in.
    """

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_confirmed(request):
            return view(request, *args, **kwargs)
        return redirect(_page_to_confirm(request))

    return guarded


def allow_going_on(request: HttpRequest, page: str) -> None:
    """Let the form that waits for `page` go on, since its person has just confirmed.

    One that waits for another page is forgotten: its person has turned to something else.
    """
    waiting = _read(request)
    if waiting.get("page") == page:
        waiting["until"] = str(time.time() + GOES_ON_WITHIN)
        request.session[WAITING_FORM] = encrypt(waiting)
    else:
        request.session.pop(WAITING_FORM, None)


def _ask(request: Any, secrets: Collection[str]) -> HttpResponse:
    form = request.POST.copy()
    form.pop(CSRF_FIELD, None)
    typed_secrets = [name for name in secrets if any(form.pop(name, []))]
    body = form.urlencode()
    if len(body) <= LARGEST_WAITING_FORM:
        waiting = {"page": request.get_full_path(), "body": body, "lacks": ",".join(typed_secrets)}
        request.session[WAITING_FORM] = encrypt(waiting)
    else:
        messages.warning(request, _("Your form is too large to wait. Confirm, then send it again."))
    address = _page_to_confirm(request)
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _page_to_confirm(request: Any) -> str:
    ways = get_adapter(request).get_reauthentication_methods(request.user)
    page = ways[0]["url"] if ways else resolve_url("account_reauthenticate")
    return f"{page}?{urlencode({'next': request.get_full_path()})}"


def _go_on(request: Any, again: "str | _StrPromise") -> None:
    """Make the form that waits for this page the form of this request, if it may go on."""
    waiting = _read(request)
    del request.session[WAITING_FORM]
    is_due = time.time() <= float(waiting.get("until") or 0)
    if waiting.get("page") != request.get_full_path() or not is_due:
        return
    form = QueryDict(waiting["body"])
    if waiting["lacks"]:
        request.typed = form
        messages.info(request, again)
        return
    request.method, request.POST = "POST", form


def _read(request: HttpRequest) -> dict[str, str]:
    try:
        return decrypt(request.session.get(WAITING_FORM, ""))
    except Undecryptable:
        return {}
