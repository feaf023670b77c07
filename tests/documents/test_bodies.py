"""Large bodies get in at one address only, and only for people who may upload."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from admin_ui.request.uploads import largest_body
from admin_ui.serving.wire import PatientConnection
from assistants.models import Connection
from tests.conftest import Cast
from tests.documents.conftest import asked
from tests.hostile.server import serving
from tests.upstream import Upstream

MEGABYTE = 1024 * 1024


def large(megabytes: int) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("large.md", b"x" * (megabytes * MEGABYTE))}


@pytest.mark.django_db(transaction=True)
def test_a_file_larger_than_a_form_is_uploaded(
    cast: Cast, library: Connection, remote: Upstream
) -> None:
    address = f"/w/main/connections/{library.pk}/files/upload/"
    assert cast.client("publisher").post(address, large(17)).status_code == 303
    ((_method, _path, form),) = asked(remote, "POST")
    assert len(form["file"]["bytes"]) == 17 * MEGABYTE


@pytest.mark.django_db(transaction=True)
def test_others_are_refused_before_the_body_is_read(
    cast: Cast, library: Connection, remote: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/w/main/connections/{library.pk}/files/upload/"
    answers = {}
    for who in ("viewer", "editor", "stranger", "anonymous"):
        client = cast.client(who)
        client.handler.enforce_csrf_checks = True
        client.cookies["csrftoken"] = "a" * 32  # without one, nothing is compared or read
        with monkeypatch.context() as patch:
            patch.setattr("django.http.request.HttpRequest.parse_file_upload", unread)
            answers[who] = client.post(address, large(17)).status_code
    assert answers == {"viewer": 403, "editor": 403, "stranger": 404, "anonymous": 302}
    assert remote.requests == []


def unread(*_arguments: Any) -> Any:
    pytest.fail("the body was read")


@pytest.mark.django_db(transaction=True)
def test_a_file_over_the_limit_says_what_to_do(
    cast: Cast, library: Connection, remote: Upstream, settings: Any
) -> None:
    settings.UPLOAD_MB = 1
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = MEGABYTE
    address = f"/w/main/connections/{library.pk}/files/upload/"
    answer = cast.client("publisher").post(address, large(2))
    assert answer.status_code == 413
    assert "A file may have up to 1 MB." in answer.content.decode()
    assert remote.requests == []


@pytest.mark.parametrize(
    "address",
    [
        "/w/main/connections/1/files/",
        "/w/main/connections/1/files/upload",
        "/w/main/assistants/1/edit/",
        "/accounts/login/",
        "/w/a/b/connections/1/files/upload/",
        "/v1/assistants",
    ],
)
def test_no_other_address_takes_more(address: str, settings: Any) -> None:
    assert largest_body(address) == settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    upload = largest_body("/w/main/connections/1/files/upload/")
    assert upload == 32 * MEGABYTE + 64 * 1024


@pytest.mark.parametrize(
    ("target", "megabytes", "must_end"),
    [
        ("/w/main/connections/1/files/upload/", 31, False),
        ("/w/main/connections/1/files/upload/?store=vs_1", 31, False),
        ("/w/main/connections/1/files/upload/", 33, True),
        ("/w/main/connections/1/edit/", 17, True),
        ("/?/w/main/connections/1/files/upload/", 17, True),
    ],
)
def test_the_web_server_reads_the_address_before_the_body(
    target: str, megabytes: int, must_end: bool
) -> None:
    connection = PatientConnection.__new__(PatientConnection)
    connection.received, connection.size = bytearray(), None
    connection.searched, connection.must_end = 0, False
    head = f"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: {megabytes * MEGABYTE}\r\n\r\n"
    connection.add(head.encode())
    assert connection.must_end is must_end


@pytest.mark.slow
def test_an_upload_that_is_cut_off_leaves_nothing(tmp_path: Any) -> None:
    with serving(tmp_path / "data") as server:
        head = (
            b"POST /w/main/connections/1/files/upload/ HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 20000000\r\n\r\n"
        )
        with server.socket() as sender:
            sender.sendall(head + io.BytesIO(b"x" * 5_000_000).read())
        assert server.health() < 5
        assert "Traceback" not in server.log.read_text()
