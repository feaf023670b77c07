"""Files and vector stores at the wire: whole requests, tolerant answers, no other address."""

import io
import json
import re
import time
from typing import Any

import httpx
import pytest

from assistants.gateway import (
    CannotWrite,
    ConnectionLost,
    DocumentMissing,
    Endpoint,
    EndpointGone,
    Gateway,
    Offer,
    Refused,
    ServerTrouble,
    StoreDocument,
    TimedOut,
    Timeouts,
    UnexpectedAnswer,
    Upload,
)
from tests.gateway.loopback import Loopback, answer, hang_up, silence
from tests.gateway.wire import SECRET, Remote

FILE = {"id": "file-1", "object": "file", "bytes": 5, "filename": "faq.md", "status": "uploaded"}
STORE = {"id": "vs_1", "object": "vector_store", "name": "Help", "file_counts": {"total": 2}}
DOCUMENT = {"id": "file-1", "object": "vector_store.file", "status": "in_progress"}
REMOVED = {"id": "file-1", "object": "vector_store.file.deleted", "deleted": True}


def ok(value: Any) -> httpx.Response:
    return httpx.Response(200, json=value)


def sent(remote: Remote) -> tuple[str, str, Any]:
    whole = remote.sent
    assert whole["headers"]["openai-beta"] == "assistants=v2"
    assert whole["headers"]["authorization"] == f"Bearer {SECRET}"
    return whole["method"], whole["url"], whole["body"]


def test_a_file_is_sent_as_a_form_of_a_known_length() -> None:
    remote = Remote(ok(FILE))
    upload = Upload(io.BytesIO(b"hello"), 'fa"q\r\n ü.md', 5, "text/markdown")
    found = remote.gateway().documents.upload(upload, trace_id="aa-1")
    assert found == Offer("file-1", name="faq.md", size=5, status="uploaded")
    (request,) = remote.requests
    boundary = re.fullmatch(r"multipart/form-data; boundary=(\w+)", request.headers["content-type"])
    assert boundary
    mark = boundary[1].encode()
    assert request.content == (
        b"--" + mark + b'\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nassistants\r\n'
        b"--" + mark + b'\r\nContent-Disposition: form-data; name="file"; '
        b'filename="fa%22q%0D%0A \xc3\xbc.md"\r\nContent-Type: text/markdown\r\n\r\nhello\r\n'
        b"--" + mark + b"--\r\n"
    )
    assert request.headers["content-length"] == str(len(request.content))
    assert "transfer-encoding" not in request.headers
    assert (str(request.url), request.headers["x-portkey-trace-id"]) == (
        "https://assistants.test/v1/files",
        "aa-1",
    )


def test_a_large_file_is_read_piece_by_piece_and_arrives_whole() -> None:
    class Watched(io.BytesIO):
        most = 0

        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            self.most = max(self.most, size if size >= 0 else 10**9)
            return super().read(size)

    file = Watched(b"0123456789" * 300_000)
    file.seek(7)  # somebody has looked into it
    remote = Remote(ok(FILE))
    remote.gateway().documents.upload(Upload(file, "a.txt", 3_000_000))
    assert b"0123456789" * 300_000 in remote.requests[0].content
    assert file.most <= 64 * 1024


WRITES: dict[str, tuple[Any, tuple[str, str, Any]]] = {
    "make a store": (
        lambda api: api.make_store("Help"),
        ("POST", "/vector_stores", {"name": "Help"}),
    ),
    "make a store with files": (
        lambda api: api.make_store("Help", file_ids=["file-1"]),
        ("POST", "/vector_stores", {"name": "Help", "file_ids": ["file-1"]}),
    ),
    "attach": (
        lambda api: api.attach("vs_1", "file-1"),
        ("POST", "/vector_stores/vs_1/files", {"file_id": "file-1"}),
    ),
    "detach": (
        lambda api: api.detach("vs_1", "file-1"),
        ("DELETE", "/vector_stores/vs_1/files/file-1", None),
    ),
}
READS: dict[str, tuple[Any, tuple[str, str, Any]]] = {
    "store": (lambda api: api.store("vs_1"), ("GET", "/vector_stores/vs_1", None)),
    "documents": (
        lambda api: api.page("vs_1"),
        ("GET", "/vector_stores/vs_1/files?limit=100&order=desc", None),
    ),
    "next documents": (
        lambda api: api.page("vs_1", after="file-9"),
        ("GET", "/vector_stores/vs_1/files?limit=100&order=desc&after=file-9", None),
    ),
    "document": (
        lambda api: api.document("vs_1", "file:1"),
        ("GET", "/vector_stores/vs_1/files/file%3A1", None),
    ),
}
ANSWERS: dict[str, Any] = {
    "make a store": STORE,
    "make a store with files": STORE,
    "attach": DOCUMENT,
    "detach": REMOVED,
    "store": STORE,
    "documents": {"data": [DOCUMENT], "has_more": False},
    "next documents": {"data": [DOCUMENT], "has_more": False},
    "document": {**DOCUMENT, "id": "file:1"},
}


@pytest.mark.parametrize("name", [*WRITES, *READS])
def test_a_call_is_what_the_api_documents(name: str) -> None:
    act, (method, path, body) = {**WRITES, **READS}[name]
    remote = Remote(ok(ANSWERS[name]))
    act(remote.gateway().documents)
    assert sent(remote) == (method, f"https://assistants.test/v1{path}", body)


@pytest.mark.parametrize("name", WRITES)
def test_a_write_is_never_repeated(name: str) -> None:
    remote = Remote(httpx.Response(503, headers={"Retry-After": "0"}))
    with pytest.raises(ServerTrouble):
        WRITES[name][0](remote.gateway().documents)
    assert len(remote.requests) == 1


@pytest.mark.parametrize("name", READS)
def test_a_read_is_repeated(name: str) -> None:
    remote = Remote(httpx.Response(503, headers={"Retry-After": "0"}), ok(ANSWERS[name]))
    READS[name][0](remote.gateway().documents)
    assert len(remote.requests) == 2


@pytest.mark.parametrize("bad", ["..", ".", "", "a/b", "a b", "ü", "x" * 257, "%2e%2e", "a\n"])
def test_an_id_never_leads_to_another_address(bad: str) -> None:
    remote = Remote(ok(STORE))
    documents = remote.gateway().documents
    for act in (
        lambda: documents.store(bad),
        lambda: documents.page(bad),
        lambda: documents.document("vs_1", bad),
        lambda: documents.attach("vs_1", bad),
        lambda: documents.detach(bad, "file-1"),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.code == "invalid_id"
    assert remote.requests == []


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (404, {"error": {"message": "No vector store found."}}, DocumentMissing),
        (404, {"error": {"message": "Invalid URL", "code": "unknown_url"}}, EndpointGone),
        (405, {"detail": "Method Not Allowed"}, CannotWrite),
        (400, {"error": {"message": "Unsupported file."}}, Refused),
        (200, {"id": "file-2"}, UnexpectedAnswer),
        (200, {"id": "file-1", "deleted": True}, UnexpectedAnswer),
        (200, [], UnexpectedAnswer),
    ],
)
def test_a_failed_attach_says_what_it_means(status: int, body: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        Remote(httpx.Response(status, json=body)).gateway().documents.attach("vs_1", "file-1")


def test_an_upload_to_an_address_without_files_is_about_the_endpoint() -> None:
    upload = Upload(io.BytesIO(b"x"), "a.txt", 1)
    with pytest.raises(EndpointGone):
        Remote(httpx.Response(404, json={})).gateway().documents.upload(upload)
    with pytest.raises(UnexpectedAnswer):
        Remote(ok({"id": "vs_1", "object": "vector_store"})).gateway().documents.upload(upload)


def test_documents_are_read_tolerantly() -> None:
    rows = [
        {"id": "file-1", "status": "completed", "usage_bytes": 1200, "created_at": 1_790_000_000},
        {"id": "file-2", "status": "failed", "last_error": {"message": "No\ntext."}},
        {"id": "file-3", "status": 7, "usage_bytes": "many", "last_error": "odd"},
        {"id": ""},
        "junk",
    ]
    page = Remote(ok({"data": rows})).gateway().documents.page("vs_1")
    assert page.items == [
        StoreDocument("file-1", "completed", 1200, 1_790_000_000.0),
        StoreDocument("file-2", "failed", error="No text."),
        StoreDocument("file-3"),
    ]
    assert page.next_after == "file-3"
    assert Remote(ok({"data": []})).gateway().documents.page("vs_1").next_after is None
    again = Remote(ok({"data": rows})).gateway().documents.page("vs_1", after="file-3")
    assert again.next_after is None, "a server that knows no cursor would never end"


@pytest.mark.parametrize("body", [{"deleted": False}, {"id": "file-2", "deleted": True}, {}])
def test_a_removal_is_only_what_the_answer_says(body: Any) -> None:
    with pytest.raises(UnexpectedAnswer):
        Remote(ok(body)).gateway().documents.detach("vs_1", "file-1")


def near(server: Loopback, **options: Any) -> Gateway:
    endpoint = Endpoint("openai", server.url(), {"api_key": SECRET})
    return Gateway(endpoint, private_hosts=["127.0.0.1"], **options)


def test_an_upload_that_is_cut_off_is_unsure_and_ends_in_time() -> None:
    upload = Upload(io.BytesIO(b"x" * 200_000), "a.txt", 200_000)
    with Loopback(hang_up) as server:
        with pytest.raises(ConnectionLost):
            near(server).documents.upload(upload)
        assert len(server.requests) == 1
    with Loopback(silence) as server, pytest.raises(TimedOut):
        near(server).documents.upload(upload, deadline=time.monotonic() + 0.3)


def test_a_remote_may_take_longer_for_an_upload_than_for_other_calls() -> None:
    def slowly(connection: Any) -> None:
        time.sleep(0.4)
        answer(json.dumps(FILE).encode())(connection)

    with Loopback(slowly) as server:
        gateway = near(server, timeouts=Timeouts(read=0.1, tries=1))
        with pytest.raises(TimedOut):
            gateway.documents.store("vs_1")
        upload = Upload(io.BytesIO(b"x"), "a.txt", 1)
        assert gateway.documents.upload(upload, deadline=time.monotonic() + 5).id == "file-1"
