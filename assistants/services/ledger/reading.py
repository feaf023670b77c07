"""Reading the history: what is live, and how a change ended."""

from assistants.definition import (
    Definition,
)
from assistants.models import Assistant, Outcome, Revision, Status
from assistants.services.errors import NoTarget

UNSURE = frozenset({"", "timed_out", "server_trouble", "connection_lost", "unexpected_answer"})
"""Errors of outcomes after which a write may still arrive; "" is for a process that died."""


def live_definition(assistant: Assistant) -> Definition:
    """Return what the remote held at our last read. Costs two or three queries."""
    if assistant.live is None:
        raise NoTarget
    outcome = (
        assistant.live.outcomes.filter(status=Status.APPLIED)
        .select_related("revision")
        .defer("differences", "revision__changes", "revision__note")
        .order_by("-pk")
        .first()
    )
    return outcome.definition if outcome else assistant.live.definition


def may_have_landed(outcome: Outcome) -> bool:
    """Return whether a revision with this newest outcome may still arrive on the remote."""
    if outcome.status == Status.NOT_DELIVERED:
        return outcome.error in UNSURE
    return outcome.status == Status.UNCONFIRMED


def newest_outcome(revision: Revision) -> Outcome | None:
    return revision.outcomes.order_by("-pk").first()
