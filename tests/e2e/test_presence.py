"""Two people, or two tabs, on one assistant: each is told of the other, and nobody is disturbed."""

import re
import time

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from playwright.sync_api import Page, Route, expect

from assistants.models import Assistant, Connection, Presence
from assistants.services.publishing.delete import delete_assistant
from assistants.services.syncing.jobs import start
from tests.conftest import Cast
from tests.e2e.browsing import PHONE, address, change_live, faults, fresh, sign_in
from tests.e2e.conftest import Browse
from tests.services.conftest import Make
from tests.upstream import Upstream

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

TYPING = """() => {
  const field = document.activeElement;
  return [field.name, field.value, field.selectionStart, field.selectionEnd];
}"""
PLACE = "document.activeElement.getBoundingClientRect().top"
COUNT_CHANGES = """() => {
  window.changes = 0;
  const observer = new MutationObserver((found) => (window.changes += found.length));
  for (const region of document.querySelectorAll("[role=status], [role=alert], #notices"))
    observer.observe(region, {childList: true, subtree: true, characterData: true});
}"""


def open_page(page: Page, path: str) -> None:
    """Open a page and wait until it has asked who else is here."""
    with page.expect_response("**/here/"):
        page.goto(path)


def look(page: Page) -> None:
    """Have the page ask now what it asks every half a minute, and wait for the answer."""
    with page.expect_response("**/here/"):
        page.evaluate("htmx.trigger(document.body, 'look')")


def wait_for_tabs(number: int) -> None:
    """Wait until that many editors are open: one that is closed says so without waiting for us."""
    deadline = time.monotonic() + 10
    while Presence.objects.count() != number and time.monotonic() < deadline:
        time.sleep(0.02)
    assert Presence.objects.count() == number


def test_a_colleague_is_named_while_her_editor_is_open(browse: Browse, live: Assistant) -> None:
    emil, pia = browse("editor"), browse("publisher")
    open_page(emil, address(live))
    expect(emil.locator("#here")).to_be_empty()
    open_page(pia, address(live))
    expect(pia.locator("#here")).to_have_text("Emil is editing")
    look(emil)
    expect(emil.locator("#here")).to_have_text("Pia is editing")

    pia.get_by_role("link", name="History").click()
    expect(pia).to_have_url(re.compile("/history/"))
    wait_for_tabs(1)
    look(emil)
    expect(emil.locator("#here")).to_have_text("")

    pia.go_back()
    expect(pia.locator("#here")).to_have_text("Emil is editing")
    look(emil)
    expect(emil.locator("#here")).to_have_text("Pia is editing")
    pia.close(run_before_unload=True)
    wait_for_tabs(1)
    look(emil)
    expect(emil.locator("#here")).to_have_text("")


def test_what_a_colleague_publishes_appears_and_touches_nothing(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    page, pia = browse("editor"), browse("publisher")
    open_page(pia, address(live))
    page.set_viewport_size({"width": 1280, "height": 500})
    open_page(page, address(live))
    expect(page.locator("#here")).to_have_text("Pia is editing")
    text = page.locator("[name=instructions]")
    text.press("Control+End")
    text.press_sequentially(" And thorough.")
    text.press("ArrowLeft")
    text.press("Shift+ArrowLeft")
    typing, place = page.evaluate(TYPING), page.evaluate(PLACE)
    assert typing[:2] == ["instructions", "Be kind.\nBe brief. And thorough."]
    region = page.locator("#outside").element_handle()

    change_live(cast.admin, live, name="Help desk")
    look(page)

    told = page.locator("#outside").get_by_text(
        "Ada has published v2 since this draft was started."
    )
    expect(told).to_be_attached()
    expect(page.get_by_role("link", name="v2 is live now")).to_be_in_viewport()
    assert page.evaluate(TYPING) == typing
    assert page.evaluate(PLACE) == pytest.approx(place, abs=1)
    assert region
    assert region.evaluate("(region) => region.isConnected && region.role === 'status'")

    page.evaluate(COUNT_CHANGES)
    look(page)
    assert page.evaluate("window.changes") == 0  # nothing is announced twice
    text.press_sequentially("!")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="See what changed").click()
    expect(opened.value).to_have_url(re.compile(r"/compare/1\.\.2/"))
    expect(opened.value.locator("#change-name")).to_contain_text("Help desk")
    expect(text).to_have_value("Be kind.\nBe brief. And thoroug!.")


def test_an_assistant_that_was_deleted_is_told_and_the_text_recreates_it(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    page = browse("admin")
    open_page(page, address(live))
    page.fill("[name=description]", "Worth keeping.")
    delete_assistant(author=cast.publisher, assistant=fresh(live))
    look(page)
    expect(page.get_by_text("Pia deleted this assistant.")).to_be_visible()
    page.get_by_role("button", name="Review and publish").click()
    page.get_by_role("button", name="Recreate").click()
    expect(page.get_by_text("Recreated as v2.")).to_be_visible()
    assert fresh(live).description == "Worth keeping."


def test_a_change_outside_is_told_once(
    browse: Browse, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    remote.assistants[str(assistant.remote_id)]["name"] = "By a script"
    page = browse("editor")
    page.goto(address(assistant))
    expect(page.get_by_text("Changed outside this dashboard: v2 is live now.")).to_be_visible()
    expect(page.get_by_text("Checked with the gateway just now")).to_be_visible()


def test_a_second_tab_is_told_in_both(browse: Browse, live: Assistant) -> None:
    first = browse("editor")
    open_page(first, address(live))
    second = first.context.new_page()
    open_page(second, address(live))
    told = "You also have this open in another tab"
    expect(second.locator("#here")).to_have_text(told)
    look(first)
    expect(first.locator("#here")).to_have_text(told)
    second.close(run_before_unload=True)
    wait_for_tabs(1)
    look(first)
    expect(first.locator("#here")).to_have_text("")


def test_who_reviews_sees_who_is_still_typing(browse: Browse, cast: Cast, live: Assistant) -> None:
    emil, pia = browse("editor"), browse("publisher")
    emil.goto(address(live))
    emil.fill("[name=name]", "Half an idea")
    emil.get_by_role("button", name="Save draft").click()
    expect(emil.get_by_text("Draft saved.")).to_be_visible()
    wait_for_tabs(1)
    open_page(pia, address(live, f"review/?drafter={cast.editor.user.pk}"))
    expect(pia.locator("#here")).to_have_text("Emil is editing")
    pia.fill("[name=note]", "A reason")
    look(emil)
    expect(emil.locator("#here")).to_have_text("")  # reviewing is not editing
    change_live(cast.admin, live, temperature=1)
    look(pia)
    expect(pia.get_by_text("Ada has published v2 since this draft was started.")).to_be_visible()
    expect(pia.locator("[name=note]")).to_have_value("A reason")


def test_silence_when_it_cannot_be_asked(browse: Browse, cast: Cast, live: Assistant) -> None:
    page = browse("editor")
    open_page(page, address(live))
    page.fill("[name=name]", "Still here")
    cast.editor.role = "viewer"
    cast.editor.save()
    with page.expect_response(lambda answer: answer.status == 403):
        page.evaluate("htmx.trigger(document.body, 'look')")
    failed = "htmx.trigger('#here', 'htmx:sendError', {requestConfig: {headers: %s}})"
    page.evaluate(failed % "{'X-Background': 'true'}")
    expect(page.locator("#toasts")).to_be_empty()
    expect(page.locator("[name=name]")).to_have_value("Still here")
    page.evaluate(failed % "{}")
    expect(page.locator("#toasts")).to_contain_text("could not be reached")


def test_an_ended_session_is_told_once_and_taken_back(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    page = browse("editor")
    open_page(page, address(live))
    address_of_site = page.url.split("/w/")[0]
    page.context.clear_cookies(name="sessionid")
    look(page)
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.evaluate(COUNT_CHANGES)
    look(page)
    assert page.evaluate("window.changes") == 0
    sign_in(page.context, cast, "editor", address_of_site)
    fresh_token = {"name": "csrftoken", "value": "a" * 32, "url": address_of_site}
    page.context.add_cookies([fresh_token])
    look(page)
    expect(page.get_by_text("You are signed out.")).to_have_count(0)
    assert Presence.objects.count() == 1


@pytest.mark.parametrize("page_of", ["edit/", "history/", "bring-in/"])
def test_asking_behind_a_page_takes_nobody_off_it(
    browse: Browse, cast: Cast, live: Assistant, page_of: str
) -> None:
    def sign_out(route: Route) -> None:
        Session.objects.all().delete()
        connection.close()  # Playwright calls this in a context of its own, with its own connection
        route.continue_()

    page = browse("publisher")
    path, asked = address(live, page_of), "**/check/?*"
    if page_of == "bring-in/":
        start(author=cast.publisher, connection=live.connection)
        path, asked = f"/w/main/connections/{live.connection_id}/bring-in/", "**/bring-in/step/"
    page.route(asked, sign_out)
    with page.expect_response(asked) as answer:
        page.goto(path)
    assert (answer.value.status, answer.value.headers["x-kept"]) == (401, "false")
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    assert page.url.endswith(path)
    page.unroute(asked)
    sign_in(page.context, cast, "publisher", page.url.split("/w/")[0])
    if page_of == "edit/":
        with page.expect_response(asked):
            look(page)  # when the person is back, it is asked again
        expect(page.get_by_text("Checked with the gateway just now")).to_be_visible()


@pytest.mark.parametrize(
    "event",
    [
        "window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))",
        "document.dispatchEvent(new Event('visibilitychange'))",
    ],
)
def test_coming_back_asks_at_once(browse: Browse, live: Assistant, event: str) -> None:
    page = browse("editor")
    open_page(page, address(live))
    Presence.objects.all().delete()
    with page.expect_response("**/here/"):
        page.evaluate(event)
    wait_for_tabs(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
def test_axe(browse: Browse, cast: Cast, live: Assistant, scheme: str, phone: bool) -> None:
    size = {"viewport": PHONE} if phone else {}
    page = browse("editor", color_scheme=scheme, **size)
    others = (cast.publisher, cast.admin, cast.editor)
    cast.publisher.user.name = "Wirtschaftsprüfungsgesellschaftsangelegenheiten" * 3
    cast.publisher.user.save()
    Presence.objects.bulk_create(
        Presence(assistant=live, user=one.user, tab=f"{one.user.pk}-else") for one in others
    )
    open_page(page, address(live))
    change_live(cast.publisher, live, name="Help desk")
    look(page)
    expect(page.locator("#outside .banner")).to_be_visible()
    assert faults(page) == set()
    delete_assistant(author=cast.publisher, assistant=fresh(live))
    look(page)
    expect(page.get_by_text("deleted this assistant.")).to_be_visible()
    assert faults(page) == set()
