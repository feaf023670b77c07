"""The editor on a phone: a short header, and the sections as steps."""

import re
import time

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from assistants.models import Assistant, Draft
from tests.conftest import Cast
from tests.e2e.browsing import BEYOND, address, change_live, faults
from tests.e2e.conftest import Browse
from tests.e2e.test_layout import box

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 800}
IN_SIGHT = """() => [...document.querySelectorAll(".editor-body > .card")]
  .filter(card => card.getBoundingClientRect().height > 0)
  .map(card => card.querySelector("h2").firstChild.textContent.trim())"""
FUNCTION = {"type": "function", "function": {"name": "find", "parameters": {"type": "object"}}}


def steps_in_sight(page: Page) -> list[str]:
    return list(page.evaluate(IN_SIGHT))


def step(page: Page, way: str) -> Locator:
    return page.locator("#steps").get_by_role("link", name=re.compile(f"^{way}:"))


def current(page: Page) -> Locator:
    return page.locator("#rail [aria-current=true]")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_instructions_come_first_and_each_step_passes(
    browse: Browse, cast: Cast, live: Assistant, scheme: str
) -> None:
    row = change_live(cast.publisher, live, name="Support " * 12, tools=[FUNCTION])
    page = browse(viewport=PHONE, color_scheme=scheme)
    page.goto(address(row))
    assert steps_in_sight(page) == ["Instructions"]
    text, foot = box(page, "[name=instructions]"), box(page, "#foot")
    assert text["y"] < PHONE["height"] / 3
    assert text["height"] > PHONE["height"] / 3
    assert foot["y"] + foot["height"] <= PHONE["height"]
    expect(page.get_by_role("link", name="Next: Tools")).to_be_in_viewport()
    expect(page.get_by_text("Live v2")).to_be_visible()
    step(page, "Back").click()
    seen = [steps_in_sight(page)]
    assert faults(page) == set()
    while step(page, "Next").is_visible():
        step(page, "Next").click()
        seen.append(steps_in_sight(page))
        expect(current(page)).to_have_text(seen[-1][0])
        expect(current(page)).to_be_in_viewport()
        assert faults(page) == set()
    names = ("Basics", "Instructions", "Tools", "Knowledge", "Answers", "Metadata")
    assert seen == [[name] for name in names]
    expect(page.get_by_role("link", name="Back: Answers")).to_have_text("Back")
    page.get_by_label("More", exact=True).click()
    expect(page.get_by_role("link", name="Use in code")).to_be_visible()
    expect(page.get_by_role("button", name="Unfollow")).to_be_visible()
    expect(page.locator(".actions").get_by_text(str(row.remote_id))).to_be_visible()
    assert faults(page) == set()


def test_steps_are_reached_by_strip_by_keyboard_and_by_going_back(
    browse: Browse, live: Assistant
) -> None:
    page = browse(viewport=PHONE)
    page.goto(address(live))
    page.locator("#rail").get_by_role("link", name="Answers").press("Enter")
    page.fill("[name=temperature]", "0.3")
    expect(page.locator("#rail").get_by_role("link", name="Answers changed")).to_be_visible()
    step(page, "Next").press("Enter")
    assert steps_in_sight(page) == ["Metadata"]
    expect(page.locator("#metadata-title")).to_be_focused()
    page.go_back()
    assert steps_in_sight(page) == ["Answers"]
    expect(page.locator("[name=temperature]")).to_have_value("0.3")
    page.go_back()
    assert steps_in_sight(page) == ["Instructions"]
    page.go_forward()
    assert steps_in_sight(page) == ["Answers"]
    page.reload()
    assert steps_in_sight(page) == ["Answers"]
    page.locator("#changes > summary").click()
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Draft saved. Your changes")).to_be_visible()
    assert steps_in_sight(page) == ["Answers"]
    page.locator("#changes > summary").click()
    page.locator("#rail").get_by_role("link", name="Tools").click()
    page.locator("#changes > summary").click()
    page.locator("#changes-list").get_by_role("link", name="Temperature").click()
    expect(page.locator("[name=temperature]")).to_be_focused()
    assert steps_in_sight(page) == ["Answers"]


def test_a_refused_form_opens_at_its_first_error(browse: Browse, live: Assistant) -> None:
    page = browse(viewport=PHONE)
    page.goto(address(live) + "#basics")
    page.locator("[name=name]").evaluate("field => field.removeAttribute('maxlength')")
    page.fill("[name=name]", "Support " * 40)
    page.locator("#rail").get_by_role("link", name="Answers").click()
    page.fill("[name=temperature]", "9")
    page.locator("#rail").get_by_role("link", name="Instructions").click()
    page.get_by_role("button", name="Review and publish").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    assert steps_in_sight(page) == ["Basics"]
    rail = page.locator("#rail")
    expect(rail.get_by_role("link", name="Answers changed has an error")).to_be_visible()
    expect(rail.get_by_role("link", name="Tools", exact=True)).to_be_attached()
    assert faults(page) == set()
    summary.get_by_role("link", name="Temperature").click()
    assert steps_in_sight(page) == ["Answers"]
    expect(page.locator("[name=temperature]")).to_be_focused()


def test_text_in_another_step_is_found_by_the_browser(browse: Browse, live: Assistant) -> None:
    page = browse(viewport=PHONE)
    page.goto(address(live) + "#:~:text=Change%20temperature")
    page.wait_for_function("document.querySelector('.editor-body > .card:not([hidden]) #answers')")
    assert steps_in_sight(page) == ["Answers"]
    expect(current(page)).to_have_text("Answers")


def test_a_key_for_the_instructions_opens_their_step(browse: Browse, live: Assistant) -> None:
    page = browse(viewport=PHONE)
    page.goto(address(live) + "#answers")
    page.keyboard.press("Control+Alt+f")
    assert steps_in_sight(page) == ["Instructions"]
    expect(page.locator("#find input").first).to_be_focused()


def test_paper_and_a_wider_screen_show_all_steps(browse: Browse, live: Assistant) -> None:
    page = browse(viewport=PHONE)
    page.goto(address(live))
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(steps_in_sight(page)) == 6
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert steps_in_sight(page) == ["Instructions"]
    page.set_viewport_size({"width": 704, "height": 800})
    page.wait_for_function("!document.querySelector('.stepped')")
    assert len(steps_in_sight(page)) == 6
    expect(page.locator("#steps")).to_be_hidden()


def test_without_javascript_the_sections_are_below_each_other(
    browse: Browse, live: Assistant
) -> None:
    page = browse(viewport=PHONE, java_script_enabled=False)
    page.goto(address(live))
    for part in ("name", "instructions", "temperature"):
        page.locator(f"[name={part}]").scroll_into_view_if_needed()
    expect(page.locator("#steps")).to_be_hidden()
    page.get_by_label("More", exact=True).click()
    page.get_by_role("link", name="History").click()
    expect(page).to_have_url(re.compile("/history/"))


def test_a_new_assistant_is_begun_and_kept_from_step_to_step(
    browse: Browse, live: Assistant
) -> None:
    page = browse(viewport=PHONE)
    page.goto("/w/main/assistants/new/?from=nothing")
    assert steps_in_sight(page) == ["Basics"]
    page.fill("[name=name]", "Refund desk")
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    step(page, "Next").click()
    page.fill("[name=instructions]", "Be fair.")
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    page.evaluate("window.isTheSamePage = true")
    page.go_back()
    assert steps_in_sight(page) == ["Basics"]
    assert page.evaluate("window.isTheSamePage")
    expect(page.locator("[name=instructions]")).to_have_value("Be fair.")
    assert Draft.objects.get(assistant__name="Refund desk").definition.value("instructions")
    assert page.evaluate(BEYOND) <= 0


def test_on_a_phone_the_navigation_is_behind_its_button(browse: Browse, live: Assistant) -> None:
    page = browse(viewport=PHONE)
    page.goto("/w/main/")
    menu = page.get_by_role("button", name="Menu", exact=True)
    expect(page.get_by_role("link", name="Team")).to_be_hidden()
    menu.press("Enter")
    expect(page.get_by_role("link", name="Team")).to_be_visible()
    assert faults(page) == set()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Team")).to_be_hidden()
    expect(menu).to_be_focused()
    menu.click()
    page.get_by_role("link", name="Team").click()
    expect(page).to_have_url(re.compile("/team/"))


SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const shift of list.getEntries()) sum += shift.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 500);
})"""


def test_nothing_moves_while_the_script_of_the_steps_loads(browse: Browse, live: Assistant) -> None:
    page = browse(viewport=PHONE)

    def late(route: Route) -> None:
        time.sleep(0.5)
        route.continue_()

    page.route("**/editor/steps*.js", late)
    page.goto(address(live))
    assert steps_in_sight(page) == ["Instructions"]
    assert page.evaluate(SHIFTS) < 0.05
