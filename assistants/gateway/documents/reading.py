"""Reading answers about files and vector stores: strict about the subject, tolerant else."""

from collections.abc import Iterator
from typing import Any

from assistants.gateway.answers import Answer, parse_json, seconds_of
from assistants.gateway.documents.values import DocumentPage, StoreDocument
from assistants.gateway.errors import UnexpectedAnswer
from assistants.gateway.offers import Offer, OfferKind
from assistants.gateway.offers.reading import (
    LONGEST_STATUS,
    MOST_OFFERED,
    is_usable,
    read_entry,
    whole,
    words,
)

LONGEST_REASON = 300


def read_one(answer: Answer, kind: OfferKind, expected_id: str | None = None) -> Offer:
    """Read a file or a vector store, the one with `expected_id` if given.

    Raises `UnexpectedAnswer`.
    """
    row = _row(answer)
    if not is_usable(row.get("id")) or row["id"] != (expected_id or row["id"]):
        raise UnexpectedAnswer("the answer is about something else")
    if row.get("object", _OBJECTS[kind]) != _OBJECTS[kind]:
        raise UnexpectedAnswer(f"the answer is not a {_OBJECTS[kind]}")
    return read_entry(row, kind)


_OBJECTS = {"files": "file", "vector_stores": "vector_store"}


def read_document(answer: Answer, expected_id: str) -> StoreDocument:
    """Read one document of a vector store. Raises `UnexpectedAnswer`."""
    row = _row(answer)
    if row.get("id") != expected_id or row.get("deleted"):
        raise UnexpectedAnswer("the answer is about another document")
    return _document(row)


def read_documents(answer: Answer, after: str | None = None) -> DocumentPage:
    """Read the page of a store's documents that follows the cursor `after`.

    Entries without a usable ID are left out. Raises `UnexpectedAnswer` if it is no list at all.
    """
    data = parse_json(answer)
    rows = data.get("data") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise UnexpectedAnswer("the answer is not a list")
    found = list(_documents(rows[:MOST_OFFERED]))
    last = found[-1].id if found else None
    ended = data.get("has_more") is False or last == after
    return DocumentPage(found, None if ended else last)


def read_removal(answer: Answer, expected_id: str) -> None:
    """Check that the answer says the document is out of the store. Raises `UnexpectedAnswer`."""
    row = _row(answer)
    if row.get("deleted") is not True or row.get("id", expected_id) != expected_id:
        raise UnexpectedAnswer("the answer does not say that the document is removed")


def _documents(rows: list[Any]) -> Iterator[StoreDocument]:
    for row in rows:
        if isinstance(row, dict) and is_usable(row.get("id")):
            yield _document(row)


def _document(row: dict[str, Any]) -> StoreDocument:
    error = row.get("last_error")
    return StoreDocument(
        id=row["id"],
        status=words(row.get("status"), LONGEST_STATUS),
        size=whole(row.get("usage_bytes")),
        created_at=seconds_of(row.get("created_at")),
        error=words(error.get("message"), LONGEST_REASON) if isinstance(error, dict) else "",
    )


def _row(answer: Answer) -> dict[str, Any]:
    data = parse_json(answer)
    if not isinstance(data, dict):
        raise UnexpectedAnswer("the answer is not a JSON object")
    return data
