"""The past: read it, compare it, bring it back; deleting keeps it."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from assistants.models import Assistant
from assistants.services.ledger.reading import live_definition
from tests.conftest import Cast
from tests.e2e.browsing import DESK, PHONE, address, change_live, faults_in_all_looks, fresh
from tests.e2e.conftest import Browse
from tests.services.conftest import Make

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

LINES = [f"Rule {number}: stay calm." for number in range(1, 41)]


@pytest.fixture
def changed(cast: Cast, live: Assistant) -> Assistant:
    """An assistant of three versions; the last changed two places of a long text, and the model."""
    change_live(cast.publisher, live, instructions="\n".join(LINES))
    lines = LINES.copy()
    lines[4], lines[34] = "Rule 5: stay polite.", "Rule 35: stay brief."
    return change_live(cast.admin, live, instructions="\n".join(lines), model="gpt-5.2")


def here(page: Page) -> str:
    """Return the text of the change that `n` and `p` have arrived at."""
    expect(page.locator("[data-change].here")).to_have_count(1)
    return page.locator("[data-change].here").inner_text()


def open_filters(page: Page) -> None:
    page.locator("summary", has_text="Filters").click()


def test_two_ticked_versions_are_compared(browse: Browse, changed: Assistant) -> None:
    page = browse("viewer", viewport={"width": 1280, "height": 420})
    page.goto(address(changed, "history/"))
    expect(page.get_by_label("Select version 1")).not_to_be_in_viewport()
    compare = page.get_by_role("button", name="Compare selected versions")
    expect(compare).to_be_hidden()
    page.get_by_label("Select version 3").check()
    expect(compare).to_be_disabled()
    expect(compare).to_be_in_viewport(ratio=1)
    page.get_by_label("Select version 1").check()
    expect(page.get_by_label("Select version 2")).to_be_disabled()
    compare.click()
    expect(page).to_have_url(re.compile(r"/compare/1\.\.3/$"))
    expect(page.locator("#change-model")).to_contain_text("gpt-4o")


def test_a_comparison_is_walked_through_by_keys_and_seen_side_by_side(
    browse: Browse, changed: Assistant
) -> None:
    page = browse("viewer")
    page.goto(address(changed, "compare/2..3/"))
    expect(page.locator("#change-instructions ins")).to_have_text(["polite", "brief"])
    expect(page.get_by_text("unchanged lines").first).to_be_visible()
    stops = []
    for key in "nnnp":
        page.keyboard.press(key)
        stops.append(here(page))
    assert ["gpt-5.2" in stops[0], "polite" in stops[1], "brief" in stops[2]] == [True] * 3
    assert stops[3] == stops[1]
    page.locator(".diff").last.evaluate("element => scrollBy(0, element.scrollHeight)")
    expect(page.get_by_role("button", name="Next change")).to_be_in_viewport(ratio=1)

    page.get_by_role("link", name="Side by side").click()
    changed_lines = page.locator(".touched > .pair")
    expect(changed_lines).to_have_count(2)
    expect(changed_lines.first.locator(".lines").first).to_contain_text("calm")
    expect(changed_lines.first.locator(".lines").last).to_contain_text("polite")
    page.set_viewport_size(PHONE)
    expect(changed_lines.first.locator(".lines").last).to_be_visible()
    expect(page.locator(".diff > .pair > .lines:visible + .lines:visible")).to_have_count(0)
    page.set_viewport_size(DESK)
    page.get_by_role("link", name="Swap").click()
    expect(page).to_have_url(re.compile(r"/compare/3\.\.2/\?view=sides$"))
    expect(changed_lines.first.locator(".lines").last).to_contain_text("calm")
    assert {"nav", "tab", "switch", "touched"} - told_apart(page) == set()
    page.emulate_media(forced_colors="active")
    assert {"nav", "tab", "switch", "touched"} - told_apart(page) == set()


def test_two_assistants_are_compared_on_a_phone(
    browse: Browse, cast: Cast, changed: Assistant, published: Make
) -> None:
    sales = published(changed.connection, name="Sales", instructions="Rule 1: sell.\n# End")
    page = browse("viewer", viewport=PHONE)
    page.goto(address(changed, "history/"))
    page.get_by_role("link", name="Compare", exact=True).click()
    page.get_by_role("searchbox", name="Search assistants").fill("sales")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Sales").click()
    expect(page).to_have_url(re.compile(rf"/compare/live\.\.{sales.pk}@live/$"))
    expect(page.get_by_role("heading", name="Live (v3) of")).to_contain_text("Sales")
    assert faults_in_all_looks(page) == []
    page.get_by_role("link", name="Side by side").click()
    lines = page.locator("#change-instructions .touched .lines").first
    label = "element => getComputedStyle(element, '::after').content"
    assert "Live (v3) of" in lines.evaluate(label)
    assert faults_in_all_looks(page) == []
    page.locator("#side-a").fill("1")
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("heading", name="v1 of")).to_be_visible()


def told_apart(page: Page) -> set[str]:
    """Return where what is current or changed looks other than its neighbours."""
    found: set[str] = page.evaluate(
        """() => Object.entries({
            nav: [".navigation [aria-current]", ".navigation a:not([aria-current])"],
            tab: [".tabs [aria-current]", ".tabs a:not([aria-current])"],
            switch: [".switch [aria-current]", ".switch a:not([aria-current])"],
            touched: [".diff > .touched", ".diff > .pair"],
        }).filter(([, both]) => {
            const [one, other] = both.map((selector) => {
                const style = getComputedStyle(document.querySelector(selector));
                const { backgroundColor, borderBottomColor, borderLeftWidth, boxShadow } = style;
                return [backgroundColor, borderBottomColor, borderLeftWidth, boxShadow].join();
            });
            return one !== other;
        }).map(([name]) => name)"""
    )
    return set(found)


def test_an_older_version_is_restored(browse: Browse, changed: Assistant) -> None:
    page = browse()
    page.goto(address(changed, "history/"))
    page.get_by_role("row").filter(has_text="v2").locator("summary").click()
    page.get_by_role("link", name="Restore").click()
    expect(page.get_by_role("heading", name="Restore version 2?")).to_be_visible()
    expect(page.locator("#change-model")).to_contain_text("gpt-5.2")
    page.get_by_role("button", name="Restore and review").click()
    page.get_by_label("What changed and why?").fill("The old rules were better")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published as v4.")).to_be_visible()
    newest = page.locator("table.history tbody tr").first
    expect(newest).to_contain_text("Live")
    expect(newest).to_contain_text("The old rules were better")
    assert live_definition(fresh(changed)).value("instructions") == "\n".join(LINES)


def test_one_place_of_an_older_version_is_restored_on_a_phone(
    browse: Browse, changed: Assistant
) -> None:
    page = browse(viewport=PHONE)
    page.goto(address(changed, "compare/2..3/"))
    page.get_by_role("link", name="Restore parts").click()
    page.get_by_role("button", name="Restore what is ticked").click()
    expect(page.get_by_text("Nothing is ticked.")).to_be_visible()
    page.get_by_role("checkbox", name="Place 2 of 2").focus()
    page.keyboard.press("Space")
    assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="Restore what is ticked").click()
    expect(page.locator("#change-instructions ins")).to_have_text("calm")
    expect(page.get_by_label("What changed and why?")).to_have_value("Restores parts of v2.")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published as v4.")).to_be_visible()
    text = str(live_definition(fresh(changed)).value("instructions"))
    assert ("Rule 5: stay polite." in text, "Rule 35: stay calm." in text) == (True, True)


def test_the_history_is_narrowed_to_a_person(browse: Browse, changed: Assistant) -> None:
    page = browse("viewer")
    page.goto(address(changed, "history/"))
    rows = page.locator("table.history tbody tr")
    expect(rows).to_have_count(3)
    open_filters(page)
    page.get_by_label("Person").select_option(label="Ada")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("v3")
    expect(page.get_by_label("Person")).to_be_focused()  # and the menu is open for the next choice
    page.keyboard.press("Escape")
    expect(page.get_by_label("Person")).to_be_hidden()
    page.go_back()
    expect(rows).to_have_count(3)


def test_an_assistant_is_deleted_and_recreated(browse: Browse, live: Assistant) -> None:
    page = browse()
    page.goto(address(live))
    page.get_by_label("More", exact=True).click()
    page.get_by_role("link", name="Delete …").click()
    expect(page.get_by_text("Applications that use it stop working")).to_be_visible()
    page.get_by_label("Why?").fill("Nobody asks any more")
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("Its history stays, and you can recreate it.")).to_be_visible()
    expect(page.locator("table.history tbody tr")).to_have_count(2)

    page.goto("/w/main/assistants/")
    expect(page.get_by_role("link", name="Support")).to_have_count(0)
    open_filters(page)
    page.get_by_label("Status").select_option(label="Deleted")
    page.get_by_role("link", name="Support").click()
    page.locator(".banner").get_by_role("link", name="Recreate …").click()
    page.get_by_role("button", name="Recreate", exact=True).click()
    expect(page.get_by_text("Recreated. It has a new ID")).to_be_visible()
    row = fresh(live)
    assert (row.state, row.live_version) == ("live", 2)
    assert row.remote_id != live.remote_id


def test_a_duplicate_begins_as_a_draft(browse: Browse, live: Assistant) -> None:
    page = browse("editor")
    page.goto(address(live))
    page.get_by_label("More", exact=True).click()
    page.get_by_role("button", name="Duplicate").click()
    expect(page.get_by_text("This copy is your draft. It is not published yet.")).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value("Copy of Support")


def test_the_list_is_searched_while_typing(browse: Browse, cast: Cast, changed: Assistant) -> None:
    page = browse("viewer")
    page.goto("/w/main/assistants/")
    width = "filter => filter.getBoundingClientRect().width"
    open_filters(page)
    models = page.get_by_label("Model")
    expect(models).to_be_visible()
    before = models.evaluate(width)
    models.evaluate("filter => filter.add(new Option('m'.repeat(256), '', true, true))")
    assert models.evaluate(width) == before
    models.evaluate("filter => filter.lastElementChild.remove()")
    page.keyboard.press("/")
    page.keyboard.type("polit")
    expect(page.locator("mark")).to_have_text("polite")
    expect(page).to_have_url(re.compile(r"\?q=polit$"))
    page.keyboard.type("ics")
    expect(page.get_by_role("heading", name="No matches")).to_be_visible()
    page.get_by_role("link", name="Show all assistants").click()
    page.get_by_role("link", name="Support").click()
    expect(page.get_by_role("heading", name="Support")).to_be_visible()


def test_who_wrote_a_line_and_what_was_live_on_a_date(browse: Browse, changed: Assistant) -> None:
    page = browse("viewer", viewport=PHONE)
    page.goto(address(changed, "history/"))
    page.get_by_role("link", name="Who wrote each line").click()
    line = page.locator("tbody", has_text="Rule 5: stay polite.")
    expect(line).to_contain_text("Ada")
    expect(line).not_to_contain_text("Rule 4")
    line.get_by_role("link", name="show this change").click()
    expect(page.locator("#change-instructions ins").first).to_have_text("polite")
    page.go_back()
    line.get_by_role("link", name="Before that").click()
    expect(page.locator("tbody", has_text="Rule 5: stay calm.")).to_contain_text("Pia")
    page.go_back()
    page.get_by_role("link", name="5", exact=True).click()
    expect(page.locator(".by-version", has_text="polite")).to_contain_text("v3")
    expect(page.locator(".by-version", has_text="Rule 5")).to_contain_text("v2")
    assert faults_in_all_looks(page) == []

    page.goto(address(changed, "history/"))
    page.get_by_role("link", name="As of a date").click()
    page.get_by_label("Date").fill("2020-01-01")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Nothing was live on")).to_be_visible()
    page.get_by_label("Date").fill(f"{datetime.now(UTC):%Y-%m-%d}")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("v3 was live on")).to_be_visible()
    expect(page.get_by_text("gpt-5.2")).to_be_visible()


def test_a_removed_sentence_is_found_and_brought_back(
    browse: Browse, cast: Cast, changed: Assistant
) -> None:
    page = browse("publisher")
    page.goto("/w/main/changes/")
    page.get_by_role("searchbox", name="Search text that was added or removed").fill("rule 5 calm")
    page.keyboard.press("Enter")
    removed = page.locator(".feed > li", has_text="removed:")
    expect(removed.locator(".match-line")).to_contain_text("Rule 5: stay calm.")
    removed.get_by_role("link", name="v3").click()
    page.get_by_role("link", name="Compare with previous").click()
    page.get_by_role("link", name="Restore v2").click()
    page.get_by_role("button", name="Restore and review").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published as v4")).to_be_visible()
    assert "Rule 5: stay calm." in str(live_definition(fresh(changed)).value("instructions"))


def test_the_previous_version_is_two_clicks_away_on_a_phone(
    browse: Browse, changed: Assistant
) -> None:
    page = browse("publisher", viewport=PHONE)
    page.goto(address(changed, "edit/"))
    page.get_by_role("link", name="Previous version").click()
    expect(page.get_by_role("heading", name="Go back to v2?")).to_be_visible()
    page.get_by_role("button", name="Publish v2 again").click()
    expect(page.get_by_text("Published as v4")).to_be_visible()
    assert live_definition(fresh(changed)).value("model") == "gpt-4o"


def test_a_version_is_named_and_found_and_notes_become_a_duty(
    browse: Browse, changed: Assistant
) -> None:
    page = browse("admin")
    page.goto(address(changed, "history/"))
    expect(page.locator(".strip a").last).to_have_accessible_name(re.compile("v3"))
    page.locator("summary", has_text="More for version 2").click()
    page.get_by_role("link", name="Name and pin").click()
    page.get_by_label("Name").fill("Black Friday wording")
    page.get_by_label("Pin above the history").check()
    assert faults_in_all_looks(page) == []
    page.get_by_role("button", name="Save").click()
    pinned = page.get_by_role("region", name="Pinned")
    expect(pinned).to_contain_text("Black Friday wording")
    open_filters(page)
    page.get_by_label("Named versions only").check()
    expect(page).to_have_url(re.compile("named=1"))
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("v2")
    page.goto(address(changed, "history/"))
    expect(page.locator(".strip .named")).to_have_count(1)
    assert faults_in_all_looks(page) == []

    page.goto("/w/main/settings/")
    page.get_by_label("Each change needs a note").check()
    page.get_by_label("Hint for notes").fill("Why, and the number of the ticket")
    page.get_by_role("button", name="Save").click()
    page.goto(address(changed, "previous/"))
    note = page.get_by_label("Why?")
    expect(note).to_have_accessible_description("Why, and the number of the ticket")
    note.fill("")
    page.get_by_role("button", name="Publish v2 again").click()
    expect(page).to_have_url(re.compile("previous/$"))  # the browser asks for the note
    note.fill("Ticket 7")
    page.get_by_role("button", name="Publish v2 again").click()
    expect(page.locator("tbody tr").first).to_contain_text("Ticket 7")
