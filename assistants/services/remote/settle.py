"""Settling publishes without a recorded outcome, and finding outside changes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from admin_ui.serving.best_effort import best_effort
from assistants.gateway import GatewayError
from assistants.models import Assistant, Kind, State
from assistants.services.connections import admission
from assistants.services.connections.client import gateway_for
from assistants.services.errors import ConnectionArchived, NotNow
from assistants.services.ledger.doubt import look_again
from assistants.services.ledger.record import lock_assistant
from assistants.services.remote import created
from assistants.services.remote.observe import observe, read_remote

ON_REMOTE = (State.LIVE, State.MISSING)
"""States in which an assistant may be read from the remote; a missing one may be there again."""


@dataclass(frozen=True)
class Checked:
    """The result of a check: `same`, `changed`, `gone`, `busy`, `failed`, `held`, `cut` or
    `archived`."""

    found: str
    at: datetime
    error: GatewayError | None = None
    until: datetime | None = None
    """When a `held` connection is tried next, if known; or the latest end of the publish that keeps
    it `busy`."""


def check_remote(*, assistant: Assistant, errand: admission.Errand = admission.ACT) -> Checked:
    """Read the assistant from its remote, settle what is in doubt and record outside changes.

    If a gateway fails, it does not raise but returns `failed`, with the error. It does not touch
    a pending publish (`busy`). If the connection accepts no calls now, nothing is checked
    (`held`), nor over an archived one (`archived`), nor if a glance got no answer in its time
    (`cut`).
    """
    now = timezone.now()
    if assistant.is_leased:
        return Checked("busy", now, until=assistant.slot_until)
    try:
        with admission.admitted(assistant.connection, errand):
            return _check(assistant, now)
    except ConnectionArchived:
        return Checked("archived", now)
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
        return Checked("cut" if admission.is_cut_short() else "failed", now, error)
    with best_effort("The time of a check"):
        Assistant.objects.filter(pk=assistant.pk).update(checked_at=now)
    assistant.refresh_from_db()
    if assistant.doubt_look_at is not None and assistant.doubt_look_at <= now:
        with transaction.atomic():
            look_again(lock_assistant(assistant.pk))
    after = (assistant.live_id, assistant.state, assistant.slot_id)
    return Checked("same" if before == after else "changed", now)


def assistants_in_doubt(*, now: bool = False) -> QuerySet[Assistant]:
    """Return the assistants with a change past its lease, or in doubt and due for a check.

    With `now`, those with any change that is pending or in doubt.
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

    With `now`, it does not wait for leases: use it only while no web process is running.
    """
    with admission.unlimited():
        return _settle(assistants_in_doubt(now=now), now=now)


def settle_over(*, connection_pk: int, stop: Callable[[], bool]) -> dict[str, int]:
    """Settle what is in doubt and due on one connection; returns the counts of `settle_all`.

    It makes no calls while the connection is paused, and ends once `stop` returns True.
    """
    return _settle(assistants_in_doubt().filter(connection_id=connection_pk), stop=stop)


def _settle(
    rows: QuerySet[Assistant], *, now: bool = False, stop: Callable[[], bool] = bool
) -> dict[str, int]:
    counts = {"settled": 0, "open": 0, "failed": 0}
    for assistant in rows.iterator(chunk_size=100):
        if stop():
            break
        if now and assistant.slot_id:
            assistant.slot_until = timezone.now()
            assistant.save(update_fields=["slot_until"])
        checked = check_remote(assistant=assistant)
        if checked.found == "held":
            break
        if checked.found == "failed":
            counts["failed"] += 1
            continue
        left = assistants_in_doubt(now=True).filter(pk=assistant.pk).exists()
        counts["open" if left else "settled"] += 1
    return counts


def _deleting(assistant: Assistant) -> bool:
    return assistant.slot is not None and assistant.slot.kind == Kind.DELETE
