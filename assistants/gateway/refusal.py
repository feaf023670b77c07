"""Reading an answer that is no success: what it says, about which field, and when to come back."""

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
TITLE_LENGTH = 2000  # of a web page, before it is made readable
TAG_LENGTH = 100  # of a code, a parameter or a request id
MOST_PROBLEMS = 20  # of a list of them; the message is cut long before
LONGEST_RETRY_AFTER = 86_400.0  # seconds; what asks for more is not heard to the end

_TO_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}  # keeps each place
_REQUEST_IDS = ("x-request-id", "x-portkey-request-id", "apim-request-id")


def from_answer(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    secrets: Iterable[str],
    about_assistant: bool,
    method: str,
) -> GatewayError:
    """Turn an answer to `method` that is not a success into its error.

    `about_assistant` says that the address named one assistant, so that a 404 speaks of it and not
    of the endpoint. `secrets` are taken out of everything the error holds.
    """
    said = _read(body, headers.get("content-type", ""))
    if status == 405 or (status == 501 and method == "GET"):  # a write's 5xx leaves it in doubt
        kind = _not_offered(method, about_assistant=about_assistant)
    else:
        kind = _kind(status, said, about_assistant=about_assistant)
    return kind(
        clean(said.get("message"), secrets) or "",
        status=status,
        code=clean(said.get("code"), secrets, TAG_LENGTH),
        param=clean(said.get("param"), secrets, TAG_LENGTH),
        request_id=request_id(headers, secrets),
        retry_after=_retry_after(headers),
    )


def request_id(headers: Mapping[str, str], secrets: Iterable[str]) -> str | None:
    """Return the id under which the remote knows the call."""
    found = next((headers[name] for name in _REQUEST_IDS if name in headers), None)
    return clean(found, secrets, TAG_LENGTH)


def clean(value: Any, secrets: Iterable[str], length: int = MESSAGE_LENGTH) -> str | None:
    """Return a remote's words as one printable line without secrets, cut to `length`.

    None for what is neither text nor a number, or blank.
    """
    if not isinstance(value, str | int):
        return None
    text = " ".join(str(value).split())
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = _without(text, secret)
    if len(text) > length:  # only now, or half a secret could be left
        text = text[: length - 1] + "…"
    return "".join(char if char.isprintable() else "�" for char in text) or None


def _without(text: str, secret: str) -> str:
    """Replace a secret, in upper or lower case. Secrets are ASCII; a pattern could be slow here."""
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


def _not_offered(method: str, *, about_assistant: bool) -> type[GatewayError]:
    if method != "GET":
        return CannotWrite
    return CannotRead if about_assistant else CannotList


def _kind(status: int, said: Mapping[str, Any], *, about_assistant: bool) -> type[GatewayError]:
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
    return (
        AssistantMissing if about_assistant and said.get("code") != "unknown_url" else EndpointGone
    )


def _read(body: bytes, content_type: str) -> dict[str, Any]:
    """Find message, code and param in one of the shapes that errors come in.

    `gateway` is true for the shape in which the Portkey gateway itself complains.
    """
    text = body.decode("utf-8", "replace")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return {"message": _plain(text, content_type)}
    if not isinstance(data, dict):
        return {"message": text}
    detail = data.get("detail")
    if isinstance(detail, dict):  # what a FastAPI server was given to say, in a shape of its own
        data, detail = detail, None
    error = data.get("error")
    if isinstance(error, dict):
        target = error.get("target")  # what Azure calls the param
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
    """Return a param; None where a server written in Python made text of its None."""
    return None if param in ("None", "null", "") else param


def _problems(detail: list[Any]) -> dict[str, Any]:
    """Read a list of problems as FastAPI sends it, each with a place (`loc`) and words (`msg`).

    The first that is about a field gives the param; the others are told with their places. Empty
    where the list holds none.
    """
    found = [
        (_place(problem.get("loc")), problem["msg"], problem.get("type"))
        for problem in detail[:MOST_PROBLEMS]
        if isinstance(problem, dict) and isinstance(problem.get("msg"), str)
    ]
    if not found:
        return {}
    found.sort(key=lambda problem: not problem[0].field)  # keeps the order of the rest
    place, message, code = found[0]
    first = message if place.field or not place.words else f"{place.words}: {message}"
    others = [f"{place.words}: {words}" if place.words else words for place, words, _ in found[1:]]
    return {"message": "; ".join([first, *others]), "code": code, "param": place.field or None}


class _Place(NamedTuple):
    """A place in a request: the path of a field in its body ("" for none), and its wording."""

    field: str
    words: str


def _place(loc: Any) -> _Place:
    """Read `["body", "tools", 2, "function", "name"]`; a body may be nested in a name of its own.

    The names of a union's members may stand in between; readers of the path pass over them.
    """
    parts = [part for part in loc if type(part) in (str, int)] if isinstance(loc, list) else []
    start = next((at for at, part in enumerate(parts) if part in FIELD_NAMES), None)
    if parts[:1] != ["body"] or start is None:
        is_field = parts[:1] == ["body"] and len(parts) > 1 and isinstance(parts[1], str)
        return _Place(str(parts[1]) if is_field else "", ".".join(map(str, parts)))
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts[start:])
    return _Place(path[1:], path[1:])


def _plain(text: str, content_type: str) -> str:
    """Return plain text as it is, and of a web page its title."""
    if "html" not in content_type and text.lstrip()[:1] != "<":
        return text
    lower = text.translate(_TO_LOWER)
    opened = lower.find("<title")
    start = lower.find(">", opened) + 1 if opened >= 0 else 0
    end = lower.find("</title", start) if start else -1
    # Only ever forwards, and cut before it is read: this is somebody else's text.
    return html.unescape(text[start:end][:TITLE_LENGTH]) if end >= 0 else ""


def _retry_after(headers: Mapping[str, str]) -> float | None:
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
