"""A connection with lists of models, files and stores, and what the editor asks of it."""

import html
import re
from typing import Any

from assistants.models import Connection
from assistants.services.connections.offers import refresh_offers
from tests.conftest import Cast
from tests.upstream import Upstream

MODELS: list[dict[str, Any]] = [
    {"id": "gpt-4o"},
    {"id": "gpt-5", "shutdown_date": "2026-12-11", "replacement_model": "gpt-5.2"},
    {"id": "gone", "shutdown_date": "2026-08-26"},
    {"id": "thinker", "supported_parameters": ["reasoning", "tools"]},
]
FILES: list[dict[str, Any]] = [
    {
        "id": f"file-{number}",
        "filename": f"Document {number}.pdf",
        "bytes": 120_000,
        "created_at": 1_790_000_000 + number,
        "status": "processed",
    }
    for number in (3, 2, 1)
]
STORES: list[dict[str, Any]] = [
    {
        "id": "vs_1",
        "name": "Help center",
        "usage_bytes": 3_400_000,
        "created_at": 1_790_000_000,
        "file_counts": {"total": 12},
        "status": "completed",
    },
    {"id": "vs_2", "name": "Old shop", "status": "expired"},
]


def offering(remote: Upstream, connection: Connection) -> None:
    """Let `remote` offer models, files and stores, and have them read."""
    remote.models, remote.files, remote.vector_stores = [*MODELS], [*FILES], [*STORES]
    refresh_offers(connection=connection)
    remote.requests.clear()


def asked_behind(cast: Cast, page: str, fields: dict[str, str], who: str = "editor") -> Any:
    """Send the fields of a page as its fragment does."""
    found = re.search(r'hx-post="([^"]*/offers/[^"]*)"', page)
    assert found, page
    return cast.client(who).post(html.unescape(found[1]), fields, HTTP_HX_REQUEST="true")
