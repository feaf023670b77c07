"""Which security events a receiver gets next: each at least once, and in the order of its chain."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from admin_ui.accounts.models import Workspace
from admin_ui.audit.forwarding.receivers import Receiver
from admin_ui.audit.models import AuditChain, AuditEvent, AuditForward
from admin_ui.audit.record import INSTANCE_CHAIN
from admin_ui.audit.retention.archive import values_of

EVENTS_A_REQUEST = 100


def forward_events(receiver: Receiver, *, stop: Callable[[], bool] = lambda: False) -> int:
    """Send `receiver` what was added since it was last sent any; returns how many events.

    A receiver that is new gets what is added from now on. If the process is killed between sending
    and noting that, the receiver gets some events again. Raises `CannotSend`.
    """
    name = sha256(receiver.address.encode()).hexdigest()
    places = dict(AuditForward.objects.filter(receiver=name).values_list("chain", "number"))
    if not places:
        _begin_now(name)
        return 0
    sent = 0
    for chain, last in AuditChain.objects.order_by("pk").values_list("chain", "last_number"):
        place = places.get(chain, 0)
        while place < last and not stop():
            events = _after(chain, place)
            if not events:
                break
            receiver.send(events)
            place, sent = events[-1]["number"], sent + len(events)
            AuditForward.objects.update_or_create(
                receiver=name, chain=chain, defaults={"number": place}
            )
    return sent


def _begin_now(name: str) -> None:
    ends = {INSTANCE_CHAIN: 0, **dict(AuditChain.objects.values_list("chain", "last_number"))}
    AuditForward.objects.bulk_create(
        [AuditForward(receiver=name, chain=chain, number=number) for chain, number in ends.items()],
        ignore_conflicts=True,
    )


def _after(chain: int, number: int) -> list[dict[str, Any]]:
    slug = Workspace.objects.filter(pk=chain).values_list("slug", flat=True).first() or ""
    rows = AuditEvent.objects.filter(chain=chain, number__gt=number).order_by("number")
    return [{"workspace": slug, **values_of(event)} for event in rows[:EVENTS_A_REQUEST]]
