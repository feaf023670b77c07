"""Changes in doubt: how long one may still arrive, and when the remote is checked for it."""

from datetime import datetime, timedelta

from django.utils import timezone

from assistants.models import Assistant, Revision, Status, brief_outcomes, definition_changes
from assistants.models.connections.sent import Sent

LOOKS = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 300))
"""How long after sending the remote is checked for a change in doubt; once more at the end."""

MOST_IN_DOUBT = 20
"""How many of the newest revisions may be in doubt, or arrive late."""


def next_look(change: Sent) -> datetime:
    """Return when the remote is checked again for a change that is in doubt."""
    now, end = timezone.now(), change.may_arrive_until
    looks = [change.created_at + after for after in LOOKS]
    return next((look for look in looks if now < look < end), end)


def unseen(change: Sent, *, certain: bool = False) -> str:
    """Return the status of a change that the remote does not show.

    It is not delivered if that is `certain`, or if it can no longer arrive.
    """
    in_doubt = change.may_arrive and not certain
    return Status.UNCONFIRMED if in_doubt else Status.NOT_DELIVERED


def recent(assistant: Assistant) -> list[Revision]:
    """Return the newest revisions; their definitions are loaded only on access."""
    rows = definition_changes(assistant).defer(*Revision.HEAVY)
    return list(rows[:MOST_IN_DOUBT])


def revisions_in_doubt(assistant: Assistant) -> list[Revision]:
    """Return the changes in doubt, newest first. No query if there are none.

    A pending one is not in doubt.
    """
    if assistant.doubt_look_at is None:
        return []
    revisions = recent(assistant)
    outcomes = brief_outcomes(revisions)
    known = ((revision, outcomes.get(revision.pk)) for revision in revisions)
    return [row for row, outcome in known if outcome and outcome.status == Status.UNCONFIRMED]


def next_look_at(assistant: Assistant) -> datetime | None:
    """Return when the remote is checked for changes in doubt; None if there are none."""
    return min(map(next_look, revisions_in_doubt(assistant)), default=None)


def look_again(assistant: Assistant) -> None:
    """Store when the remote is checked for changes in doubt (row locked)."""
    assistant.doubt_look_at = next_look_at(assistant)
    assistant.save(update_fields=["doubt_look_at"])
