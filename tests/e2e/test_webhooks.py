"""A webhook is added, tested, looked up in its log, and a message sent again."""

import pytest
from playwright.sync_api import expect

from assistants.models import WebhookDelivery
from tests.conftest import Cast
from tests.e2e.browsing import faults_in_all_looks
from tests.e2e.conftest import Browse
from tests.gateway.loopback import answer
from tests.webhooks.conftest import Receiver, receiver

__all__ = ["receiver"]
pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scripts", [True, False])
def test_from_a_new_webhook_to_a_message_that_is_sent_again(
    browse: Browse, cast: Cast, receiver: Receiver, scripts: bool
) -> None:
    page = browse("admin", java_script_enabled=scripts)
    looks = []

    def look() -> None:
        if scripts:
            looks.extend(faults_in_all_looks(page))

    page.goto("/w/main/settings/")
    page.get_by_role("link", name="Webhooks").click()
    look()
    page.get_by_role("link", name="New webhook").click()
    look()
    page.get_by_label("Name", exact=True).fill("Deploys")
    page.get_by_label("Address", exact=True).fill("https://10.0.0.1/hook")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".error-summary")).to_contain_text("This address is private.")
    look()
    page.get_by_label("Address", exact=True).fill(receiver.address)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Copy it now.")).to_be_visible()
    expect(page.locator("#new-secret")).to_contain_text("whsec_")
    look()

    receiver.behave = answer(b"not today", "500 Internal Server Error")
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("The test failed. The receiver failed (500).")).to_be_visible()
    expect(page.locator("#new-secret")).to_have_count(0)
    look()
    page.get_by_role("link", name="Failed", exact=True).click()
    page.get_by_role("link", name="Test: Deploys").click()
    expect(page.get_by_text("It said: “not today”")).to_be_visible()
    look()

    receiver.behave = answer(b"ok")
    page.get_by_role("button", name="Redeliver").click()
    expect(page.get_by_text("The message is sent again.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("The receiver took the message (200).")).to_be_visible()
    assert WebhookDelivery.objects.get().state == WebhookDelivery.State.DELIVERED
    assert "topsecret" not in page.content()
    assert looks == []
