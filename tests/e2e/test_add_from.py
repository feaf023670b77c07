"""Adding functions to a draft from a pasted tool and from another assistant, in the browser."""

import json

import pytest
from playwright.sync_api import Page, Response, expect

from assistants.models import Assistant, Draft
from assistants.services.connections.client import registry_of
from tests.conftest import Cast
from tests.e2e.browsing import PHONE, address, faults
from tests.e2e.conftest import Browse
from tests.services.conftest import Make

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

TOOL = {
    "type": "function",
    "function": {
        "name": "get_order",
        "description": "Finds an order.",
        "parameters": {"type": "object", "properties": {"id": {"type": "string"}}},
        "strict": True,
    },
}
CANCEL = {"type": "function", "function": {"name": "cancel", "description": "Cancels it."}}
QUIET = ".htmx-added, .htmx-settling, .htmx-request"


def saves(answer: Response) -> bool:
    sent = answer.request.post_data or ""
    return "autosave" in answer.url and "get_order" in sent


def opened(page: Page, assistant: Assistant) -> None:
    page.goto(address(assistant) + "#tools-title")
    page.get_by_text("Add from …").click()


def tools(assistant: Assistant) -> object:
    return Draft.objects.get(assistant=assistant).definition.value("tools")


def test_a_pasted_tool_saves_itself_as_a_function(browse: Browse, live: Assistant) -> None:
    page = browse()
    opened(page, live)
    page.get_by_label("Paste a text").fill('{"name": ')
    page.get_by_role("button", name="Read the text").click()
    expect(page.locator("#error_from-text")).to_contain_text("the JSON ends too early")
    expect(page.get_by_label("Paste a text")).to_have_value('{"name": ')
    expect(page.locator(QUIET)).to_have_count(0)
    assert faults(page) == set()

    page.get_by_label("Paste a text").fill(json.dumps(TOOL))
    with page.expect_response(saves):
        page.get_by_role("button", name="Read the text").click()
    expect(page.locator("[name=function-0-name]")).to_have_value("get_order")
    expect(page.locator("[name=function-0-name]")).to_be_focused()
    expect(page.get_by_text("1 function added.")).to_be_visible()
    expect(page.locator("#add-from")).not_to_have_attribute("open", "")
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    assert tools(live) == [{"type": "code_interpreter"}, TOOL]


def test_functions_are_chosen_from_another_assistant(
    browse: Browse, cast: Cast, live: Assistant, published: Make
) -> None:
    registry = registry_of(cast.workspace)
    assert registry
    published(registry, name="Orders", tools=[TOOL, CANCEL])
    page = browse(viewport=PHONE)
    opened(page, live)
    page.get_by_role("button", name="Find assistants").click()
    expect(page.get_by_role("combobox", name="Assistant", exact=True)).to_be_focused()
    page.get_by_role("combobox", name="Assistant", exact=True).select_option(label="Orders")
    page.get_by_role("button", name="Show its functions").click()
    expect(page.get_by_label("get_order")).to_be_focused()
    expect(page.locator(QUIET)).to_have_count(0)
    assert faults(page) == set()
    page.get_by_label("cancel").uncheck()
    with page.expect_response(saves):
        page.get_by_role("button", name="Add the ticked functions").click()
    expect(page.locator("[name=function-0-name]")).to_have_value("get_order")
    assert tools(live) == [{"type": "code_interpreter"}, TOOL]


def test_a_text_is_read_without_javascript(browse: Browse, live: Assistant) -> None:
    page = browse(java_script_enabled=False)
    opened(page, live)
    page.get_by_label("Paste a text").fill(json.dumps([TOOL, CANCEL]))
    page.get_by_role("button", name="Read the text").click()
    expect(page.get_by_text("2 functions found. Tick what to add.")).to_be_visible()
    page.get_by_label("cancel").uncheck()
    page.get_by_role("button", name="Add the ticked functions").click()
    expect(page.locator("[name=function-0-name]")).to_have_value("get_order")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Draft saved.")).to_be_visible()
    assert tools(live) == [{"type": "code_interpreter"}, TOOL]
