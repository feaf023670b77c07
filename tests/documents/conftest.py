"""A connection with files and a store, and live assistants that use the store."""

from typing import Any

import pytest

from assistants.models import Assistant, Connection, Revision
from assistants.selectors.documents.affected import mark_of_affected, users_of
from assistants.services.connections.offers import refresh_offers
from assistants.services.documents.changing import DocumentPlace
from tests.services.conftest import Make, published, small_pages
from tests.upstream import Upstream

FILES = [
    {"id": "file-faq", "filename": "faq.md", "bytes": 1200, "created_at": 1_790_000_000},
    {"id": "file-old", "filename": "old.md", "bytes": 300, "created_at": 1_780_000_000},
]
STORES = [
    {"id": "vs_help", "name": "Help centre", "status": "completed", "created_at": 1_790_000_000}
]
USES = {
    "tools": [{"type": "file_search"}],
    "tool_resources": {"file_search": {"vector_store_ids": ["vs_help"]}},
}

__all__ = ["published", "small_pages"]


@pytest.fixture
def library(connection_to: Connection, remote: Upstream) -> Connection:
    """The connection, with two files, and a store that holds one of them."""
    remote.files, remote.vector_stores = [*FILES], [dict(row) for row in STORES]
    remote.documents = {"vs_help": {"file-old": {"id": "file-old", "status": "completed"}}}
    refresh_offers(connection=connection_to)
    remote.requests.clear()
    return connection_to


@pytest.fixture
def users(library: Connection, published: Make, remote: Upstream) -> list[Assistant]:
    """Two live assistants that use the store, and one that does not."""
    made = [published(library, name=name, **USES) for name in ("Support", "Returns")]
    published(library, name="Alone")
    remote.requests.clear()
    remote.carried_out.clear()
    return made


def place(connection: Connection, file_id: str = "file-faq") -> DocumentPlace:
    names = {row["id"]: str(row["filename"]) for row in FILES}
    return DocumentPlace(connection, "vs_help", file_id, "Help centre", names.get(file_id, ""))


def mark(connection: Connection, store_id: str = "vs_help") -> str:
    return mark_of_affected(users_of(connection, store_id).values_list("pk", flat=True))


def entries(assistant: Assistant) -> list[Revision]:
    return list(assistant.revisions.filter(kind="documents").order_by("number"))


def asked(remote: Upstream, *methods: str) -> list[tuple[str, str, Any]]:
    return [one for one in remote.requests if one[0] in methods]
