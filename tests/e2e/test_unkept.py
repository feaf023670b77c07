"""Text that is on a page alone: no button, link or closing takes it away unasked."""

import re
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, expect

from assistants.models import Assistant, Draft
from tests.e2e.browsing import address
from tests.e2e.conftest import Browse

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

FOREIGN = "<h1>Sign in to the network</h1>"
ANSWERS: list[tuple[dict[str, Any], str]] = [
    ({"status": 200, "body": FOREIGN}, "could not be reached"),
    ({"status": 403}, "can no longer save your text"),
    ({"status": 404}, "this assistant no longer exists"),
    ({"status": 408}, "could not be reached"),
    ({"status": 413}, "too large"),
]


def stays(page: Page, text: str, told: str) -> None:
    """See that a button leads nowhere, that the page says why, and that leaving asks first."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    with page.expect_response("**/edit/**"):  # not that of who is here
        page.get_by_role("button", name="Review changes").click()
    expect(page.locator("#saved")).to_contain_text(told)
    expect(page.locator("[name=name]")).to_have_value(text)
    with page.expect_event("dialog"):
        page.get_by_role("link", name="History", exact=True).click()
    assert asked == ["beforeunload"]
    page.remove_listener("dialog", stay)


def test_what_no_answer_says_is_kept_stays_on_the_page(browse: Browse, live: Assistant) -> None:
    page = browse("editor")
    page.goto(address(live))
    answer: dict[str, Any] = {}
    page.route("**/edit/**", lambda route: route.fulfill(**answer))
    for number, (given, told) in enumerate(ANSWERS):
        answer = given
        page.fill("[name=name]", f"Text {number}")
        stays(page, f"Text {number}", told)
    page.unroute("**/edit/**")
    assert not Draft.objects.exists()
    page.fill("[name=name]", "Saved in the end")
    expect(page.locator("#saved")).to_have_text(re.compile("Draft saved"))
    assert Draft.objects.get().definition.value("name") == "Saved in the end"


def test_a_sign_out_in_another_tab_takes_no_text_along(browse: Browse, live: Assistant) -> None:
    page = browse("editor")
    page.goto(address(live))
    page.context.clear_cookies(name="sessionid")
    page.fill("[name=name]", "Typed signed out")
    stays(page, "Typed signed out", "You are signed out")
    expect(page.locator("#notices")).to_contain_text("The text on this page stays here")


def test_going_back_shows_what_was_saved_since(browse: Browse, live: Assistant) -> None:
    page, text = browse("editor"), "[name=instructions]"
    for typed in ("First", "Second"):
        page.goto(address(live))
        page.fill(text, typed)
        expect(page.locator("#saved")).to_have_text(re.compile("Draft saved"))
        page.goto("/w/main/")
    page.go_back()
    page.go_back()
    page.go_back()
    expect(page.locator("#here")).to_be_attached()
    expect(page.locator(text)).to_have_value("Second")


def test_going_back_brings_what_was_never_saved_and_overwrites_nothing(
    browse: Browse, live: Assistant
) -> None:
    page, text = browse("editor"), "[name=instructions]"
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address(live))
    page.route("**/edit/**", lambda route: route.fulfill(status=404))
    page.fill(text, "Never saved")
    expect(page.locator("#saved")).to_contain_text("this assistant no longer exists")
    page.goto("/w/main/")
    page.unroute("**/edit/**")
    page.goto(address(live))
    page.fill(text, "Saved since")
    expect(page.locator("#saved")).to_have_text(re.compile("Draft saved"))
    page.go_back()
    page.go_back()
    expect(page.locator(text)).to_have_value("Never saved")
    expect(page.locator("#saved")).to_have_text("Not saved: this draft was saved elsewhere")
    assert Draft.objects.get().definition.value("instructions") == "Saved since"
