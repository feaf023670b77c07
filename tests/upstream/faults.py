"""How a request goes wrong, as one value; and what a remote may store instead of what was sent."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Rewrite = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]
"""Given the assistant before a write and after it, says which fields to store otherwise."""


@dataclass(frozen=True)
class FaultSpec:
    """How one request fails. Everything combines: what becomes of it, and what is answered.

    Without a `status` or a `body` the answer is the true one for a request that was carried out,
    else an empty object.
    """

    # What becomes of the request: as a rule it is not carried out.
    applied: bool = False
    """It is carried out before it is answered."""
    late: bool = False
    """It is carried out when `Upstream.land` is called."""
    store: Rewrite | None = None
    """Once carried out, these fields are stored otherwise."""
    vanish: bool = False
    """The assistant is deleted the moment the request arrives (a new one once it is made)."""
    gone: bool = False
    """The endpoint stops offering assistants the moment the request arrives."""
    blind: bool = False
    """From this request on every read fails, until `Upstream.blind` is taken back."""
    then: "FaultSpec | None" = None
    """The next read after it fails like this."""

    # What is answered.
    status: int = 0
    body: str = ""
    content_type: str = "application/json"
    location: str = ""
    retry_after: str = ""
    hang: float = 0.0
    """Seconds of silence before the answer."""
    reset: bool = False
    """The connection is broken off instead."""
    truncate: bool = False
    """The answer ends before the length it announced."""


def error_body(message: str, *, param: str | None = None, code: str | None = None) -> str:
    """The body in which the API says what is wrong."""
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return json.dumps({"error": error})


def refused(message: str, *, param: str | None = None, code: str | None = None) -> FaultSpec:
    """A 400 with the error body of the API."""
    return FaultSpec(status=400, body=error_body(message, param=param, code=code))


def clamped(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """No temperature above 1 is stored."""
    return {"temperature": min(after.get("temperature") or 0, 1)}


def merged(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Metadata is merged into what was there, so that no key ever goes."""
    return {"metadata": {**(before.get("metadata") or {}), **(after.get("metadata") or {})}}


def trimmed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """A field that this server does not know is dropped."""
    return {"future_field": None}


def completed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What was not given is stored with a default."""
    return {"top_p": after.get("top_p") or 1.0, "response_format": "auto"}
