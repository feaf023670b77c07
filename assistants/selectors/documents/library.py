"""The files and vector stores of a connection, and what happened to the documents of a store."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.safestring import SafeString

from assistants.gateway import StoreDocument
from assistants.models import (
    Assistant,
    Clearance,
    Connection,
    OfferEntry,
    OfferList,
    OpenStoreChange,
    StoreChange,
    StoreOutcome,
)
from assistants.models.connections.offers import is_stale
from assistants.selectors.addresses import WorkspacePages
from assistants.selectors.documents.affected import mark_of_affected, use_counts, users_of
from assistants.selectors.offers import find_offers
from assistants.wording import Chip, dated
from assistants.wording.chips import clearance_chip
from assistants.wording.documents import (
    change_chip,
    change_reason,
    change_sentence,
    document_facts,
    used_by,
)
from assistants.wording.offers import facts_of, unread_list, unusable_offer

MOST_USERS_NAMED = 20
CHANGES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """A file or a vector store of a list, ready to be shown."""

    id: str
    name: str
    facts: str
    flag: str
    used: str


@dataclass(frozen=True, slots=True)
class Library:
    """A page of one list of a connection; `kept` is None before it was first read."""

    kept: OfferList | None
    rows: list[LibraryRow]
    newer: str
    older: str
    unread: str
    """That the list could not be read; usually empty."""
    is_missing: bool
    """Whether the endpoint has no such list."""


def library_page(connection: Connection, kind: str, params: Mapping[str, str]) -> Library:
    """Return the page of files or vector stores that `params` ask for, with their live users."""
    found, today = find_offers(connection, kind, params), timezone.localdate()
    entries, row = found.page.rows, found.list
    counts = use_counts(connection, [entry.remote_id for entry in entries])
    failed = row is not None and row.failure not in ("", OfferList.NONE)
    return Library(
        kept=row,
        rows=[_row(entry, counts.get(entry.remote_id, 0), today) for entry in entries],
        newer=found.page.newer,
        older=found.page.older,
        unread=unread_list(kind, row.asked_at) if row and row.asked_at and failed else "",
        is_missing=row is not None and row.failure == OfferList.NONE,
    )


def _row(entry: OfferEntry, users: int, today: date) -> LibraryRow:
    facts = facts_of(
        size=entry.size, count=entry.count, created_at=entry.created_at, status=entry.status
    )
    flag = unusable_offer(entry.status, entry.ends_on, today)
    return LibraryRow(entry.remote_id, entry.name, facts, flag, used_by(users))


def entry_of_list(connection: Connection, kind: str, remote_id: str) -> LibraryRow:
    """Return a file or store by its ID; without a name if no list has it."""
    rows = OfferEntry.objects.filter(list__connection=connection, list__kind=kind)
    entry = rows.filter(remote_id=remote_id).first()
    if entry is None:
        return LibraryRow(remote_id, "", "", "", "")
    return _row(entry, 0, timezone.localdate())


@dataclass(frozen=True, slots=True)
class NamedUser:
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Affected:
    """The live assistants that use a store: the first by name, and how many there are."""

    users: list[NamedUser]
    count: int
    mark: str
    """What a form sends back, so that nobody confirms another list than they saw."""
    pks: tuple[int, ...]

    @property
    def more(self) -> int:
        return self.count - len(self.users)


def affected_by(connection: Connection, store_id: str) -> Affected:
    """Return who is affected by a change of the documents of a store. One query."""
    pages = WorkspacePages.of(connection.workspace.slug)
    rows = list(users_of(connection, store_id).only("name", "remote_id"))
    return Affected(
        users=[_named(row, pages) for row in rows[:MOST_USERS_NAMED]],
        count=len(rows),
        mark=mark_of_affected(row.pk for row in rows),
        pks=tuple(row.pk for row in rows),
    )


def _named(row: Assistant, pages: WorkspacePages) -> NamedUser:
    return NamedUser(str(row), pages.assistant(row.pk).history)


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document of a store, ready to be shown."""

    id: str
    name: str
    facts: str
    error: str


def document_rows(connection: Connection, documents: list[StoreDocument]) -> list[DocumentRow]:
    """Return documents with the names that the list of files has. One query."""
    names = file_names(connection, [one.id for one in documents])
    return [
        DocumentRow(one.id, names.get(one.id, ""), document_facts(one), one.error)
        for one in documents
    ]


def file_names(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Return the names of files by their IDs, as far as the list of files has them."""
    rows = OfferEntry.objects.filter(
        list__connection=connection, list__kind=OfferList.Kind.FILES, remote_id__in=ids
    )
    return dict(rows.values_list("remote_id", "name"))


@dataclass(frozen=True, slots=True)
class StoreChangeRow:
    """A change of a store's documents, ready to be shown."""

    sentence: SafeString
    chip: Chip
    passed: Chip | str
    """That an admin overrode the approvals; usually empty."""
    override: str
    only_frozen: bool
    """Whether only a freeze window was overridden."""
    reason: str
    note: str
    when: SafeString


def changes_of_store(connection: Connection, store_id: str) -> list[StoreChangeRow]:
    """Return the newest changes of the documents of a store. Two queries."""
    rows = list(
        StoreChange.objects.filter(connection=connection, store_id=store_id).order_by("-pk")[
            :CHANGES_SHOWN
        ]
    )
    outcomes = {row.change_id: row for row in _outcomes(rows)}
    now = timezone.now()
    return [
        StoreChangeRow(
            sentence=change_sentence(row),
            chip=change_chip(outcomes.get(row.pk)),
            passed=_override_chip(row),
            override=row.override,
            only_frozen=not row.lacked_approval,
            reason=change_reason(row, outcomes.get(row.pk)),
            note=row.note,
            when=dated(row.created_at, now),
        )
        for row in rows
    ]


def _override_chip(change: StoreChange) -> Chip | str:
    if not change.override:
        return ""
    kind = Clearance.Kind.OVERRIDDEN
    return clearance_chip(kind if change.lacked_approval else Clearance.FREEZE_ONLY)


def _outcomes(changes: list[StoreChange]) -> list[StoreOutcome]:
    return list(StoreOutcome.objects.filter(change__in=changes).order_by("pk"))


def open_change_of(connection: Connection, store_id: str, file_id: str) -> StoreChange | None:
    """Return the newest change of one document whose end is not known."""
    rows = OpenStoreChange.objects.filter(
        connection=connection, change__store_id=store_id, change__file_id=file_id
    )
    found = rows.exclude(change__outcomes__status="applied").select_related("change")
    row = found.order_by("-pk").first()
    return row.change if row else None


def list_is_due(connection: Connection, kind: str) -> bool:
    """Return whether a list should be read again; never that of the registry."""
    if connection.is_in_process:
        return False
    row = OfferList.objects.filter(connection=connection, kind=kind).only("asked_at").first()
    return row is None or is_stale(row.asked_at)
