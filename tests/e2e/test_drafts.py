"""What is typed and not published yet: kept, found again, and never overwritten unasked."""

import re

import pytest
from playwright.sync_api import Route, expect

from assistants.models import Assistant, Draft
from tests.conftest import Cast
from tests.e2e.browsing import address
from tests.e2e.conftest import Browse

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_a_draft_waits_at_home_and_is_discarded(browse: Browse, live: Assistant) -> None:
    page = browse("editor")
    page.goto(address(live))
    page.fill("[name=name]", "Half an idea")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Draft saved.")).to_be_visible()
    page.goto("/w/main/")
    page.get_by_role("region", name="Your drafts").get_by_role("link", name="Continue").click()
    expect(page.locator("[name=name]")).to_have_value("Half an idea")
    page.get_by_role("link", name="Discard").click()
    expect(page.locator("#change-name")).to_contain_text("Half an idea")
    page.get_by_role("button", name="Discard").click()
    expect(page.locator("[name=name]")).to_have_value("Support")
    assert not Draft.objects.exists()


def test_typing_saves_the_draft_and_says_when(browse: Browse, live: Assistant) -> None:
    page = browse("editor", timezone_id="Asia/Kathmandu")
    page.goto(address(live))
    saved, changed = page.locator("#saved"), page.locator("#changed")
    expect(changed).to_have_text("No changes")
    expect(saved).to_have_text("")
    page.locator("[name=instructions]").press_sequentially("Wait. ")
    expect(saved).to_have_text(re.compile(r"Draft saved \d\d:\d\d UTC\+5:45"))
    expect(changed).to_have_text("1 field changed")
    assert str(Draft.objects.get().definition.value("instructions")).startswith("Wait. ")
    expect(page.locator("[name=instructions]")).to_be_focused()
    page.locator("[name=instructions]").press_sequentially("Then go. ")
    expect(saved).to_have_text("Not saved yet")
    expect(saved).to_have_text(re.compile(r"Draft saved \d\d:\d\d UTC\+5:45"))
    assert str(Draft.objects.get().definition.value("instructions")).startswith("Wait. Then go. ")
    page.fill("[name=instructions]", "Be kind.\nBe brief.")
    expect(changed).to_have_text("No changes")
    assert not Draft.objects.exists()


def test_leaving_at_once_takes_along_what_was_just_typed(browse: Browse, live: Assistant) -> None:
    page = browse()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(address(live))
    page.fill("[name=name]", "In a hurry")
    page.get_by_role("link", name="History").click()
    expect(page).to_have_url(re.compile("/history/"))
    for _ in range(200):  # it is sent on the way out, and nobody waits for it
        if Draft.objects.exists():
            break
        page.wait_for_timeout(50)
    page.get_by_role("link", name="Edit").click()
    expect(page.locator("[name=name]")).to_have_value("In a hurry")
    assert asked == []


def test_leaving_asks_where_it_cannot_be_kept(browse: Browse, live: Assistant) -> None:
    page = browse()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.goto(address(live))
    page.locator("[name=instructions]").fill("x" * 100_000)
    page.locator("[name=instructions]").press_sequentially("y")
    with page.expect_event("dialog"):
        page.get_by_role("link", name="History").click()
    assert asked == ["beforeunload"]
    expect(page.locator("#saved")).to_have_text(re.compile("Draft saved"))
    page.get_by_role("link", name="History").click()
    expect(page).to_have_url(re.compile("/history/"))
    assert asked == ["beforeunload"]


def test_a_draft_is_found_again_after_the_browser_was_closed(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    page = browse("editor")
    page.goto(address(live))
    page.fill("[name=name]", "Half an idea")
    page.fill("[name=metadata-0-value]", "sales")
    expect(page.locator("#saved")).to_have_text(re.compile("Draft saved"))
    page.locator("[name=instructions]").press_sequentially("One more thing. ")
    with page.expect_event("close"):
        page.close(run_before_unload=True)
    page.context.close()

    page = browse("editor")
    page.goto("/w/main/")
    page.get_by_role("region", name="Your drafts").get_by_role("link", name="Continue").click()
    expect(page.locator("[name=name]")).to_have_value("Half an idea")
    expect(page.locator("[name=metadata-0-value]")).to_have_value("sales")
    expect(page.locator("[name=instructions]")).to_have_value(re.compile("^One more thing. "))
    expect(page.locator("#saved")).to_have_text(re.compile("Draft saved"))
    page.goto("/w/main/assistants/")
    expect(page.get_by_role("row", name="Support")).to_contain_text("Your draft")


def test_what_is_typed_before_the_page_is_ready_is_saved(browse: Browse, live: Assistant) -> None:
    page = browse("editor")
    page.add_init_script("""addEventListener("DOMContentLoaded", () => {
        const name = document.querySelector("[name=name]");
        name.value = "Quick";
        name.dispatchEvent(new Event("input", { bubbles: true }));
    }, { capture: true, once: true })""")  # before htmx listens
    page.goto(address(live))
    expect(page.locator("#saved")).to_have_text(re.compile("Draft saved"))
    assert Draft.objects.get(assistant=live).definition.value("name") == "Quick"


def test_a_new_assistant_is_saved_while_it_is_typed(browse: Browse, cast: Cast) -> None:
    page = browse("editor")
    page.goto("/w/main/assistants/new/")
    page.fill("[name=name]", "Fresh")
    expect(page.locator("#saved")).to_have_text(re.compile("Draft saved"))
    expect(page).to_have_url(re.compile(r"/assistants/\d+/edit/$"))
    page.fill("[name=model]", "gpt-5.2")
    expect(page.locator("#saved")).to_have_text("Not saved yet")
    expect(page.locator("#saved")).to_have_text(re.compile("Draft saved"))
    assert Draft.objects.get().definition.to_dict() == {"name": "Fresh", "model": "gpt-5.2"}
    page.fill("[name=description]", "Straight on")
    page.get_by_role("button", name="Review", exact=True).click()
    expect(page.locator("#change-description")).to_be_visible()
    assert Assistant.objects.count() == 1
    page.reload()
    expect(page.locator("#change-name")).to_be_visible()


def test_a_button_waits_for_a_save_that_is_under_way(browse: Browse, live: Assistant) -> None:
    page = browse()
    page.goto(address(live))
    slow: list[Route] = []

    def hold(route: Route) -> None:
        slow.append(route)

    page.route("**/edit/**", hold, times=1)
    page.fill("[name=name]", "Slowly")
    while not slow:
        page.wait_for_timeout(50)
    page.fill("[name=name]", "Slowly but surely")
    page.get_by_role("button", name="Review and publish").click()
    page.wait_for_timeout(200)
    assert page.url.endswith("/edit/")
    slow[0].continue_()
    expect(page.locator("#change-name ins")).to_contain_text("surely")
    assert Draft.objects.get().definition.value("name") == "Slowly but surely"


def test_a_save_that_fails_is_said_and_tried_again(browse: Browse, live: Assistant) -> None:
    page = browse()
    page.goto(address(live))
    page.route("**/edit/**", lambda route: route.abort())
    page.fill("[name=name]", "Kept")
    expect(page.locator("#saved")).to_have_text(
        "Not saved: the dashboard could not be reached. Trying again in 5 seconds …"
    )
    page.unroute("**/edit/**")
    busy = {"status": 503, "headers": {"Retry-After": "1"}}
    page.route("**/edit/**", lambda route: route.fulfill(**busy))
    page.fill("[name=name]", "Kept in the end")
    expect(page.locator("#saved")).to_have_text(
        "Not saved: the dashboard is busy. Trying again in 1 second …"
    )
    page.unroute("**/edit/**")
    expect(page.locator("#saved")).to_have_text(re.compile("Draft saved"))
    assert Draft.objects.get().definition.value("name") == "Kept in the end"


def test_a_server_of_the_release_before_saves_too(browse: Browse, live: Assistant) -> None:
    page = browse()
    page.goto(address(live))
    page.route("**/edit/autosave/", lambda route: route.fulfill(status=404))
    page.fill("[name=name]", "Saved as before")
    expect(page.locator("#saved")).to_have_text(re.compile("Draft saved"))
    assert Draft.objects.get().definition.value("name") == "Saved as before"


def test_a_button_leaves_no_page_that_cannot_be_saved(browse: Browse, live: Assistant) -> None:
    page = browse()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.goto(address(live))
    page.route("**/edit/**", lambda route: route.abort())
    page.fill("[name=name]", "Typed while nothing answers")
    page.get_by_role("button", name="Review and publish").click()
    expect(page.locator("#saved")).to_contain_text("Not saved: the dashboard could not be reached.")
    expect(page.locator("[name=name]")).to_have_value("Typed while nothing answers")
    with page.expect_event("dialog"):
        page.get_by_role("link", name="History").click()
    assert asked == ["beforeunload"]
    page.unroute("**/edit/**")
    expect(page.locator("#saved")).to_have_text(re.compile("Draft saved"))
    page.get_by_role("button", name="Review and publish").click()
    expect(page.locator("#change-name")).to_contain_text("Typed while nothing answers")


def test_two_tabs_overwrite_nothing_unasked(browse: Browse, live: Assistant) -> None:
    first = browse()
    first.goto(address(live))
    second = first.context.new_page()
    second.goto(address(live))
    first.fill("[name=name]", "From the first tab")
    expect(first.locator("#saved")).to_have_text(re.compile("Draft saved"))
    second.fill("[name=name]", "From the second tab")
    told = second.get_by_text(
        "This draft was saved elsewhere, such as in another tab, since you opened this page"
    )
    expect(told).to_be_visible()
    expect(second.locator("#saved")).to_contain_text("Not saved")
    expect(second.locator("[name=name]")).to_have_value("From the second tab")
    first.fill("[name=name]", "From the first tab, still")
    expect(first.locator("#saved")).to_have_text("Not saved yet")
    expect(first.locator("#saved")).to_have_text(re.compile("Draft saved"))
    assert Draft.objects.get().definition.value("name") == "From the first tab, still"

    second.get_by_role("button", name="Replace it with this text").click()
    expect(second.get_by_text("Draft saved.")).to_be_visible()
    assert Draft.objects.get().definition.value("name") == "From the second tab"
    first.fill("[name=name]", "From the first tab, again")
    expect(first.locator("#elsewhere")).to_contain_text("saved elsewhere")
    assert Draft.objects.get().definition.value("name") == "From the second tab"


def test_a_colleagues_draft_is_published_with_both_names(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    editor = browse("editor")
    editor.goto(address(live))
    editor.fill("[name=instructions]", "Be kind.\nBe thorough.")
    editor.get_by_role("button", name="Review changes").click()
    expect(editor.get_by_text("Publishers can open it")).to_be_visible()

    publisher = browse("publisher")
    publisher.goto("/w/main/")
    publisher.get_by_role("region", name="Drafts by others").get_by_role(
        "link", name="Review"
    ).click()
    expect(publisher.get_by_text("Draft by Emil, saved just now")).to_be_visible()
    publisher.get_by_role("button", name="Publish", exact=True).click()
    newest = publisher.locator("table.history tbody tr").first
    expect(newest).to_contain_text("Pia")
    expect(newest).to_contain_text("drafted by Emil")
