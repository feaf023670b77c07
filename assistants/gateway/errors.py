"""What can go wrong between us and a gateway, split by one question: did it change anything?

`NothingChanged` errors are certain: the remote is as it was. After an `Unsure` one a write may have
landed, so whoever wrote reads back and compares. After a read both only mean that it failed.
"""

from typing import ClassVar


class GatewayError(Exception):
    """A call failed. No attribute holds a secret; all may be stored and shown.

    `message` is what the remote (or the network) said: one line, at most 500 characters, perhaps
    empty. `status`, `code`, `param` and `request_id` are the remote's, None where it gave none;
    `trace_id` is ours; `retry_after` is in seconds, a day at most.
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


class NotOffered(NothingChanged):
    """The address offers assistants, yet not this method (405): something else is missing than an
    assistant or the whole API. LiteLLM's proxy lists them, and returns no single one."""


class CannotRead(NotOffered):
    """A single assistant cannot be read here, whichever it is."""

    kind = "cannot_read"


class CannotList(NotOffered):
    """The assistants cannot be listed here."""

    kind = "cannot_list"


class CannotWrite(NotOffered):
    """This kind of write is not taken here: creating, changing or deleting."""

    kind = "cannot_write"


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
