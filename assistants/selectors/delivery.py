"""What about an assistant's delivery needs an eye, and whether a page that is open is behind."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from admin_ui.accounts.models import User
from admin_ui.display.isolation import isolated
from assistants.models import (
    GONE_STATES,
    LATE,
    Assistant,
    Outcome,
    Revision,
    Trouble,
    brief_outcomes,
    definition_changes,
    trouble_of,
    without_texts,
)
from assistants.selectors.history import RevisionRow, revision_row
from assistants.wording.delivery import delivery_next, delivery_title

MOST_LOOKED_THROUGH = 20
"""How many of the newest revisions are looked through for the one that is in trouble."""


@dataclass(frozen=True)
class Delivery:
    """The newest attempt to change an assistant, when somebody has to know about it."""

    trouble: str
    """One of `Assistant.Trouble`, or "late"."""
    row: RevisionRow
    title: str
    next: str
    is_bad: bool
    has_draft: bool
    """Whether the person has a draft of this assistant."""


def delivery_of(assistant: Assistant, user: User) -> Delivery | None:
    """Return what the pages of `assistant` say on top to `user`; None when all is well.

    No query then, else a few without any content.
    """
    trouble = trouble_of(assistant)
    found = _revision(assistant, trouble) if trouble else None
    if found is None:
        return None
    revision, outcome = found
    return Delivery(
        trouble=trouble,
        row=revision_row(revision, outcome, assistant),
        title=delivery_title(trouble, revision.kind),
        next=delivery_next(trouble, revision),
        is_bad=trouble in (Trouble.NOT_DELIVERED, Trouble.REJECTED),
        has_draft=assistant.drafts.filter(user=user).exists(),
    )


def _revision(assistant: Assistant, trouble: str) -> tuple[Revision, Outcome | None] | None:
    rows = without_texts(definition_changes(assistant)).select_related("acceptance")
    known = {
        LATE: assistant.slot_id,
        Trouble.DIFFERS: assistant.live_id,
        Trouble.OUTSIDE: assistant.live_id,
        Trouble.ARRIVED_LATE: assistant.live_id,
    }
    if trouble in known:
        rows = rows.filter(pk=known[trouble] or 0)
    revisions = list(rows[:MOST_LOOKED_THROUGH])
    outcomes = brief_outcomes(revisions)
    for revision in revisions:
        outcome = outcomes.get(revision.pk)
        if trouble in known or (outcome is not None and outcome.status == trouble):
            return revision, outcome
    return None


def mark_of(assistant: Assistant) -> str:
    """Return a mark for what a page shows of an assistant; it differs once anything happens."""
    sending = "sending" if assistant.slot_id else ""
    parts = (assistant.live_version, assistant.last_number, assistant.state, assistant.trouble)
    return "-".join(map(str, (*parts, sending)))


def news_since(mark: str, assistant: Assistant) -> str:
    """Return what has happened to `assistant` since a page was given `mark`; "" for nothing."""
    parts = mark.split("-")
    if len(parts) != 5 or mark == mark_of(assistant):
        return ""
    version, _number, state, trouble, sending = parts
    if assistant.state in GONE_STATES and state != assistant.state:
        if assistant.state == Assistant.State.DELETED:
            return _("%(name)s deleted this assistant.") % {"name": isolated(assistant.changed_by)}
        return _("The gateway no longer has this assistant.")
    if version != str(assistant.live_version) and assistant.live is not None:
        return _new_version(assistant, assistant.live)
    if assistant.trouble == Trouble.NOT_DELIVERED and (sending or trouble == Trouble.UNCONFIRMED):
        return _("The last change was not delivered.")
    return _("This assistant has changed since you opened this page.")


def _new_version(assistant: Assistant, live: Revision) -> str:
    numbers = {"version": assistant.live_version, "name": isolated(live.author_name)}
    if live.kind == Revision.Kind.OUTSIDE:
        return _("Changed outside this dashboard: v%(version)s is live now.") % numbers
    if live.outcomes.exclude(status=Outcome.Status.APPLIED).exists():
        return _("The unconfirmed change has arrived: v%(version)s by %(name)s is live.") % numbers
    return _("%(name)s has published v%(version)s.") % numbers
