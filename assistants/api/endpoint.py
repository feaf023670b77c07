"""What every address of the API has in common: the caller, the limits, and errors in one shape."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from admin_ui.request.api import new_request_id
from admin_ui.request.posted import content_length
from admin_ui.serving.writers import by_key
from assistants.api import budgets, errors
from assistants.api.auth import ApiCaller, identify_caller
from assistants.api.idempotency import answer_once

CARRIED_OUT_ONCE = frozenset(["POST", "PUT", "PATCH", "DELETE"])
JsonView = Callable[..., HttpResponse]


def answering(view: JsonView) -> JsonView:
    """Return `view` for known callers: whatever happens is answered in JSON, with a request ID.

    Only keys that may write reach methods other than GET and HEAD; an Idempotency-Key counts for
    these.
    """

    @csrf_exempt
    def answer(request: Any, **captured: Any) -> HttpResponse:
        request_id = new_request_id()

        def respond() -> HttpResponse:
            try:
                with _head_as_get(request):
                    response = view(request, **captured)
                if response.status_code == 405:
                    raise _wrong_method(response)
            except Exception as error:
                response = errors.error_answer(error, request_id)
            response["x-request-id"] = request_id
            return response

        try:
            _check_size(request)
            caller = request.caller = identify_caller(request, captured.get("ws", ""))
            _check_scope(request, caller)
            with budgets.working_for(caller.who), by_key() if caller.key else nullcontext():
                if request.method not in CARRIED_OUT_ONCE:
                    return respond()
                return answer_once(request, caller.who, respond)
        except Exception as error:
            response = errors.error_answer(error, request_id)
            response["x-request-id"] = request_id
            return response

    return answer


@contextmanager
def _head_as_get(request: HttpRequest) -> Iterator[None]:
    """Let HEAD be answered as GET, of which the server leaves out the body."""
    method = request.method
    request.method = "GET" if method == "HEAD" else method
    try:
        yield
    finally:
        request.method = method


def _check_size(request: HttpRequest) -> None:
    if "HTTP_TRANSFER_ENCODING" in request.META:  # Django would take the body for empty
        text = _("Send the body with a Content-Length, without a Transfer-Encoding.")
        raise errors.ApiRefusal(411, "no_length", text)
    if content_length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise errors.too_large_body()


def _check_scope(request: HttpRequest, caller: ApiCaller) -> None:
    is_read = request.method in budgets.SAFE_METHODS
    if caller.key and not caller.key.can_write and not is_read:
        text = _("This key may only read. Ask an admin for one that may write.")
        raise errors.ApiRefusal(403, "read_only_key", text)


def _wrong_method(response: HttpResponse) -> errors.ApiRefusal:
    text = _("This address does not know this method.")
    allowed = {name.strip() for name in str(response.get("Allow", "")).split(",")}
    allowed |= {"HEAD"} if "GET" in allowed else set()
    return errors.ApiRefusal(
        405, "wrong_method", text, headers={"Allow": ", ".join(sorted(allowed))}
    )
