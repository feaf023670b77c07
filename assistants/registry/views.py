"""The registry's operations, as OpenAI's Assistants API defines them, and a feed of its journal."""

import logging
import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from assistants.registry import errors, store
from assistants.registry.auth import Caller
from assistants.registry.body import read_fields
from assistants.registry.endpoint import json_response
from assistants.registry.models import StoredAssistant, Write, unpack
from assistants.registry.objects import assistant_object, model_object

logger = logging.getLogger(__name__)

USUAL_PAGE = 20
LARGEST_PAGE = 100
LARGEST_FEED_PAGE = 1000
_INTEGER = re.compile(r"-?[0-9]{1,18}")


def list_assistants(request: HttpRequest, caller: Caller) -> HttpResponse:
    order = request.GET.get("order") or "desc"
    if order not in ("asc", "desc"):
        raise errors.wrong_value("order", order, "'asc' and 'desc'")
    page, has_more = store.list_page(
        caller,
        limit=_integer(request, "limit", default=USUAL_PAGE, minimum=1, maximum=LARGEST_PAGE),
        descending=order == "desc",
        after=request.GET.get("after"),
        before=request.GET.get("before"),
    )
    return json_response(
        {
            "object": "list",
            "data": [assistant_object(item, item.content) for item in page],
            "first_id": page[0].public_id if page else None,
            "last_id": page[-1].public_id if page else None,
            "has_more": has_more,
        }
    )


def create_assistant(request: HttpRequest, caller: Caller) -> HttpResponse:
    assistant = store.store_new(caller, read_fields(request, whole=True))
    _tell(caller)
    return _single(assistant)


def retrieve_assistant(_request: HttpRequest, caller: Caller, assistant_id: str) -> HttpResponse:
    return _single(store.find_stored(caller, assistant_id))


def modify_assistant(request: HttpRequest, caller: Caller, assistant_id: str) -> HttpResponse:
    fields = read_fields(request, whole=False)
    if_match = request.headers.get("If-Match")
    assistant = store.modify(caller, assistant_id, fields, if_match=if_match)
    _tell(caller)
    return _single(assistant)


def delete_assistant(request: HttpRequest, caller: Caller, assistant_id: str) -> HttpResponse:
    store.store_deletion(caller, assistant_id, if_match=request.headers.get("If-Match"))
    _tell(caller)
    return json_response({"id": assistant_id, "object": "assistant.deleted", "deleted": True})


def list_models(_request: HttpRequest, _caller: Caller) -> HttpResponse:
    models = [model_object(name) for name in settings.REGISTRY_MODELS]
    return json_response({"object": "list", "data": models})


def retrieve_model(_request: HttpRequest, _caller: Caller, name: str) -> HttpResponse:
    if name not in settings.REGISTRY_MODELS:
        raise errors.no_model(name)
    return json_response(model_object(name))


def list_changes(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The workspace's journal, for the dashboard only."""
    if not caller.in_process:
        raise errors.unknown_url(str(request.method), request.path)
    entries, last = store.journal(
        caller.workspace_id,
        after=_integer(request, "after", default=0, minimum=0),
        limit=_integer(request, "limit", default=100, minimum=1, maximum=LARGEST_FEED_PAGE),
    )
    data = [_entry(entry) for entry in entries]
    return json_response({"object": "list", "data": data, "last_sequence": last})


def _entry(entry: Write) -> dict[str, Any]:
    content = None if entry.packed is None else unpack(entry.packed)
    return {
        "sequence": entry.sequence,
        "assistant_id": entry.assistant.public_id,
        "action": entry.action,
        "key_name": entry.key_name,
        "trace_id": entry.trace_id,
        "at": entry.at.timestamp(),
        "assistant": None if content is None else assistant_object(entry.assistant, content),
    }


def _single(assistant: StoredAssistant) -> HttpResponse:
    response = json_response(assistant_object(assistant, assistant.content))
    response["ETag"] = f'"{assistant.sequence}"'
    return response


def _integer(
    request: HttpRequest, param: str, *, default: int, minimum: int, maximum: int | None = None
) -> int:
    """Return a number of the query string, or `default` when it is not there."""
    text = request.GET.get(param)
    if text is None:
        return default
    if not _INTEGER.fullmatch(text):
        raise errors.wrong_type(param, "an integer", "a string")
    value = int(text)
    if value < minimum or (maximum is not None and value > maximum):
        raise errors.out_of_range(param, value, minimum=minimum, maximum=maximum)
    return value


def _tell(caller: Caller) -> None:
    """Let the dashboard fetch what an application has written. The write stands whatever comes of
    it, and the dashboard finds it later in the journal."""
    if caller.in_process:
        return
    try:
        import_string(settings.REGISTRY_ON_WRITE)(workspace_id=caller.workspace_id)
    except Exception:
        logger.exception("could not pass on a write to workspace %s", caller.workspace_id)
