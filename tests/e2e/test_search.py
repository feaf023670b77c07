"""A hit of the search opens at its place, with a script and without."""

import pytest
from playwright.sync_api import expect

from admin_ui.accounts.models import Workspace
from assistants.services.connections.client import registry_of
from tests.conftest import Cast
from tests.e2e.browsing import DESK, PHONE
from tests.e2e.conftest import Browse
from tests.services.conftest import Make

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
LONG = "Be kind to everyone.\n" * 400


@pytest.fixture
def far(cast: Cast, published: Make) -> Workspace:
    """An assistant with something far down in its instructions."""
    published(
        registry_of(cast.workspace),
        name="Desk",
        instructions=f"{LONG}请用中文回答 with get_order_status.\n{LONG}",
    )
    return cast.workspace


@pytest.mark.parametrize(
    ("who", "query", "marked", "viewport"),
    [
        ("viewer", "中文", "中文", DESK),
        ("publisher", "order_stat", "get_order_status", DESK),
        ("publisher", "oder_status", "get_order_status", PHONE),
    ],
)
def test_a_hit_opens_at_its_place(
    browse: Browse, far: Workspace, who: str, query: str, marked: str, viewport: dict[str, int]
) -> None:
    page = browse(who, viewport=viewport)
    page.goto("/w/main/assistants/")
    page.locator("#q").fill(query)
    expect(page.locator(".match mark")).to_have_text(marked)
    page.get_by_role("link", name="Desk").click()
    expect(page.locator("#hit")).to_be_in_viewport()


def test_without_a_script_it_does_too(browse: Browse, far: Workspace) -> None:
    page = browse("publisher", java_script_enabled=False)
    page.goto("/w/main/assistants/?q=中文")
    page.get_by_role("link", name="Desk").click()
    expect(page.locator("#hit")).to_be_in_viewport()
