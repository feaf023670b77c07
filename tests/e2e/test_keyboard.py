"""Shortcuts, and the colours that a person has chosen."""

import re

import pytest
from playwright.sync_api import Page, expect

from assistants.models import Assistant
from tests.conftest import Cast
from tests.e2e.browsing import address, fresh
from tests.e2e.conftest import Browse

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def press(page: Page, keys: str) -> None:
    page.wait_for_load_state()  # the scripts of a page hear no key before
    for key in keys.split():
        page.keyboard.press(key)


def test_pages_are_reached_by_keys(browse: Browse, cast: Cast) -> None:
    page = browse("viewer")
    page.goto("/w/main/team/")
    press(page, "g a")
    expect(page).to_have_url(re.compile("/w/main/assistants/$"))
    press(page, "/")
    expect(page.locator("#q")).to_be_focused()
    press(page, "g h ?")  # typed into the search, as letters
    expect(page.locator("#q")).to_have_value("gh?")
    page.locator("h1").click()
    press(page, "g h")
    expect(page).to_have_url(re.compile("/w/main/$"))


def test_the_shortcuts_are_listed_and_single_keys_can_be_switched_off(
    browse: Browse, cast: Cast
) -> None:
    page = browse("viewer")
    page.goto("/w/main/")
    press(page, "?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_be_visible()
    press(page, "g a Escape")  # goes nowhere while the list is open
    expect(sheet).to_be_hidden()
    press(page, "?")
    sheet.get_by_label("Use single-key shortcuts").uncheck()
    press(page, "Escape")
    page.reload()
    press(page, "?")
    expect(sheet).to_be_hidden()
    press(page, "g a")
    expect(page).to_have_url(re.compile("/w/main/$"))


@pytest.mark.parametrize("mod", ["Control", "Meta"])
def test_a_draft_is_saved_reviewed_and_published_by_keys(
    browse: Browse, live: Assistant, mod: str
) -> None:
    page = browse()
    page.goto(address(live))
    page.fill("[name=instructions]", "Be kind.\nBe thorough.")
    press(page, f"{mod}+s")
    expect(page.get_by_text("Draft saved.")).to_be_visible()
    page.fill("[name=name]", "Support desk")
    press(page, f"{mod}+Enter")
    expect(page.locator("#change-name")).to_be_visible()
    page.get_by_label("What changed and why?").fill("Faster")
    press(page, f"{mod}+Enter")
    expect(page.get_by_text("Published as v2.")).to_be_visible()
    assert fresh(live).live_version == 2


def test_the_way_through_a_page_by_tab_begins_with_a_link_to_its_content(
    browse: Browse, cast: Cast
) -> None:
    page = browse("viewer")
    page.goto("/w/main/")
    press(page, "Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    press(page, "Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_a_menu_closes_on_escape_and_gives_the_focus_back(browse: Browse, live: Assistant) -> None:
    page = browse()
    page.goto(address(live))
    menu = page.locator(".page-header details.menu")
    menu.locator("summary").focus()
    press(page, "Enter Tab")
    expect(page.get_by_role("button", name="Duplicate")).to_be_focused()
    press(page, "Escape")
    expect(menu.locator("summary")).to_be_focused()
    expect(page.get_by_role("button", name="Duplicate")).to_be_hidden()


def ground(page: Page) -> str:
    """Return the colour behind a page."""
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_colours_follow_the_system_until_one_is_chosen_and_stay_chosen(
    browse: Browse, cast: Cast
) -> None:
    page = browse("viewer", color_scheme="light")
    page.goto("/w/main/")
    light = ground(page)
    page.emulate_media(color_scheme="dark")
    dark = ground(page)
    assert light != dark

    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Light").click()
    assert ground(page) == light
    page.goto("/w/main/team/")
    assert ground(page) == light
    page.locator(".user-menu summary").click()
    expect(page.get_by_role("button", name="Light")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="System").click()
    assert ground(page) == dark
