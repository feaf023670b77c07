"""What all addresses of SCIM have in common: the directory that calls, limits, errors."""

import json
import logging
from collections.abc import Callable
from math import ceil
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from admin_ui.accounts.directories.directories import find_directory
from admin_ui.accounts.models import Directory
from admin_ui.accounts.scim.errors import ScimError, invalid, scim_error_answer
from admin_ui.accounts.services import LastAdmin
from admin_ui.audit.origin import coming_from
from admin_ui.request.address import client_address, client_network
from admin_ui.request.budget import Refusal, TokenBuckets, of_one_process
from admin_ui.request.http import BUSY_SECONDS
from admin_ui.request.posted import content_length
from admin_ui.serving.writers import by_key

logger = logging.getLogger(__name__)

LARGEST_SCIM_BODY = 1_000_000
TOKEN_USE_NOTED_EVERY = 300
"""Seconds between two notes that a token was used."""
DIRECTORY_CALLS = TokenBuckets(lambda: of_one_process(settings.API_READS_PER_MINUTE))
WRONG_TOKENS = TokenBuckets(lambda: of_one_process(settings.API_WRONG_KEYS_PER_MINUTE))

Handler = Callable[..., HttpResponse]


class ScimRequest(HttpRequest):
    """A request of a directory; `data` is its body."""

    directory: Directory
    data: dict[str, Any]


def scim(**methods: Handler) -> Callable[..., HttpResponse]:
    """Return the view of an address that knows these methods; HEAD is answered as GET."""

    @csrf_exempt  # no session counts here
    def answer(request: Any, **captured: str) -> HttpResponse:
        try:
            directory = _caller(request)
            request.user, request.directory = AnonymousUser(), directory
            with coming_from(request, name=f"directory {directory.name}"), by_key():
                method = "GET" if request.method == "HEAD" else str(request.method)
                if method not in methods:
                    raise _no_such_method(methods)
                request.data = _read(request) if method in ("POST", "PUT", "PATCH") else {}
                return methods[method](request, **captured)
        except Exception as error:
            return scim_error_answer(_as_scim_error(error))

    return answer


def no_such_address(_request: ScimRequest, **_captured: str) -> HttpResponse:
    raise Http404


def _caller(request: HttpRequest) -> Directory:
    """Return the directory whose token this is. Raises `ScimError`."""
    network = client_network(client_address(request))
    scheme, _sep, token = request.headers.get("Authorization", "").partition(" ")
    found = None
    if scheme.lower() == "bearer":
        if refusal := WRONG_TOKENS.lacks(network):
            raise _too_many(refusal)
        found = find_directory(token.strip())
    if found is None:
        if refusal := WRONG_TOKENS.take(network):
            raise _too_many(refusal)
        text = _("Send the token of a directory: Authorization: Bearer scim_…")
        raise ScimError(401, text, headers={"WWW-Authenticate": "Bearer"})
    if refusal := DIRECTORY_CALLS.take(found.pk):
        raise _too_many(refusal)
    _note_use(found)
    return found


def _note_use(directory: Directory) -> None:
    now = timezone.now()
    used = directory.last_used_at
    if used is None or (now - used).total_seconds() > TOKEN_USE_NOTED_EVERY:
        Directory.objects.filter(pk=directory.pk).update(last_used_at=now)


def _read(request: HttpRequest) -> dict[str, Any]:
    if "HTTP_TRANSFER_ENCODING" in request.META:  # Django would take the body for empty
        raise ScimError(411, _("Send the body with a Content-Length."))
    if content_length(request) > LARGEST_SCIM_BODY:
        raise ScimError(413, _("The body is too large. Send less."))
    try:
        data = json.loads(request.body.decode(), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise _malformed() from error
    if not isinstance(data, dict):
        raise _malformed()
    return data


def _refuse(name: str) -> None:
    raise ValueError(name)


def _malformed() -> ScimError:
    return invalid(_("The body must be one JSON object in UTF-8."), "invalidSyntax")


def _no_such_method(methods: dict[str, Handler]) -> ScimError:
    allowed = sorted({*methods, *({"HEAD"} if "GET" in methods else ())})
    text = _("This address does not know this method.")
    return ScimError(405, text, headers={"Allow": ", ".join(allowed)})


def _too_many(refusal: Refusal) -> ScimError:
    seconds = max(1, ceil(refusal.seconds))
    text = _("Too many requests. Try again in %(seconds)d seconds.") % {"seconds": seconds}
    return ScimError(429, text, headers={"Retry-After": str(seconds)})


def _as_scim_error(error: Exception) -> ScimError:
    match error:
        case ScimError():
            return error
        case Http404():
            found = (404, _("There is nothing with this ID in your directory."))
        case LastAdmin():
            text = _("A workspace would lose its last admin. Make someone else an admin first.")
            found = (409, text)
        case PermissionDenied():
            found = (403, _("This is not allowed."))
        case UnreadablePostError():
            return _malformed()
        case DatabaseError():
            logger.warning("SCIM: the database did not take a change", exc_info=error)
            found = (503, _("The database is busy. Try again."))
        case _:
            logger.error("SCIM: unexpected error", exc_info=error)
            found = (500, _("The server failed. Its log says why."))
    return ScimError(*found, headers={"Retry-After": str(BUSY_SECONDS)} if found[0] == 503 else {})
