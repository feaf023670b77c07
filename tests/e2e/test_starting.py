"""A new assistant from a template: kept by one person, started from by another."""

import pytest
from playwright.sync_api import expect

from assistants.models import Assistant, Draft
from assistants.services.ledger.reading import live_definition
from tests.conftest import Cast
from tests.e2e.browsing import PHONE, address, faults_in_all_looks
from tests.e2e.conftest import Browse

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_a_template_is_kept_and_started_from(browse: Browse, cast: Cast, live: Assistant) -> None:
    page = browse("editor")
    page.goto(address(live))
    page.get_by_label("More").click()
    page.get_by_role("link", name="Save as template").click()
    page.get_by_label("Name").fill("Shop support")
    assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="Save as template").click()
    expect(page.get_by_role("heading", name="Shop support")).to_be_visible()

    other = browse("publisher", viewport=PHONE)
    other.goto("/w/main/assistants/")
    other.get_by_role("link", name="New assistant").first.click()
    assert faults_in_all_looks(other) == []
    other.get_by_role("button", name="Shop support").click()
    expect(other.get_by_text("Started from Shop support.")).to_be_visible()
    draft = Draft.objects.get()
    assert draft.user == cast.publisher.user
    assert draft.definition == live_definition(live)
