"""A whole function pasted among its parameters, as the browser takes it apart and saves it."""

import json

import pytest
from playwright.sync_api import Response, expect

from assistants.models import Assistant, Draft
from tests.e2e.browsing import address, show_json
from tests.e2e.conftest import Browse

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

WHOLE = {
    "type": "function",
    "function": {
        "name": "get_order",
        "description": "Finds an order.",
        "parameters": {"type": "object", "properties": {"id": {"type": "strng"}}},
        "strict": True,
        "returns": "order",
    },
}


def saves(answer: Response) -> bool:
    sent = answer.request.post_data or ""
    return "action=keep" in sent and "function-0-rest" in sent


def test_what_was_taken_apart_saves_itself_and_stays_apart(browse: Browse, live: Assistant) -> None:
    page = browse()
    page.goto(address(live))
    page.get_by_role("button", name="Add a function").click()
    expect(page.locator("[name=function-0-name]")).to_be_focused()
    show_json(page, "function-0-parameters")
    parameters = page.locator("[name=function-0-parameters]")
    parameters.fill(json.dumps(WHOLE))
    with page.expect_response(saves):
        page.get_by_role("button", name="Split into fields").click()

    expect(page.locator("[name=function-0-name]")).to_have_value("get_order")
    expect(page.locator("[name=function-0-name]")).to_be_focused()
    expect(page.locator("[name=function-0-strict]")).to_be_checked()
    beside = page.locator("#builder_function-0-parameters")
    expect(beside).to_contain_text("“strng” is not a type of JSON Schema.")
    expect(page.get_by_role("button", name="Split into fields")).to_have_count(0)
    draft = Draft.objects.get(assistant=live)
    assert draft.definition.value("tools")[-1] == WHOLE

    show_json(page, "function-0-parameters")
    parameters.fill(json.dumps(WHOLE["function"]["parameters"]).replace("strng", "string"))
    expect(beside).not_to_contain_text("is not a type")
    page.reload()
    page.locator("summary", has_text="get_order").click()
    expect(page.locator("[name=function-0-name]")).to_have_value("get_order")
