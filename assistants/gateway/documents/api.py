"""The calls about files and vector stores, verb by verb."""

import re
from collections.abc import Sequence
from functools import partial
from urllib.parse import quote

from assistants.gateway.client import Client
from assistants.gateway.documents.reading import (
    read_document,
    read_documents,
    read_one,
    read_removal,
)
from assistants.gateway.documents.upload import Upload
from assistants.gateway.documents.values import DocumentPage, StoreDocument
from assistants.gateway.errors import Refused
from assistants.gateway.offers import Offer

MOST_DOCUMENTS = 100
"""Documents on a page."""
_ADDRESSABLE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:=+@-]{0,255}")


class Documents:
    """The files and vector stores of one endpoint; see `Gateway` for deadlines and trace IDs.

    Every method raises a `GatewayError`. Reads are repeated when that may help, writes never. An ID
    that could lead to another address is refused before anything is sent. `DocumentMissing` means
    that the endpoint has no such store, or the store no such document.
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    def upload(
        self, body: Upload, *, trace_id: str | None = None, deadline: float | None = None
    ) -> Offer:
        """Upload a file, and return it as stored. The deadline alone ends the call."""
        reader = partial(read_one, kind="files")
        return self._client.call(
            "POST", "/files", reader, body=body, trace_id=trace_id, deadline=deadline
        )

    def make_store(
        self,
        name: str,
        *,
        file_ids: Sequence[str] = (),
        trace_id: str | None = None,
        deadline: float | None = None,
    ) -> Offer:
        """Make a vector store, with these files in it, and return it as stored."""
        body = {"name": name, **({"file_ids": list(file_ids)} if file_ids else {})}
        reader = partial(read_one, kind="vector_stores")
        return self._client.call(
            "POST", "/vector_stores", reader, body=body, trace_id=trace_id, deadline=deadline
        )

    def store(self, store_id: str, *, deadline: float | None = None) -> Offer:
        """Read one vector store."""
        reader = partial(read_one, kind="vector_stores", expected_id=store_id)
        return self._client.call("GET", _store(store_id), reader, deadline=deadline)

    def page(
        self, store_id: str, *, after: str | None = None, deadline: float | None = None
    ) -> DocumentPage:
        """Return a page of the documents of a store, the newest first, after the cursor."""
        query = {"limit": str(MOST_DOCUMENTS), "order": "desc"}
        query |= {"after": after} if after else {}
        reader = partial(read_documents, after=after)
        path = f"{_store(store_id)}/files"
        return self._client.call("GET", path, reader, query=query, deadline=deadline)

    def document(
        self,
        store_id: str,
        file_id: str,
        *,
        trace_id: str | None = None,
        deadline: float | None = None,
    ) -> StoreDocument:
        """Read one document of a store."""
        reader = partial(read_document, expected_id=file_id)
        path = _document(store_id, file_id)
        return self._client.call("GET", path, reader, trace_id=trace_id, deadline=deadline)

    def attach(
        self,
        store_id: str,
        file_id: str,
        *,
        trace_id: str | None = None,
        deadline: float | None = None,
    ) -> StoreDocument:
        """Put a file into a store, and return the document."""
        _document(store_id, file_id)  # refuses an ID that no later call could name
        return self._client.call(
            "POST",
            f"{_store(store_id)}/files",
            partial(read_document, expected_id=file_id),
            body={"file_id": file_id},
            trace_id=trace_id,
            deadline=deadline,
        )

    def detach(
        self,
        store_id: str,
        file_id: str,
        *,
        trace_id: str | None = None,
        deadline: float | None = None,
    ) -> None:
        """Take a document out of a store. The file stays on the endpoint."""
        reader = partial(read_removal, expected_id=file_id)
        path = _document(store_id, file_id)
        self._client.call("DELETE", path, reader, trace_id=trace_id, deadline=deadline)


def _store(store_id: str) -> str:
    return f"/vector_stores/{_quoted(store_id)}"


def _document(store_id: str, file_id: str) -> str:
    return f"{_store(store_id)}/files/{_quoted(file_id)}"


def _quoted(remote_id: str) -> str:
    if not _ADDRESSABLE.fullmatch(remote_id):
        raise Refused("that ID cannot be part of an address", code="invalid_id")
    return quote(remote_id, safe="")
