"""The main job: edit an assistant, see what will change, publish it, find it in the history."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from assistants.models import Assistant, Connection, Draft, Outcome
from assistants.services.ledger.reading import live_definition
from tests.conftest import Cast
from tests.e2e.browsing import DESK, PHONE, address, change_live, fresh, show_json
from tests.e2e.conftest import Browse
from tests.services.conftest import Make
from tests.upstream import Upstream, refused

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

TEXTS = {
    "name": "Refund desk",
    "description": "Decides about refunds.",
    "model": "gpt-5.2",
    "instructions": "Be fair.\nBe quick.\nAnswer in JSON.",
    "file_search-0-max_num_results": "12",
    "file_search-0-score_threshold": "0.4",
    "code_interpreter_file_ids": "file-one\nfile-two",
    "vector_store_ids": "vs_handbook",
    "temperature": "0.2",
    "top_p": "0.9",
    "response_schema_name": "decision",
    "response_schema_description": "What was decided.",
    "response_schema_schema": '{"type": "object"}',
}
CHOICES = {
    "file_search-0-ranker": "auto",
    "response_format": "json_schema",
    "reasoning_effort": "low",
}
PARAMETERS = {"type": "object", "properties": {"order": {"type": "string"}}}
WANTED = {
    "name": "Refund desk",
    "description": "Decides about refunds.",
    "model": "gpt-5.2",
    "instructions": "Be fair.\nBe quick.\nAnswer in JSON.",
    "tools": [
        {
            "type": "file_search",
            "file_search": {
                "max_num_results": 12,
                "ranking_options": {"ranker": "auto", "score_threshold": 0.4},
            },
        },
        {
            "type": "function",
            "function": {
                "name": "get_order",
                "description": "Looks up an order.",
                "parameters": PARAMETERS,
                "strict": True,
            },
        },
    ],
    "tool_resources": {
        "code_interpreter": {"file_ids": ["file-one", "file-two"]},
        "file_search": {"vector_store_ids": ["vs_handbook"]},
    },
    "metadata": {"owner": "Ada", "region": "EU"},
    "temperature": 0.2,
    "top_p": 0.9,
    "response_format": {
        "type": "json_schema",
        "json_schema": {
            "name": "decision",
            "description": "What was decided.",
            "schema": {"type": "object"},
            "strict": True,
        },
    },
    "reasoning_effort": "low",
}


def fill_every_field(page: Page) -> None:
    """Change all there is, in an editor that shows the usual assistant of these tests."""
    page.get_by_role("checkbox", name="Code interpreter").uncheck()
    page.get_by_role("checkbox", name="File search").check()
    page.get_by_role("button", name="Add a function").click()
    expect(page.locator("[name=function-0-name]")).to_be_focused()
    page.fill("[name=function-0-name]", "get_order")
    page.fill("[name=function-0-description]", "Looks up an order.")
    show_json(page, "function-0-parameters")
    page.fill("[name=function-0-parameters]", json.dumps(PARAMETERS))
    page.check("[name=function-0-strict]")
    for name, choice in CHOICES.items():
        page.select_option(f'[name="{name}"]', choice)
    show_json(page, "response_schema_schema")
    for name, text in TEXTS.items():
        page.fill(f'[name="{name}"]', text)
    page.check("[name=response_schema_strict]")
    page.locator("#row_metadata-0").get_by_role("button", name="Remove").click()
    for row, (key, value) in enumerate((("owner", "Ada"), ("region", "EU")), start=1):
        page.get_by_role("button", name="Add a pair").click()
        expect(page.locator(f"[name=metadata-{row}-key]")).to_be_focused()
        page.fill(f"[name=metadata-{row}-key]", key)
        page.fill(f"[name=metadata-{row}-value]", value)


def test_an_assistant_is_created(browse: Browse) -> None:
    page = browse()
    page.goto("/w/main/")
    page.get_by_role("link", name="New assistant").first.click()
    page.get_by_role("button", name="Blank page").click()
    page.fill("[name=name]", "Refund desk")
    page.fill("[name=model]", "gpt-5.2")
    page.fill("[name=instructions]", "Be fair.\nBe quick.")
    page.get_by_role("button", name="Review and publish").click()
    expect(page.get_by_role("heading", name="Review the new assistant")).to_be_visible()
    page.get_by_label("What changed and why?").fill("The first of its kind")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published as v1.")).to_be_visible()
    expect(page.get_by_text("The first of its kind")).to_be_visible()

    assistant = Assistant.objects.get(name="Refund desk")
    assert live_definition(assistant).value("instructions") == "Be fair.\nBe quick."


def test_every_field_is_edited_reviewed_and_published(browse: Browse, live: Assistant) -> None:
    page = browse()
    page.goto(address(live))
    expect(page.get_by_text("Checked with the gateway just now")).to_be_visible()
    fill_every_field(page)
    page.get_by_role("button", name="Review and publish").click()

    expect(page.get_by_text("Compared with the live version, v1.")).to_be_visible()
    expect(page.get_by_text("Takes effect at once for everyone")).to_be_visible()
    for label in ("Name", "Instructions", "Tools", "Knowledge", "Metadata", "Reasoning effort"):
        expect(page.get_by_role("heading", name=label, exact=True)).to_be_visible()
    expect(page.locator("#change-instructions ins").first).to_contain_text("fair")
    expect(page.locator("#change-instructions del").first).to_contain_text("kind")
    assert live_definition(fresh(live)).value("name") == "Support"
    page.get_by_label("What changed and why?").fill("Refunds have a desk of their own")
    page.get_by_role("button", name="Publish", exact=True).click()

    expect(page.get_by_text("Published as v2. It is in effect for everyone now.")).to_be_visible()
    newest = page.locator("table.history tbody tr").first
    for text in ("v2", "Live", "Pia", "Refunds have a desk of their own", "gpt-4o → gpt-5.2"):
        expect(newest).to_contain_text(text)
    assert live_definition(fresh(live)).to_dict() == WANTED


def test_the_form_shows_what_was_published_and_a_save_without_a_change_does_nothing(
    browse: Browse, live: Assistant
) -> None:
    page = browse()
    page.goto(address(live))
    fill_every_field(page)
    page.get_by_role("button", name="Review and publish").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published as v2.")).to_be_visible()
    page.get_by_role("link", name="Edit", exact=True).click()
    for name, text in TEXTS.items():
        if name != "response_schema_schema":
            expect(page.locator(f'[name="{name}"]')).to_have_value(text)
    page.get_by_role("button", name="Review and publish").click()
    expect(page.get_by_text("Nothing was changed, so there is nothing to publish.")).to_be_visible()
    assert fresh(live).live_version == 2


def test_rows_are_removed_again(browse: Browse, live: Assistant) -> None:
    page = browse()
    page.goto(address(live))
    fill_every_field(page)
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Draft saved.")).to_be_visible()
    page.get_by_role("button", name="Remove get_order").click()
    page.get_by_role("button", name="Remove owner").click()
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#row_function-0")).to_have_count(0)
    definition = Draft.objects.get(assistant=live).definition
    assert definition.tool_kinds == ("file_search",)
    assert definition.value("metadata") == {"region": "EU"}


def test_nothing_can_be_added_at_the_limit_until_something_goes(
    browse: Browse, live: Assistant, cast: Cast
) -> None:
    change_live(cast.publisher, live, metadata={f"key {n:02}": "x" for n in range(15)})
    page = browse()
    page.goto(address(live))
    add = page.get_by_role("button", name="Add a pair")
    add.click()
    expect(page.locator("#row_metadata-15")).to_be_visible()
    expect(add).to_be_hidden()
    page.get_by_role("button", name="Remove key 03").click()
    add.click()
    expect(page.locator("#row_metadata-16")).to_be_visible()
    expect(add).to_be_hidden()
    page.get_by_role("button", name="Remove key 05").click()
    expect(add).to_be_visible()


def test_what_is_wrong_stands_at_its_field_and_the_summary_leads_there(
    browse: Browse, live: Assistant
) -> None:
    page = browse()
    page.goto(address(live))
    page.fill("[name=temperature]", "warm")
    page.get_by_role("button", name="Add a function").click()
    expect(page.locator("[name=function-0-name]")).to_be_focused()
    page.fill("[name=function-0-name]", "get_order")
    show_json(page, "function-0-parameters")
    page.fill("[name=function-0-parameters]", '{\n  "type": object\n}')
    with page.expect_response(
        lambda answer: answer.request.is_navigation_request() and answer.request.method == "POST"
    ) as answer:
        page.get_by_role("button", name="Review and publish").click()
    assert answer.value.status == 422
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("2 errors to fix")
    expect(page.locator("#error_function-0-parameters")).to_contain_text("Line 2, column 11")
    expect(page.locator("[name=temperature]")).to_have_value("warm")
    summary.get_by_role("link", name="Temperature").click()
    expect(page.locator("[name=temperature]")).to_be_focused()
    expect(page.locator("[name=function-0-parameters]")).to_have_value('{\n  "type": object\n}')


def test_the_gateway_refuses_with_its_reason_at_the_field(
    browse: Browse, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    page = browse()
    page.goto(address(assistant))
    page.fill("[name=model]", "gpt-nowhere")
    page.fill("[name=instructions]", "Be kind.\nBe thorough.")
    page.get_by_role("button", name="Review and publish").click()
    page.get_by_label("What changed and why?").fill("A better model")
    remote.fail_next("POST", refused("The model 'gpt-nowhere' does not exist.", param="model"))
    page.get_by_role("button", name="Publish", exact=True).click()

    trouble = page.locator(".error-summary")
    expect(trouble).to_contain_text("Refused. The live version is unchanged.")
    expect(trouble).to_contain_text("The model 'gpt-nowhere' does not exist.")
    expect(page.get_by_label("What changed and why?")).to_have_value("A better model")
    trouble.get_by_role("link", name="Model").click()
    expect(page.locator("#error_model")).to_contain_text("The model 'gpt-nowhere' does not exist.")
    expect(page.locator("[name=model]")).to_have_value("gpt-nowhere")
    expect(page.locator("[name=instructions]")).to_have_value("Be kind.\nBe thorough.")
    page.get_by_role("link", name="History").click()
    expect(page.locator("table.history tbody tr").first).to_contain_text("Refused")

    page.get_by_role("link", name="Edit", exact=True).click()
    page.fill("[name=model]", "gpt-5.2")
    page.get_by_role("button", name="Review and publish").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published as v2.")).to_be_visible()
    assert remote.assistants[str(assistant.remote_id)]["model"] == "gpt-5.2"
    assert [row.status for row in Outcome.objects.order_by("pk")][-2:] == ["rejected", "applied"]


def test_everything_works_without_scripts(browse: Browse, live: Assistant) -> None:
    page = browse(java_script_enabled=False)
    page.goto(address(live))
    page.fill("[name=instructions]", "Be kind.\nBe thorough.")
    page.get_by_role("button", name="Add a pair").click()
    expect(page.locator("[name=metadata-1-key]")).to_be_focused()
    page.fill("[name=metadata-1-key]", "region")
    page.fill("[name=metadata-1-value]", "EU")
    page.get_by_role("button", name="Add a function").click()
    expect(page.locator("[name=function-0-name]")).to_be_focused()
    page.fill("[name=function-0-name]", "get_order")
    page.get_by_role("button", name="Review and publish").click()
    expect(page.locator("#change-instructions ins")).to_have_text("thorough")
    page.get_by_label("What changed and why?").fill("By hand")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published as v2.")).to_be_visible()
    expect(page.locator("table.history tbody tr").first).to_contain_text("By hand")
    definition = live_definition(fresh(live))
    assert definition.value("metadata") == {"team": "support", "region": "EU"}
    assert definition.tool_kinds == ("code_interpreter", "function")

    page.goto("/w/main/assistants/?q=thorough")
    expect(page.locator("mark")).to_have_text("thorough")


def test_the_menu_opens_inwards_on_a_phone(browse: Browse, live: Assistant) -> None:
    page = browse(viewport=PHONE)
    page.goto(address(live))
    title, menu = page.locator("h1").bounding_box(), page.locator(".page-header summary")
    menu.click()
    button, panel = menu.bounding_box(), page.locator(".page-header .panel").bounding_box()
    assert title
    assert button
    assert panel
    assert abs(title["y"] - button["y"]) < 16
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= PHONE["width"]


def test_instructions_fill_the_window_and_count(browse: Browse, live: Assistant) -> None:
    page = browse()
    page.goto(address(live))
    counter = page.locator("#instructions-count")
    expect(counter).to_contain_text("18 of 256,000 characters")
    page.get_by_role("button", name="Full screen").click()
    expect(page.locator("#instructions-field")).to_have_class(re.compile("fullscreen"))
    page.locator("[name=instructions]").fill("😀\n😀")
    expect(counter).to_contain_text("3 of 256,000 characters")
    box = page.locator("[name=instructions]").bounding_box()
    bar = page.get_by_role("button", name="Close").bounding_box()
    assert box
    assert bar
    assert box["height"] > DESK["height"] * 0.75
    assert box["width"] > DESK["width"] * 0.7
    assert bar["y"] + bar["height"] <= box["y"]
    page.keyboard.press("Escape")
    expect(page.locator("#instructions-field")).not_to_have_class(re.compile("fullscreen"))
    page.fill("[name=name]", "n" * 257)
    expect(page.locator("[data-counts=id_name]")).to_have_class(re.compile("over"))
