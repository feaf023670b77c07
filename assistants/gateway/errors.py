"""What can go wrong between us and a gateway, split by one question: did it change anything?

`NothingChanged` errors are certain: the remote is as it was. After an `Unsure` one a write may have
landed, so whoever wrote reads back and compares. After a read both only mean that it failed.
"""

import html
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Any, ClassVar

MESSAGE_LENGTH = 500
TITLE_LENGTH = 2000  # of a web page, before it is made readable
TAG_LENGTH = 100  # of a code, a parameter or a request id

_TO_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}  # keeps each place
_REQUEST_IDS = ("x-request-id", "x-portkey-request-id", "apim-request-id")


class GatewayError(Exception):
    """A call failed. No attribute holds a secret; all may be stored and shown.

    `message` is what the remote (or the network) said: one line, at most 500 characters, perhaps
    empty. `status`, `code`, `param` and `request_id` are the remote's, None where it gave none;
    `trace_id` is ours; `retry_after` is in seconds.
    """

    kind: ClassVar[str]
    """Names the error in the database, in logs and for the sentence on screen."""

    passing: ClassVar[bool] = False
    """Whether the same call may well succeed a moment later."""

    def __init__(
        self,
        message: str = "",
        *,
        status: int | None = None,
        code: str | None = None,
        param: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.param = param
        self.request_id = request_id
        self.trace_id: str | None = None
        self.retry_after = retry_after

    @property
    def asks_to_wait(self) -> bool:
        """Whether the remote wants fewer calls: it said so, or named the time to come back."""
        return self.kind == "rate_limited" or (self.status == 503 and self.retry_after is not None)


class NothingChanged(GatewayError):
    """The remote is as it was before the call."""


class Refused(NothingChanged):
    """The remote did not accept the content; `param` often says which field."""

    kind = "refused"


class Unauthorized(NothingChanged):
    """The credentials are wrong, or may not do this."""

    kind = "unauthorized"


class AssistantMissing(NothingChanged):
    """There is no assistant with this id (or, if the list answers 404 too, no endpoint)."""

    kind = "assistant_missing"


class EndpointGone(NothingChanged):
    """This address does not offer the Assistants API, or no longer."""

    kind = "endpoint_gone"


class Misconfigured(NothingChanged):
    """The gateway could not make sense of the connection's settings."""

    kind = "misconfigured"


class Unencrypted(NothingChanged):
    """The address begins with http:// and leaves this machine, so no credential was sent to it."""

    kind = "unencrypted"


class CredentialsUnreadable(NothingChanged):
    """The connection's credentials cannot be decrypted here, so nothing could be sent."""

    kind = "credentials_unreadable"


class RateLimited(NothingChanged):
    """Too many requests; `retry_after` may say when to come back."""

    kind = "rate_limited"
    passing = True


class Changed(NothingChanged):
    """The assistant is no longer as it was when the caller read it."""

    kind = "changed"


class Unreachable(NothingChanged):
    """No connection could be made, so nothing was sent."""

    kind = "unreachable"
    passing = True


class UnknownHost(Unreachable):
    """No server has the name that the address gives; nothing was sent."""

    kind = "unknown_host"
    passing = False


class ForbiddenHost(NothingChanged):
    """The host is a private address and no setting names it; nothing was sent."""

    kind = "forbidden_host"


class Unsure(GatewayError):
    """Nobody knows whether the call took effect."""


class TimedOut(Unsure):
    """No answer in time."""

    kind = "timed_out"
    passing = True


class ServerTrouble(Unsure):
    """The gateway, or the service behind it, failed while it worked on the call."""

    kind = "server_trouble"
    passing = True


class ConnectionLost(Unsure):
    """The connection broke before the answer was complete."""

    kind = "connection_lost"
    passing = True


class UnexpectedAnswer(Unsure):
    """An answer came, but not one that the Assistants API gives."""

    kind = "unexpected_answer"


class EndlessList(UnexpectedAnswer):
    """A list goes on beyond what any workspace holds."""

    kind = "endless_list"


def from_answer(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    secrets: Iterable[str],
    about_assistant: bool,
) -> GatewayError:
    """Turn an answer that is not a success into its error.

    `about_assistant` says that the address named one assistant, so that a 404 speaks of it and not
    of the endpoint. `secrets` are taken out of everything the error holds.
    """
    said = _read(body, headers.get("content-type", ""))
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
    405: EndpointGone,
    408: TimedOut,
    412: Changed,
    429: RateLimited,
}


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
    """Find message, code and param in one of the three shapes that errors come in.

    `gateway` is true for the shape in which the Portkey gateway itself complains.
    """
    text = body.decode("utf-8", "replace")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return {"message": _plain(text, content_type)}
    if not isinstance(data, dict):
        return {"message": text}
    error = data.get("error")
    if isinstance(error, dict):
        return {key: error.get(key) for key in ("message", "code", "param")}
    words = (error, data.get("message"), data.get("detail"), text)
    return {
        "message": next(word for word in words if isinstance(word, str)),
        "code": data.get("code"),
        "param": data.get("param"),
        "gateway": data.get("status") == "failure",
    }


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
    value = headers.get("retry-after", "").strip()[:40]
    try:
        seconds = float(value)
    except ValueError:
        try:
            when = parsedate_to_datetime(value)
        except (ValueError, OverflowError, TypeError, IndexError):
            return None
        seconds = (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return max(0.0, seconds) if isfinite(seconds) else None
