"""An admin limits a publisher, who edits and publishes what is theirs; with scripts and without."""

import re

import pytest
from playwright.sync_api import ViewportSize, expect

from assistants.models import Assistant
from assistants.services.ledger.reading import live_definition
from tests.conftest import Cast
from tests.e2e.browsing import DESK, PHONE, address, faults_in_all_looks, fresh, settled
from tests.e2e.conftest import Browse
from tests.rights.narrowing import drafted, narrowed
from tests.services.conftest import Make

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
MINE = ("description", "instructions")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "without"])
def test_an_admin_limits_a_publisher_to_an_assistant_and_two_fields(
    browse: Browse, cast: Cast, live: Assistant, published: Make, scripts: bool
) -> None:
    published(live.connection, name="Sales desk")
    page = browse("admin", java_script_enabled=scripts)
    page.goto("/w/main/team/")
    page.get_by_role("link", name="Limit Pia").click()
    expect(page.get_by_role("heading", name="What Pia can change")).to_be_visible()
    assistants, fields = (page.get_by_role("group", name=name) for name in ("Assistants", "Fields"))
    expect(assistants.get_by_label("Support")).to_be_hidden()
    assistants.get_by_label("Only these assistants").check()
    assistants.get_by_label("Search assistants").fill("sales")
    assistants.get_by_role("button", name="Find").click()
    expect(assistants.get_by_label("Support")).to_have_count(0)
    assistants.get_by_label("Search assistants").fill("support")
    assistants.get_by_role("button", name="Find").click()
    assistants.get_by_label("Support").check()
    fields.get_by_label("Only these fields").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Choose at least one field.")).to_be_visible()
    fields.get_by_label("Description").check()
    fields.get_by_label("Instructions").check()
    if scripts:
        settled(page)
        assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Pia can now change only what you chose.")).to_be_visible()
    row = page.get_by_role("row", name=re.compile("Pia"))
    expect(row.get_by_text("Limited", exact=True)).to_be_visible()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_limited_publisher_changes_what_is_theirs(
    browse: Browse, cast: Cast, live: Assistant, published: Make, size: ViewportSize
) -> None:
    other = published(live.connection, name="Sales desk")
    narrowed(cast, assistants=[live], fields=MINE)
    page = browse("publisher", viewport=size)
    page.goto(address(live))
    expect(page.get_by_text("You can change these fields here: Description, Instr")).to_be_visible()
    for section in ("basics", "tools-title", "answers", "metadata-title"):
        page.goto(f"{address(live)}#{section}")
        settled(page)
        assert faults_in_all_looks(page) == []
    page.goto(f"{address(live)}#instructions")
    page.get_by_role("textbox", name="Instructions").fill("Be striped.")
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    page.get_by_role("button", name="Review and publish").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published as v2.")).to_be_visible()
    held = live_definition(fresh(live))
    assert (held.value("instructions"), held.value("model")) == ("Be striped.", "gpt-4o")

    page.goto(address(other))
    expect(page.get_by_text("You can read this assistant, but not change it.")).to_be_visible()
    expect(page.locator("main textarea, main input:not([type=hidden])")).to_have_count(0)
    settled(page)
    assert faults_in_all_looks(page) == []


def test_a_limited_publisher_edits_without_scripts(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    narrowed(cast, assistants=[live], fields=MINE)
    page = browse("publisher", java_script_enabled=False)
    page.goto(address(live))
    page.locator("#basics-card summary").click()
    expect(page.get_by_label("Model")).not_to_be_editable()
    page.get_by_role("textbox", name="Instructions").fill("Be striped.")
    page.get_by_role("button", name="Review and publish").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published as v2.")).to_be_visible()
    assert live_definition(fresh(live)).value("instructions") == "Be striped."


def test_an_open_editor_learns_that_a_field_is_no_longer_theirs(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    page = browse("editor")
    page.goto(address(live))
    narrowed(cast, "editor", assistants=[live], fields=MINE)
    page.get_by_label("Model").fill("zebra-1")
    expect(page.locator("#saved")).to_contain_text("you cannot change all of these fields")
    page.get_by_role("button", name="Review changes").click()
    expect(page.get_by_role("alert").get_by_text("You cannot change this field.")).to_be_visible()
    expect(page.get_by_label("Model")).to_have_value("zebra-1")
    expect(page.get_by_label("Model")).not_to_be_editable()
    page.get_by_role("textbox", name="Instructions").fill("Be striped.")
    expect(page.locator("#saved")).to_contain_text("Draft saved")


def test_a_draft_with_other_fields_says_who_can_publish_it(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    drafted(cast.editor, live, "model", "description")
    narrowed(cast, assistants=[live], fields=MINE)
    page = browse("publisher")
    page.goto(address(live, f"review/?drafter={cast.editor.user.pk}"))
    expect(page.get_by_text("These people can publish all of it: Ada.")).to_be_visible()
    for name in ("Publish", "Return", "Take over", "Discard"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    settled(page)
    assert faults_in_all_looks(page) == []
