"""Journeys over the rows of the editor: moving and removing functions and pairs."""

import pytest
from playwright.sync_api import Page, expect

from assistants.models import Assistant
from assistants.services.connections.client import registry_of
from tests.conftest import Cast
from tests.e2e.browsing import address
from tests.e2e.conftest import Browse
from tests.services.conftest import Make

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

NAMES = ("get_order", "check_stock", "book_room")


@pytest.fixture
def tooled(cast: Cast, published: Make) -> Assistant:
    """An assistant with a file search and three functions."""
    registry = registry_of(cast.workspace)
    assert registry
    functions = [{"type": "function", "function": {"name": name}} for name in NAMES]
    tools = [{"type": "file_search"}, *functions]
    return published(registry, tools=tools, metadata={"owner": "Ada"})


def titles(page: Page) -> list[str]:
    """The functions on the page in their order, without those removed."""
    rows = page.locator("#functions [data-row]:not([data-removed]) [data-row-title]")
    return rows.all_inner_texts()


def tools_of_draft(assistant: Assistant) -> list[str]:
    draft = assistant.drafts.get().definition
    return [tool.get("function", tool).get("name", tool["type"]) for tool in draft.value("tools")]


def saved(page: Page) -> None:
    expect(page.locator("#saved")).to_contain_text("Draft saved")


def test_a_function_is_moved_by_buttons(browse: Browse, tooled: Assistant) -> None:
    page = browse()
    page.goto(address(tooled))
    up = page.get_by_role("button", name="Move book_room up")
    up.press("Enter")
    expect(up).to_be_focused()
    expect(page.locator("#announcer")).to_contain_text("is now number 2 of 3.")
    up.press("Enter")
    assert titles(page) == ["book_room", "get_order", "check_stock"]
    saved(page)
    expect(page.locator("#changed")).to_contain_text("1 field changed")
    assert tools_of_draft(tooled) == ["file_search", "book_room", "get_order", "check_stock"]
    page.reload()
    assert titles(page) == ["book_room", "get_order", "check_stock"]


def test_a_moved_function_stays_where_it_is_when_another_is_added(
    browse: Browse, tooled: Assistant
) -> None:
    page = browse()
    page.goto(address(tooled))
    page.get_by_role("button", name="Move get_order down").click()
    page.get_by_role("button", name="Add a function").click()
    expect(page.locator("[name=function-3-name]")).to_be_focused()
    assert titles(page) == ["check_stock", "get_order", "book_room", "New function"]
    expect(page.locator("#functions details[open]")).to_have_count(1)


def test_a_function_is_dragged(browse: Browse, tooled: Assistant) -> None:
    page = browse()
    page.goto(address(tooled))
    handles = page.locator("#functions [data-row-drag]")
    handles.first.scroll_into_view_if_needed()
    start, end = handles.nth(0).bounding_box(), handles.nth(2).bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 5, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + 5, end["y"] + 30, steps=10)
    assert titles(page) == ["check_stock", "book_room", "get_order"]
    page.keyboard.press("Escape")
    assert titles(page) == list(NAMES)
    page.mouse.up()
    page.mouse.move(start["x"] + 5, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + 5, end["y"] + 30, steps=10)
    page.mouse.up()
    saved(page)
    assert tools_of_draft(tooled) == ["file_search", "check_stock", "book_room", "get_order"]


def test_a_function_is_removed_and_brought_back(browse: Browse, tooled: Assistant) -> None:
    page = browse()
    page.goto(address(tooled))
    remove = page.get_by_role("button", name="Remove check_stock", exact=True)
    remove.press("Enter")
    assert titles(page) == ["get_order", "book_room"]
    undo = page.get_by_role("button", name="Undo removing check_stock")
    expect(undo).to_be_focused()
    saved(page)
    assert tools_of_draft(tooled) == ["file_search", "get_order", "book_room"]
    undo.press("Enter")
    expect(remove).to_be_focused()
    expect(page.locator("#changed")).to_contain_text("No changes")
    assert titles(page) == list(NAMES)


def test_a_pair_is_removed_and_has_no_order(browse: Browse, tooled: Assistant) -> None:
    page = browse()
    page.goto(address(tooled))
    row = page.locator("#row_metadata-0")
    expect(row.get_by_role("button")).to_have_count(1)
    expect(row.get_by_role("checkbox")).to_have_count(0)
    row.get_by_role("button", name="Remove").click()
    expect(row).to_contain_text("Removed owner")
    saved(page)
    assert "metadata" not in tooled.drafts.get().definition.fields()


def test_without_javascript_rows_are_typed(browse: Browse, tooled: Assistant) -> None:
    page = browse(java_script_enabled=False)
    page.goto(address(tooled))
    page.locator("#row_function-2 summary").first.click()
    page.fill("[name=function-2-position]", "1")
    page.locator("#row_function-0 summary").first.click()
    page.check("[name=function-0-DELETE]")
    page.check("[name=metadata-0-DELETE]")
    page.get_by_role("button", name="Save draft").click()
    assert tools_of_draft(tooled) == ["book_room", "file_search", "check_stock"]
