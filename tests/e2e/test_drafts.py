"""What is typed and not published yet: kept, found again, and never overwritten unasked."""

import re

import pytest
from playwright.sync_api import expect

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
    page.goto("/w/main/")
    page.get_by_role("region", name="Your drafts").get_by_role("link").click()
    expect(page.locator("[name=name]")).to_have_value("Half an idea")
    page.get_by_role("link", name="Discard").click()
    expect(page.locator("#change-name")).to_contain_text("Half an idea")
    page.get_by_role("button", name="Discard").click()
    expect(page.locator("[name=name]")).to_have_value("Support")
    assert not Draft.objects.exists()


def test_leaving_with_unsaved_text_asks_first(browse: Browse, live: Assistant) -> None:
    page = browse()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.goto(address(live))
    page.locator("[name=instructions]").press_sequentially("Wait. ")
    with page.expect_event("dialog"):
        page.get_by_role("link", name="History").click()
    assert asked == ["beforeunload"]
    expect(page.locator("[name=instructions]")).to_have_value(re.compile("Wait. "))

    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Draft saved.")).to_be_visible()
    page.get_by_role("link", name="History").click()
    expect(page).to_have_url(re.compile("/history/"))
    assert asked == ["beforeunload"]


def test_the_foot_of_the_form_says_what_is_not_saved(browse: Browse, live: Assistant) -> None:
    page = browse()
    page.goto(address(live))
    state, name = page.locator("#changed"), page.locator("[name=name]")
    expect(state).to_have_text("Nothing changed")
    name.fill("Other")
    expect(state).to_have_text("Unsaved changes")
    name.fill("Support")
    expect(state).to_have_text("Nothing changed")
    page.get_by_role("link", name="History").click()
    expect(page).to_have_url(re.compile("/history/"))


def test_a_second_tab_overwrites_nothing_unasked(browse: Browse, live: Assistant) -> None:
    first = browse()
    first.goto(address(live))
    second = first.context.new_page()
    second.goto(address(live))
    first.fill("[name=name]", "From the first tab")
    first.get_by_role("button", name="Save draft").click()
    expect(first.get_by_text("Draft saved.")).to_be_visible()
    second.fill("[name=name]", "From the second tab")
    second.get_by_role("button", name="Save draft").click()
    expect(second.get_by_text("You have saved this draft somewhere else")).to_be_visible()
    expect(second.locator("[name=name]")).to_have_value("From the second tab")
    assert Draft.objects.get().definition.value("name") == "From the first tab"
    second.get_by_role("button", name="Save draft").click()
    expect(second.get_by_text("Draft saved.")).to_be_visible()
    assert Draft.objects.get().definition.value("name") == "From the second tab"


def test_a_colleagues_draft_is_published_with_both_names(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    editor = browse("editor")
    editor.goto(address(live))
    editor.fill("[name=instructions]", "Be kind.\nBe thorough.")
    editor.get_by_role("button", name="Review changes").click()
    expect(editor.get_by_text("A publisher can publish it")).to_be_visible()

    publisher = browse("publisher")
    publisher.goto("/w/main/")
    publisher.get_by_role("region", name="Drafts of others").get_by_role("link").click()
    expect(publisher.get_by_text("Draft by Emil.")).to_be_visible()
    publisher.get_by_role("button", name="Publish").click()
    newest = publisher.locator("table.history tbody tr").first
    expect(newest).to_contain_text("Pia")
    expect(newest).to_contain_text("drafted by Emil")
