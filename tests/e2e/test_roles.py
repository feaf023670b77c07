"""What each role sees, and what it cannot do: a control that would be refused is not shown."""

import re

import pytest
from playwright.sync_api import Page, expect

from assistants.models import Assistant
from tests.conftest import Cast
from tests.e2e.browsing import address, change_live
from tests.e2e.conftest import Browse

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

ROLES = ("viewer", "editor", "publisher", "admin")
CONTROLS = {
    "New assistant": "editor",
    "Save draft": "editor",
    "Review and publish": "publisher",
    "Delete …": "publisher",
    "Restore": "publisher",
    "Check now": "publisher",
    "New connection": "admin",
    "Invite": "admin",
    "API keys": "admin",
}
"""What links and buttons begin with, and the least role that is shown each of them."""
REFUSED = {
    "edit/": None,  # leads to the definition, for reading
    "review/": "editor",
    "discard/": "editor",
    "restore/1/": "publisher",
    "delete/": "publisher",
}
"""Pages of an assistant, and the least role that each of them is for."""


def controls(page: Page) -> set[str]:
    """Return the texts of all links and buttons of the page, those inside closed menus too."""
    words = page.locator("a, button").all_text_contents()
    return {" ".join(text.split()) for text in words}


def may(role: str, least: str | None) -> bool:
    return least is None or ROLES.index(role) >= ROLES.index(least)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_shown_what_it_may_do_and_refused_the_rest(
    browse: Browse, cast: Cast, live: Assistant, role: str
) -> None:
    change_live(cast.publisher, live, model="gpt-5.2")
    page = browse(role)
    seen: set[str] = set()
    for path in (
        "/w/main/",
        "/w/main/assistants/",
        address(live, ""),
        address(live, "history/"),
        "/w/main/connections/",
        "/w/main/team/",
    ):
        answer = page.goto(path)
        assert answer
        assert answer.status == 200
        seen |= controls(page)
    shown = {name for name in CONTROLS if any(text.startswith(name) for text in seen)}
    assert shown == {name for name, least in CONTROLS.items() if may(role, least)}
    for path, least in REFUSED.items():
        answer = page.goto(address(live, path))
        assert answer
        assert answer.status == (200 if may(role, least) else 403), path
    if not may(role, "admin"):
        page.goto("/w/main/keys/")
        expect(page.get_by_role("heading", name="Your role does not allow this")).to_be_visible()
        expect(page.get_by_text("Ada")).to_be_visible()


def test_a_viewer_reads_all_of_it_and_has_nothing_to_type_in(
    browse: Browse, live: Assistant
) -> None:
    page = browse("viewer")
    page.goto("/w/main/assistants/")
    page.get_by_role("link", name="Support").click()
    for text in ("Be kind.", "Code interpreter", "0.5", "team"):
        expect(page.get_by_role("main")).to_contain_text(text)
    expect(page.locator("main textarea, main input:not([type=hidden])")).to_have_count(0)
    page.get_by_role("link", name="Use in code").click()
    expect(page.locator("#curl")).to_contain_text(f"/v1/assistants/{live.remote_id}")


def test_a_stranger_finds_nothing(browse: Browse, live: Assistant) -> None:
    page = browse("stranger")
    for path in ("/w/main/", address(live), "/w/nowhere/"):
        answer = page.goto(path)
        assert answer
        assert answer.status == 404
        expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
    page.get_by_role("link", name="Home").click()
    expect(page).to_have_url(re.compile("/w/elsewhere/$"))
