"""The command palette, the shortcuts of a page, and what a person chooses for themselves."""

import re

import pytest
from playwright.sync_api import Page, expect

from assistants.models import Assistant
from tests.conftest import Cast
from tests.e2e.browsing import DESK, PHONE, address, faults
from tests.e2e.conftest import Browse

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_an_assistant_is_found_and_opened_by_keys(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    page = browse("viewer")
    page.goto("/w/main/team/")
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Search and go to")
    box = palette.get_by_role("combobox")
    expect(box).to_be_focused()
    expect(palette.get_by_role("option", name="Home")).to_be_visible()
    page.keyboard.type(str(live)[:4].lower())
    expect(palette.get_by_role("status")).to_have_text(re.compile("2 results"))
    first, last = palette.get_by_role("option").all()
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(last).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", str(last.get_attribute("id")))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/assistants/{live.pk}/$"))


def test_it_closes_and_gives_the_focus_back(browse: Browse, live: Assistant) -> None:
    page = browse()
    page.goto(address(live))
    page.locator("[name=name]").focus()
    page.keyboard.press("Meta+k")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(page.locator("[name=name]")).to_be_focused()


def test_it_looks_right_to_everybody(browse: Browse, live: Assistant) -> None:
    page = browse()
    for size, scheme in ((DESK, "light"), (PHONE, "dark")):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto("/w/main/")
        page.locator(".palette-link").click()
        expect(page.get_by_role("option").first).to_be_visible()
        assert not faults(page, ())


def test_without_a_script_its_link_leads_to_the_search(browse: Browse, live: Assistant) -> None:
    page = browse("viewer", java_script_enabled=False)
    page.goto("/w/main/team/")
    page.get_by_role("link", name="Search").click()
    expect(page).to_have_url(re.compile("/w/main/assistants/$"))


def listed(page: Page) -> str:
    page.locator("h1").click()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_be_visible()
    text = sheet.inner_text()
    page.keyboard.press("Escape")
    return text


def test_the_list_of_shortcuts_names_what_works_on_the_page(
    browse: Browse, live: Assistant
) -> None:
    page = browse()
    page.goto("/w/main/team/")
    assert "Go home" in listed(page)
    assert "Save the draft" not in listed(page)
    page.goto("/w/main/assistants/")
    assert "Next change" not in listed(page)
    page.goto(address(live))
    assert "Save the draft" in listed(page)


def test_colours_and_rows_follow_a_person_into_another_browser(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    page = browse("viewer", color_scheme="light")
    page.goto("/w/main/")
    page.locator(".user-menu summary").click()
    with page.expect_response("**/account/choose/") as sent:
        page.get_by_role("button", name="Dark").click()
    assert sent.value.status == 204
    page.goto("/w/main/assistants/")
    page.get_by_text("View", exact=True).click()
    page.get_by_role("button", name="Compact").click()
    expect(page.locator("tbody tr").first).to_have_css("height", "32px")
    other = browse("viewer", color_scheme="light")
    other.goto("/w/main/assistants/")
    expect(other.locator("html")).to_have_attribute("data-theme", "dark")
    expect(other.locator("tbody tr").first).to_have_css("height", "32px")


def test_new_pages_are_accessible(browse: Browse, live: Assistant) -> None:
    page = browse()
    for path in ("/account/", "/w/main/help/", "/w/main/", "/w/main/assistants/?status=live"):
        for size, scheme in ((DESK, "dark"), (PHONE, "light")):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(path)
            assert not faults(page, ()), path
    page.locator(".filters summary").first.click()
    assert not faults(page, ())
