"""Leaving an editor a moment after the last key, and coming back before all of it has arrived."""

import re
import threading
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Role
from assistants.models import Assistant, Draft, Presence
from assistants.services.editing import drafts
from tests.conftest import Cast
from tests.e2e.browsing import address
from tests.e2e.conftest import Browse
from tests.e2e.test_presence import open_page

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def slow_saves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each save take longer than showing a page does."""
    save = drafts.save_draft

    def slowly(**what: Any) -> Draft:
        threading.Event().wait(0.4)
        return save(**what)

    monkeypatch.setattr(drafts, "save_draft", slowly)


def goes_on(page: Page) -> None:
    """Type on, and see it saved: no page conflicts with the one that it came from."""
    page.locator("[name=name]").press("End")
    page.locator("[name=name]").press_sequentially("!")
    expect(page.locator("#saved")).to_have_text("Not saved yet")
    expect(page.locator("#saved")).to_have_text(re.compile("Draft saved"))
    expect(page.locator("#elsewhere")).to_be_empty()


@pytest.mark.usefixtures("slow_saves")
def test_reloading_at_once_shows_what_was_typed_last(browse: Browse, live: Assistant) -> None:
    page = browse("editor")
    page.goto(address(live))
    page.fill("[name=name]", "Before")
    expect(page.locator("#saved")).to_have_text(re.compile("Draft saved"))
    page.fill("[name=name]", "Typed last")
    page.reload()
    expect(page.locator("[name=name]")).to_have_value("Typed last")
    goes_on(page)
    assert Draft.objects.get().definition.value("name") == "Typed last!"


@pytest.mark.usefixtures("slow_saves")
def test_closing_and_opening_at_once_shows_it_too(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    page, user = browse("editor"), cast.editor.user
    open_page(page, address(live))
    page.fill("[name=name]", "Typed last")
    page.close(run_before_unload=True)
    Presence.objects.create(assistant=live, user=user, tab=f"{user.pk}-ended-without-a-word")
    page = page.context.new_page()
    open_page(page, address(live))
    expect(page.locator("[name=name]")).to_have_value("Typed last")
    expect(page.locator("#here")).to_be_empty()
    goes_on(page)


@pytest.mark.usefixtures("slow_saves")
def test_reloading_the_page_of_a_new_assistant_leads_to_it(browse: Browse, cast: Cast) -> None:
    page = browse("editor")
    page.goto("/w/main/assistants/new/")
    page.fill("[name=name]", "Fresh")
    page.reload()
    expect(page).to_have_url(re.compile(r"/assistants/\d+/edit/"))
    expect(page.locator("[name=name]")).to_have_value("Fresh")
    goes_on(page)
    assert Assistant.objects.get().name == "Fresh!"


def test_a_save_that_never_arrives_holds_nobody_up(browse: Browse, live: Assistant) -> None:
    page = browse("editor")
    page.goto(address(live))
    page.evaluate("navigator.sendBeacon = () => true")
    page.fill("[name=name]", "Lost on the way")
    page.reload()
    expect(page.locator("#editor")).not_to_have_attribute("inert", "")
    expect(page.locator("[name=name]")).to_have_value("Support")
    goes_on(page)
    assert page.evaluate("Object.keys(localStorage)") == ["basics"]


def test_a_lowered_role_is_said_at_once_and_the_text_comes_back(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    page = browse("editor")
    page.goto(address(live))
    Member.objects.filter(pk=cast.editor.pk).update(role=Role.VIEWER)
    page.fill("[name=name]", "Typed meanwhile")
    notice = page.locator("#notices")
    expect(notice).to_contain_text("Your role no longer allows this.")
    expect(notice).to_contain_text("What you typed is kept")
    expect(page.locator("#saved")).to_have_text("Kept as typed")
    page.get_by_role("button", name="Review changes").click()
    expect(page.get_by_text("You get it back when your role allows this again.")).to_be_visible()
    assert not Draft.objects.exists()

    Member.objects.filter(pk=cast.editor.pk).update(role=Role.EDITOR)
    page.goto(address(live))
    expect(page.locator("[name=name]")).to_have_value("Typed meanwhile")
    goes_on(page)
