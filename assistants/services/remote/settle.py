"""Finding out what became of publishes whose end was never recorded, and what changed outside."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from assistants.gateway import GatewayError
from assistants.models import Assistant, Kind, State
from assistants.services.best_effort import best_effort
from assistants.services.connections import admission
from assistants.services.connections.client import gateway_for
from assistants.services.errors import NotNow
from assistants.services.ledger.doubt import look_again
from assistants.services.ledger.record import lock_assistant
from assistants.services.remote import created
from assistants.services.remote.observe import observe, read_remote

ON_REMOTE = (State.LIVE, State.MISSING)
"""What may be read from the remote: one that was gone may be there again."""


@dataclass(frozen=True)
class Checked:
    """What a look at the remote found: `same`, `changed`, `gone`, `busy`, `failed` or `held`."""

    found: str
    at: datetime
    error: GatewayError | None = None
    until: datetime | None = None
    """When a connection that was held back is tried next, if that is known; or when the publish
    that keeps it `busy` is over at the latest."""


def check_remote(*, assistant: Assistant, errand: admission.Errand = admission.ACT) -> Checked:
    """Read the assistant from its remote, settle what is in doubt, record what changed outside.

    Never raises for a gateway that fails: that is `failed`, with the error. A publish that is on
    its way is left alone (`busy`). Where the connection may not be asked now, nothing was checked
    (`held`).
    """
    now = timezone.now()
    if assistant.is_leased:
        return Checked("busy", now, until=assistant.slot_until)
    try:
        with admission.admitted(assistant.connection, errand):
            return _check(assistant, now)
    except NotNow as error:
        return Checked("held", now, until=error.until)


def _check(assistant: Assistant, now: datetime) -> Checked:
    before = (assistant.live_id, assistant.state, assistant.slot_id)
    try:
        if assistant.state != State.LIVE and not _deleting(assistant):
            created.find_created(assistant=assistant)
            assistant.refresh_from_db()
        if assistant.state in ON_REMOTE or _deleting(assistant):
            gateway = gateway_for(assistant.connection)
            remote = read_remote(
                assistant=assistant, gateway=gateway, deadline=admission.deadline()
            )
            if remote is None and before[1] != State.MISSING:
                return Checked("gone", now)
            if remote is not None:
                observe(assistant=assistant, remote=remote)
    except GatewayError as error:
        return Checked("failed", now, error)
    with best_effort("The time of a check"):
        Assistant.objects.filter(pk=assistant.pk).update(checked_at=now)
    assistant.refresh_from_db()
    if assistant.doubt_look_at is not None and assistant.doubt_look_at <= now:
        with transaction.atomic():
            look_again(lock_assistant(assistant.pk))
    after = (assistant.live_id, assistant.state, assistant.slot_id)
    return Checked("same" if before == after else "changed", now)


def assistants_in_doubt(*, now: bool = False) -> QuerySet[Assistant]:
    """Return the assistants with a change that is past its lease, or is to be looked for again.

    With `now`, those with any change on its way or in doubt.
    """
    due = Q(slot__isnull=False) | Q(doubt_look_at__isnull=False)
    if not now:
        at = timezone.now()
        ahead = at + timedelta(seconds=settings.LATE_LANDING_SECONDS)  # a clock was put back
        due = Assistant.past_lease() | Q(doubt_look_at__lte=at) | Q(doubt_look_at__gt=ahead)
    rows = Assistant.objects.filter(due).select_related("connection", "live", "slot")
    return rows.order_by("pk")


def settle_all(*, now: bool = False) -> dict[str, int]:
    """Settle every assistant in doubt. Returns counts: `settled`, `open` and `failed`.

    With `now`, leases are not waited for: use it only when no web process is running.
    """
    with admission.unlimited():
        return _settle_all(now)


def _settle_all(now: bool) -> dict[str, int]:
    counts = {"settled": 0, "open": 0, "failed": 0}
    for assistant in assistants_in_doubt(now=now).iterator(chunk_size=100):
        if now and assistant.slot_id:
            assistant.slot_until = timezone.now()
            assistant.save(update_fields=["slot_until"])
        checked = check_remote(assistant=assistant)
        if checked.found == "failed":
            counts["failed"] += 1
            continue
        left = assistants_in_doubt(now=True).filter(pk=assistant.pk).exists()
        counts["open" if left else "settled"] += 1
    return counts


def _deleting(assistant: Assistant) -> bool:
    return assistant.slot is not None and assistant.slot.kind == Kind.DELETE
