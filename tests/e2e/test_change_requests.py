"""From a draft to what is live, by way of a change request: editor, reviewer on a phone, admin."""

import pytest
from playwright.sync_api import expect

from assistants.approval.rules import Policy, Rule
from assistants.models import Assistant, Clearance
from assistants.services.approving.changing import set_policy
from tests.conftest import Cast
from tests.e2e.browsing import PHONE, address, faults, fresh
from tests.e2e.conftest import Browse

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_two_pairs_of_eyes(browse: Browse, cast: Cast, live: Assistant) -> None:
    set_policy(actor=cast.admin, policy=Policy((Rule(1, role="publisher"),)))
    editor = browse("editor")
    editor.goto(address(live, "edit/"))
    editor.locator("#id_description").fill("Answers about summer orders.")
    editor.get_by_role("button", name="Review changes").click()
    expect(editor.get_by_text("This needs approval first:")).to_be_visible()
    assert faults(editor) == set()
    editor.get_by_role("link", name="Submit for review").click()
    editor.get_by_label("Title").fill("Summer wording")
    expect(editor.get_by_label("Pia")).to_be_checked()
    assert faults(editor) == set()
    editor.get_by_role("button", name="Submit").click()
    expect(editor.get_by_text("Pia and Ada were asked to review it.")).to_be_visible()

    reviewer = browse("publisher", viewport=PHONE)
    reviewer.goto("/w/main/")
    reviewer.get_by_role("link", name="Summer wording").first.click()
    assert faults(reviewer) == set()
    reviewer.get_by_label("Your word").fill("Which summer?")
    reviewer.get_by_role("button", name="Request changes").click()
    expect(reviewer.get_by_text("Pia requested changes to round 1")).to_be_visible()

    editor.reload()
    editor.get_by_role("link", name="Edit the draft").click()
    editor.locator("#id_description").fill("Answers about orders of summer 2027.")
    editor.get_by_role("button", name="Review changes").click()
    editor.get_by_role("link", name="Submit for review").click()
    editor.get_by_role("button", name="Send the round").click()
    expect(editor.get_by_text("Emil sent round 2")).to_be_visible()

    reviewer.reload()
    reviewer.get_by_role("button", name="Approve").click()
    reviewer.get_by_role("button", name="Publish").click()
    expect(reviewer.get_by_text("It is in effect for everyone now.")).to_be_visible()
    assert fresh(live).description == "Answers about orders of summer 2027."
    reviewer.get_by_role("link", name="Show the change").click()
    expect(reviewer.get_by_text("Approved by Pia.")).to_be_visible()


def test_an_admin_publishes_without_the_approvals(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    set_policy(actor=cast.admin, policy=Policy((Rule(1, role="publisher"),)))
    page = browse("admin")
    page.goto(address(live, "edit/"))
    page.locator("#id_description").fill("Closed today.")
    page.get_by_role("button", name="Review and publish").click()
    page.locator("summary", has_text="Publish without approval").click()
    page.get_by_label("Reason").fill("The shop had to close.")
    assert faults(page) == set()
    page.get_by_role("button", name="Publish without approval").click()
    expect(page.get_by_text("Approval overridden").first).to_be_visible()
    clearance = Clearance.objects.get()
    assert (clearance.reason, clearance.is_own) == ("The shop had to close.", True)
