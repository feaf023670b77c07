"""A person who is refused for a moment: what they typed stays, and they are told how long."""

import pytest
from playwright.sync_api import Route, expect

from admin_ui.accounts.guard import costly
from assistants.models import Assistant
from tests.conftest import Cast
from tests.e2e.browsing import address
from tests.e2e.conftest import Browse
from tests.hostile.test_hostile_person import drafted, exhaust

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_a_search_waits_and_goes_on(browse: Browse, cast: Cast, live: Assistant) -> None:
    page = browse("viewer")
    page.goto("/w/main/assistants/")
    exhaust(cast, "viewer")
    page.locator("#q").press_sequentially("supp")
    notice = page.locator("#notices")
    expect(notice).to_contain_text("Wait 10 seconds")
    expect(page.locator("#q")).to_have_value("supp")
    expect(page.locator("#table tbody tr")).to_have_count(1)
    expect(page.locator("#toasts")).to_be_empty()
    costly.COSTLY_SECONDS.clear()
    page.locator("#q").press_sequentially("ort")
    expect(notice).to_be_empty()
    expect(page.locator("#q")).to_have_value("support")


def test_a_note_comes_back(browse: Browse, cast: Cast, live: Assistant) -> None:
    drafted(cast, live)
    page = browse("publisher")
    page.goto(address(live, "review/"))
    page.wait_for_load_state("networkidle")
    page.locator("#id_note").fill("Because of the new rules.")
    exhaust(cast, "publisher")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("heading", name="Too many requests")).to_be_visible()
    expect(page.get_by_text("What you typed is kept.")).to_be_visible()
    costly.COSTLY_SECONDS.clear()
    page.get_by_role("link", name="Try again").click()
    expect(page.locator("#id_note")).to_have_value("Because of the new rules.")


def refuse(route: Route, status: int) -> None:
    """Answer a form with a page that says no; other requests go through."""
    if route.request.method != "POST":
        return route.continue_()
    headers = {"Content-Type": "text/html", "Cache-Control": "private, no-store"}
    return route.fulfill(status=status, body="<h1>No</h1>", headers=headers)


@pytest.mark.parametrize("status", [413, 503])
def test_what_was_typed_is_still_there_when_going_back(
    browse: Browse, cast: Cast, live: Assistant, status: int
) -> None:
    """The pages for what cannot be done say so, though no browser may keep a page."""
    drafted(cast, live)
    page = browse("publisher")
    page.goto(address(live, "review/"))
    page.wait_for_load_state("networkidle")
    page.locator("#id_note").fill("Because of the new rules.")
    page.route("**/review/", lambda route: refuse(route, status))
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("heading", name="No")).to_be_visible()
    page.go_back()
    expect(page.locator("#id_note")).to_have_value("Because of the new rules.")
