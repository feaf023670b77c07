"""Why a comment or a suggestion is refused; nothing is stored then."""

from enum import StrEnum

from assistants.services.errors import ServiceError


class Why(StrEnum):
    """Why, as `wording.talk.discussion` says it."""

    EMPTY = "empty"
    LONG = "long"
    LONG_SUGGESTION = "long_suggestion"
    NO_LINES = "no_lines"
    SAME = "same"
    MANY = "many"
    CLOSED = "closed"
    DELETION = "deletion"
    ENDED = "ended"
    GONE = "gone"
    OVERLAPS = "overlaps"


class TalkRefused(ServiceError):
    """A comment or suggestion cannot be stored, accepted or withdrawn, for the reason `why`."""

    def __init__(self, why: Why) -> None:
        super().__init__(f"refused: {why.value}")
        self.why = why
