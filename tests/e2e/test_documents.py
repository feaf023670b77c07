"""Uploading a file, making a store, and changing the documents of a live one, in a browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assistants.models import Assistant, Connection, OfferEntry
from tests.conftest import Cast
from tests.documents.conftest import FILES, STORES, USES, library, users
from tests.documents.test_approvals import by_freeze, by_policy
from tests.e2e.browsing import DESK, PHONE, address, change_live, faults
from tests.e2e.conftest import Browse
from tests.services.conftest import Make
from tests.upstream import FaultSpec, Upstream

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
__all__ = ["library", "users"]
LOOKS = ((DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark"))


@pytest.fixture
def assistant(published: Make, connection_to: Connection, remote: Upstream) -> Assistant:
    remote.files, remote.vector_stores = [*FILES], [dict(row) for row in STORES]
    return published(connection_to, name="Support")


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    path = tmp_path / "prices.md"
    path.write_text("# Prices\n")
    return path


def check(page: Page) -> None:
    """Hold axe against the page in each size and scheme."""
    for size, scheme in LOOKS:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert faults(page) == set(), (page.url, scheme, size)
    page.set_viewport_size(DESK)  # type: ignore[arg-type]


def test_a_publisher_changes_the_documents_of_a_live_assistant(
    browse: Browse, cast: Cast, assistant: Assistant, remote: Upstream, prices: Path
) -> None:
    page = browse()
    page.goto("/w/main/connections/")
    page.locator(".card", has_text="Production").get_by_role(
        "link", name="Files and vector stores"
    ).click()
    expect(page.get_by_text("faq.md", exact=True)).to_be_visible()  # read behind the page
    check(page)

    page.get_by_role("link", name="Upload a file").click()
    check(page)
    page.get_by_label("File").set_input_files(str(prices))
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("#messages")).to_contain_text("is uploaded.")
    expect(page.locator(".library li").first).to_contain_text("prices.md")

    page.get_by_role("link", name="New vector store").click()
    check(page)
    page.get_by_label("Name").fill("Price lists")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Price lists")).to_be_visible()
    expect(page.get_by_text("There are no documents here.")).to_be_visible()

    store = OfferEntry.objects.get(name="Price lists")
    resources = {"file_search": {"vector_store_ids": [store.remote_id]}}
    change_live(cast.publisher, assistant, tools=USES["tools"], tool_resources=resources)
    page.get_by_role("link", name="Add a document").click()
    check(page)
    row = page.locator(".library li", has_text="prices.md")
    row.get_by_role("link", name="Choose").click()
    expect(page.get_by_text("1 live assistant uses this store:")).to_be_visible()
    expect(page.get_by_role("link", name="Support")).to_be_visible()
    check(page)
    page.get_by_label("Why?").fill("New prices since Monday")
    page.get_by_role("button", name="Add at once").click()
    expect(page.locator("#documents li")).to_contain_text("prices.md")
    expect(page.get_by_text("Took effect", exact=True)).to_be_visible()
    check(page)

    page.locator("#documents").get_by_role("link", name="Remove").click()
    check(page)
    page.get_by_role("button", name="Remove at once").click()
    expect(page.get_by_text("There are no documents here.")).to_be_visible()

    page.goto(f"{address(assistant, 'history')}")
    rows = page.locator("table.history tbody tr")
    expect(rows.nth(0)).to_contain_text("Removed prices.md from the vector store Price lists")
    expect(rows.nth(1)).to_contain_text("Added prices.md to the vector store Price lists")
    expect(rows.nth(1)).to_contain_text("New prices since Monday")
    expect(rows.nth(2)).to_contain_text("v2")
    assert faults(page) == set()
    rows.nth(0).get_by_role("link", name="no version").click()
    expect(page.get_by_text("Documents changed")).to_be_visible()
    assert faults(page) == set()


def test_an_admin_adds_a_document_without_approval(
    browse: Browse, cast: Cast, library: Connection, users: list[Assistant]
) -> None:
    by_policy(cast, users)
    by_freeze(cast, users)
    add = f"/w/main/connections/{library.pk}/store/add/?id=vs_help"
    page = browse("publisher")
    page.goto(add)
    check(page)
    page.locator(".library li", has_text="faq.md").get_by_role("link", name="Choose").click()
    expect(page.get_by_text("Ask an admin, who can change them without approval")).to_be_visible()
    expect(page.get_by_role("button", name="Add")).to_have_count(0)
    check(page)

    page = browse("admin")
    page.goto(f"{add}&file=file-faq")
    expect(page.get_by_role("heading", name="Change without approval")).to_be_visible()
    page.get_by_label("Reason").fill(" ")
    page.get_by_role("button", name="Add without approval").click()
    expect(page.get_by_text("Say why, in at most")).to_be_visible()
    check(page)
    page.get_by_label("Reason").fill("Legal asked for it.")
    page.get_by_role("button", name="Add without approval").click()
    expect(page.locator("#documents li", has_text="faq.md")).to_be_visible()
    expect(page.get_by_text("Changed without approval: Legal asked for it.")).to_be_visible()
    check(page)


def test_an_upload_that_fails_keeps_the_file_and_one_too_large_is_not_sent(
    browse: Browse, assistant: Assistant, remote: Upstream, prices: Path, tmp_path: Path
) -> None:
    page = browse()
    page.goto(f"/w/main/connections/{assistant.connection_id}/files/upload/")
    large = tmp_path / "large.md"
    large.write_bytes(b"x" * (33 * 1024 * 1024))
    page.get_by_label("File").set_input_files(str(large))
    expect(page.get_by_text("This file is larger than 32 MB.")).to_be_visible()
    assert faults(page) == set()

    remote.fail_next("POST", FaultSpec(status=500))
    page.get_by_label("File").set_input_files(str(prices))
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("The file may or may not be there.")).to_be_visible()
    assert page.get_by_label("File").evaluate("(input) => input.files.length") == 1
    assert page.locator("#toasts").inner_text() == ""

    page.route("**/files/upload/", lambda route: route.abort("connectionreset"))
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("#upload-trouble")).to_contain_text("interrupted")
    assert page.get_by_label("File").evaluate("(input) => input.files.length") == 1
    page.unroute("**/files/upload/")
    page.get_by_role("button", name="Upload").click()
    expect(page.locator(".library li").first).to_contain_text("prices.md")


def test_without_scripts_everything_works(
    browse: Browse, assistant: Assistant, remote: Upstream, prices: Path
) -> None:
    page = browse(java_script_enabled=False)
    root = f"/w/main/connections/{assistant.connection_id}/"
    page.goto(f"{root}files/")
    page.get_by_role("link", name="Read the list again").click()
    expect(page.get_by_text("faq.md", exact=True)).to_be_visible()
    page.goto(f"{root}files/upload/?store=vs_help")
    page.get_by_label("File").set_input_files(str(prices))
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", name="Add prices.md to Help centre?")).to_be_visible()
    page.get_by_role("button", name="Add at once").click()
    page.get_by_role("link", name="Read the documents").click()
    expect(page.locator("#documents li")).to_contain_text("prices.md")
