"""Reading a failed answer: its message, the field it is about, and when to try again."""

import html
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Any, NamedTuple

from assistants.definition import FIELD_NAMES
from assistants.gateway.errors import (
    AssistantMissing,
    CannotList,
    CannotRead,
    CannotWrite,
    Changed,
    DocumentMissing,
    EndpointGone,
    GatewayError,
    Misconfigured,
    RateLimited,
    Refused,
    ServerTrouble,
    TimedOut,
    Unauthorized,
    UnexpectedAnswer,
)

MESSAGE_LENGTH = 500
TITLE_LENGTH = 2000  # of a web page, before its escapes are decoded
TAG_LENGTH = 100  # of a code, a parameter or a request id
MOST_PROBLEMS = 20  # of a list; the message is cut long before
LONGEST_RETRY_AFTER = 86_400.0  # seconds; a longer time is cut to this

_TO_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}  # keeps all positions
_REQUEST_IDS = ("x-request-id", "x-portkey-request-id", "apim-request-id")


def subject_of(path: str) -> type[GatewayError] | None:
    """Return what a 404 means at this address, if it names one assistant, store or document."""
    if "/assistants/" in path:
        return AssistantMissing
    return DocumentMissing if path.startswith("/vector_stores/") else None


def from_answer(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    secrets: Iterable[str],
    about: type[GatewayError] | None,
    method: str,
) -> GatewayError:
    """Turn an answer to `method` that is not a success into its error.

    `about` is what a 404 means if the address named one assistant or document, and is None if a 404
    is about the endpoint. No attribute of the error contains any of the `secrets`.
    """
    said = _read(body, headers.get("content-type", ""))
    if status == 405 or (
        status == 501 and method == "GET"
    ):  # after a 5xx, a write may have taken effect
        kind = _not_offered(method, about=about)
    else:
        kind = _kind(status, said, about=about)
    return kind(
        clean(said.get("message"), secrets) or "",
        status=status,
        code=clean(said.get("code"), secrets, TAG_LENGTH),
        param=clean(said.get("param"), secrets, TAG_LENGTH),
        request_id=request_id(headers, secrets),
        retry_after=retry_after_of(headers),
    )


def request_id(headers: Mapping[str, str], secrets: Iterable[str]) -> str | None:
    """Return the ID that the remote gave the call."""
    found = next((headers[name] for name in _REQUEST_IDS if name in headers), None)
    return clean(found, secrets, TAG_LENGTH)


def clean(value: Any, secrets: Iterable[str], length: int = MESSAGE_LENGTH) -> str | None:
    """Return a remote's words as one printable line without secrets, cut to `length`.

    None for a blank, and for values that are neither text nor a number.
    """
    if not isinstance(value, str | int):
        return None
    text = " ".join(str(value).split())
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = _without(text, secret)
    if len(text) > length:  # after the secrets, or half of one could stay
        text = text[: length - 1] + "…"
    return "".join(char if char.isprintable() else "�" for char in text) or None


def _without(text: str, secret: str) -> str:
    """Replace a secret in any case. Secrets are ASCII, and a pattern could be slow here."""
    data, wanted = text.encode("utf-8", "surrogatepass"), secret.encode("utf-8", "replace").lower()
    lower, pieces, start = data.lower(), [], 0
    while (found := lower.find(wanted, start)) >= 0:
        pieces.append(data[start:found])
        start = found + len(wanted)
    return b"[hidden]".join([*pieces, data[start:]]).decode("utf-8", "surrogatepass")


_BY_STATUS: dict[int, type[GatewayError]] = {
    401: Unauthorized,
    403: Unauthorized,
    408: TimedOut,
    412: Changed,
    429: RateLimited,
}


def _not_offered(method: str, *, about: type[GatewayError] | None) -> type[GatewayError]:
    if method != "GET":
        return CannotWrite
    return CannotRead if about else CannotList


def _kind(
    status: int, said: Mapping[str, Any], *, about: type[GatewayError] | None
) -> type[GatewayError]:
    if status >= 500:
        return ServerTrouble
    if status < 400:
        return UnexpectedAnswer
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if said.get("gateway"):
        return Misconfigured
    about_model = said.get("param") == "model" or said.get("code") == "model_not_found"
    if status not in (404, 410) or about_model:
        return Refused
    return about if about and said.get("code") != "unknown_url" else EndpointGone


def _read(body: bytes, content_type: str) -> dict[str, Any]:
    """Find message, code and param in any of the known shapes of errors.

    `gateway` is true for the shape of errors of the Portkey gateway itself.
    """
    text = body.decode("utf-8", "replace")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return {"message": _plain(text, content_type)}
    if not isinstance(data, dict):
        return {"message": text}
    detail = data.get("detail")
    if isinstance(detail, dict):  # an error of another shape, passed on by FastAPI
        data, detail = detail, None
    error, described = data.get("error"), data.get("error_description")
    if isinstance(error, str) and isinstance(described, str):  # of OAuth
        return {"message": described, "code": error}
    if isinstance(error, dict):
        target = error.get("target")  # the param of Azure
        param = target if error.get("param") is None else error.get("param")
        return {"message": error.get("message"), "code": error.get("code"), "param": _named(param)}
    if isinstance(detail, list) and (found := _problems(detail)):
        return found
    words = (error, data.get("message"), detail, text)
    return {
        "message": next(word for word in words if isinstance(word, str)),
        "code": data.get("code"),
        "param": _named(data.get("param")),
        "gateway": data.get("status") == "failure",
    }


def _named(param: Any) -> Any:
    """Return a param; None if a server written in Python sent its None as text."""
    return None if param in ("None", "null", "") else param


def _problems(detail: list[Any]) -> dict[str, Any]:
    """Read a list of problems from FastAPI, each with a place (`loc`) and a message (`msg`).

    The first one about a field gives the param. The message names the places of the others. Empty
    if the list has no problem.
    """
    found = [
        (_place(problem.get("loc")), problem["msg"], problem.get("type"))
        for problem in detail[:MOST_PROBLEMS]
        if isinstance(problem, dict) and isinstance(problem.get("msg"), str)
    ]
    if not found:
        return {}
    found.sort(key=lambda problem: not problem[0].field)  # stable, so the others keep their order
    place, message, code = found[0]
    first = message if place.field or not place.words else f"{place.words}: {message}"
    others = [f"{place.words}: {words}" if place.words else words for place, words, _ in found[1:]]
    return {"message": "; ".join([first, *others]), "code": code, "param": place.field or None}


class _Place(NamedTuple):
    """A place in a request: the path of a field in the body ("" for none), and its wording."""

    field: str
    words: str


def _place(loc: Any) -> _Place:
    """Read a place such as `["body", "tools", 2, "function", "name"]`.

    The body may be nested under another name. Names of a union's members may stay in the path;
    its readers skip them.
    """
    parts = [part for part in loc if type(part) in (str, int)] if isinstance(loc, list) else []
    start = next((at for at, part in enumerate(parts) if part in FIELD_NAMES), None)
    if parts[:1] != ["body"] or start is None:
        is_field = parts[:1] == ["body"] and len(parts) > 1 and isinstance(parts[1], str)
        return _Place(str(parts[1]) if is_field else "", ".".join(map(str, parts)))
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts[start:])
    return _Place(path[1:], path[1:])


def _plain(text: str, content_type: str) -> str:
    """Return plain text as it is, and the title of a web page."""
    if "html" not in content_type and text.lstrip()[:1] != "<":
        return text
    lower = text.translate(_TO_LOWER)
    opened = lower.find("<title")
    start = lower.find(">", opened) + 1 if opened >= 0 else 0
    end = lower.find("</title", start) if start else -1
    # The search only moves forwards, and the text is cut first, because a remote wrote it.
    return html.unescape(text[start:end][:TITLE_LENGTH]) if end >= 0 else ""


def retry_after_of(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of Retry-After, `LONGEST_RETRY_AFTER` at most.

    A date counts from the time on the answer, because the two clocks need not agree.
    """
    value = headers.get("retry-after", "").strip()[:40]
    try:
        seconds = float(value)
    except ValueError:
        when = _moment(value)
        if when is None:
            return None
        seconds = (when - (_moment(headers.get("date", "")) or datetime.now(UTC))).total_seconds()
    return min(max(0.0, seconds), LONGEST_RETRY_AFTER) if isfinite(seconds) else None


def _moment(value: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(value.strip()[:40])
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return when.replace(tzinfo=when.tzinfo or UTC)
