"""What is known about the model, the files and the vector stores that an assistant uses."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import FilteredRelation, Q

from assistants.models import Connection, OfferList
from assistants.models.connections.offers import is_stale

MOST_NAMED = 100
"""The most IDs that are looked up for one page; a definition may hold 21."""
_ENTRY = ("remote_id", "name", "size", "count", "created_at", "status", "ends_on")
_OF_MODELS = ("successor", "refuses")


@dataclass(frozen=True, slots=True)
class OfferState:
    """One list of a connection."""

    asked_at: datetime | None
    read_at: datetime | None
    failure: str
    is_whole: bool
    suggestions: str


@dataclass(frozen=True, slots=True)
class NamedOffer:
    """One entry of a list, ready to be shown."""

    id: str
    name: str
    size: int | None
    count: int | None
    created_at: datetime | None
    status: str
    ends_on: date | None
    successor: str
    refuses: str


@dataclass(frozen=True, slots=True)
class KnownOffers:
    """The lists of one connection by kind, and those of their entries that were asked for."""

    connection_pk: int
    is_registry: bool
    lists: dict[str, OfferState] = field(default_factory=dict)
    entries: dict[tuple[str, str], NamedOffer] = field(default_factory=dict)

    @property
    def is_due(self) -> bool:
        """Whether a list should be read again."""
        if self.is_registry:
            return False
        asked = (self.lists.get(kind) for kind in OfferList.Kind.values)
        return any(one is None or is_stale(one.asked_at) for one in asked)

    def find(self, kind: str, remote_id: str) -> NamedOffer | None:
        return self.entries.get((kind, remote_id))

    def is_read(self, kind: str) -> bool:
        found = self.lists.get(kind)
        return found is not None and found.read_at is not None

    def lacks(self, kind: str, remote_id: str) -> bool:
        """Return whether the list was read whole and does not have this ID."""
        found = self.lists.get(kind)
        is_whole = found is not None and found.read_at is not None and found.is_whole
        return is_whole and (kind, remote_id) not in self.entries

    @property
    def suggestions(self) -> list[str]:
        """The names of models to suggest."""
        found = self.lists.get(OfferList.Kind.MODELS)
        return found.suggestions.split("\n") if found and found.suggestions else []


def offers_of(connection: Connection, ids: Iterable[str]) -> KnownOffers:
    """Return what is known about `ids`: a model, files and stores. One query; none for the
    registry, which lists its models in the settings and has no files."""
    known = KnownOffers(connection.pk, connection.is_in_process)
    if known.is_registry:
        return known
    wanted = [one for one in dict.fromkeys(ids) if one and "\0" not in one][:MOST_NAMED]
    looked_up = wanted or [""]  # with no ID at all, Django would find no list either
    named = FilteredRelation("entries", condition=Q(entries__remote_id__in=looked_up))
    rows = OfferList.objects.filter(connection=connection).annotate(named=named)
    columns = [f"named__{name}" for name in (*_ENTRY, *_OF_MODELS)]
    for kind, *rest in rows.values_list(
        "kind", "asked_at", "read_at", "failure", "is_whole", "suggestions", *columns
    ):
        known.lists[kind] = OfferState(*rest[:5])
        if rest[5] is not None:
            known.entries[kind, rest[5]] = NamedOffer(*rest[5:])
    return known
