"""Checking that no security event was changed, removed or put in another order."""

from collections.abc import Iterator

from admin_ui.audit.models import AuditChain, AuditEvent
from admin_ui.audit.record import is_unchanged


def faults() -> Iterator[str]:
    """Yield the first fault of each chain as a sentence. Reads one event at a time."""
    for end in AuditChain.objects.order_by("pk"):
        if fault := _first_fault(end):
            yield fault
    known = AuditChain.objects.values("pk")
    for chain in AuditEvent.objects.exclude(chain__in=known).values_list("chain").distinct():
        yield f"chain {chain[0]}: its end is not recorded"


def _first_fault(end: AuditChain) -> str:
    number, digest = 0, ""
    rows = AuditEvent.objects.filter(chain=end.pk).order_by("number")
    for event in rows.iterator(chunk_size=500):
        number += 1
        where = f"chain {end.pk}, event {number}"
        if event.number != number:
            return f"{where}: it is missing"
        if event.previous_digest != digest:
            return f"{where}: it does not follow the one before"
        if not is_unchanged(event):
            return f"{where}: it was changed"
        digest = event.digest
    if (number, digest) != (end.last_number, end.last_digest):
        return f"chain {end.pk}: it ends at {number} and should end at {end.last_number}"
    return ""
