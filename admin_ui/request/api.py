"""The JSON of every error under `/v1/`, `/api/` and `/scim/`, also of requests that reach none."""

import json
import re
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_to_bytes
from uuid import uuid4

_ORIGIN = re.compile(rb"^[a-z][a-z0-9+.-]*://[^/?#]*", re.I)
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3})")
REFUSAL_SENTENCES = {
    400: "The request is not valid HTTP, so it could not be read.",
    408: "The request did not arrive in time. Please send it again.",
    414: "The address of the request is too long.",
    417: "The server supports no expectation but '100-continue'.",
    431: "The headers of the request are too large.",
    501: "Send the body with a Content-Length, without a Transfer-Encoding.",
}
_INTERNAL = "The server had an error while processing your request. Sorry about that!"


def is_api(path: str) -> bool:
    """Return whether a path belongs to the registry, whose callers expect the JSON of OpenAI."""
    return path == "/v1" or path.startswith("/v1/")


def is_json_api(path: str) -> bool:
    """Return whether a path belongs to the JSON API."""
    return path.startswith("/api/")


def is_scim(path: str) -> bool:
    """Return whether a path belongs to SCIM."""
    return path.startswith("/scim/")


def speaks_json(path: str) -> bool:
    """Return whether the callers of a path expect JSON, and no page."""
    return is_api(path) or is_json_api(path) or is_scim(path)


def error_object(
    message: str,
    *,
    kind: str = "invalid_request_error",
    param: str | None = None,
    code: str | None = None,
) -> dict[str, Any]:
    """Return the body of a refusal."""
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def json_api_error(code: str, message: str, request_id: str, **more: Any) -> dict[str, Any]:
    """Return the body of a refusal of the JSON API."""
    error = {"code": code, "message": message, "field": None, "request_id": request_id}
    return {"error": {**error, "problems": [], **more}}


def scim_error(status: int, detail: str, **more: str) -> dict[str, Any]:
    """Return the body of a refusal of SCIM (RFC 7644, section 3.12)."""
    schema = "urn:ietf:params:scim:api:messages:2.0:Error"
    return {"schemas": [schema], "status": str(status), "detail": detail, **more}


def new_request_id() -> str:
    """Return a new ID that the answer and its log line share."""
    return f"req_{uuid4().hex}"


def asks_api(head: bytes) -> bool:
    """Return whether a request, well formed or not, that starts with `head` is for an API."""
    return speaks_json(_path_asked(head))


def _path_asked(head: bytes) -> str:
    words = head.split(b"\r\n", 1)[0].split(b" ")
    target = _ORIGIN.sub(b"", words[1], count=1) if len(words) > 1 else b""
    path = re.split(rb"[?#]", target, maxsplit=1)[0]
    return unquote_to_bytes(path).decode("latin-1")


def refusal(head: bytes, status: int) -> bytes:
    """Return the complete answer to a request that the server refuses before reading it.

    `head` is the start of the request. The connection closes after this answer.
    """
    failed = status >= 500 and status not in REFUSAL_SENTENCES
    message = REFUSAL_SENTENCES.get(status, _INTERNAL if failed else HTTPStatus(status).phrase)
    kind = "server_error" if failed else "invalid_request_error"
    request_id = new_request_id()
    told = error_object(message, kind=kind)
    if is_json_api(_path_asked(head)):
        told = json_api_error("internal" if failed else "malformed", message, request_id)
    if is_scim(_path_asked(head)):
        told = scim_error(status, message)
    body = json.dumps(told, separators=(",", ":")).encode()
    lines = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        "Connection: close",
        "Content-Type: application/json",
        "Cache-Control: private, no-store",
        "X-Content-Type-Options: nosniff",
        f"x-request-id: {request_id}",
        f"Content-Length: {len(body)}",
    )
    is_head = head.startswith(b"HEAD ")
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n" + (b"" if is_head else body)


def in_shape(head: bytes, answer: bytes) -> bytes:
    """Return the web server's error page, as an API error when the caller expects JSON."""
    status = _STATUS.match(answer)
    return refusal(head, int(status[1])) if status and asks_api(head) else answer
