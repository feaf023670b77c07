"""A wording with an end: suggested on a phone, approved, live at its time, and gone at its end."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from assistants.approval.rules import Policy, Rule
from assistants.models import Assistant, Schedule
from assistants.services.approving.changing import set_policy
from assistants.tasks import schedules_due
from tests.conftest import Cast
from tests.e2e.browsing import PHONE, address, faults, faults_in_all_looks, fresh
from tests.e2e.conftest import Browse

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
ROOT = "/w/main/requests/1/"


def its_time_comes() -> None:
    """Let what is scheduled be due, as `schedules_due` finds it each 15 seconds."""
    Schedule.objects.filter(next_at__isnull=False).update(next_at=timezone.now())
    schedules_due.enqueue()


def choose_times(page: Page) -> None:
    begin = timezone.now() + timedelta(days=2)
    expect(page.get_by_label("Day")).to_be_hidden()
    expect(page.get_by_label("Until")).to_be_hidden()
    page.get_by_label("At a time", exact=True).check()
    page.get_by_label("Day").fill(begin.date().isoformat())
    page.get_by_label("Time", exact=True).first.fill("08:00")
    page.get_by_label("It has an end").check()
    page.get_by_label("Until").fill((begin + timedelta(days=2)).date().isoformat())
    page.get_by_label("Time", exact=True).last.fill("20:00")


def test_a_wording_goes_live_at_its_time_and_ends(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    set_policy(actor=cast.admin, policy=Policy((Rule(1, role="publisher"),)))
    before = fresh(live).live_digest
    emil = browse("editor")
    emil.goto(address(live, "edit/"))
    emil.locator("#id_instructions").fill("Be kind.\nBlack Friday: everything is cheaper.")
    emil.get_by_role("button", name="Review changes").click()
    emil.get_by_role("link", name="Submit for review").click()
    emil.get_by_label("Title").fill("Black Friday")
    emil.get_by_label("Pia").check()
    choose_times(emil)
    assert faults_in_all_looks(emil) == []
    emil.get_by_role("button", name="Submit").click()
    expect(emil.get_by_text("then version 1 comes back")).to_be_visible()

    pia = browse("publisher", viewport=PHONE)
    pia.goto(ROOT)
    pia.locator("#discussion").get_by_role("link", name="Comment on lines").click()
    pia.get_by_role("link", name="1", exact=True).click()
    pia.get_by_role("link", name="2", exact=True).click()
    pia.get_by_role("button", name="Suggest other words for these lines").click()
    pia.get_by_label("Write instead").fill("Be kind.\nBlack Friday: 20 % off everything.")
    pia.get_by_role("button", name="Suggest", exact=True).click()

    emil.goto(ROOT)
    emil.get_by_role("button", name="Accept into my draft").click()
    emil.get_by_role("link", name="Edit the draft").click()
    emil.get_by_role("button", name="Review changes").click()
    emil.get_by_role("link", name="Submit for review").click()
    expect(emil.get_by_label("Time", exact=True).last).to_have_value("20:00")
    emil.get_by_role("button", name="Send the round").click()
    expect(emil.get_by_text("Emil sent round 2")).to_be_visible()

    ada = browse("admin", viewport=PHONE)
    ada.goto(ROOT)
    ada.get_by_role("button", name="Approve").click()
    expect(ada.get_by_text("Scheduled for")).to_be_visible()
    assert faults(ada) == set()
    emil.goto("/w/main/")
    expect(emil.get_by_role("heading", name="Scheduled")).to_be_visible()
    assert faults(emil) == set()
    emil.goto("/w/main/assistants/")
    expect(emil.get_by_text("Scheduled for")).to_be_visible()
    emil.goto(address(live, "edit/"))
    expect(emil.get_by_text("Scheduled for")).to_be_visible()

    its_time_comes()
    row = fresh(live)
    assert row.live is not None
    assert (
        row.live.definition.value("instructions") == "Be kind.\nBlack Friday: 20 % off everything."
    )
    ada.goto(ROOT)
    expect(ada.get_by_text("Live until")).to_be_visible()
    expect(ada.get_by_text("Ada published round 2")).to_be_visible()
    assert faults_in_all_looks(ada) == []

    its_time_comes()
    assert fresh(live).live_digest == before
    ada.reload()
    expect(ada.get_by_text("The older version came back, as Ada")).to_be_visible()
    ada.get_by_role("link", name="Show the change").last.click()
    expect(ada.get_by_text("Approved by Ada.")).to_be_visible()
