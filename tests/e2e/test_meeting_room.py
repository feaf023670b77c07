"""A function with four parameters and three new sentences: built, reviewed and published.

By mouse, by keyboard alone, on a phone, and without JavaScript.
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from assistants.models import Assistant, Connection
from tests.builder.schemas import BOOK_MEETING_ROOM
from tests.e2e.browsing import PHONE, address, faults, settled
from tests.e2e.building import Builder
from tests.e2e.conftest import Browse
from tests.services.conftest import Make
from tests.upstream import Upstream

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

OLD = "Be kind.\nAsk for the day.\nName the room.\nBe brief."
NEW = "Be kind and calm.\nAsk for day and time.\nName room and floor.\nBe brief."
TOOL = {
    "type": "function",
    "function": {
        "name": "book_meeting_room",
        "description": "Books a room.",
        "parameters": BOOK_MEETING_ROOM,
    },
}


class Desk:
    """An assistant behind a gateway, and what the gateway holds of it."""

    def __init__(self, assistant: Assistant, remote: Upstream) -> None:
        self.assistant, self.remote = assistant, remote
        self.before = dict(self.held)

    @property
    def held(self) -> dict[str, Any]:
        return self.remote.assistants[str(self.assistant.remote_id)]

    def is_published(self, page: Page) -> None:
        """See that all of the new definition has arrived, and that nothing else has changed."""
        expect(page.get_by_text("Published as v2.")).to_be_visible()
        wanted = {**self.before, "instructions": NEW, "tools": [*self.before["tools"], TOOL]}
        assert self.held == wanted
        parameters = self.held["tools"][-1]["function"]["parameters"]
        assert list(parameters["properties"]) == list(BOOK_MEETING_ROOM["properties"])


@pytest.fixture
def desk(published: Make, connection_to: Connection, remote: Upstream) -> Desk:
    return Desk(published(connection_to, instructions=OLD), remote)


Press = Callable[[Locator], None]


def build(page: Page, press: Press) -> None:
    """Build the function with a pointing device, and type what is typed."""
    builder = Builder(page)
    press(page.get_by_role("button", name="Add a function"))
    expect(page.locator("[name=function-0-name]")).to_be_focused()
    page.keyboard.type("Book meeting room")
    page.locator("[name=function-0-description]").fill("Books a room.")
    press(page.locator("[id='notice_function-0-name']").get_by_role("button", name="Fix"))
    expect(page.locator("[name=function-0-name]")).to_have_value("book_meeting_room")
    settled(page)
    press(page.get_by_role("button", name="Add a parameter"))
    expect(builder.part(0, "name")).to_be_focused()
    for key, name in enumerate(["room", "start", "people", "contact"]):
        if key:
            page.keyboard.press("Enter")
            expect(builder.part(key, "name")).to_be_focused()
        settled(page)
        page.keyboard.type(name)
    for key, (_name, parts) in enumerate(BOOK_MEETING_ROOM["properties"].items()):
        builder.part(key, "description").fill(parts["description"])
    for key in (0, 1):
        press(builder.part(key, "required"))
    press(builder.row(0).locator("summary"))
    builder.part(0, "allowed").fill("Blue\nGreen\nAttic")
    builder.choose(2, "integer")
    press(builder.row(2).locator("summary"))
    builder.part(2, "default").fill("4")
    builder.choose(3, "object")
    press(builder.button(3, "Add a field inside"))
    expect(builder.part(4, "name")).to_be_focused()
    settled(page)
    page.keyboard.type("name")
    press(builder.part(4, "required"))
    builder.part(4, "name").press("Enter")
    expect(builder.part(5, "name")).to_be_focused()
    settled(page)
    page.keyboard.type("email")


def review_and_publish(page: Page, press: Press) -> None:
    press(page.get_by_role("button", name="Review and publish"))
    for part in ("instructions", "tools"):
        expect(page.locator(f"#change-{part}")).to_be_visible()
    for text in ("and calm", "and time", "and floor"):
        expect(page.locator("#change-instructions ins").filter(has_text=text)).to_be_visible()
    expect(page.locator("#change-tools")).to_contain_text("book_meeting_room")
    assert faults(page) == set()
    page.get_by_label("What changed and why?").fill("Rooms are booked here now.")
    press(page.get_by_role("button", name="Publish", exact=True))


def test_by_mouse(browse: Browse, desk: Desk) -> None:
    page = browse()
    page.goto(address(desk.assistant))
    build(page, Locator.click)
    page.locator("[name=instructions]").fill(NEW)
    review_and_publish(page, Locator.click)
    desk.is_published(page)


def test_on_a_phone(browse: Browse, desk: Desk) -> None:
    page = browse(viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(address(desk.assistant))
    page.get_by_role("link", name="Next: Tools").tap()
    build(page, Locator.tap)
    assert faults(page) == set()
    page.get_by_role("link", name="Back: Instructions").tap()
    page.locator("[name=instructions]").fill(NEW)
    review_and_publish(page, Locator.tap)
    desk.is_published(page)


class Keys:
    """A page without a mouse: everything is reached by Tab."""

    def __init__(self, page: Page) -> None:
        self.page, self.builder = page, Builder(page)

    def reach(self, target: Locator, key: str = "Tab") -> None:
        """Press Tab, or Shift+Tab, until the target has the focus."""
        settled(self.page)
        wanted = target.element_handle()
        for _ in range(150):
            if self.page.evaluate("(target) => target === document.activeElement", wanted):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{target} is not reached by {key}")

    def press(self, target: Locator, key: str = "Enter", way: str = "Tab") -> None:
        self.reach(target, way)
        self.page.keyboard.press(key)

    def write(self, target: Locator, text: str, way: str = "Tab") -> None:
        self.reach(target, way)
        self.page.keyboard.type(text)

    def part(self, key: int, part: str, text: str) -> None:
        self.write(self.builder.part(key, part), text)

    def next_row(self, key: int) -> None:
        """Go back to the name of the last row, and on to a new one."""
        self.press(self.builder.part(key - 1, "name"), way="Shift+Tab")
        expect(self.builder.part(key, "name")).to_be_focused()
        settled(self.page)


def write_sentences(keys: Keys) -> None:
    keys.reach(keys.page.locator("[name=instructions]"), "Shift+Tab")
    keys.page.keyboard.press("Control+Home")
    for line in NEW.split("\n")[:3]:
        keys.page.keyboard.press("Shift+End")
        keys.page.keyboard.type(line)
        keys.page.keyboard.press("ArrowDown")
        keys.page.keyboard.press("Home")


def test_by_keyboard_alone(browse: Browse, desk: Desk) -> None:
    page = browse()
    page.goto(address(desk.assistant))
    keys, builder = Keys(page), Builder(page)
    keys.press(page.get_by_role("button", name="Add a function"))
    expect(page.locator("[name=function-0-name]")).to_be_focused()
    page.keyboard.type("book_meeting_room")
    keys.write(page.locator("[name=function-0-description]"), "Books a room.")
    keys.press(page.get_by_role("button", name="Add a parameter"))
    expect(builder.part(0, "name")).to_be_focused()
    settled(page)
    page.keyboard.type("room")
    keys.press(builder.part(0, "required"), "Space")
    keys.part(0, "description", "Which room.")
    keys.press(builder.row(0).locator("summary"))
    keys.part(0, "allowed", "Blue\nGreen\nAttic")
    keys.next_row(1)
    page.keyboard.type("start")
    keys.press(builder.part(1, "required"), "Space")
    keys.part(1, "description", "When it begins, as 2026-01-31T09:30.")
    keys.next_row(2)
    page.keyboard.type("people")
    keys.press(builder.part(2, "type"), "w")
    expect(builder.part(2, "type")).to_have_value("integer")
    keys.part(2, "description", "How many will come.")
    keys.press(builder.row(2).locator("summary"))
    keys.part(2, "default", "4")
    keys.next_row(3)
    page.keyboard.type("contact")
    keys.press(builder.part(3, "type"), "g")
    expect(builder.button(3, "Add a field inside")).to_be_visible()
    settled(page)
    expect(builder.part(3, "type")).to_be_focused()
    keys.part(3, "description", "Who asked for it.")
    keys.press(builder.button(3, "Add a field inside"))
    expect(builder.part(4, "name")).to_be_focused()
    settled(page)
    page.keyboard.type("name")
    keys.press(builder.part(4, "required"), "Space")
    keys.next_row(5)
    page.keyboard.type("email")

    write_sentences(keys)
    keys.press(page.get_by_role("button", name="Review and publish"))
    expect(page.locator("#change-tools")).to_contain_text("book_meeting_room")
    keys.write(page.get_by_label("What changed and why?"), "Rooms are booked here now.")
    keys.press(page.get_by_role("button", name="Publish", exact=True))
    desk.is_published(page)


def test_without_javascript(browse: Browse, desk: Desk) -> None:
    page = browse(java_script_enabled=False)
    page.goto(address(desk.assistant, ""))
    expect(page.get_by_role("main")).to_contain_text("Ask for the day.")
    page.get_by_role("link", name="Edit").first.click()
    builder = Builder(page)
    page.get_by_role("button", name="Add a function").click()
    page.fill("[name=function-0-name]", "book_meeting_room")
    page.fill("[name=function-0-description]", "Books a room.")
    for key, (name, parts) in enumerate(BOOK_MEETING_ROOM["properties"].items()):
        page.get_by_role("button", name="Add a parameter").click()
        builder.part(key, "name").fill(name)
        builder.part(key, "description").fill(parts["description"])
        builder.part(key, "type").select_option(parts["type"])
        builder.part(key, "required").set_checked(key < 2)
    builder.row(0).locator("summary").click()
    builder.part(0, "allowed").fill("Blue\nGreen\nAttic")
    builder.row(2).locator("summary").click()
    builder.part(2, "default").fill("4")
    page.get_by_role("button", name="Update rows after changing a type").click()
    for key, name in ((4, "name"), (5, "email")):
        builder.button(3, "Add a field inside").click()
        builder.part(key, "name").fill(name)
    builder.part(4, "required").check()
    page.fill("[name=instructions]", NEW)
    page.get_by_role("button", name="Review and publish").click()
    expect(page.locator("#change-tools")).to_contain_text("book_meeting_room")
    page.get_by_label("What changed and why?").fill("Rooms are booked here now.")
    page.get_by_role("button", name="Publish", exact=True).click()
    desk.is_published(page)
