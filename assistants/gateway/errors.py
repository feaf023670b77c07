"""What can go wrong between us and a gateway, split by one question: did it change anything?

* GatewayError: a call failed
  * NothingChanged: no, the remote is as it was
    * Refused: the remote understood the change and said no
    * Unauthorized: the credentials are wrong, or do not allow this
    * AssistantMissing: there is no assistant with this ID
    * DocumentMissing: there is no such vector store, or it has no such document
    * EndpointGone: the address does not offer assistants, or no longer
    * NotOffered: the address offers assistants, but not this method
      * CannotRead: it reads no single assistant
      * CannotList: it lists no assistants
      * CannotWrite: it takes no such write
    * Misconfigured: the settings of the connection make no sense to the gateway
    * Unencrypted: a credential would have left this machine without encryption
    * CredentialsUnreadable: the credentials cannot be decrypted
    * SignInRefused: the login server gave no token for the credentials
    * SignInUnanswered: the login server gave no usable answer
    * RateLimited: the remote wants fewer requests
    * Changed: the assistant changed after the caller had read it
    * Unreachable: no connection was made
      * UnknownHost: no server has this name
    * ForbiddenHost: the host is private, and no setting names it
  * Unsure: perhaps, nobody knows
    * TimedOut: no answer came in time
    * ServerTrouble: the gateway, or the service behind it, failed during the call
    * ConnectionLost: the connection broke before the answer was complete
    * UnexpectedAnswer: the answer is not one of the Assistants API
      * EndlessList: the list is longer than that of any workspace

`NothingChanged` is certain. After `Unsure` a write may have taken effect, so the caller of a write
reads back and compares. After a read, both mean only that it failed.
"""

from typing import ClassVar


class GatewayError(Exception):
    """A call failed. No attribute holds a secret; all may be stored and shown.

    `message` is what the remote or the network said: one line of at most 500 characters, or "".
    `status`, `code`, `param` and `request_id` come from the remote, and are None where it gave
    none. `trace_id` is ours. `retry_after` is in seconds, a day at most.
    """

    kind: ClassVar[str]
    """Names the error in the database and in logs, and selects the sentence on screen."""

    passing: ClassVar[bool] = False
    """Whether the same call may succeed a moment later."""

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
        """Whether the remote wants fewer calls: it says so, or says when to try again."""
        return self.kind == "rate_limited" or (self.status == 503 and self.retry_after is not None)


class NothingChanged(GatewayError):
    """The remote is as it was before the call."""


class Refused(NothingChanged):
    """The remote did not accept the content; `param` often says which field."""

    kind = "refused"


class Unauthorized(NothingChanged):
    """The credentials are wrong, or do not allow this."""

    kind = "unauthorized"


class AssistantMissing(NothingChanged):
    """There is no assistant with this ID. If the list answers 404 too, there is no endpoint."""

    kind = "assistant_missing"


class DocumentMissing(NothingChanged):
    """There is no vector store with this ID, or it has no document with that one."""

    kind = "document_missing"


class EndpointGone(NothingChanged):
    """This address does not offer the Assistants API, or no longer."""

    kind = "endpoint_gone"


class NotOffered(NothingChanged):
    """The address offers assistants, but not this method (405).

    Neither the assistant nor the whole API is missing: LiteLLM's proxy lists assistants and cannot
    return a single one.
    """


class CannotRead(NotOffered):
    """This address returns no single assistant, only their list."""

    kind = "cannot_read"


class CannotList(NotOffered):
    """This address does not list its assistants."""

    kind = "cannot_list"


class CannotWrite(NotOffered):
    """This address does not accept this kind of write: create, modify or delete."""

    kind = "cannot_write"


class Misconfigured(NothingChanged):
    """The gateway could not make sense of the connection's settings."""

    kind = "misconfigured"


class Unencrypted(NothingChanged):
    """The address begins with http:// and is not on this machine, so no credential was sent."""

    kind = "unencrypted"


class CredentialsUnreadable(NothingChanged):
    """The connection's credentials cannot be decrypted here, so nothing could be sent."""

    kind = "credentials_unreadable"


class SignInRefused(NothingChanged):
    """The login server does not accept the credentials, so nothing was sent to the endpoint."""

    kind = "sign_in_refused"


class SignInUnanswered(NothingChanged):
    """The login server could not be asked or gave no token, so nothing was sent to the endpoint.

    `status` is that of the login server; without one, it did not answer.
    """

    kind = "sign_in_unanswered"
    passing = True


class RateLimited(NothingChanged):
    """The remote got too many requests; `retry_after` may say when to try again."""

    kind = "rate_limited"
    passing = True


class Changed(NothingChanged):
    """The assistant has changed since the caller read it."""

    kind = "changed"


class Unreachable(NothingChanged):
    """No connection could be made, so nothing was sent."""

    kind = "unreachable"
    passing = True


class UnknownHost(Unreachable):
    """No server has the name in the address; nothing was sent."""

    kind = "unknown_host"
    passing = False


class ForbiddenHost(NothingChanged):
    """The host is a private address and no setting names it; nothing was sent."""

    kind = "forbidden_host"


class Unsure(GatewayError):
    """The call may have taken effect, or not."""


class TimedOut(Unsure):
    """No answer came in time."""

    kind = "timed_out"
    passing = True


class ServerTrouble(Unsure):
    """The gateway, or the service behind it, failed during the call."""

    kind = "server_trouble"
    passing = True


class ConnectionLost(Unsure):
    """The connection broke before the answer was complete."""

    kind = "connection_lost"
    passing = True


class UnexpectedAnswer(Unsure):
    """An answer came, but it is not one of the Assistants API."""

    kind = "unexpected_answer"


class EndlessList(UnexpectedAnswer):
    """The list is longer than that of any workspace."""

    kind = "endless_list"


def error_of_kind(kind: str) -> type[GatewayError]:
    """Return the class of errors with this `kind`. Raises `KeyError`."""
    return _by_kind(GatewayError)[kind]


def _by_kind(base: type[GatewayError]) -> dict[str, type[GatewayError]]:
    found = {base.kind: base} if "kind" in vars(base) else {}
    for below in base.__subclasses__():
        found |= _by_kind(below)
    return found
