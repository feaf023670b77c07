"""Choosing a file by name, and what the page says about a model: by mouse and by keyboard."""

import pytest
from playwright.sync_api import Page, Response, expect

from assistants.models import Assistant, Connection, Draft
from tests.e2e.browsing import PHONE, address, faults
from tests.e2e.conftest import Browse
from tests.pages.offering import FILES, MODELS, STORES
from tests.services.conftest import Make
from tests.upstream import Upstream

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
BOTH = [{"type": "code_interpreter"}, {"type": "file_search"}]


@pytest.fixture
def assistant(published: Make, connection_to: Connection, remote: Upstream) -> Assistant:
    """An assistant on a gateway with files, stores and models, of which nothing is read yet."""
    made = published(connection_to, model="gpt-5", tools=BOTH)
    remote.models, remote.files, remote.vector_stores = MODELS, FILES, STORES
    return made


def saves(answer: Response) -> bool:
    return "autosave" in answer.url


def resources(assistant: Assistant) -> object:
    return Draft.objects.get(assistant=assistant).definition.value("tool_resources")


def choose(page: Page, kind: str) -> None:
    page.locator(f"#choose-{kind}").click()
    expect(page.locator("dialog.chooser")).to_be_visible()


def test_a_file_is_chosen_by_name_and_a_model_is_warned_about(
    browse: Browse, assistant: Assistant
) -> None:
    page = browse("editor")
    page.goto(address(assistant))
    notice = page.locator("#notice_model")
    expect(notice).to_contain_text("retires on 11 Dec 2026. Change to “gpt-5.2”")  # read meanwhile
    page.locator("#basics-card").evaluate("(card) => (card.open = false)")
    page.get_by_text("Check the model").click()
    expect(page.get_by_text("Check the model")).to_be_hidden()
    page.get_by_label("Model").fill("gtp-4o")
    expect(notice).to_contain_text("This connection does not list “gtp-4o”")
    page.get_by_label("Model").fill("gpt-4o")
    expect(notice).to_be_empty()

    choose(page, "files")
    expect(page.get_by_label("Search names and IDs")).to_be_focused()
    page.get_by_label("Search names and IDs").fill("ment 2")
    expect(page.locator(".chooser .entries li")).to_have_count(1)
    expect(page.get_by_label("Search names and IDs")).to_be_focused()
    with page.expect_response(saves):
        page.get_by_label("Document 2.pdf").check()
    assert faults(page) == set()
    page.get_by_role("button", name="Done").click()

    chosen = page.get_by_role("group", name="Files for the code interpreter")
    expect(chosen).to_contain_text("Document 2.pdf")
    assert resources(assistant) == {"code_interpreter": {"file_ids": ["file-2"]}}
    assert faults(page) == set()

    with page.expect_response(saves):
        chosen.get_by_role("button", name="Remove Document 2.pdf").click()
    expect(chosen).to_contain_text("None chosen.")
    expect(page.locator("#choose-files")).to_be_focused()


def test_one_store_takes_the_place_of_another_by_keyboard_on_a_phone(
    browse: Browse, assistant: Assistant
) -> None:
    page = browse("editor", viewport=PHONE)
    page.goto(address(assistant) + "#knowledge")
    expect(page.get_by_text("File search is on, but no vector store is chosen")).to_be_visible()
    page.locator("#choose-vector_stores").focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog.chooser")).to_be_visible()
    assert faults(page) == set()
    for name, other in (("Help center", "Old shop"), ("Old shop", "Help center")):
        page.get_by_label(name).focus()
        with page.expect_response(saves):
            page.keyboard.press("Space")
        expect(page.get_by_label(name)).to_be_checked()
        expect(page.get_by_label(other)).not_to_be_checked()
    page.keyboard.press("Escape")
    expect(page.locator("dialog.chooser")).to_be_hidden()
    expect(page.get_by_role("group", name="Vector store for file search")).to_contain_text(
        "Old shop"
    )
    expect(page.get_by_text("but no vector store is chosen")).to_have_count(0)
    assert resources(assistant) == {"file_search": {"vector_store_ids": ["vs_2"]}}


def test_presets_and_not_set_follow_the_number(browse: Browse, live: Assistant) -> None:
    page = browse("editor")
    page.goto(address(live))
    number = page.locator("[name=temperature]")
    expect(number).to_have_value("0.5")
    precise = page.get_by_role("button", name="Precise")
    with page.expect_response(saves):
        precise.press("Enter")
    expect(number).to_have_value("0.2")
    expect(precise).to_have_attribute("aria-pressed", "true")
    with page.expect_response(saves):
        number.fill("0,7")
    expect(page.get_by_role("button", name="Balanced")).to_have_attribute("aria-pressed", "true")
    with page.expect_response(saves):
        page.get_by_role("button", name="Not set : Temperature").press("Space")
    expect(number).to_have_value("")
    expect(precise).to_have_attribute("aria-pressed", "false")
    assert Draft.objects.get(assistant=live).definition.value("temperature") is None
    assert faults(page) == set()


def test_without_scripts_ids_are_typed_and_names_are_on_a_page(
    browse: Browse, assistant: Assistant, connection_to: Connection
) -> None:
    page = browse("editor", java_script_enabled=False)
    page.goto(address(assistant))
    page.locator("[name=code_interpreter_file_ids]").fill("file-1")
    expect(page.get_by_role("button", name="Precise")).to_be_hidden()
    page.get_by_role("button", name="Save draft").click()
    assert resources(assistant) == {"code_interpreter": {"file_ids": ["file-1"]}}
    page.goto(f"/w/main/connections/{connection_to.pk}/knowledge/?kind=files")
    expect(page.get_by_text("This list has not been read.")).to_be_visible()
