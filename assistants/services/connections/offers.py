"""Reading what a connection offers: its models, files and vector stores.

The lists are kept in the database, so that no page waits for a gateway. That one of them fails
says nothing about the assistants of the connection, so it is no trouble of the connection.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple, get_args

from django.db import transaction
from django.utils import timezone

from admin_ui.serving.best_effort import best_effort
from assistants.gateway import (
    MOST_OFFERED,
    Gateway,
    GatewayError,
    Offer,
    OfferKind,
    TimedOut,
    Unreachable,
)
from assistants.models import Connection, OfferEntry, OfferList
from assistants.models.connections.offers import is_stale
from assistants.search.folding import fold
from assistants.services.connections import admission
from assistants.services.connections.client import gateway_for

OFFER_KINDS: tuple[OfferKind, ...] = get_args(OfferKind)
MOST_CHARACTERS = 2_000_000
"""The most characters of IDs and names that are kept of one list."""
MOST_PAGES = 100
MOST_NEWEST = 200
OFFERS_AT_ONCE = 500
"""Entries that one statement writes: few enough that nobody waits long for the database."""
LACKING = frozenset({404, 405, 410, 501})
"""Statuses that say that an endpoint has no such list."""
_KEPT = (
    "name",
    "folded",
    "size",
    "count",
    "created_at",
    "status",
    "ends_on",
    "successor",
    "refuses",
)


class ReadList(NamedTuple):
    """The entries of a list, and whether these are all."""

    items: list[Offer]
    is_whole: bool


def stale_kinds(connection: Connection) -> list[OfferKind]:
    """Return the lists of `connection` that were not asked for lately; none of the registry."""
    if connection.is_in_process:
        return []
    asked = dict(OfferList.objects.filter(connection=connection).values_list("kind", "asked_at"))
    return [kind for kind in OFFER_KINDS if is_stale(asked.get(kind))]


def refresh_offers(
    *,
    connection: Connection,
    errand: admission.Errand = admission.READING_OFFERS,
    kinds: Iterable[OfferKind] | None = None,
) -> dict[str, int]:
    """Read the lists of `connection` that are stale, or `kinds`. Returns the entries of each.

    A list that fails keeps its earlier entries, with the reason. After a call without an answer in
    time, the others are not asked for. Raises `NotNow` if the connection accepts no calls now.
    """
    due = stale_kinds(connection) if kinds is None else list(kinds)
    counts: dict[str, int] = {}
    if not due:
        return counts
    with admission.admitted(connection, errand):
        for kind in due:
            row, _is_new = OfferList.objects.get_or_create(connection=connection, kind=kind)
            try:
                found = _read(gateway_for(connection), kind)
            except GatewayError as error:
                admission.count_failure(connection, error)
                _note_failure(row, error)
                if isinstance(error, TimedOut | Unreachable):
                    break
                continue
            admission.count_answer(connection)
            counts[kind] = _keep(row, found)
    return counts


def _read(gateway: Gateway, kind: OfferKind) -> ReadList:
    """Read all pages of a list, as far as they are kept."""
    offers: dict[str, Offer] = {}
    after, room = None, MOST_CHARACTERS
    for _page in range(MOST_PAGES):
        page = gateway.offers(kind, after=after, deadline=admission.deadline())
        new = [offer for offer in page.items if offer.id not in offers]
        for offer in new:
            room -= len(offer.id) + len(offer.name) + len(offer.successor)
            if room < 0 or len(offers) >= MOST_OFFERED:
                return ReadList(list(offers.values()), is_whole=False)
            offers[offer.id] = offer
        after = page.next_after
        if after is None or not new:
            return ReadList(list(offers.values()), is_whole=not page.is_cut)
    return ReadList(list(offers.values()), is_whole=False)


def _note_failure(row: OfferList, error: GatewayError) -> None:
    lacks = error.status in LACKING
    row.asked_at, row.failure = timezone.now(), OfferList.NONE if lacks else error.kind
    if lacks:
        row.read_at, row.is_whole, row.suggestions = None, False, ""
        row.entries.all().delete()
    row.save()


def _keep(row: OfferList, found: ReadList) -> int:
    """Store the entries of a list; what did not change is not written."""
    entries = {entry.remote_id: entry for entry in _entries(row, found.items)}
    kept = {entry.remote_id: entry for entry in row.entries.all()}
    added = [entry for key, entry in entries.items() if key not in kept]
    changed = []
    for key in entries.keys() & kept.keys():
        entries[key].pk = kept[key].pk
        if any(getattr(entries[key], name) != getattr(kept[key], name) for name in _KEPT):
            changed.append(entries[key])
    gone = [entry.pk for key, entry in kept.items() if key not in entries]
    rows = OfferEntry.objects
    rows.bulk_create(added, batch_size=OFFERS_AT_ONCE, ignore_conflicts=True)
    rows.bulk_update(changed, _KEPT, batch_size=OFFERS_AT_ONCE)
    for start in range(0, len(gone), OFFERS_AT_ONCE):
        rows.filter(pk__in=gone[start : start + OFFERS_AT_ONCE]).delete()
    row.asked_at = row.read_at = timezone.now()
    row.failure, row.is_whole = "", found.is_whole
    row.suggestions = "\n".join(_suggested(found.items)) if row.kind == "models" else ""
    row.save()
    return len(entries)


def keep_one(connection: Connection, kind: OfferKind, offer: Offer) -> None:
    """Add one entry to a list that was read already, which is read again soon. Best effort."""
    with best_effort("An entry of a list"), transaction.atomic():
        row = OfferList.objects.filter(connection=connection, kind=kind).first()
        if row is not None and row.read_at is not None:
            entry = next(_entries(row, [offer]))
            row.entries.filter(remote_id=offer.id).delete()
            entry.save(force_insert=True)
    read_again_soon(connection, kind)


def read_again_soon(connection: Connection, kind: OfferKind) -> None:
    """Mark a list as due, so that the next page that shows it reads it again. Best effort."""
    with best_effort("A list that is due"):
        OfferList.objects.filter(connection=connection, kind=kind).update(asked_at=None)


def _entries(row: OfferList, offers: list[Offer]) -> Iterator[OfferEntry]:
    oldest_first = offers[::-1]  # lists begin with the newest, also where they give no times
    oldest_first.sort(key=lambda offer: offer.created_at or 0)
    for offer in oldest_first:
        created = offer.created_at
        yield OfferEntry(
            list=row,
            remote_id=offer.id,
            name=offer.name,
            folded=fold(f"{offer.name} {offer.id}")[:600],
            size=offer.size,
            count=offer.count,
            created_at=datetime.fromtimestamp(created, UTC) if created else None,
            status=offer.status,
            ends_on=offer.ends_on,
            successor=offer.successor,
            refuses=" ".join(offer.refuses),
        )


def _suggested(models: list[Offer]) -> list[str]:
    """Return the names to suggest: the newest of those that have not retired, in order."""
    today = timezone.now().date()
    offered = [model for model in models if model.ends_on is None or model.ends_on > today]
    newest = sorted(offered, key=lambda model: -(model.created_at or 0))[:MOST_NEWEST]
    return sorted(model.id for model in newest)


def forget_offers(connection: Connection) -> None:
    """Drop the lists of `connection`, which leads elsewhere from now on."""
    OfferList.objects.filter(connection=connection).delete()
