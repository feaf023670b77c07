"""Who calls: an application with a key, or the dashboard in process."""

import re
from dataclasses import dataclass

from django.http import HttpRequest

from admin_ui.accounts.key_use import NOTES
from admin_ui.accounts.keys import find_api_key
from assistants.registry import budgets, errors

WORKSPACE = "assistants.registry.workspace"
"""Environ key with which `wsgi.application_for` names the workspace. Every HTTP header arrives as
`HTTP_…`, `CONTENT_TYPE` or `CONTENT_LENGTH`, so that no request from outside can hold it."""

_TRACE_ID = re.compile(r"[!-~]{1,200}")


@dataclass(frozen=True)
class Caller:
    """Whoever sent a request; `key_name` is `None` for the dashboard itself."""

    workspace_id: int
    key_name: str | None
    can_write: bool
    trace_id: str | None
    key_digest: str | None = None

    @property
    def in_process(self) -> bool:
        return self.key_name is None


def trace_id(request: HttpRequest) -> str | None:
    """Return the trace id the caller chose; `None` without one or with one we would not keep."""
    value = request.headers.get("x-portkey-trace-id", "")
    return value if _TRACE_ID.fullmatch(value) else None


def identify(request: HttpRequest) -> Caller:
    """Return who calls.

    Raises a 401 `ApiError` for a missing, wrong or revoked key, 429 for one that has spent its
    minute's worth. The dashboard itself has no budget.
    """
    trace = trace_id(request)
    workspace_id = request.META.get(WORKSPACE)
    if workspace_id is not None:
        return Caller(workspace_id, key_name=None, can_write=True, trace_id=trace)
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise errors.no_key()
    budgets.may_try(secret.strip(), request)
    key = find_api_key(secret.strip())
    if key is None:
        budgets.wrong_key(request)
        raise errors.wrong_key()
    budgets.spend(key, request)
    NOTES.note(key)
    return Caller(
        key.workspace_id,
        key_name=key.name,
        can_write=key.can_write,
        trace_id=trace,
        key_digest=key.digest,
    )
