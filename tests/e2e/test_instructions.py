"""The tools for the instructions, by mouse and by keyboard."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from assistants.models import Assistant, Draft
from tests.e2e.browsing import PHONE, address, faults
from tests.e2e.conftest import Browse

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
TEXT = """# Support desk

Greet {{name}}. The order is {order_id}, again {order_id}.

```
# no heading
```

## Refunds

1. Ask for the order
2. Look it up

2.1 Late orders

Be kind.
"""


@pytest.fixture
def page(browse: Browse, live: Assistant) -> Page:
    """The editor with `TEXT` in its instructions, saved."""
    page = browse()
    page.goto(address(live))
    page.fill("#id_instructions", TEXT)
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    return page


def tool(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name="Tools for the instructions").get_by_role(
        "button", name=name, exact=True
    )


def selected(page: Page) -> str:
    return str(
        page.locator("#id_instructions").evaluate(
            "(field) => field.value.slice(field.selectionStart, field.selectionEnd)"
        )
    )


def put(page: Page, text: str) -> None:
    """Put a long text into the instructions; typing it takes a browser too long."""
    page.locator("#id_instructions").evaluate(
        """(field, text) => {
          field.value = text;
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }""",
        text,
    )


def find(page: Page, text: str) -> Locator:
    """Open the bar by its key, search, and return where it tells what it found."""
    page.locator("#id_instructions").press("Control+Alt+f")
    page.get_by_label("Find", exact=True).fill(text)
    return page.locator("#find output")


def test_the_outline_leads_to_headings_and_variables(page: Page) -> None:
    tool(page, "Outline").click()
    outline = page.get_by_role("region", name="Outline")
    expect(outline.get_by_role("listitem")).to_have_text(
        ["Support desk", "Refunds", "2.1 Late orders", "{{name}}1", "{order_id}2"]
    )
    outline.get_by_role("button", name="Refunds").click()
    expect(page.locator("#id_instructions")).to_be_focused()
    assert selected(page) == "## Refunds"
    first = page.evaluate("document.activeElement.selectionStart")
    for _ in range(2):
        outline.get_by_role("button", name="{order_id}").press("Enter")
    assert selected(page) == "{order_id}"
    assert page.evaluate("document.activeElement.selectionStart") < first
    page.locator("#id_instructions").press_sequentially("\n\n### Tone\n")
    expect(outline.get_by_role("button", name="Tone")).to_be_visible()
    assert faults(page) == set()
    outline.get_by_role("button", name="Close").press("Escape")
    expect(outline).to_be_hidden()
    expect(tool(page, "Outline")).to_be_focused()


def test_finding_by_keyboard(page: Page) -> None:
    status = find(page, "order")
    expect(status).to_have_text("1 of 5")
    page.keyboard.press("Enter")
    page.keyboard.press("F3")
    expect(status).to_have_text("3 of 5")
    page.keyboard.press("Shift+Enter")
    expect(status).to_have_text("2 of 5")
    assert faults(page) == set()
    page.keyboard.press("Escape")
    expect(page.locator("#id_instructions")).to_be_focused()
    assert selected(page) == "order"
    expect(page).to_have_url(re.compile("/edit/$"))
    assert page.locator("#saved").inner_text().startswith("Draft saved"), "nothing was typed"


def test_case_and_expressions(page: Page) -> None:
    status = find(page, "LOOK")
    expect(status).to_have_text("1 of 1")
    page.get_by_role("button", name="Match case").click()
    expect(status).to_have_text("No matches")
    page.get_by_role("button", name="Regular expression").click()
    page.get_by_label("Find", exact=True).fill(r"^#+ \w+")
    expect(status).to_have_text("1 of 3")
    page.get_by_label("Find", exact=True).fill("(")
    expect(status).to_have_text("This regular expression is not valid.")


def test_an_endless_search_is_ended(page: Page) -> None:
    page.fill("#id_instructions", "a" * 40 + "!")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_role("button", name="Regular expression").click()
    page.get_by_label("Find", exact=True).fill("(a+)+$")
    expect(page.locator("#find output")).to_have_text(
        "This search takes too long. Use a simpler expression."
    )
    page.get_by_label("Find", exact=True).fill("a!")
    expect(page.locator("#find output")).to_have_text("1 of 1")


def test_replacing_is_saved_and_undone(page: Page, live: Assistant) -> None:
    status = find(page, "order")
    expect(status).to_have_text("1 of 5")
    page.get_by_label("Replace with").fill("case")
    page.keyboard.press("Enter")
    expect(status).to_have_text("1 of 4")
    expect(page.locator("#id_instructions")).to_have_value(TEXT.replace("order", "case", 1))
    page.get_by_role("button", name="Replace all").click()
    expect(status).to_have_text("Replaced: 4")
    changed = TEXT.replace("order", "case")
    expect(page.locator("#id_instructions")).to_have_value(changed)
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    assert Draft.objects.get(assistant=live).definition.value("instructions") == changed
    page.locator("#id_instructions").press("Control+z")
    expect(page.locator("#id_instructions")).to_have_value(TEXT.replace("order", "case", 1))


def test_replacing_in_a_long_text_is_undone_too(page: Page) -> None:
    text = "Be kind to orders.\n" * 10_000
    put(page, text)
    status = find(page, r"(\w+)s\.")
    page.get_by_role("button", name="Regular expression").click()
    expect(status).to_have_text("1 of 10,000")
    page.get_by_label("Replace with").fill("<$1>")
    page.get_by_role("button", name="Replace all").click()
    expect(status).to_have_text("Replaced: 10,000")
    field = page.locator("#id_instructions")
    expect(field).to_have_value(text.replace("orders.", "<order>"))
    field.press("Control+z")
    expect(field).to_have_value(text)
    field.press("Control+y")
    expect(field).to_have_value(text.replace("orders.", "<order>"))
    page.locator("#find").get_by_role("button", name="Replace all").click()
    expect(status).to_have_text("No matches")


def test_the_preview_follows_the_text(page: Page) -> None:
    tool(page, "Preview").click()
    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_role("heading", name="Refunds")).to_be_visible()
    page.locator("#id_instructions").press("Control+End")
    page.keyboard.type("\n## Tone\n")
    expect(preview.get_by_role("heading", name="Tone")).to_be_visible()
    assert faults(page) == set()
    tool(page, "Invisible characters").click()
    expect(preview).to_be_hidden()
    shown = page.get_by_role("region", name="Invisible characters")
    expect(shown).to_contain_text("No unusual invisible characters.")
    page.locator("#id_instructions").press_sequentially("a\u200bb")
    expect(shown.locator(".mark")).to_contain_text("zero-width space")
    assert faults(page) == set()


def test_a_mention_of_what_the_form_names(page: Page) -> None:
    page.get_by_role("button", name="Add a function").click()
    page.locator("[name$='-name'][name^='function-']").last.fill("find_order")
    page.locator("#id_instructions").press("Control+End")
    page.get_by_role("group", name="Tools for the instructions").locator("summary").click()
    page.get_by_role("button", name="find_order", exact=True).press("Enter")
    expect(page.locator("#id_instructions")).to_have_value(f"{TEXT}`find_order`")


def test_the_counter_names_characters_and_tokens(page: Page) -> None:
    page.fill("#id_instructions", "Hello 😀")
    counter = page.locator("#instructions-count")
    expect(counter).to_have_text("7 of 256,000 characters · about 4 tokens (estimate)")


def test_the_tools_on_a_phone(browse: Browse, live: Assistant) -> None:
    page = browse(viewport=PHONE)
    page.goto(address(live))
    page.fill("#id_instructions", TEXT)
    for name in ("Outline", "Find", "Preview"):
        tool(page, name).click()
        expect(tool(page, name)).to_have_attribute("aria-expanded", "true")
        assert faults(page) == set()


def test_without_scripts_the_preview_is_a_page_of_its_own(browse: Browse, live: Assistant) -> None:
    page = browse(java_script_enabled=False)
    page.goto(address(live))
    expect(page.get_by_role("button", name="Find", exact=True)).to_be_hidden()
    page.fill("#id_instructions", TEXT)
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Preview").click()
    expect(opened.value.get_by_role("heading", name="Refunds")).to_be_visible()
