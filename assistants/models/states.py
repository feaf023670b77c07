"""What the kinds, states and outcomes of the models mean, decided once for all who ask."""

from django.db.models import QuerySet

from assistants.models.assistant import Assistant
from assistants.models.revision import Acceptance, Outcome, Revision

Kind, Status = Revision.Kind, Outcome.Status
State, Trouble = Assistant.State, Assistant.Trouble

GONE_STATES = (State.DELETED, State.MISSING)
"""States of an assistant that is not on its remote any more."""

REMOVAL_KINDS = (Kind.DELETE, Kind.MISSING)
"""Kinds of revisions after which the assistant is gone."""

CREATE_KINDS = (Kind.CREATE, Kind.RECREATE)
"""Kinds of revisions that put an assistant on its remote."""

CHANGE_KINDS = (Kind.EDIT, Kind.RESTORE)
"""Kinds of revisions that change an assistant that is on its remote."""

LATE = "late"
"""In place of a trouble: a change that was sent, and whose process recorded no outcome in time."""


def definition_changes(assistant: Assistant) -> QuerySet[Revision]:
    """Return the revisions of an assistant that are about its definition, the newest first.

    Those about documents were applied before they were added, and are no attempt to change it.
    """
    rows = Revision.objects.filter(assistant=assistant)
    return rows.exclude(kind=Kind.DOCUMENTS).order_by("-number")


def trouble_of(assistant: Assistant) -> str:
    """Return the trouble that an assistant is in, "late" when sending takes longer than it may."""
    if assistant.slot_id is None:
        return assistant.trouble
    return "" if assistant.is_leased else LATE


def needs_a_look(revision: Revision, outcome: Outcome | None) -> bool:
    """Return whether the remote holds something that nobody here wrote."""
    if outcome is None or outcome.status != Status.APPLIED:
        return False
    is_outside = revision.kind == Kind.OUTSIDE and not outcome.filled_in
    return bool(outcome.stored_otherwise) or is_outside


def can_be_sent_again(outcome: Outcome | None, acceptance: Acceptance | None) -> bool:
    """Return whether what was sent did not arrive, or was stored differently and not accepted."""
    if outcome is None:
        return False
    if outcome.status == Status.APPLIED:
        return bool(outcome.stored_otherwise) and acceptance is None
    return True
