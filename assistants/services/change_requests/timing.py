"""When a round is published, and until when: checked before it is sent for review."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from assistants.definition import Definition
from assistants.models import Assistant, FreezeWindow, Kind, Revision, Round, State
from assistants.selectors.change_requests.freezes import freeze_then
from assistants.services.change_requests.errors import BadTime, FrozenThen, NoReturn
from assistants.services.editing.drafts import definition_of
from assistants.services.editing.restore import check_complete

MOST_AHEAD = timedelta(days=366)
"""How far ahead a round can be scheduled, and its return after that."""
MOST_LATE = timedelta(days=1)
"""How long after its time a round is still published, if no worker ran or it failed."""


@dataclass(frozen=True)
class Timing:
    """How a round is published (`Round.When`), and what comes back afterwards, if anything does.

    `zone` is the name of the time zone in which the times were chosen.
    """

    when: str = Round.When.BY_HAND
    publish_at: datetime | None = None
    zone: str = ""
    back_at: datetime | None = None
    back_to: Revision | None = None

    def check(self, assistant: Assistant) -> Definition | None:
        """Return the definition that comes back; None if nothing does.

        Raises `BadTime` unless each time is later than now and the one before, by `MOST_AHEAD` at
        most; what `check_open` raises; `NoReturn` if the assistant is not live, or what comes back
        is not of its history; and `TextErased`.
        """
        begin = timezone.now()
        if self.when == Round.When.AT_TIME:
            begin = check_time(self.publish_at, after=begin)
            check_open(assistant.workspace_id, begin)
        if self.back_at is None:
            return None
        check_time(self.back_at, after=begin, is_return=True)
        check_open(assistant.workspace_id, self.back_at, is_return=True)
        found = self.back_to
        if assistant.state != State.LIVE or found is None or found.assistant_id != assistant.pk:
            raise NoReturn
        definition = definition_of(found)
        if definition is None or found.kind == Kind.DOCUMENTS:
            raise NoReturn
        check_complete(found)
        return definition


BY_HAND = Timing()


def check_time(chosen: datetime | None, *, after: datetime, is_return: bool = False) -> datetime:
    """Return the time if it can be chosen. Raises `BadTime`."""
    if chosen is None or not after < chosen <= after + MOST_AHEAD:
        raise BadTime(is_return=is_return)
    return chosen


def check_open(workspace: int, at: datetime, *, is_return: bool = False) -> None:
    """Raise `FrozenThen` if a freeze window holds `at` then, and for longer than `MOST_LATE`."""
    frozen = freeze_then(workspace, at)
    if frozen and is_too_late(at, frozen):
        raise FrozenThen(frozen.ends_at, is_return=is_return)


def is_too_late(at: datetime, frozen: FreezeWindow) -> bool:
    """Return whether what is due `at` then is too late at the end of a freeze window."""
    return frozen.ends_at >= at + MOST_LATE
