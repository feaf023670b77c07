"""Files and vector stores by name: in the editor, its fragment, and the page to choose from."""

from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from assistants.models import Assistant, Connection, OfferEntry, OfferList
from assistants.services.connections.client import registry_of
from assistants.services.connections.offers import refresh_offers
from tests.conftest import Cast
from tests.pages.conftest import Make
from tests.pages.editing import address
from tests.pages.offering import asked_behind, offering
from tests.pages.reading import tight
from tests.pages.reviewing import text_of
from tests.upstream import FaultSpec, Upstream

pytestmark = pytest.mark.django_db(transaction=True)
BOTH = [{"type": "code_interpreter"}, {"type": "file_search"}]


def resources(files: list[str], stores: list[str]) -> dict[str, Any]:
    return {
        "code_interpreter": {"file_ids": files},
        "file_search": {"vector_store_ids": stores},
    }


def section(cast: Cast, assistant: Assistant) -> str:
    """Return what the editor shows of Knowledge."""
    page = text_of(cast.client("editor").get(address(assistant)))
    start = page.index('<section class="card" id="knowledge-card" aria-labelledby="knowledge">')
    return tight(page[start : page.index("</section>", start)])


def choosing(connection: Connection, **query: str) -> str:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/w/main/connections/{connection.pk}/knowledge/?{asked}"


@pytest.fixture
def assistant(connection_to: Connection, published: Make, remote: Upstream) -> Assistant:
    made = published(
        connection_to, tools=BOTH, tool_resources=resources(["file-2", "file-9"], ["vs_2"])
    )
    offering(remote, connection_to)
    return made


def test_ids_are_shown_by_name_with_their_facts_and_what_is_wrong(
    cast: Cast, assistant: Assistant
) -> None:
    shown = section(cast, assistant)
    assert "Document 2.pdf" in shown
    assert "117.2\xa0KB · 21 Sep 2026 · Ready" in shown
    assert "Not among the files of this connection" in shown
    assert shown.count("Not among") == 1
    assert "Old shop" in shown
    assert "It cannot be used any more. Choose another one." in shown
    assert '<details class="more"><summary>IDs</summary>' in shown, "folded"
    assert "file-2\nfile-9</textarea>" in shown


def test_nothing_is_flagged_by_a_list_that_was_not_read_whole(
    cast: Cast, assistant: Assistant
) -> None:
    OfferList.objects.update(is_whole=False)
    assert "Not among" not in section(cast, assistant)


def test_a_list_that_fails_is_said_quietly_and_earlier_names_stay(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    remote.fail_next("GET", FaultSpec(status=500, body="no"))
    remote.fail_next("GET", FaultSpec(status=500, body="no"))
    remote.fail_next("GET", FaultSpec(status=500, body="no"))
    refresh_offers(connection=assistant.connection, kinds=["files"])
    shown = section(cast, assistant)
    assert "The list of files could not be read (last try" in shown
    assert "Document 2.pdf" in shown


def test_an_endpoint_without_lists_says_so_and_lets_ids_be_typed(
    cast: Cast, connection_to: Connection, published: Make
) -> None:
    assistant = published(connection_to, tools=BOTH, tool_resources=resources(["file-2"], []))
    refresh_offers(connection=connection_to)
    shown = section(cast, assistant)
    assert "This connection lists no files and no vector stores. Type the IDs" in shown
    assert '<details class="more" open>' in shown
    assert "Not among" not in shown


def test_the_registry_says_what_applications_do_instead(cast: Cast, published: Make) -> None:
    registry = registry_of(cast.workspace)
    assert registry
    shown = section(cast, published(registry))
    assert "The built-in registry keeps no files. Your applications search their own" in shown
    assert '<details class="more" open>' in shown
    assert "load delay" not in shown


@pytest.mark.parametrize(
    ("tools", "files", "stores", "said"),
    [
        ([], [], [], ""),
        (BOTH, ["file-1"], ["vs_1"], ""),
        ([{"type": "file_search"}], [], [], "File search is on, but no vector store is chosen."),
        ([], [], ["vs_1"], "A vector store is chosen, but file search is off"),
        ([{"type": "code_interpreter"}], [], [], "The code interpreter is on without files."),
        ([], ["file-1"], [], "Files are chosen, but the code interpreter is off"),
    ],
)
def test_tools_and_knowledge_agree_or_the_page_explains(
    cast: Cast,
    connection_to: Connection,
    published: Make,
    tools: list[Any],
    files: list[str],
    stores: list[str],
    said: str,
) -> None:
    assistant = published(connection_to, tools=tools, tool_resources=resources(files, stores))
    shown = section(cast, assistant)
    sentences = ("File search is on", "A vector store is", "The code interpreter is", "Files are")
    assert [one for one in sentences if one in shown] == [one for one in sentences if one in said]
    assert said in shown


def test_the_fragment_names_what_is_typed_and_ticked(cast: Cast, assistant: Assistant) -> None:
    page = text_of(cast.client("editor").get(address(assistant)))
    typed = {
        "code_interpreter_file_ids": " file-1 \r\nfile-1\r\n\r\nfile-x\0",
        "vector_store_ids": "vs_1",
        "file_search-0-enabled": "on",
        "model": "nowhere",
    }
    told = tight(text_of(asked_behind(cast, page, typed)))
    assert told.count("Document 1.pdf") == 2, "its name, and the button that removes it"
    assert "Help center" in told
    assert "12 files · 3.2\xa0MB" in told
    assert "Files are chosen, but the code interpreter is off" in told
    assert told.count("Not among the files") == 1
    assert 'id="models"' not in told, "what did not change is not sent again"


def test_thousands_of_typed_ids_are_named_as_far_as_a_page_has_room(
    cast: Cast, assistant: Assistant
) -> None:
    page = text_of(cast.client("editor").get(address(assistant)))
    ids = "\n".join(f"file-{number}" for number in range(5000))
    told = text_of(asked_behind(cast, page, {"code_interpreter_file_ids": ids}))
    assert told.count("data-removes") == 50
    assert "And 4950 more, in the IDs below." in told


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Document 3.pdf", "Document 2.pdf", "Document 1.pdf"]),
        ("DOCUMENT 2", ["Document 2.pdf"]),
        ("2 doc", ["Document 2.pdf"]),
        ("file-1", ["Document 1.pdf"]),
        ("dócument", ["Document 3.pdf", "Document 2.pdf", "Document 1.pdf"]),
        ("100%", []),
        ("_", ["Document 3.pdf", "Document 2.pdf", "Document 1.pdf"]),
        ("\0", ["Document 3.pdf", "Document 2.pdf", "Document 1.pdf"]),
    ],
)
def test_a_search_finds_names_and_ids(
    cast: Cast, assistant: Assistant, query: str, names: list[str]
) -> None:
    client = cast.client("editor")
    path = choosing(assistant.connection, kind="files")
    page = text_of(client.get(path, {"kind": "files", "q": query}))
    found = [
        name for name in ("Document 3.pdf", "Document 2.pdf", "Document 1.pdf") if name in page
    ]
    assert found == names
    assert ("Nothing matches." in page) == (not names)


def test_the_dialog_gets_boxes_and_the_page_ids_to_copy(cast: Cast, assistant: Assistant) -> None:
    client, path = cast.client("editor"), choosing(assistant.connection, kind="vector_stores")
    dialog = text_of(client.get(path, HTTP_HX_REQUEST="true"))
    assert '<input type="checkbox" data-takes="vs_1">' in dialog
    assert 'data-field="vector_store_ids" data-most="1"' in dialog
    assert "<html" not in dialog
    page = text_of(client.get(path))
    assert 'data-copy="vs_1"' in page
    assert "data-takes" not in page
    assert "<h1>Vector stores</h1>" in page


def test_a_long_list_is_paged_by_key_with_few_queries(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    remote.files = [
        {"id": f"file-{number}", "created_at": 9**9 - number} for number in range(10**4)
    ]
    remote.models = []
    listed = OfferList.objects.create(connection=connection_to, kind="files", is_whole=True)
    OfferEntry.objects.bulk_create(
        OfferEntry(list=listed, remote_id=f"file-{number}", folded=f"file{number}")
        for number in range(10_000)
    )
    client, path = cast.client("editor"), choosing(connection_to, kind="files")
    with CaptureQueriesContext(database) as first:
        page = text_of(client.get(path))
    assert page.count("data-copy") == 20
    assert "file-9999" in page
    second = text_of(client.get(f"{path}&after={OfferEntry.objects.get(remote_id='file-9980').pk}"))
    assert "file-9979" in second
    assert "Newer" in second
    with CaptureQueriesContext(database) as deep:
        text_of(client.get(f"{path}&q=file&after={OfferEntry.objects.get(remote_id='file-50').pk}"))
    assert len(deep) - 1 == len(first) <= 6
    assert remote.requests == []


@pytest.mark.parametrize("query", ["kind=models", "kind=x", "kind=files%00"])
def test_another_kind_is_not_found(cast: Cast, connection_to: Connection, query: str) -> None:
    path = f"/w/main/connections/{connection_to.pk}/knowledge/?{query}"
    assert cast.client("editor").get(path).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("stranger", 404), ("viewer", 403), ("editor", 200), ("admin", 200)]
)
def test_who_may_look(cast: Cast, connection_to: Connection, who: str, status: int) -> None:
    page = cast.client(who).get(choosing(connection_to, kind="files"))
    assert page.status_code == status
    if status == 200:
        assert "This list has not been read." in text_of(page)


def test_foreign_names_are_escaped_and_named(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to, tools=BOTH, tool_resources=resources(["file-1"], []))
    remote.files = [{"id": "file-1", "filename": "<b>\u202egnp.exe", "status": "<i>odd</i>"}]
    refresh_offers(connection=connection_to)
    for page in (
        section(cast, assistant),
        text_of(cast.client("editor").get(choosing(connection_to, kind="files"))),
    ):
        assert "&lt;b&gt;" in page
        assert "&lt;i&gt;odd" in page
        assert "<b>" not in page
        assert "\u202e" not in page


def test_answers_offer_presets_and_not_set_with_scripts_only(
    cast: Cast, assistant: Assistant
) -> None:
    page = tight(text_of(cast.client("editor").get(address(assistant))))
    for value in ("0.2", "0.7", "1.2"):
        assert f'data-sets="id_temperature" data-value="{value}"' in page
    for name in ("temperature", "top_p"):
        assert f'needs-js" data-sets="id_{name}" data-value=""' in page
    assert "What each reasoning effort means" in page
