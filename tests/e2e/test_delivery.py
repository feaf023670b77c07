"""What did not go as it was meant: doubt that is cleared, and what a gateway stored differently."""

from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from assistants.models import Assistant, Connection
from assistants.services.editing.drafts import save_draft
from assistants.services.ledger.reading import live_definition
from tests.conftest import Cast
from tests.e2e.browsing import address, fresh
from tests.e2e.conftest import Browse
from tests.services.conftest import Make
from tests.services.undelivered import held, in_doubt
from tests.upstream import FaultSpec, Upstream

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def assistant(published: Make, connection_to: Connection) -> Assistant:
    """An assistant on a gateway; nobody has opened a page of it."""
    cache.clear()
    return published(connection_to)


def newest(page: Page) -> str:
    return page.locator("table.history tbody tr").first.inner_text()


def test_doubt_is_cleared_by_checking_again(
    browse: Browse, cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    in_doubt(cast, assistant, model="gpt-5.2")
    held(remote, assistant)["model"] = "gpt-5.2"
    for _ in range(3):
        remote.fail_next("GET", FaultSpec(status=503, body="{}"))
    page = browse("editor")
    page.goto(address(assistant, "history/"))
    expect(page.locator("#checked")).to_contain_text("service behind it, failed")
    expect(page.get_by_text("It is not certain whether the last change arrived.")).to_be_visible()
    assert "Unconfirmed" in newest(page)

    page.get_by_role("button", name="Check again").click()

    expect(page.get_by_text("Checked: v2 is live.")).to_be_visible()
    expect(page.locator("#delivery .banner")).to_have_count(0)
    assert "Live" in newest(page)
    assert "Unconfirmed" not in newest(page)


def test_doubt_is_cleared_by_whoever_opens_a_page(
    browse: Browse, cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    in_doubt(cast, assistant, model="gpt-5.2")
    held(remote, assistant)["model"] = "gpt-5.2"
    page = browse("viewer")
    page.goto(address(assistant, "history/"))
    expect(
        page.get_by_text("The unconfirmed change has arrived: v2 by Pia is live.")
    ).to_be_visible()
    expect(page.locator("#chips")).to_have_text("Live v2")
    page.get_by_role("link", name="Reload it").click()
    expect(page.locator("table.history tbody tr").first).to_contain_text("Live")
    assert "Unconfirmed" not in newest(page)
    expect(page.get_by_role("link", name="Reload it")).to_have_count(0)


def test_what_is_typed_stays_when_the_assistant_vanishes_meanwhile(
    browse: Browse, assistant: Assistant, remote: Upstream, settings: Any
) -> None:
    settings.GATEWAY_READ_TIMEOUT = 10.0  # slow is not silent, also on a busy machine
    page = browse("editor")
    remote.fail_next("GET", FaultSpec(hang=0.4, applied=True))
    remote.assistants.clear()
    page.goto(address(assistant), wait_until="commit")
    page.fill("[name=name]", "Typed while the gateway was asked")
    expect(page.get_by_text("The gateway no longer has this assistant.")).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value("Typed while the gateway was asked")


def test_what_was_stored_differently_is_looked_at_and_accepted(
    browse: Browse, cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    wanted = live_definition(assistant).replace(temperature=1.7)
    save_draft(author=cast.publisher, assistant=assistant, definition=wanted, base=assistant.live)
    remote.rewrite = lambda row: {"temperature": 1}
    page = browse()
    page.goto(address(assistant, "review/"))
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("stored something different: Temperature")).to_be_visible()
    page.goto("/w/main/assistants/")
    expect(page.get_by_text("Stored differently")).to_be_visible()

    page.goto(address(assistant, "history/"))
    page.locator("#delivery").get_by_role("link", name="Details").click()
    stored = page.locator("#stored #change-temperature")
    expect(stored.locator("del")).to_have_text("1.7")
    expect(stored.locator("ins")).to_have_text("1")
    page.get_by_role("button", name="Accept stored version").click()

    expect(page.get_by_text("by Pia, just now")).to_be_visible()
    expect(page.locator("#delivery .banner")).to_have_count(0)
    page.goto("/w/main/assistants/")
    expect(page.get_by_role("link", name="Support")).to_be_visible()
    expect(page.get_by_text("Stored differently")).to_have_count(0)
    assert not fresh(assistant).drafts.exists()


def test_what_was_stored_differently_is_sent_again(
    browse: Browse, cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    wanted = live_definition(assistant).replace(temperature=1.7)
    save_draft(author=cast.publisher, assistant=assistant, definition=wanted, base=assistant.live)
    remote.rewrite = lambda row: {"temperature": 1}
    page = browse()
    page.goto(address(assistant, "review/"))
    page.get_by_role("button", name="Publish", exact=True).click()
    remote.rewrite = None
    page.locator("#delivery").get_by_role("link", name="Send again …").click()
    expect(page.locator("#change-temperature ins")).to_have_text("1.7")
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("Sent again and published as v3.")).to_be_visible()
    assert held(remote, assistant)["temperature"] == 1.7
