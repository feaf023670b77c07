"""What must be true of an assistant once everything in doubt has been settled."""

import time
from collections.abc import Iterator, Mapping
from datetime import timedelta

from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from assistants.definition import Definition
from assistants.models import Assistant, Outcome, Revision, State
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.verify import verify
from assistants.services.remote.settle import assistants_in_doubt, settle_all
from tests.crash.paths import Case, delete_it, edit, publish_draft, recreate_it

OURS = {"create", "edit", "restore", "recreate", "delete", "documents"}


def settled(case: Case) -> Iterator[str]:
    """Settle once the lease is over and nothing can arrive late, and yield what is not as it must
    be then."""
    row = case.fresh()
    newest = row.revisions.order_by("-number").first()
    if newest is not None:
        lease = timedelta(seconds=settings.PUBLISH_LEASE_SECONDS)
        over = row.slot_until or newest.created_at + lease
        time.sleep(max(0.0, (over - timezone.now()).total_seconds()) + 0.001)
    with override_settings(LATE_LANDING_SECONDS=0):
        counts = settle_all()
    if counts["failed"] or counts["open"]:
        yield f"settle left {counts}"
    if assistants_in_doubt(now=True).exists():
        yield "something is still in doubt"
    yield from untruths(case)


def untruths(case: Case) -> Iterator[str]:
    """Yield where history, remote and draft of a case, alone on its remote, do not agree."""
    row, held = case.fresh(), case.place.held()
    yield from disagreements(row, held)
    expected = {row.remote_id} if row.state == State.LIVE else set()
    if set(held) != expected:
        yield f"{row.state} as {row.remote_id}, but the remote holds {sorted(held)}"
    if case.wanted is not None:
        kept = {draft.definition.digest for draft in row.drafts.all()}
        kept |= {revision.definition.digest for revision in applied(row)}
        if case.wanted.digest not in kept:
            yield "the text is neither live nor a draft"


def disagreements(row: Assistant, held: Mapping[str, Definition]) -> Iterator[str]:
    """Yield where the history of an assistant is not whole, or not what its remote holds."""
    if row.slot_id is not None:
        yield "the slot is taken"
    if row.state == State.LIVE:
        live = live_definition(row)
        if held.get(str(row.remote_id)) != live:
            yield "what is live is not what the remote holds"
        if row.live_digest != live.digest:
            yield "the digest of what is live is another"
    yield from _about_the_history(row)


def _about_the_history(row: Assistant) -> Iterator[str]:
    revisions = list(row.revisions.order_by("number"))
    if strange := {str(revision.kind) for revision in revisions} - OURS:
        yield f"our own change is in the history as {sorted(strange)}"
    for revision in revisions:
        outcomes = list(revision.outcomes.order_by("pk"))
        statuses = [str(outcome.status) for outcome in outcomes]
        if not statuses or statuses[-1] == Outcome.Status.UNCONFIRMED:
            yield f"revision {revision.number} is {statuses or 'pending'}"
        if statuses.count(Outcome.Status.APPLIED) > 1:
            yield f"revision {revision.number} was applied twice"
    versions = [
        outcome.version
        for outcome in Outcome.objects.filter(assistant=row, version__isnull=False).order_by("pk")
    ]
    if versions != list(range(1, row.live_version + 1)):
        yield f"the versions are {versions}, live is {row.live_version}"
    yield from verify(assistant=row)


def applied(row: Assistant) -> list[Revision]:
    return list(
        row.revisions.filter(outcomes__status=Outcome.Status.APPLIED).order_by("number").distinct()
    )


def outcome_of(case: Case, before: int) -> str:
    """Return what became of the revision written since number `before`, or "never begun"."""
    revision = case.fresh().revisions.filter(number__gt=before).order_by("-number").first()
    outcome = revision.outcomes.order_by("-pk").first() if revision else None
    return str(outcome.status) if outcome else "never begun"


def goes_on(case: Case) -> Iterator[str]:
    """Do the next thing a person would do, and yield what does not work."""
    row = case.fresh()
    if row.state == State.LIVE:
        publish_draft(edit(case, "And thank them."))
    elif row.drafts.exists():
        publish_draft(case)
    elif case.wanted is None:
        recreate_it(case)
    else:
        case.wanted = live_definition(row)
        recreate_it(case)
    row = case.fresh()
    if row.state != State.LIVE or row.trouble or row.drafts.exists():
        yield f"the next publish left {row.state} {row.trouble} with {row.drafts.count()} drafts"
    yield from untruths(case)
    if case.wanted is None:
        delete_it(case)
        yield from untruths(case)
