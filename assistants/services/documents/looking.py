"""Finding out whether a change of documents has arrived, and settling those that are open."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from assistants.gateway import DocumentMissing, GatewayError
from assistants.models import (
    Connection,
    OpenStoreChange,
    Status,
    StoreChange,
    StoreOutcome,
)
from assistants.services.connections import admission
from assistants.services.connections.client import gateway_for
from assistants.services.documents.closing import close_change, newest_of, write_entries
from assistants.services.errors import NotNow
from assistants.services.ledger.doubt import unseen

IN_STORE, NOT_IN_STORE, NO_STORE = "in", "not in", "no store"


def conclude(
    *, change: StoreChange, error: GatewayError | None, deadline: float | None = None
) -> StoreOutcome:
    """Read the store, and record how `change` ended, as far as that shows it.

    What is there as wanted was applied. Else the change may still arrive for a while, and then it
    was not delivered. While the store cannot be read, nothing is concluded.
    """
    try:
        return _conclude(change, error, deadline)
    except GatewayError as failure:
        return close_change(change=change, status=Status.UNCONFIRMED, error=error or failure)


def _conclude(
    change: StoreChange, error: GatewayError | None, deadline: float | None
) -> StoreOutcome:
    """Do the same; raise `GatewayError` while the store cannot be read."""
    try:
        found = _look(change, deadline)
    except GatewayError as failure:
        admission.count_failure(change.connection, failure)
        raise
    admission.count_answer(change.connection)
    wanted = IN_STORE if change.kind == StoreChange.Kind.ADD else NOT_IN_STORE
    if found == wanted and not _is_explained(change):
        return close_change(change=change, status=Status.APPLIED)
    certain = isinstance(error, DocumentMissing)  # the remote did not find it
    return close_change(change=change, status=unseen(change, certain=certain), error=error)


def _look(change: StoreChange, deadline: float | None) -> str:
    """Return whether the document is in the store. Raises `GatewayError`."""
    documents = gateway_for(change.connection).documents
    deadline = admission.deadline() if deadline is None else deadline
    try:
        documents.document(change.store_id, change.file_id, deadline=deadline)
        return IN_STORE
    except DocumentMissing:
        pass
    try:  # an address that offers no stores answers the same, and shows nothing
        documents.store(change.store_id, deadline=deadline)
        return NOT_IN_STORE
    except DocumentMissing:
        return NO_STORE


def _is_explained(change: StoreChange) -> bool:
    """Return whether a newer change has done the same, so that finding it proves nothing."""
    newer = StoreChange.objects.filter(
        connection=change.connection,
        store_id=change.store_id,
        file_id=change.file_id,
        kind=change.kind,
        pk__gt=change.pk,
    )
    return newer.filter(outcomes__status=Status.APPLIED).exists()


def open_changes(*, now: bool = False) -> QuerySet[OpenStoreChange]:
    """Return the changes that are open and due; with `now`, all that are open."""
    rows = OpenStoreChange.objects.select_related("change__connection__workspace", "change__author")
    if not now:
        at = timezone.now()
        longest = max(settings.LATE_LANDING_SECONDS, settings.PUBLISH_LEASE_SECONDS)
        ahead = at + 2 * timedelta(seconds=longest)  # a clock was put back
        rows = rows.filter(Q(look_at__lte=at) | Q(look_at__gt=ahead))
    return rows.order_by("pk")


def settle_changes(
    rows: QuerySet[OpenStoreChange],
    *,
    errand: admission.Errand = admission.ACT,
    stop: Callable[[], bool] = bool,
) -> dict[str, int]:
    """Settle open changes of documents. Returns counts: `settled`, `open` and `failed`.

    It makes no calls over a connection that accepts none, and ends once `stop` returns True.
    """
    counts = {"settled": 0, "open": 0, "failed": 0}
    held: set[int] = set()
    for row in rows.iterator(chunk_size=100):
        if stop():
            break
        if row.connection_id in held:
            continue
        try:
            with admission.admitted(row.change.connection, errand):
                was_read = _settle(row.change)
        except NotNow:
            held.add(row.connection_id)
            continue
        left = OpenStoreChange.objects.filter(pk=row.pk).exists()
        counts["failed" if not was_read else "open" if left else "settled"] += 1
    return counts


def _settle(change: StoreChange) -> bool:
    """Settle one change, or write the entries that are left. Returns False if the store could not
    be read."""
    outcome = newest_of(change)
    if outcome is not None and outcome.status == Status.APPLIED:
        write_entries(change)
        return True
    try:
        _conclude(change, None, None)
    except GatewayError as failure:
        close_change(change=change, status=Status.UNCONFIRMED, error=failure)
        return False
    return True


def settle_store(*, connection: Connection, store_id: str, errand: admission.Errand) -> None:
    """Settle the open changes of one store that are due, for a page that shows it."""
    due = open_changes().filter(connection=connection, change__store_id=store_id)
    settle_changes(due, errand=errand)
