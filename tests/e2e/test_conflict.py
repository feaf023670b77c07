"""Two people, or a person and a program, change the same assistant: nothing is overwritten."""

import re

import pytest
from playwright.sync_api import expect

from assistants.models import Assistant, Connection, Draft, Revision
from assistants.services.connections.client import registry_of
from assistants.services.ledger.reading import live_definition
from tests.conftest import Cast
from tests.e2e.browsing import address, change_live, faults_in_all_looks, fresh
from tests.e2e.conftest import Browse
from tests.services.conftest import Make
from tests.upstream import Upstream

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_each_field_is_chosen_from_one_of_the_sides(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    page = browse()
    page.goto(address(live))
    page.fill("[name=instructions]", "Be kind.\nBe thorough.")
    page.fill("[name=description]", "Answers everybody.")
    page.fill("[name=temperature]", "0.7")
    page.get_by_role("button", name="Review and publish").click()
    expect(page.locator("#change-instructions")).to_be_visible()
    change_live(
        cast.admin,
        live,
        instructions="Be kind.\nBe quick.",
        description="Answers shops.",
        model="gpt-5.2",
    )
    with page.expect_response(lambda answer: "/review/" in answer.url) as answer:
        page.get_by_role("button", name="Publish", exact=True).click()
    assert answer.value.status == 409
    expect(page.get_by_text("Ada has published v2 since this draft was started.")).to_be_visible()
    expect(page.get_by_text("Your text is kept, and nothing was published.")).to_be_visible()
    assert fresh(live).live_version == 2

    instructions = page.get_by_role("group", name="Instructions")
    for text in ("Be brief.", "thorough", "quick", "changed on both sides"):
        expect(instructions).to_contain_text(text)
    instructions.get_by_label("Keep mine").check()
    page.get_by_role("group", name="Description").get_by_label("Use the live version").check()
    merged = page.locator(".merged")
    expect(merged).to_contain_text(re.compile(r"Taken from the live version\s*Model"))
    expect(merged).to_contain_text(re.compile(r"Kept from the draft\s*Temperature"))
    page.get_by_role("button", name="Use these changes and review").click()

    expect(page.get_by_text("Compared with the live version, v2.")).to_be_visible()
    expect(page.locator("#change-instructions ins")).to_have_text("thorough")
    expect(page.locator("#change-description")).to_have_count(0)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published as v3.")).to_be_visible()
    definition = live_definition(fresh(live))
    assert definition.value("instructions") == "Be kind.\nBe thorough."
    assert definition.value("description") == "Answers shops."
    assert definition.value("model") == "gpt-5.2"
    assert definition.value("temperature") == 0.7


def test_each_place_of_a_text_is_chosen(browse: Browse, cast: Cast, published: Make) -> None:
    text = "# Tone\nBe kind.\n\n# Refunds\nRefund in 30 days.\n\n# End\nSay goodbye."
    live = published(registry_of(cast.workspace), instructions=text)
    page = browse()
    page.goto(address(live))
    mine = text.replace("kind", "very kind").replace("30", "20")
    page.fill("[name=instructions]", mine)
    page.get_by_role("button", name="Review and publish").click()
    expect(page.locator("#change-instructions")).to_be_visible()
    theirs = text.replace("kind", "brief").replace("30", "10").replace("goodbye", "bye")
    change_live(cast.admin, live, instructions=theirs)
    page.reload()

    first = page.get_by_role("group", name="Place 1 of 2 below “Tone”")
    second = page.get_by_role("group", name="Place 2 of 2 below “Refunds”")
    expect(first).to_contain_text("v2 by Ada")
    expect(page.get_by_role("textbox")).to_have_count(0)
    second.get_by_label("Write it").check()
    with page.expect_response(lambda answer: answer.headers.get("x-kept") == "true"):
        second.get_by_role("textbox").fill("Refund in 15 days.")
    page.reload()  # what was typed is there again
    expect(second.get_by_role("textbox")).to_have_value("Refund in 15 days.")
    assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="Use these changes and review").click()
    expect(first.get_by_label("Keep mine")).to_be_focused()  # the browser asks for a choice
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(first.get_by_label("Keep both, mine first")).to_be_checked()
    page.get_by_role("button", name="Use these changes and review").click()

    expect(page.get_by_text("Compared with the live version, v2.")).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published as v3.")).to_be_visible()
    assert live_definition(fresh(live)).value("instructions") == (
        "# Tone\nBe very kind.\nBe brief.\n\n# Refunds\nRefund in 15 days.\n\n# End\nSay bye."
    )


def test_a_field_that_both_changed_has_to_be_chosen(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    page = browse()
    page.goto(address(live))
    change_live(cast.admin, live, name="Theirs")
    page.fill("[name=name]", "Mine")
    page.get_by_role("button", name="Review and publish").click()
    page.get_by_role("button", name="Use these changes and review").click()
    expect(page.get_by_label("Keep mine")).to_be_focused()  # the browser asks for a choice
    assert fresh(live).live_version == 2
    page.get_by_label("Keep mine").check()
    page.get_by_role("button", name="Use these changes and review").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published as v3.")).to_be_visible()
    assert live_definition(fresh(live)).value("name") == "Mine"


def test_what_only_one_side_changed_is_brought_together_and_looked_at(
    browse: Browse, cast: Cast, published: Make
) -> None:
    text = "Greet people.\n\nAnswer in short.\n\nSay goodbye."
    live = published(registry_of(cast.workspace), instructions=text)
    page = browse()
    page.goto(address(live))
    page.fill("[name=instructions]", text.replace("Say goodbye.", "Say goodbye by name."))
    page.get_by_role("button", name="Review and publish").click()
    expect(page.locator("#change-instructions")).to_be_visible()
    change_live(
        cast.admin,
        live,
        instructions=text.replace("Greet people.", "Greet everybody."),
        model="gpt-5.2",
    )
    page.get_by_label("What changed and why?").fill("Names are kind")
    page.get_by_role("button", name="Publish", exact=True).click()

    banner = page.get_by_role("status").filter(has_text="Ada has published v2")
    expect(banner).to_contain_text(re.compile(r"Taken from the live version\s*Model"))
    expect(banner).to_contain_text(re.compile(r"Combined from both\s*Instructions"))
    expect(page.locator("#change-instructions ins")).to_have_text(re.compile("by name"))
    expect(page.locator("#change-instructions ins")).not_to_contain_text("everybody")
    expect(page.get_by_label("What changed and why?")).to_have_value("Names are kind")
    assert fresh(live).live_version == 2
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published as v3.")).to_be_visible()
    now = live_definition(fresh(live))
    assert now.value("model") == "gpt-5.2"
    assert now.value("instructions") == (
        "Greet everybody.\n\nAnswer in short.\n\nSay goodbye by name."
    )


def test_a_change_outside_is_shown_when_the_editor_opens(
    browse: Browse, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    remote.assistants[str(assistant.remote_id)]["instructions"] = "Be loud."
    page = browse()
    page.goto(address(assistant))
    moved = page.get_by_text("Changed outside this dashboard: v2 is live now.")
    expect(moved).to_be_visible()
    expect(page.locator("[name=instructions]")).to_have_value("Be kind.\nBe brief.")
    page.fill("[name=instructions]", "Be kind, and brief.")
    page.get_by_role("button", name="Review and publish").click()

    expect(moved).to_be_visible()
    instructions = page.get_by_role("group", name="Instructions")
    expect(instructions).to_contain_text("loud")
    instructions.get_by_label("Use the live version").check()
    page.get_by_role("button", name="Use these changes and review").click()
    expect(page.get_by_text("This draft matches the live version.")).to_be_visible()
    page.get_by_role("link", name="History").click()
    newest = page.locator("table.history tbody tr").first
    expect(newest).to_contain_text("Changed outside")
    assert remote.assistants[str(assistant.remote_id)]["instructions"] == "Be loud."


def test_a_change_outside_between_review_and_publish_stops_the_publish(
    browse: Browse, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    page = browse()
    page.goto(address(assistant))
    page.fill("[name=name]", "Mine")
    page.get_by_role("button", name="Review and publish").click()
    expect(page.locator("#change-name")).to_be_visible()
    remote.assistants[str(assistant.remote_id)]["name"] = "Theirs"
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("heading", name="Changed outside this dashboard")).to_be_visible()
    assert remote.assistants[str(assistant.remote_id)]["name"] == "Theirs"
    assert Draft.objects.get().definition.value("name") == "Mine"
    assert list(Revision.objects.order_by("pk").values_list("kind", flat=True)) == [
        "create",
        "outside",
    ]
