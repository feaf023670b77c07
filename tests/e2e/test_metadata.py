"""A key that an admin describes: asked for in the editor, filled in, and published."""

import pytest
from playwright.sync_api import expect

from assistants.models import Assistant, MetadataKey
from assistants.services.ledger.reading import live_definition
from tests.conftest import Cast
from tests.e2e.browsing import address, faults_in_all_looks, fresh, settled
from tests.e2e.conftest import Browse

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_a_described_key_is_filled_in(browse: Browse, cast: Cast, live: Assistant) -> None:
    admin = browse("admin")
    admin.goto(address(live))
    admin.get_by_role("link", name="Describe keys").click()
    admin.get_by_role("link", name="Describe a key").click()
    admin.locator("[name=name]").fill("region")
    admin.locator("[name=help]").fill("Where it is used.")
    admin.locator("[name=allowed]").fill("EU\nUS")
    assert faults_in_all_looks(admin) == []
    admin.get_by_role("button", name="Save").click()
    expect(admin.get_by_text("Values: EU, US")).to_be_visible()
    assert faults_in_all_looks(admin) == []
    assert MetadataKey.objects.get().allowed == ["EU", "US"]

    pia = browse("publisher")
    pia.goto(address(live))
    asked = pia.get_by_role("list", name="Keys this workspace asks for")
    expect(asked).to_contain_text("Where it is used.")
    asked.get_by_role("button", name="region").click()
    row = pia.get_by_role("group", name="region")
    expect(row.get_by_role("combobox", name="Value")).to_be_focused()
    settled(pia)
    pia.keyboard.type("EU")
    expect(asked).to_have_count(0)
    assert faults_in_all_looks(pia) == []
    pia.get_by_role("button", name="Review and publish").click()
    pia.get_by_role("button", name="Publish", exact=True).click()
    expect(pia.get_by_text("Published as v2.")).to_be_visible()
    metadata = live_definition(fresh(live)).value("metadata")
    assert metadata == {"team": "support", "region": "EU"}
