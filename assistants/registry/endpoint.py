"""What every address of the registry has in common: the caller, the method, and JSON answers."""

import json
import logging
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from admin_ui.request.api import is_api, new_request_id
from admin_ui.serving.writers import by_key
from assistants.registry import budgets, errors
from assistants.registry.auth import Caller, identify, trace_id

logger = logging.getLogger(__name__)

ApiView = Callable[..., HttpResponse]
BETA = "assistants=v2"


def endpoint(*, beta: bool = False, **views: ApiView) -> ApiView:
    """Return a Django view that serves `views` by method; none at all means an unknown address.

    Each is called as `view(request, caller, **captured)` and may raise `ApiError`. The caller is
    known by then, may write unless the method is GET, and has sent the beta header if `beta`.
    Whatever happens is answered in JSON, with an `x-request-id` and the caller's trace id.
    """

    @csrf_exempt
    def answer(request: HttpRequest, **captured: str) -> HttpResponse:
        request_id = new_request_id()
        try:
            caller = identify(request)
            view = _choose(request, caller, views, beta)
            kept_apart = nullcontext() if caller.in_process else by_key()
            with budgets.work_for(caller.key_digest), kept_apart:
                response = view(request, caller, **captured)
        except errors.ApiError as error:
            response = _refusal(error)
        except SuspiciousOperation:
            response = _refusal(errors.malformed_request())
        except DatabaseError:
            logger.exception("%s: database trouble", request_id, extra={"request_id": request_id})
            response = _refusal(errors.database_busy_error())
        except Exception:
            logger.exception("%s: unexpected error", request_id, extra={"request_id": request_id})
            response = _refusal(errors.internal())
        return _marked(response, request, request_id)

    return answer


def handler(error: Callable[[], errors.ApiError], page: ApiView) -> ApiView:
    """Return a handler of what goes wrong before an address is reached, a wrong host above all.

    It answers with `error` to who asked the registry, and with `page` to everybody else.
    """

    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_api(request.path):
            return page(request, *args, **kwargs)
        return _marked(_refusal(error()), request, new_request_id())

    return handle


def json_response(data: dict[str, Any], *, status: int = 200) -> HttpResponse:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, status=status, content_type="application/json")


def _marked(response: HttpResponse, request: HttpRequest, request_id: str) -> HttpResponse:
    """Put on an answer what finds it again: here in the log, there by the caller's own mark."""
    response["x-request-id"] = request_id
    if trace := trace_id(request):
        response["x-portkey-trace-id"] = trace
    return response


def _choose(request: HttpRequest, caller: Caller, views: dict[str, ApiView], beta: bool) -> ApiView:
    asked = str(request.method)
    if "HTTP_TRANSFER_ENCODING" in request.META:  # Django would take the body for empty
        raise errors.no_length()
    if not views:
        raise errors.unknown_url(asked, request.path)
    method = "GET" if asked == "HEAD" else asked
    if method not in views:
        raise errors.wrong_method(asked, request.path, list(views))
    sent = request.headers.get("OpenAI-Beta")
    if beta and BETA not in [part.strip() for part in (sent or "").split(",")]:
        raise errors.beta_header(sent)
    if method != "GET" and not caller.can_write:
        raise errors.read_only_key()
    return views[method]


def _refusal(error: errors.ApiError) -> HttpResponse:
    response = json_response(error.body, status=error.status)
    for name, value in error.headers.items():
        response[name] = value
    # What was refused for its number is logged once a minute, by `budgets`, not once a request.
    response._has_been_logged = error.status == 429  # type: ignore[attr-defined]
    return response
