"""The pages about files, vector stores and documents, for every role."""

import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assistants.models import (
    Assistant,
    Connection,
    OfferEntry,
    OfferList,
    OpenStoreChange,
    StoreChange,
)
from assistants.services.connections.client import registry_of
from assistants.services.documents.changing import add_document
from assistants.services.publishing.delete import delete_assistant
from tests.conftest import Cast
from tests.documents.conftest import asked, entries, mark, place
from tests.services.conftest import Make, fresh
from tests.upstream import FaultSpec, Upstream, refused

pytestmark = pytest.mark.django_db(transaction=True)


def root(connection: Connection) -> str:
    return f"/w/main/connections/{connection.pk}/"


def adding(connection: Connection) -> str:
    return f"{root(connection)}store/add/?id=vs_help&file=file-faq"


def text(answer: Any) -> str:
    """The words of a page, without tags and with single spaces."""
    page = html.unescape(answer.content.decode())
    page = re.sub(r"<(script|style|svg).*?</\1>", "", page, flags=re.S)
    page = re.sub(r"[\u2068\u2069]", "", re.sub(r"<[^>]+>", " ", page))
    return " ".join(page.split())


def get(client: Client, address: str, **options: Any) -> str:
    answer = client.get(address, **options)
    assert answer.status_code == 200, answer
    return text(answer)


def test_the_lists_say_who_uses_what(
    cast: Cast, library: Connection, users: list[Assistant]
) -> None:
    page = get(cast.client("viewer"), f"{root(library)}files/")
    assert "faq.md" in page
    assert "1.2 KB" in page
    assert "Upload a file" not in page
    page = get(cast.client("publisher"), f"{root(library)}files/?kind=vector_stores")
    assert "Help centre" in page
    assert "used by 2 live assistants" in page
    assert "Upload a file" in page
    assert (
        f"{root(library)}files/"
        in cast.client("viewer").get("/w/main/connections/").content.decode()
    )
    assert "Nothing matches" in get(cast.client("viewer"), f"{root(library)}files/?q=nowhere")
    assert cast.client("viewer").get(f"{root(library)}files/?kind=models").status_code == 404


def test_ten_thousand_files_are_paged_in_few_queries(
    cast: Cast, library: Connection, users: list[Assistant]
) -> None:
    def queries(address: str) -> int:
        client = cast.client("viewer")
        client.get(address)
        with CaptureQueriesContext(database) as counted:
            assert client.get(address).status_code == 200
        return len(counted)

    address = f"{root(library)}files/"
    few = queries(address)
    kept = OfferList.objects.get(connection=library, kind="files")
    OfferEntry.objects.bulk_create(
        OfferEntry(
            list=kept,
            remote_id=f"file-{number}",
            name=f"Document {number}.pdf",
            folded=f"document {number}.pdf file-{number}",
        )
        for number in range(10_000)
    )
    assert queries(address) == few
    page = cast.client("viewer").get(address).content.decode()
    assert page.count("Document ") < 100
    assert len(page) < 60_000
    older = re.search(r'href="(\?[^"]*after=[^"]*)"', page)
    assert older
    assert get(cast.client("viewer"), address + html.unescape(older[1]))
    assert "Document 9876.pdf" in get(cast.client("viewer"), f"{address}?q=9876")


def test_the_registry_says_what_applications_do(cast: Cast) -> None:
    registry = registry_of(cast.workspace)
    assert registry
    page = get(cast.client("publisher"), f"{root(registry)}files/")
    assert "Your applications search their own documents." in page
    assert "Upload a file" not in page
    for below in ("files/upload/", "stores/new/", "store/?id=vs_1", "store/add/?id=vs_1"):
        assert cast.client("publisher").get(root(registry) + below).status_code == 404


ADDRESSES = {
    "files/": (200, 200, 200, 404),
    "store/?id=vs_help": (200, 200, 200, 404),
    "store/documents/?id=vs_help": (200, 200, 200, 404),
    "files/upload/": (403, 403, 200, 404),
    "stores/new/": (403, 403, 200, 404),
    "store/add/?id=vs_help": (403, 403, 200, 404),
    "store/add/?id=vs_help&file=file-faq": (403, 403, 200, 404),
    "store/remove/?id=vs_help&file=file-old": (403, 403, 200, 404),
    "store/": (404, 404, 404, 404),
    "store/remove/?id=vs_help": (403, 403, 404, 404),
    "store/?id=%00": (404, 404, 404, 404),
    f"store/?id={'x' * 257}": (404, 404, 404, 404),
}


@pytest.mark.parametrize("below", ADDRESSES)
def test_each_role_finds_what_it_may(cast: Cast, library: Connection, below: str) -> None:
    who = ("viewer", "editor", "publisher", "stranger")
    found = tuple(cast.client(one).get(root(library) + below).status_code for one in who)
    assert found == ADDRESSES[below]


def test_a_connection_of_another_workspace_is_not_there(cast: Cast, library: Connection) -> None:
    Connection.objects.filter(pk=library.pk).update(workspace=cast.stranger.workspace)
    for below in ADDRESSES:
        answer = cast.client("publisher").get(root(library) + below)
        assert answer.status_code == 404, below


def test_a_store_shows_its_users_documents_and_changes(
    cast: Cast, library: Connection, users: list[Assistant], remote: Upstream
) -> None:
    add_document(
        author=cast.publisher, document=place(library), confirmed=mark(library), note="Why not."
    )
    address = f"{root(library)}store/?id=vs_help"
    remote.requests.clear()
    page = get(cast.client("viewer"), address)
    assert remote.requests == [], "the page waits for no gateway"
    assert "Support" in page
    assert "Returns" in page
    assert "Pia added “faq.md”" in page or "Pia added faq.md" in page
    assert "Took effect" in page
    assert "Why not." in page
    documents = f"{root(library)}store/documents/?id=vs_help"
    page = get(cast.client("viewer"), documents, HTTP_HX_REQUEST="true")
    assert "faq.md" in page
    assert "old.md" in page
    assert "Remove" not in page
    assert "Recent changes" not in page
    assert "Recent changes" in get(cast.client("viewer"), documents), "without scripts"
    assert "Remove" in get(cast.client("publisher"), documents)


@pytest.mark.parametrize("status", [404, 405, 429, 500, 503])
def test_a_store_that_cannot_be_read_leaves_its_page_useful(
    cast: Cast, library: Connection, users: list[Assistant], remote: Upstream, status: int
) -> None:
    remote.fail_next("GET", FaultSpec(status=status, body="{}"))
    page = get(cast.client("publisher"), f"{root(library)}store/documents/?id=vs_help")
    assert "The documents could not be read." in page
    assert "Support" in page
    assert "Add a document" in page


def test_documents_are_paged(cast: Cast, library: Connection, remote: Upstream) -> None:
    remote.documents["vs_help"] = {
        f"file-{number}": {"id": f"file-{number}"} for number in range(130)
    }
    documents = f"{root(library)}store/documents/?id=vs_help"
    answer = cast.client("viewer").get(documents)
    assert "Older" in text(answer)
    page = get(cast.client("viewer"), f"{documents}&after=file-30")
    assert "file-29" in page
    assert "file-31" not in page
    assert "Newest" in page


def form_of(client: Client, address: str) -> dict[str, str]:
    page = client.get(address).content.decode()
    found = re.findall(r'<input type="hidden" name="(seen|about)" value="([^"]*)"', page)
    return dict(found)


def test_a_confirmation_names_who_is_affected_and_changes_at_once(
    cast: Cast, library: Connection, users: list[Assistant], remote: Upstream
) -> None:
    client, address = cast.client("publisher"), f"{root(library)}store/add/?id=vs_help"
    assert "faq.md" in get(client, address)
    address += "&file=file-faq"
    page = get(client, address)
    assert "Add faq.md to Help centre?" in page
    assert "2 live assistants use this store:" in page
    assert "Customers get other answers as soon as you confirm." in page
    assert remote.requests == []
    answer = client.post(address, {**form_of(client, address), "note": "New"}, follow=True)
    assert "faq.md is in the store now" in text(answer) or "“faq.md” is in" in text(answer)
    assert len(asked(remote, "POST")) == 1
    assert [entry.note for entry in entries(users[0])] == ["New"]
    history = get(client, f"/w/main/assistants/{users[0].pk}/history/")
    assert "Added faq.md to the vector store Help centre" in history
    changes = get(client, "/w/main/changes/")
    assert "Pia changed the documents of 2 assistants on Production" in changes
    assert "2 assistants" in get(client, "/w/main/changes/?kind=documents")


def test_a_removal_says_that_the_file_stays(
    cast: Cast, library: Connection, users: list[Assistant], remote: Upstream
) -> None:
    client = cast.client("publisher")
    address = f"{root(library)}store/remove/?id=vs_help&file=file-old"
    assert "The file stays on the connection" in get(client, address)
    answer = client.post(address, form_of(client, address), follow=True)
    assert "removed from the store" in text(answer)
    assert remote.documents["vs_help"] == {}
    delete_assistant(author=cast.publisher, assistant=fresh(users[0]))
    assert "1 live assistant uses this store:" in get(client, address)


def test_another_list_of_assistants_is_shown_before_anything_is_sent(
    cast: Cast, library: Connection, users: list[Assistant], remote: Upstream, published: Make
) -> None:
    client, address = (
        cast.client("publisher"),
        f"{root(library)}store/add/?id=vs_help&file=file-faq",
    )
    form = form_of(client, address)
    delete_assistant(author=cast.publisher, assistant=fresh(users[0]))
    remote.requests.clear()
    answer = client.post(address, {**form, "note": "Typed"})
    assert answer.status_code == 409
    assert "other assistants use this store by now" in text(answer)
    assert "Typed" in text(answer)
    assert remote.requests == []
    assert not StoreChange.objects.exists()


@pytest.mark.parametrize(
    ("fault", "status", "told"),
    [
        (refused("Unsupported file."), 422, "Unsupported file."),
        (FaultSpec(status=429, body="{}"), 502, "too many requests"),
        (FaultSpec(status=405, body="{}"), 502, "does not accept this change (405)"),
    ],
)
def test_a_change_that_fails_keeps_the_note(
    cast: Cast,
    library: Connection,
    users: list[Assistant],
    remote: Upstream,
    fault: FaultSpec,
    status: int,
    told: str,
) -> None:
    client, address = (
        cast.client("publisher"),
        f"{root(library)}store/add/?id=vs_help&file=file-faq",
    )
    remote.fail_next("POST", fault)
    answer = client.post(address, {**form_of(client, address), "note": "Typed text"})
    assert answer.status_code == status
    assert told in text(answer)
    assert "Nothing has changed." in text(answer)
    assert "Typed text" in text(answer)
    assert "Typed text" in get(client, address), "also on the next visit"
    assert entries(users[0]) == []


def test_a_change_in_doubt_says_so_and_is_settled_by_the_next_look(
    cast: Cast, library: Connection, users: list[Assistant], remote: Upstream
) -> None:
    client, address = (
        cast.client("publisher"),
        f"{root(library)}store/add/?id=vs_help&file=file-faq",
    )
    remote.fail_next("POST", FaultSpec(late=True, reset=True))
    answer = client.post(address, form_of(client, address), follow=True)
    assert "may still take effect until" in text(answer)
    assert "Unconfirmed" in text(answer)
    assert "An earlier change of this document is not settled yet." in get(client, address)
    remote.land()
    OpenStoreChange.objects.update(look_at="2026-01-01T00:00:00Z")
    assert "Took effect" in get(client, f"{root(library)}store/documents/?id=vs_help")
    assert len(entries(users[0])) == 1


def upload(client: Client, address: str, name: str = "prices.md", **options: Any) -> Any:
    file = SimpleUploadedFile(name, b"# Prices")
    return client.post(address, {"file": file}, **options)


def test_a_file_is_uploaded_by_form(cast: Cast, library: Connection, remote: Upstream) -> None:
    client, address = cast.client("publisher"), f"{root(library)}files/upload/"
    page = get(client, address)
    assert "Up to 32 MB." in page
    assert "pdf" in page
    answer = upload(client, address)
    assert (answer.status_code, answer["Location"]) == (303, f"{root(library)}files/")
    assert "prices.md" in get(client, f"{root(library)}files/")
    answer = upload(client, f"{address}?store=vs_help", HTTP_HX_REQUEST="true")
    assert answer["HX-Redirect"].startswith(f"{root(library)}store/add/?id=vs_help&file=file-new")
    assert len(asked(remote, "POST")) == 2


@pytest.mark.parametrize(
    ("fault", "name", "status", "told"),
    [
        (None, "virus.exe", 422, "No tool reads this kind of file."),
        (refused("Too many files."), "a.md", 502, "Too many files."),
        (FaultSpec(status=500), "a.md", 502, "The file may or may not be there."),
        (FaultSpec(status=404, body="{}"), "a.md", 502, "Nothing was uploaded."),
    ],
)
def test_an_upload_that_fails_says_what_to_do(
    cast: Cast,
    library: Connection,
    remote: Upstream,
    fault: FaultSpec | None,
    name: str,
    status: int,
    told: str,
) -> None:
    client, address = cast.client("publisher"), f"{root(library)}files/upload/"
    for options in ({}, {"HTTP_HX_REQUEST": "true"}):
        if fault:
            remote.fail_next("POST", fault)
        answer = upload(client, address, name, **options)
        assert (answer.status_code, answer["X-Told"]) == (status, "true")
        assert told in text(answer)
        assert ("<main" in answer.content.decode()) is not bool(options)
    assert "Choose a file" in text(client.post(address, {}))


def test_a_store_is_made_by_form(cast: Cast, library: Connection, remote: Upstream) -> None:
    client, address = cast.client("publisher"), f"{root(library)}stores/new/"
    assert "Enter a name." in text(client.post(address, {"name": " "}))
    remote.fail_next("POST", FaultSpec(reset=True))
    answer = client.post(address, {"name": "Price lists"})
    assert "may or may not be there" in text(answer)
    assert 'value="Price lists"' in answer.content.decode()
    answer = client.post(address, {"name": "Price lists"}, follow=True)
    assert "Price lists" in text(answer)
    assert "Add a document" in text(answer)


def test_an_entry_cannot_be_restored(
    cast: Cast, library: Connection, users: list[Assistant]
) -> None:
    add_document(author=cast.publisher, document=place(library), confirmed=mark(library))
    client, page = cast.client("publisher"), f"/w/main/assistants/{users[0].pk}/"
    (entry,) = entries(users[0])
    assert f"/restore/{entry.number}/" not in client.get(f"{page}history/").content.decode()
    detail = client.get(f"{page}history/{entry.number}/")
    assert f"/restore/{entry.number}/" not in detail.content.decode()
    assert "Documents changed" in text(detail)
    for answer in (
        client.get(f"{page}restore/{entry.number}/", follow=True),
        client.post(f"{page}restore/{entry.number}/", follow=True),
    ):
        assert "there is nothing to restore" in text(answer)
    assert not users[0].drafts.exists()
    as_json = client.get(f"{page}history/{entry.number}/?format=json").json()
    assert (as_json["kind"], as_json["outcome"], as_json["version"]) == (
        "documents",
        "applied",
        None,
    )
    for address in ("history/", "edit/", "code/", "compare/1..live/", "history/?kind=documents"):
        assert client.get(f"{page}{address}").status_code == 200
    assert client.get("/w/main/").status_code == 200


def test_the_editor_leads_publishers_to_the_files(
    cast: Cast, library: Connection, users: list[Assistant]
) -> None:
    page = f"/w/main/assistants/{users[0].pk}/edit/"
    link = f'href="{root(library)}files/" target="_blank"'
    assert link in cast.client("publisher").get(page).content.decode()
    assert link not in cast.client("editor").get(page).content.decode()
