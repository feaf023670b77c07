"""The builder of a schema as people use it: its rows, what is in them, and its two views."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Locator, Page, expect

from assistants.models import Assistant, Draft
from tests.e2e.browsing import address, settled

PARAMETERS = "function-0-parameters"
TEXT = {"type": "string"}
NAMES = """([name, around]) => [...document.querySelectorAll(`[name^="${name}-"][name$="-in"]`)]
  .filter((place) => place.value === around && !place.closest("[data-removed]"))
  .map((place) => document.getElementsByName(place.name.replace(/in$/, "name"))[0]?.value)"""
KEYS = """(name) => [...document.querySelectorAll(`[name^="${name}-"][name$="-in"]`)]
  .map((place) => place.name.slice(name.length + 1, -3))"""


class Builder:
    """The rows of one schema on a page. A row is named by its key; a new one has the next."""

    def __init__(self, page: Page, name: str = PARAMETERS) -> None:
        self.page, self.name = page, name
        self.whole = page.locator(f"[id='builder_{name}']")

    def part(self, key: int, part: str) -> Locator:
        """The input of a part of a row: name, type, description, allowed, default, required."""
        return self.page.locator(f"[name='{self.name}-{key}-{part}']")

    def row(self, key: int) -> Locator:
        return self.page.locator(f"[id='row_{self.name}-{key}']")

    def button(self, key: int, name: str) -> Locator:
        """A button of a row, which comes before those of the rows inside it."""
        return self.row(key).get_by_role("button", name=name).first

    def add(self, inside: int | None = None) -> Locator:
        """Add a row by its button. Returns its name, which has the focus then."""
        settled(self.page)
        keys = [int(place) for place in self.page.evaluate(KEYS, self.name)]
        around = "" if inside is None else inside
        self.page.locator(f"[id='add_{self.name}-{around}']").click()
        name = self.part(max(keys, default=-1) + 1, "name")
        expect(name).to_be_focused()
        settled(self.page)
        return name

    def more(self, key: int) -> None:
        """Open what is folded away in a row."""
        self.row(key).locator("details.row-more > summary").first.click()

    def choose(self, key: int, kind: str) -> None:
        """Choose a type, and wait for the rows that it brings."""
        settled(self.page)
        self.part(key, "type").select_option(kind)
        settled(self.page)

    def names(self, inside: str = "") -> list[str]:
        """The names of the rows in one list, in their order, without those removed."""
        return list(self.page.evaluate(NAMES, [self.name, inside]))

    def show(self, view: str) -> None:
        """Change to the view "Form" or "JSON"."""
        settled(self.page)
        button = self.whole.get_by_role("button", name=view, exact=True)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        settled(self.page)

    def json(self) -> Any:
        """The schema in the view as JSON."""
        return json.loads(self.page.locator(f"[name='{self.name}']").input_value())


def object_of(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def opened(page: Page, assistant: Assistant) -> Builder:
    """The builder of the assistant's one function."""
    page.goto(address(assistant))
    page.locator("#functions summary").first.click()
    builder = Builder(page)
    expect(builder.whole).to_be_visible()
    settled(page)
    return builder


def begun(page: Page, assistant: Assistant, at: str = "") -> Builder:
    """The builder of a new function; on a phone the editor opens `at` a step."""
    page.goto(address(assistant) + at)
    page.get_by_role("button", name="Add a function").click()
    expect(page.locator("[name=function-0-name]")).to_be_focused()
    settled(page)
    page.keyboard.type("book")
    return Builder(page)


def schema_of(assistant: Assistant) -> Any:
    """The parameters of the last function in the newest draft; None without a draft."""
    draft = Draft.objects.filter(assistant=assistant).order_by("-pk").first()
    if draft is None:
        return None
    tool: Mapping[str, Any] = draft.definition.value("tools")[-1]
    return tool.get("function", {}).get("parameters")


def becomes(page: Page, read: Callable[[], Any], wanted: Any) -> None:
    """Wait until the page has saved what was typed; the order of keys counts."""
    deadline = time.monotonic() + 20
    while json.dumps(read()) != json.dumps(wanted):
        if time.monotonic() > deadline:
            raise AssertionError(f"saved is {json.dumps(read())}, wanted {json.dumps(wanted)}")
        page.wait_for_timeout(50)
