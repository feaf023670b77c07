"""Counting what is tried too often, in the database: one count for all processes and machines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from admin_ui.audit.models import AuditEvent, Budget, Kind
from admin_ui.audit.record import record

REPORTED_EVERY = timedelta(minutes=10)
"""How often repeated failures of one account and network become an event."""
SOMEBODY = "somebody at the sign-in page"
"""The actor of what nobody has signed in for."""
CLEANED_AT_ONCE = 200
"""Rows that are over and deleted on the way, so that invented addresses do not pile up."""


@dataclass(frozen=True)
class Limit:
    """At most `most` tries of one `name` within `within`."""

    name: str
    most: int
    within: timedelta

    def key(self, *parts: str) -> str:
        return sha256("\0".join((self.name, *parts)).encode(errors="replace")).hexdigest()


def seconds_to_wait(limits: Iterable[tuple[Limit, str]]) -> int:
    """Return in how many seconds all of these limits allow another try; 0 for at once."""
    now, wanted = timezone.now(), {key: limit for limit, key in limits}
    rows = Budget.objects.filter(pk__in=wanted, expires_at__gt=now)
    # What would last longer than its limit was written by a clock that was ahead: it is over.
    waits = [
        row.expires_at - now
        for row in rows
        if row.count >= wanted[row.key].most and row.expires_at - now <= wanted[row.key].within
    ]
    return max((int(wait.total_seconds()) + 1 for wait in waits), default=0)


def spend(limits: Iterable[tuple[Limit, str]]) -> None:
    """Count a try against each of these."""
    now = timezone.now()
    for limit, key in limits:
        expires_at = now + limit.within
        Budget.objects.get_or_create(key=key, defaults={"expires_at": expires_at})
        same = Budget.objects.filter(key=key)
        # Also where a clock was once ahead: nothing lasts longer than its limit says.
        over = same.filter(expires_at__lte=now) | same.filter(expires_at__gt=expires_at)
        if not over.update(count=1, expires_at=expires_at):
            same.update(count=F("count") + 1)
    _clean(now)


def forget(*keys: str) -> None:
    """Begin to count anew, for instance after a sign-in. What is to be reported is kept."""
    Budget.objects.filter(pk__in=keys, count__gt=0).update(count=0)


def report(kind: Kind, *, about: str, address: str) -> None:
    """Tell that this has happened again: at most one event in ten minutes, with their number."""
    key = sha256("\0".join(("report", kind, about, address)).encode(errors="replace")).hexdigest()
    now = timezone.now()
    with transaction.atomic():
        Budget.objects.get_or_create(
            key=key,
            defaults={"expires_at": now, "kind": kind, "about": about, "address": address},
        )
        row = Budget.objects.select_for_update().get(pk=key)
        row.expires_at = now + REPORTED_EVERY
        row.unreported += 1
        if row.report_at is None or not now < row.report_at <= now + REPORTED_EVERY:
            _tell(row, now)
        row.save()


def report_the_rest() -> None:
    """Add events for what was counted and not told, once its ten minutes are over."""
    due = Budget.objects.filter(unreported__gt=0, report_at__lte=timezone.now())
    for key in list(due.values_list("pk", flat=True)[:CLEANED_AT_ONCE]):
        with transaction.atomic():
            row = Budget.objects.select_for_update().filter(pk=key, unreported__gt=0).first()
            if row is not None:
                _tell(row, timezone.now())
                row.save()


def _tell(row: Budget, now: datetime) -> AuditEvent:
    count, row.unreported = row.unreported, 0
    row.report_at = now + REPORTED_EVERY
    details = {"count": count, "from": row.address}
    return record(
        Kind(row.kind),
        actor_name=SOMEBODY,
        about=row.about,
        details=details,
        address=row.address,
    )


def _clean(now: datetime) -> None:
    over = Budget.objects.filter(expires_at__lt=now - REPORTED_EVERY, unreported=0)
    over.filter(pk__in=list(over.values_list("pk", flat=True)[:CLEANED_AT_ONCE])).delete()
