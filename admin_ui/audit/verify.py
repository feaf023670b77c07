"""Checking that no security event was changed, removed or put in another order."""

from collections.abc import Iterator

from admin_ui.audit.models import AuditChain, AuditCut, AuditEvent
from admin_ui.audit.retention.archive import ChainPlace, Damaged, follow


def faults() -> Iterator[str]:
    """Yield the first fault of each chain as a sentence. Reads one event at a time."""
    cuts = {cut.chain: (cut.number, cut.digest) for cut in AuditCut.objects.all()}
    for end in AuditChain.objects.order_by("pk"):
        if fault := _first_fault(end, cuts.get(end.pk, (0, ""))):
            yield fault
    known = AuditChain.objects.values("pk")
    for chain in AuditEvent.objects.exclude(chain__in=known).values_list("chain").distinct():
        yield f"chain {chain[0]}: its end is not recorded"


def _first_fault(end: AuditChain, start: ChainPlace) -> str:
    place, told = start, start == (0, "")
    rows = AuditEvent.objects.filter(chain=end.pk, number__gt=start[0]).order_by("number")
    try:
        for event in rows.iterator(chunk_size=500):
            place = follow(place, event)
            told = told or _tells_of(event, start)
    except Damaged as damage:
        return str(damage)
    if place != (end.last_number, end.last_digest):
        return f"chain {end.pk}: it ends at {place[0]} and should end at {end.last_number}"
    return "" if told else f"chain {end.pk}: no event tells why it begins at {start[0] + 1}"


def _tells_of(event: AuditEvent, start: ChainPlace) -> bool:
    return (event.details.get("number"), event.details.get("digest")) == start
