"""Journeys over the frame of the editor: what is in sight, the rail, the foot, one field undone."""

import re

import pytest
from playwright.sync_api import Page, expect

from assistants.models import Assistant, Draft
from tests.e2e.browsing import BEYOND, PHONE, address, faults
from tests.e2e.conftest import Browse

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

LAPTOP = {"width": 1280, "height": 800}
FOLDED = "localStorage.setItem('basics', 'folded')"


def box(page: Page, selector: str) -> dict[str, float]:
    found = page.locator(selector).bounding_box()
    assert found
    return dict(found)


def put_back(page: Page, field: str) -> None:
    page.locator(f"#put-back-{field}").click()


def test_the_instructions_come_first_and_fill_the_window(browse: Browse, live: Assistant) -> None:
    page = browse(viewport=LAPTOP)
    page.add_init_script(FOLDED)
    page.goto(address(live))
    text, foot = box(page, "[name=instructions]"), box(page, "#foot")
    assert text["y"] < 260
    assert foot["y"] - 60 < text["y"] + text["height"] < foot["y"]
    assert foot["y"] + foot["height"] <= LAPTOP["height"]
    expect(page.locator("[name=model]")).to_be_hidden()
    line = page.locator(".basics-line")
    expect(line).to_contain_text("Support")
    expect(line).to_contain_text("gpt-4o")


def test_basics_open_in_place_and_stay_as_they_were_left(browse: Browse, live: Assistant) -> None:
    page = browse()
    page.goto(address(live))
    page.evaluate(FOLDED)
    page.reload()
    summary = page.locator("#basics-card > summary")
    expect(page.locator("[name=name]")).to_be_hidden()
    summary.press("Enter")
    page.fill("[name=name]", "Support desk")
    summary.press("Enter")
    expect(page.locator(".basics-line")).to_contain_text("Support desk")
    page.locator("#rail").get_by_role("link", name="Basics").click()
    expect(page.locator("[name=name]")).to_be_visible()


def test_the_rail_marks_where_one_is_and_what_has_changes(browse: Browse, live: Assistant) -> None:
    page = browse()
    page.goto(address(live))
    rail = page.locator("#rail")
    page.locator("#answers").scroll_into_view_if_needed()
    page.locator("[name=temperature]").focus()
    current = rail.locator("[aria-current=true]")
    expect(current).to_have_text("Answers")
    page.locator("[name=instructions]").scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, 0)")
    expect(current).to_have_text(re.compile("Basics|Instructions"))
    page.fill("[name=temperature]", "0.3")
    expect(rail.get_by_role("link", name="Answers changed")).to_be_visible()
    expect(page.locator("label[for=id_temperature]")).to_have_text("Temperature changed")
    page.fill("[name=temperature]", "0.5")
    expect(rail.get_by_role("link", name="Answers", exact=True)).to_be_visible()
    expect(page.locator("label[for=id_temperature]")).to_have_text("Temperature")


def test_one_field_is_undone_and_had_again(browse: Browse, live: Assistant) -> None:
    page = browse()
    page.goto(address(live))
    page.fill("[name=temperature]", "0.3")
    page.fill("[name=instructions]", "Be short.")
    changed = page.locator("#changed")
    expect(changed).to_have_text("2 fields changed")
    page.locator("#changes > summary").click()
    put_back(page, "instructions")
    expect(page.locator("[name=instructions]")).to_have_value("Be kind.\nBe brief.")
    expect(page.locator("[name=temperature]")).to_have_value("0.3")
    expect(page.locator("#put-back-instructions")).to_be_focused()
    expect(page.locator("#put-back-instructions")).to_have_text(re.compile("Redo"))
    expect(page.locator("#announcer")).to_have_text("Put back: Instructions")
    expect(changed).to_have_text("1 field changed")
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    page.wait_for_function("!document.querySelector('#saved').textContent.includes('Not saved')")
    put_back(page, "instructions")
    expect(page.locator("[name=instructions]")).to_have_value("Be short.")
    expect(changed).to_have_text("2 fields changed")
    page.locator("#changes-list").get_by_role("link", name="Temperature").click()
    expect(page.locator("[name=temperature]")).to_be_focused()
    expect(page.locator("#changes-list")).to_be_hidden()


def test_without_javascript_a_field_is_undone_and_saved(browse: Browse, live: Assistant) -> None:
    page = browse(java_script_enabled=False)
    page.goto(address(live))
    page.fill("[name=temperature]", "0.3")
    page.fill("[name=instructions]", "Be short.")
    page.get_by_role("button", name="Save draft").click()
    page.locator("#changes > summary").click()
    page.get_by_role("button", name="Undo Instructions").click()
    expect(page.get_by_role("button", name="Redo Instructions")).to_be_visible()
    expect(page.locator("[name=instructions]")).to_have_value("Be kind.\nBe brief.")
    page.get_by_role("button", name="Save draft").click()
    saved = Draft.objects.get().definition
    assert saved.value("instructions") == "Be kind.\nBe brief."
    assert saved.value("temperature") == 0.3


def test_the_foot_stays_in_sight_in_full_screen(browse: Browse, live: Assistant) -> None:
    page = browse(viewport=LAPTOP)
    page.goto(address(live))
    page.get_by_role("button", name="Full screen").click()
    text, foot = box(page, "[name=instructions]"), box(page, "#foot")
    assert text["y"] + text["height"] < foot["y"]
    page.locator("[name=instructions]").fill("Be short.")
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    expect(page.locator("#changed")).to_have_text("1 field changed")
    page.get_by_role("button", name="Review and publish").click()
    expect(page).to_have_url(re.compile("/review/"))


def test_on_a_phone_the_foot_has_one_row(browse: Browse, live: Assistant) -> None:
    page = browse(viewport=PHONE)
    page.goto(address(live) + "#answers")
    page.fill("[name=temperature]", "0.3")
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    assert box(page, "#foot")["height"] < 64
    assert page.evaluate(BEYOND) <= 0
    expect(page.get_by_role("button", name="Save draft")).to_be_hidden()
    page.locator("#changes > summary").click()
    expect(page.get_by_role("button", name="Save draft")).to_be_visible()
    expect(page.get_by_role("link", name="Discard")).to_be_visible()
    expect(page.get_by_role("button", name="Undo Temperature")).to_be_visible()
    assert faults(page) == set()
    put_back(page, "temperature")
    expect(page.locator("[name=temperature]")).to_have_value("0.5")
    page.locator("#changes > summary").click()
    page.get_by_role("button", name="Review and publish").click()
    expect(page.get_by_text("Nothing was changed")).to_be_visible()


def test_who_else_is_here_is_in_the_foot(browse: Browse, live: Assistant) -> None:
    pia, emil = browse("publisher"), browse("editor")
    pia.goto(address(live))
    emil.goto(address(live))
    expect(emil.locator("#beside")).to_have_text("Pia is editing")
