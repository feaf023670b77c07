"""Connecting a gateway, and bringing in the assistants that it holds."""

import pytest
from playwright.sync_api import expect

from assistants.models import Assistant, Connection, Job
from tests.conftest import Cast
from tests.e2e.conftest import Browse
from tests.upstream import FaultSpec, Upstream

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_a_gateway_is_connected_tested_and_its_assistants_brought_in(
    browse: Browse, cast: Cast, remote: Upstream
) -> None:
    for number in range(1, 121):
        remote.add(name=f"Assistant {number}", instructions="Be kind.")
    page = browse("admin")
    page.goto("/w/main/connections/")
    page.get_by_role("link", name="New connection").click()
    page.get_by_role("link", name="OpenAI-compatible").click()
    page.get_by_label("Name", exact=True).fill("Production")
    page.get_by_label("Address").fill("not an address")
    page.get_by_label("API key").fill("sk-secret")
    page.get_by_role("button", name="Save connection").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Production")
    page.get_by_label("Address").fill(remote.url)
    page.get_by_label("API key").fill("sk-secret")
    page.get_by_role("button", name="Save connection").click()
    expect(page.get_by_text("Production is saved.")).to_be_visible()
    expect(page.get_by_text("It works.")).to_be_visible()  # tested without another click
    page.reload()
    expect(page.get_by_text("It works.")).to_have_count(0)
    page.get_by_role("link", name="Edit Production").click()
    expect(page.get_by_label("API key")).to_have_value("")
    assert "sk-secret" not in page.content()

    page.goto("/w/main/connections/")
    page.get_by_role("link", name="assistants from Production").click()
    page.get_by_role("button", name="Bring in").click()
    progress = page.locator("#progress")
    expect(progress).to_contain_text("Reading …")
    page.goto("/w/main/connections/")  # left …
    page.get_by_role("link", name="Progress of Production").click()  # … and found again
    expect(progress).to_contain_text("Done. 120 assistants read", timeout=60_000)
    page.get_by_role("link", name="Show the assistants").click()
    expect(page.locator("#table tbody tr").first).to_contain_text("Production")
    assert Assistant.objects.filter(connection__name="Production").count() == 120
    assert [path for method, path, _body in remote.requests if method != "GET"] == [
        "/v1/assistants/asst_000000000000000000000000"
    ], "only the test of what the key may do"


@pytest.mark.parametrize("scripts", [True, False])
def test_portkeys_form_shows_what_its_way_of_signing_in_needs(
    browse: Browse, cast: Cast, scripts: bool
) -> None:
    page = browse("admin", java_script_enabled=scripts)
    page.goto("/w/main/connections/new/?profile=portkey")
    fields = ("Portkey API key", "Provider", "Virtual key", "Config", "API key", "Custom host")
    for way, wanted in {
        "A provider in your Portkey account": "Provider",
        "A virtual key": "Virtual key",
        "A saved config": "Config",
        "A provider's own API key": "Provider, API key, Custom host",
        "Something else": "Provider, Virtual key, Config, API key, Custom host",
        "A virtual key ": "Virtual key",
    }.items():
        page.get_by_label(way.strip(), exact=False).first.check()
        shown = [name for name in fields if page.get_by_label(name, exact=True).is_visible()]
        assert shown == ["Portkey API key", *wanted.split(", ")]
    page.get_by_label("Name", exact=True).fill("Portkey")
    page.get_by_label("Portkey API key").fill("pk-secret")
    page.get_by_label("Virtual key", exact=True).fill("vk-secret")
    page.get_by_role("button", name="Save connection").click()
    expect(page.get_by_text("Portkey is saved.")).to_be_visible()


def test_trouble_is_said_plainly_and_nothing_is_lost(
    browse: Browse, connection_to: Connection, remote: Upstream
) -> None:
    page = browse("admin")
    page.goto("/w/main/connections/")
    remote.fail_next("GET", FaultSpec(status=401, body="{}"))
    page.get_by_role("button", name="Test Production").click()
    expect(page.get_by_text("It does not work.")).to_be_visible()

    remote.fail_next("GET", FaultSpec(status=401, body="{}"))
    page.get_by_role("link", name="assistants from Production").click()
    page.get_by_role("button", name="Bring in").click()
    expect(page.locator("#progress")).to_contain_text("Stopped.")
    page.goto("/w/main/")
    expect(page.get_by_role("heading", name="Production needs attention")).to_be_visible()


def test_bringing_in_works_without_scripts(
    browse: Browse, connection_to: Connection, remote: Upstream
) -> None:
    for number in range(1, 121):
        remote.add(name=f"Assistant {number}")
    page = browse(java_script_enabled=False)
    page.goto(f"/w/main/connections/{connection_to.pk}/bring-in/")
    page.get_by_role("button", name="Bring in").click()
    page.get_by_role("button", name="Read the next page").click()
    expect(page.locator("#progress")).to_contain_text("100 assistants so far")
    page.get_by_role("button", name="Read the next page").click()
    expect(page.locator("#progress")).to_contain_text("Done.")
    assert Job.objects.get().seen == 120
