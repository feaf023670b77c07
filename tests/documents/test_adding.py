"""Uploading files and making stores: what is refused, what is recorded, what is in doubt."""

import io
from typing import Any

import pytest

from admin_ui.accounts.permissions import NotAllowed
from admin_ui.audit.models import AuditEvent
from assistants.gateway import GatewayError, Refused, Unsure
from assistants.models import Connection, OfferEntry, OfferList
from assistants.services.connections.client import registry_of
from assistants.services.documents import kinds
from assistants.services.documents.adding import NewFile, make_store, upload_file
from assistants.services.documents.kinds import CODE_ONLY, SEARCHABLE
from assistants.services.errors import Invalid, NoTarget
from assistants.tasks.connections import settle_connection
from tests.conftest import Cast
from tests.documents.conftest import asked
from tests.faults.catalogue import ANSWERS
from tests.upstream import FaultSpec, Upstream, refused

pytestmark = pytest.mark.django_db(transaction=True)


def a_file(name: str = "prices.md", content: bytes = b"# Prices", size: int = -1) -> NewFile:
    return NewFile(io.BytesIO(content), name, len(content) if size < 0 else size)


def recorded(kind: str) -> list[dict[str, Any]]:
    return [row.details for row in AuditEvent.objects.filter(kind=kind).order_by("pk")]


def listed(kind: str) -> list[str]:
    rows = OfferEntry.objects.filter(list__kind=kind).order_by("-pk")
    return list(rows.values_list("name", flat=True))


def test_a_file_is_uploaded_recorded_and_offered(
    cast: Cast, library: Connection, remote: Upstream
) -> None:
    file = a_file("C:\\Temp\\prices.MD")
    found = upload_file(author=cast.publisher, connection=library, file=file)
    assert (found.name, found.size) == ("prices.MD", 8)
    assert asked(remote, "POST", "GET") == [
        (
            "POST",
            "/v1/files",
            {
                "purpose": "assistants",
                "file": {"name": "prices.MD", "type": "text/markdown", "bytes": b"# Prices"},
            },
        )
    ]
    assert listed("files") == ["prices.MD", "faq.md", "old.md"]
    assert OfferList.objects.get(connection=library, kind="files").asked_at is None
    assert recorded("file_added") == [
        {"connection": library.name, "id": found.id, "name": "prices.MD", "size": 8}
    ]


def test_a_store_is_made_recorded_and_offered(
    cast: Cast, library: Connection, remote: Upstream
) -> None:
    found = make_store(author=cast.publisher, connection=library, name=" Price lists ")
    assert asked(remote, "POST") == [("POST", "/v1/vector_stores", {"name": "Price lists"})]
    assert listed("vector_stores") == ["Price lists", "Help centre"]
    assert recorded("store_made") == [
        {"connection": library.name, "id": found.id, "name": "Price lists"}
    ]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (a_file("virus.exe"), "wrong_type"),
        (a_file("README"), "wrong_type"),
        (a_file("empty.md", b""), "required"),
        (a_file("", b"x"), "required"),
        (a_file("large.md", size=32 * 1024 * 1024 + 1), "too_large"),
        (a_file("prices.pdf"), "not_as_named"),
        (a_file("prices.md", b"%PDF-1.7"), "not_as_named"),
    ],
)
def test_what_cannot_be_uploaded_is_refused_before_anything_is_sent(
    cast: Cast, library: Connection, remote: Upstream, file: NewFile, code: str
) -> None:
    with pytest.raises(Invalid) as caught:
        upload_file(author=cast.publisher, connection=library, file=file)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert (remote.requests, recorded("file_added")) == ([], [])


WIDE = "# Prices".encode("utf-16")
PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


@pytest.mark.parametrize(
    ("name", "beginning", "fits"),
    [
        ("a.md", b"# Prices", True),
        ("a.md", "# Größe".encode(), True),
        ("a.md", "# Größe".encode("latin-1"), True),
        ("a.txt", WIDE, True),
        ("a.txt", PICTURE, False),
        ("a.csv", b"MZ\x90\0\x03", False),
        ("a.py", b"PK\x03\x04", False),
        ("a.PNG", PICTURE, True),
        ("a.jpg", PICTURE, False),
        ("a.jpeg", b"\xff\xd8\xff\xe0", True),
        ("a.gif", b"GIF89a", True),
        ("a.pdf", b"%PDF-1.7", True),
        ("a.pdf", b"\xef\xbb\xbf\n%PDF-1.4", True),
        ("a.pdf", b"<html>", False),
        ("a.docx", b"PK\x03\x04", True),
        ("a.doc", b"PK\x03\x04", False),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", True),
        ("a.tar", b"a" * 257 + b"ustar\0", True),
        ("a.tar", b"a" * 300, False),
        ("a.zip", b"PK\x05\x06", True),
    ],
)
def test_the_beginning_of_a_file_shows_its_kind(name: str, beginning: bytes, fits: bool) -> None:
    assert kinds.is_what_it_says(name, beginning) is fits


def test_every_binary_kind_has_a_signature() -> None:
    text = ("text/", "application/json", "application/x-sh", "application/typescript")
    every = {**kinds.SEARCHABLE, **kinds.CODE_ONLY}
    binary = {name for name, kind in every.items() if not kind.startswith(text)}
    assert binary == kinds.SIGNATURES.keys()


def test_who_may_not_add_sends_nothing(cast: Cast, library: Connection, remote: Upstream) -> None:
    for who in (cast.viewer, cast.editor, cast.stranger):
        with pytest.raises(NotAllowed):
            upload_file(author=who, connection=library, file=a_file())
        with pytest.raises(NotAllowed):
            make_store(author=who, connection=library, name="Mine")
    registry = registry_of(cast.workspace)
    assert registry
    with pytest.raises(NoTarget):
        upload_file(author=cast.publisher, connection=registry, file=a_file())
    assert remote.requests == []


def test_a_refusal_leaves_nothing(cast: Cast, library: Connection, remote: Upstream) -> None:
    remote.fail_next("POST", refused("The file is too large."))
    with pytest.raises(Refused, match="too large"):
        upload_file(author=cast.publisher, connection=library, file=a_file())
    assert recorded("file_added") == []
    assert listed("files") == ["faq.md", "old.md"]


@pytest.mark.parametrize("name", ANSWERS)
def test_an_upload_in_doubt_is_recorded_as_such(
    cast: Cast, library: Connection, remote: Upstream, settings: Any, name: str
) -> None:
    settings.GATEWAY_UPLOAD_DEADLINE = 0.6
    remote.fail_next("POST", ANSWERS[name])
    with pytest.raises(GatewayError) as caught:
        upload_file(author=cast.publisher, connection=library, file=a_file())
    assert isinstance(caught.value, Unsure)
    assert len(asked(remote, "POST")) == 1
    assert recorded("file_added") == [
        {"connection": library.name, "unconfirmed": True, "name": "prices.md", "size": 8}
    ]
    assert OfferList.objects.get(connection=library, kind="files").asked_at is None


def test_a_store_in_doubt_is_recorded_as_such(
    cast: Cast, library: Connection, remote: Upstream
) -> None:
    remote.fail_next("POST", FaultSpec(applied=True, reset=True))
    with pytest.raises(Unsure):
        make_store(author=cast.publisher, connection=library, name="Twice?")
    assert recorded("store_made") == [
        {"connection": library.name, "unconfirmed": True, "name": "Twice?"}
    ]


def test_no_kind_is_in_both_tables() -> None:
    assert not SEARCHABLE.keys() & CODE_ONLY.keys()
    assert all(name == name.lower() for name in {**SEARCHABLE, **CODE_ONLY})


def test_the_task_settles_documents_too(library: Connection) -> None:
    assert settle_connection.call(library.pk) == {"settled": 0, "open": 0, "failed": 0}
