"""Reasons why a change request is refused. Nothing changes then."""

from datetime import datetime

from assistants.models import ChangeRequest
from assistants.services.errors import ServiceError


class NoTitle(ServiceError):
    """A change request needs a title, of at most `LIMITS.title` characters."""


class NothingToReview(ServiceError):
    """The draft changes nothing, or there is nothing to delete."""


class AsksOtherwise(ServiceError):
    """The author's open `change_request` asks for a deletion, and this for a change, or so."""

    def __init__(self, change_request: ChangeRequest) -> None:
        super().__init__("another change request is open")
        self.change_request = change_request


class TooManyRounds(ServiceError):
    """The change request has as many rounds as it may have."""


class NotYours(ServiceError):
    """The author of a change request does not decide about it, and nobody else withdraws it."""


class NotOpen(ServiceError):
    """The change request is closed, or its state does not allow this."""


class RoundMoved(ServiceError):
    """Another round was sent since the person was shown this one."""


class BadTime(ServiceError):
    """What is scheduled has to be later than now, by a year at most.

    With `is_return`, that is about what comes back, which has to be later than the publish.
    """

    def __init__(self, *, is_return: bool = False) -> None:
        super().__init__("bad time")
        self.is_return = is_return


class FrozenThen(ServiceError):
    """A freeze window holds at the time until more than a day later, so it would never be sent.

    `until` is when the window ends. `is_return` as with `BadTime`.
    """

    def __init__(self, until: datetime, *, is_return: bool = False) -> None:
        super().__init__("a freeze window holds then")
        self.until = until
        self.is_return = is_return


class NoReturn(ServiceError):
    """What should come back is no version of the assistant, or it is live already."""


class ReturnIsOver(ServiceError):
    """The time at which an older definition comes back is over: a new round is needed."""


class NoWord(ServiceError):
    """Requesting changes and rejecting need a word that tells the author why."""
