"""Reading such a list tolerantly: what makes no sense is left out, not a reason to fail."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from assistants.gateway.answers import Answer, parse_json, seconds_of
from assistants.gateway.errors import UnexpectedAnswer
from assistants.gateway.offers.values import Offer, OfferKind, OfferPage
from assistants.gateway.refusal import clean

MOST_OFFERED = 10_000
"""The most entries that are read of one list."""
LONGEST_ID = 256
LONGEST_NAME = 300
LONGEST_STATUS = 40
LARGEST_SIZE = 2**62

_END_KEYS = (
    "shutdown_date",
    "shutdown_at",
    "retirement_date",
    "expiration_date",
    "deprecation_date",
    "deprecation",
    "expires_at",
)
"""Names under which servers say when an entry ends, the surest first."""
_SUCCESSOR_KEYS = ("replacement_model", "deprecation_replacement_model", "replaced_by")
_TAKEN_AS = {
    "temperature": {"temperature"},
    "top_p": {"top_p"},
    "reasoning_effort": {"reasoning_effort", "reasoning", "include_reasoning"},
    "tools": {"tools", "functions", "tool_choice"},
}
"""Our fields that a list of supported parameters would name, and how."""


def read_offers(answer: Answer, kind: OfferKind, after: str | None = None) -> OfferPage:
    """Read the page of the list of `kind` that follows the cursor `after`.

    Entries without a usable ID are left out. Raises `UnexpectedAnswer` if it is no list at all.
    """
    data = parse_json(answer)
    rows = data.get("data") if isinstance(data, dict) else data  # some answer a bare list of models
    if not isinstance(rows, list):
        raise UnexpectedAnswer("the answer is not a list")
    found = {offer.id: offer for offer in _offers(rows[:MOST_OFFERED], kind)}
    items = list(found.values())
    said = data.get("has_more") if isinstance(data, dict) else False
    last = items[-1].id if items else None
    ended = said is False or last == after or kind == "models"
    next_after = None if ended else last
    too_many = len(rows) > MOST_OFFERED
    return OfferPage(items, next_after, is_cut=too_many or (next_after is None and said is True))


def _offers(rows: list[Any], kind: OfferKind) -> Iterator[Offer]:
    for row in rows:
        if isinstance(row, dict) and is_usable(row.get("id")):
            yield read_entry(row, kind)


def read_entry(row: Mapping[str, Any], kind: OfferKind) -> Offer:
    """Read one entry of a list of `kind`, whose ID is usable."""
    return _model(row) if kind == "models" else _document(row, kind)


def is_usable(value: Any) -> bool:
    """Return whether it is an ID that people can type: one printable word or line."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ID:
        return False
    return value.isprintable() and value == value.strip()


def _model(row: Mapping[str, Any]) -> Offer:
    successor = next((row[key] for key in _SUCCESSOR_KEYS if is_usable(row.get(key))), "")
    return Offer(
        id=row["id"],
        created_at=seconds_of(row.get("created")),
        ends_on=_end(row),
        successor=successor,
        refuses=tuple(_refused(row)),
    )


def _document(row: Mapping[str, Any], kind: OfferKind) -> Offer:
    is_store = kind == "vector_stores"
    counts = row.get("file_counts")
    return Offer(
        id=row["id"],
        name=words(row.get("name" if is_store else "filename"), LONGEST_NAME),
        size=whole(row.get("usage_bytes" if is_store else "bytes")),
        count=whole(counts.get("total")) if isinstance(counts, dict) else None,
        created_at=seconds_of(row.get("created_at")),
        status=words(row.get("status"), LONGEST_STATUS),
        ends_on=_end(row),
    )


def words(value: Any, length: int) -> str:
    """Return a text as one printable line, cut to `length`; "" for anything else."""
    return (clean(value, (), length) or "") if isinstance(value, str) else ""


def whole(value: Any) -> int | None:
    """Return a size or count; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value < LARGEST_SIZE else None


def _end(row: Mapping[str, Any]) -> date | None:
    return next(filter(None, (_day(row.get(key)) for key in _END_KEYS)), None)


def _day(value: Any) -> date | None:
    """Read a day from an ISO date or time, from seconds since 1970, or from Azure's object."""
    if isinstance(value, dict):
        return _day(value.get("inference"))
    try:
        if isinstance(value, str):
            return date.fromisoformat(value[:10])
        seconds = seconds_of(value)
        return datetime.fromtimestamp(seconds, UTC).date() if seconds else None
    except (ValueError, OverflowError, OSError):
        return None


def _refused(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield the fields that a model does not take, where its entry lists what it does take."""
    taken = row.get("supported_parameters", row.get("supported_openai_params"))
    if not isinstance(taken, list) or not taken:
        return
    names = {name for name in taken if isinstance(name, str)}
    yield from (field for field, spellings in _TAKEN_AS.items() if not names & spellings)
