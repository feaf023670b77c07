"""Changes in doubt: how long one may still arrive, and when it is looked for again."""

from datetime import datetime, timedelta

from django.utils import timezone

from assistants.models import Assistant, Revision, Status, brief_outcomes

LOOKS = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 300))
"""How long after it was sent a change in doubt is looked for. The last look is at its end."""

MOST_IN_DOUBT = 20
"""How many of the newest revisions may be in doubt, or land late."""


def next_look(revision: Revision) -> datetime:
    """Return when `revision`, which is in doubt, is looked for again."""
    now, end = timezone.now(), revision.may_arrive_until
    looks = [revision.created_at + after for after in LOOKS]
    return next((look for look in looks if now < look < end), end)


def unseen(revision: Revision, *, certain: bool = False) -> str:
    """Return the status of a change that a reading of the remote does not show.

    It is not delivered where that is `certain`, or once it can no longer be on its way.
    """
    in_doubt = revision.may_arrive and not certain
    return Status.UNCONFIRMED if in_doubt else Status.NOT_DELIVERED


def recent(assistant: Assistant) -> list[Revision]:
    """Return the newest revisions; what each holds is read only when it is asked for."""
    rows = Revision.objects.filter(assistant=assistant).defer(*Revision.HEAVY)
    return list(rows.order_by("-number")[:MOST_IN_DOUBT])


def revisions_in_doubt(assistant: Assistant) -> list[Revision]:
    """Return the changes that may have arrived or not, newest first. No query where there is none.

    One on its way is not in doubt.
    """
    if assistant.doubt_look_at is None:
        return []
    revisions = recent(assistant)
    outcomes = brief_outcomes(revisions)
    known = ((revision, outcomes.get(revision.pk)) for revision in revisions)
    return [row for row, outcome in known if outcome and outcome.status == Status.UNCONFIRMED]


def next_look_at(assistant: Assistant) -> datetime | None:
    """Return when what is in doubt is looked for again; None where nothing is."""
    return min(map(next_look, revisions_in_doubt(assistant)), default=None)


def look_again(assistant: Assistant) -> None:
    """Note when what is in doubt is looked for again (row locked)."""
    assistant.doubt_look_at = next_look_at(assistant)
    assistant.save(update_fields=["doubt_look_at"])
