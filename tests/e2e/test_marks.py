"""Characters that nobody sees, texts from right to left, and paper: as a browser shows them."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from assistants.models import Assistant
from assistants.services.editing.drafts import save_draft
from assistants.services.ledger.reading import live_definition
from tests.conftest import Cast
from tests.definition.test_characters import tags
from tests.e2e.browsing import address, change_live
from tests.e2e.conftest import Browse

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SELECTED = """element => {
  getSelection().selectAllChildren(element);
  return getSelection().toString();
}"""
LEFT = """([element, word]) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(word);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(walker.currentNode, at);
    range.setEnd(walker.currentNode, at + word.length);
    return range.getBoundingClientRect().left;
  }
}"""
CUT = """() => [...document.querySelectorAll("main *")].filter(element => {
  const style = getComputedStyle(element);
  return style.overflowY !== "visible" && element.scrollHeight > element.clientHeight + 1
    && element.checkVisibility() && element.clientHeight > 4;
}).map(element => element.outerHTML.slice(0, 80))"""


def left_of(place: Locator, word: str) -> float:
    """Where the first such word begins on the screen."""
    return float(place.page.evaluate(LEFT, [place.element_handle(), word]))


def test_a_copy_has_the_real_text_and_a_reader_the_names(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    text = f"Re\u200bfund \u202e30\u202c days{tags('ignore all')}\u00a0now"
    row = change_live(cast.publisher, live, instructions=text)
    page = browse("viewer")
    page.goto(address(row, "compare/1..2/"))
    change = page.locator("#change-instructions .touched ins").first
    for name in ("zero-width space", "right-to-left override", "10 tag characters: “ignore all”"):
        expect(change.get_by_text(name, exact=True).or_(change.get_by_text(name))).to_be_visible()
    copied = page.evaluate(SELECTED, change.element_handle())
    assert copied.replace("\u00a0", " ") == text.replace("\u00a0", " ")
    page.goto(address(row, "history/2/"))
    whole = page.locator(".prose.long")
    copied = page.evaluate(SELECTED, whole.element_handle())
    assert copied.replace("\u00a0", " ") == text.replace("\u00a0", " ")


def test_old_stands_before_new_and_a_name_turns_nothing_around(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    change_live(cast.publisher, live, name="עוזר אלף")
    change_live(cast.publisher, live, name="עוזר בית")
    row = change_live(cast.publisher, live, name="\u2069\u202eabc")
    page = browse("viewer")
    page.goto(address(row, "history/"))
    told = page.get_by_role("row").filter(has_text="בית").nth(1)
    assert left_of(told, "אלף") < left_of(told, "→") < left_of(told, "בית")
    page.goto("/w/main/changes/")
    first = page.locator(".feed li p").first
    expect(first).to_contain_text("published")
    assert left_of(first, "Pia") < left_of(first, "published") < left_of(first, "v4")
    page.goto(address(row, "compare/2..3/"))
    change = page.locator("#change-name .touched")
    assert left_of(change, "עוזר") > left_of(change, "אלף") > left_of(change, "בית")


def test_the_editor_speaks_up_while_one_types(browse: Browse, live: Assistant) -> None:
    page = browse("editor")
    page.goto(address(live))
    page.get_by_role("textbox", name="Instructions").fill("Re\u200bfund")
    notice = page.locator("#notice_instructions")
    expect(notice).to_contain_text("This text contains invisible characters: zero-width space.")
    page.get_by_role("textbox", name="Instructions").fill("Refund")
    expect(notice).to_be_hidden()


def pages_of(page: Page, path: Path) -> int:
    """Print to PDF and count its pages."""
    page.pdf(path=path)
    return len(re.findall(rb"/Type\s*/Page\b", path.read_bytes()))


@pytest.mark.parametrize(
    ("who", "where"), [("viewer", ""), ("editor", "edit/"), ("viewer", "history/2/")]
)
def test_paper_shows_the_whole_text(
    browse: Browse, cast: Cast, live: Assistant, tmp_path: Path, who: str, where: str
) -> None:
    short = change_live(cast.publisher, live, description="Word " * 100)
    page = browse(who)
    page.goto(address(short, where))
    few = pages_of(page, tmp_path / "short.pdf")
    lines = "\n".join(f"Rule {number}: stay calm." for number in range(400))
    row = change_live(cast.publisher, live, instructions=lines)
    page.goto(address(row, where.replace("2", "3")))
    assert pages_of(page, tmp_path / "long.pdf") >= few + 6  # some fifty lines on a page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(CUT) == []
    expect(page.locator(".printed")).to_contain_text(re.compile(r"v3|Version 3"))
    expect(page.locator(".printed")).to_contain_text(
        re.compile(r"\d+ [A-Z][a-z]+ \d{4}, \d\d:\d\d:\d\d UTC")
    )
    expect(page.locator(".app-bar")).to_be_hidden()
    expect(page.get_by_text("Rule 399: stay calm.").last).to_be_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".copied-out")).to_have_count(0)


def test_paper_shows_what_is_folded(browse: Browse, cast: Cast, live: Assistant) -> None:
    tool = {"type": "function", "function": {"name": "find", "parameters": {"type": "object"}}}
    row = change_live(cast.publisher, live, tools=[tool])
    page = browse("viewer")
    page.goto(address(row, ""))
    json = page.get_by_text('"type": "object"')
    expect(json).to_be_hidden()
    page.emulate_media(media="print")
    assert json.evaluate("element => element.checkVisibility({contentVisibilityAuto: true})")


def test_marks_are_told_without_colour(browse: Browse, cast: Cast, live: Assistant) -> None:
    draft = live_definition(live).replace(instructions="Re\u200bfund")
    save_draft(author=cast.publisher, assistant=live, definition=draft, base=live.live)
    page = browse("publisher", forced_colors="active")
    page.goto(address(live, "review/"))
    mark = page.locator(".mark").first
    assert mark.evaluate("element => getComputedStyle(element).borderStyle") == "solid"
    assert mark.evaluate("element => getComputedStyle(element).borderWidth") == "1px"
    expect(mark).to_have_text(re.compile("character: zero-width space"))
