"""Who calls: an application with a key, or the dashboard in process."""

import logging
import re
from dataclasses import dataclass

from django.http import HttpRequest

from admin_ui.accounts.keys.key_use import KEY_USES
from admin_ui.accounts.keys.keys import find_api_keys
from admin_ui.accounts.keys.networks import is_within
from admin_ui.request.address import client_address
from assistants.registry import budgets, errors

logger = logging.getLogger(__name__)

WORKSPACE = "assistants.registry.workspace"
"""Environ key with which `wsgi.application_for` names the workspace. Every HTTP header arrives as
`HTTP_…`, `CONTENT_TYPE` or `CONTENT_LENGTH`, so that no request from outside can hold it."""

KEY_HEADERS = ("api-key", "x-portkey-api-key")
"""Headers in which a key may come beside `Authorization`: those of Azure's and Portkey's SDKs."""

_TRACE_ID = re.compile(r"[!-~]{1,200}")


@dataclass(frozen=True)
class Caller:
    """The sender of a request; `key_name` is `None` for the dashboard itself."""

    workspace_id: int
    key_name: str | None
    can_write: bool
    trace_id: str | None
    key_digest: str | None = None
    only: frozenset[str] = frozenset()
    """The IDs of the assistants that exist for the caller; empty for all of the workspace."""

    is_exempt: bool = False
    """Whether what it writes needs no approval."""

    @property
    def in_process(self) -> bool:
        return self.key_name is None


def trace_id(request: HttpRequest) -> str | None:
    """Return the trace id the caller chose; `None` without one or with one we would not keep."""
    value = request.headers.get("x-portkey-trace-id", "")
    return value if _TRACE_ID.fullmatch(value) else None


def _keys_sent(request: HttpRequest) -> set[str]:
    """Return what was sent as a key: as a bearer token, and in the headers that SDKs use instead.

    They are a set, because some SDKs send a placeholder as the bearer token beside the key.
    """
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    sent = [secret] if scheme.lower() == "bearer" else []
    sent += [request.headers.get(name, "") for name in KEY_HEADERS]
    return {secret.strip() for secret in sent} - {""}


def identify(request: HttpRequest) -> Caller:
    """Return who calls.

    Raises a 401 `ApiError` for a missing, wrong or revoked key, for two different ones and for one
    that may not be used from there, and 429 for one that has spent its minute's worth. The
    dashboard itself has no budget.
    """
    trace = trace_id(request)
    workspace_id = request.META.get(WORKSPACE)
    if workspace_id is not None:
        return Caller(workspace_id, key_name=None, can_write=True, trace_id=trace)
    sent = _keys_sent(request)
    if not sent:
        raise errors.no_key()
    budgets.may_try(sent, request)
    found = find_api_keys(sent)
    if not found:
        budgets.count_wrong_key(request)
        raise errors.wrong_key_error()
    for key in found:
        budgets.spend_request(key, request)
    if len(found) > 1:
        raise errors.several_keys()
    address = client_address(request)
    if key.networks and not is_within(address, key.networks.split()):
        logger.warning("The API key %s was refused from %s.", key.prefix, address or "nowhere")
        raise errors.wrong_network()
    KEY_USES.note(key, address)
    return Caller(
        key.workspace_id,
        key_name=key.name,
        can_write=key.can_write,
        trace_id=trace,
        key_digest=key.digest,
        only=frozenset(key.assistant_ids.split()),
        is_exempt=key.is_exempt,
    )
