"""Limits on attempts, counted in the database for all processes and machines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from admin_ui.audit.models import Budget, EventKind
from admin_ui.audit.record import record

REPEATS_REPORTED_EVERY = timedelta(minutes=10)
"""How often repeated failures of one account and network become an event."""
ACTOR_AT_SIGN_IN = "somebody at the sign-in page"
"""The actor of events before anybody has signed in."""
MANY_NETWORKS = "many networks"
"""The address in one event for all other networks, after too many had their own events."""
CLEANED_AT_ONCE = 200
"""Expired rows deleted in passing, so that invented addresses do not accumulate."""
MOST_COUNTS_KEPT = 50_000
"""Rows kept in all. Beyond them, those with the lowest counts go."""


@dataclass(frozen=True)
class Limit:
    """At most `most` tries of one `name` within any `within`."""

    name: str
    most: int
    within: timedelta

    def key(self, *parts: str) -> str:
        """Return the key of the row that counts for these parts."""
        return sha256("\0".join((self.name, *parts)).encode(errors="replace")).hexdigest()


EVENTS_OF_NETWORKS = Limit("events of networks", 100, REPEATS_REPORTED_EVERY)
"""For all networks together, because events are never deleted. Beyond it, each account has one."""

LimitKeys = Iterable[tuple[Limit, str]]
"""Limits, each with the key of the row that counts for it."""


def seconds_to_wait(limits: LimitKeys) -> int:
    """Return the seconds until all of these limits allow another try; 0 for now."""
    now, wanted = timezone.now(), {key: limit for limit, key in limits}
    rows = Budget.objects.filter(pk__in=wanted, expires_at__gt=now)
    return max((_slide(row, wanted[row.key], now) for row in rows), default=0)


def count_try(limits: LimitKeys) -> int:
    """Count a try against each of these limits, if all of them allow it.

    Returns 0, or the seconds to wait; then nothing is counted. Concurrent tries cannot exceed the
    limits, so call it before the try, and `uncount_try` if it should not count. It locks rows until
    the caller's transaction ends, so call it outside of one.
    """
    # Most refusals end here: without a lock, and without a row for each invented address.
    wanted = sorted(limits, key=lambda pair: pair[1])
    if wait := seconds_to_wait(wanted):
        return wait
    with transaction.atomic():
        # In the order of their keys, so that two callers cannot deadlock.
        rows = [(limit, *_locked(key)) for limit, key in wanted]
        now = timezone.now()
        if wait := max((_slide(row, limit, now) for limit, row, _ in rows), default=0):
            return wait
        for limit, row, _ in rows:
            row.count += 1
            row.expires_at = now + limit.within
            row.save()
    _clean(now, has_grown=any(is_new for *_, is_new in rows))
    return 0


def uncount_try(limits: LimitKeys) -> None:
    """Take back one try from each of these limits."""
    for _, key in limits:
        Budget.objects.filter(pk=key, count__gt=0).update(count=F("count") - 1)


def reset_counts(*keys: str) -> None:
    """Reset these counts, for instance after a sign-in. Failures not yet reported stay."""
    for key in keys:
        Budget.objects.filter(pk=key).update(count=0, earlier=0)


def _locked(key: str) -> tuple[Budget, bool]:
    """Return the row, locked until the transaction ends, and whether it is new."""
    rows = Budget.objects.select_for_update()
    return rows.get_or_create(key=key, defaults={"expires_at": timezone.now()})


def _slide(row: Budget, limit: Limit, now: datetime) -> int:
    """Drop expired tries from a row; return the seconds until another try is allowed.

    A row counts in windows that begin with a try. The previous window counts in full until its last
    try is `within` ago, so that no period of that length has more than `most` tries.
    """
    # Clocks of machines differ a little. A row that would last twice its limit comes from a clock
    # that was ahead, so it has expired.
    latest = now + 2 * limit.within
    if not now < row.expires_at <= latest:
        row.count, row.began_at = 0, now
    elif row.began_at is None or row.began_at + limit.within <= now:
        row.earlier, row.earlier_until = row.count, row.expires_at
        row.count, row.began_at = 0, now
    if row.earlier_until is None or not now < row.earlier_until <= latest:
        row.earlier, row.earlier_until = 0, now
    if row.count + row.earlier < limit.most:
        return 0
    until = row.expires_at if row.count >= limit.most else row.earlier_until
    return int((until - now).total_seconds()) + 1


def report_repeated(kind: EventKind, *, about: str, address: str) -> None:
    """Record a repeated failure: at most one event in ten minutes, with the number of failures.

    `about` must be one of few, such as an account that exists; `address` may be one of many.
    """
    if (
        not Budget.objects.filter(pk=_report_key(kind, about, address)).exists()
        and _has_too_many_networks()
    ):
        address = MANY_NETWORKS
    with transaction.atomic():
        _record_if_due(_add(1, kind, about, address))


def report_due_repeats() -> None:
    """Record events for counted failures that were not reported within ten minutes.

    Called by what runs often: sign-ins, `settle` and `sync`.
    """
    due = Budget.objects.filter(unreported__gt=0, report_at__lte=timezone.now())
    for key in list(due.values_list("pk", flat=True)[:CLEANED_AT_ONCE]):
        with transaction.atomic():
            row = Budget.objects.select_for_update().filter(pk=key, unreported__gt=0).first()
            if row is not None:
                _record_if_due(row)


def _has_too_many_networks() -> bool:
    return seconds_to_wait([(EVENTS_OF_NETWORKS, EVENTS_OF_NETWORKS.key())]) > 0


def _report_key(kind: str, about: str, address: str) -> str:
    return Limit("report", 1, REPEATS_REPORTED_EVERY).key(kind, about, address)


def _add(count: int, kind: str, about: str, address: str) -> Budget:
    """Count more failures to report; returns the row, locked until the transaction ends."""
    row, _ = Budget.objects.select_for_update().get_or_create(
        key=_report_key(kind, about, address),
        defaults={
            "expires_at": timezone.now(),
            "kind": kind,
            "about": about[:254],
            "address": address[:45],
        },
    )
    row.unreported += count
    row.expires_at = timezone.now() + REPEATS_REPORTED_EVERY
    row.save()
    return row


def _record_if_due(row: Budget) -> None:
    """Record the event of a locked row, if the last one is ten minutes old."""
    now = timezone.now()
    if row.report_at is not None and now < row.report_at <= now + REPEATS_REPORTED_EVERY:
        return
    if row.address == MANY_NETWORKS or not count_try(
        [(EVENTS_OF_NETWORKS, EVENTS_OF_NETWORKS.key())]
    ):
        details = {"count": row.unreported, "from": row.address}
        row.unreported, row.report_at = 0, now + REPEATS_REPORTED_EVERY
        row.expires_at = row.report_at
        row.save()
        # Only a signed-in person can type a wrong current password.
        who = row.about if row.kind == EventKind.WRONG_CURRENT else ACTOR_AT_SIGN_IN
        record(row.kind, actor_name=who, about=row.about, details=details, address=row.address)
    else:
        row.delete()
        _record_if_due(_add(row.unreported, row.kind, row.about, MANY_NETWORKS))


def expired_counts(now: datetime) -> QuerySet[Budget]:
    """Return the counts that limit nothing any more and have no failures to report."""
    return Budget.objects.filter(expires_at__lt=now, unreported=0)


def _clean(now: datetime, *, has_grown: bool) -> None:
    _delete(expired_counts(now))
    if has_grown and Budget.objects.count() > MOST_COUNTS_KEPT:
        _delete(Budget.objects.filter(kind="").order_by(F("count") + F("earlier"), "expires_at"))


def _delete(rows: QuerySet[Budget]) -> None:
    if not rows.exists():
        return
    with transaction.atomic():
        # Skip locked rows: two holders that want each other's row would wait forever.
        free = rows.select_for_update(skip_locked=True).values_list("pk", flat=True)
        Budget.objects.filter(pk__in=list(free[:CLEANED_AT_ONCE])).delete()
