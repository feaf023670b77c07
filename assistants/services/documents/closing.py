"""Recording how a change of documents ended, and its entries in the histories."""

import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from admin_ui.serving.writers import in_any_case
from assistants.gateway import GatewayError
from assistants.models import OpenStoreChange, Status, StoreChange, StoreOutcome
from assistants.services.connections.offers import read_again_soon
from assistants.services.ledger.document_entries import add_entry
from assistants.services.ledger.doubt import next_look
from assistants.services.ledger.record import plain
from assistants.services.remote.closing import REFUSALS

ENTRY_SECONDS = 5.0
"""How long one caller writes entries in histories; `settle_due` writes those that are left."""
LEAST_PAUSE = timedelta(seconds=5)


def status_after_refusal(error: GatewayError) -> str:
    """Return the status of a change after which nothing changed."""
    return Status.REJECTED if error.kind in REFUSALS else Status.NOT_DELIVERED


def close_change(
    *, change: StoreChange, status: str, error: GatewayError | None = None
) -> StoreOutcome:
    """Record the outcome of a change, unless somebody has settled it meanwhile.

    After `applied`, each assistant that it affects gets an entry in its history, exactly once.
    Returns the outcome that counts.
    """
    with in_any_case(), transaction.atomic():
        row = OpenStoreChange.objects.select_for_update().filter(change=change).first()
        outcome = newest_of(change)
        is_open = row is not None and (outcome is None or outcome.status == Status.UNCONFIRMED)
        if is_open and (outcome is None or outcome.status != status):
            outcome = _add(change, status, error)
        if row is not None:
            _after(row, outcome)
    if outcome is None:
        raise RuntimeError(f"change {change.pk} is not open and has no outcome")
    if outcome.status == Status.APPLIED:
        write_entries(change)
    return outcome


def _after(row: OpenStoreChange, outcome: StoreOutcome | None) -> None:
    """Decide when somebody looks again (row locked); never, once nothing has changed."""
    if outcome is not None and outcome.status in (Status.REJECTED, Status.NOT_DELIVERED):
        row.delete()
        return
    soonest = timezone.now() + LEAST_PAUSE
    row.look_at = max(next_look(row.change), soonest)
    if outcome is not None and outcome.status == Status.APPLIED:
        row.look_at = soonest + timedelta(seconds=ENTRY_SECONDS)  # its entries may be left
    row.save(update_fields=["look_at"])


def write_entries(change: StoreChange) -> None:
    """Write the entries of an applied change that are not there yet; end it with the last one.

    Another process may do the same at the same time.
    """
    until = time.monotonic() + ENTRY_SECONDS
    for use in change.uses.filter(revision=None).order_by("pk").iterator(chunk_size=100):
        add_entry(change=change, use=use)
        if time.monotonic() > until:
            return
    with in_any_case(), transaction.atomic():
        if not change.uses.filter(revision=None).exists():
            OpenStoreChange.objects.filter(change=change).delete()
    read_again_soon(change.connection, "vector_stores")


def newest_of(change: StoreChange) -> StoreOutcome | None:
    return change.outcomes.order_by("-pk").first()


def _add(change: StoreChange, status: str, error: GatewayError | None) -> StoreOutcome:
    outcome = StoreOutcome(change=change, status=status)
    if error is not None and status != Status.APPLIED:
        outcome.error = error.kind
        outcome.message = plain(error.message or "", 2000)
        outcome.code = plain(error.code or "", 100)
        outcome.request_id = plain(error.request_id or "", 200)
    outcome.save(force_insert=True)
    return outcome
