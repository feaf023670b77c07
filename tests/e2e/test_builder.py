"""The rows in which a function is built: typed, turned, moved, corrected, and as JSON."""

import re
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Page, Request, Route, expect

from assistants.models import Assistant
from assistants.services.connections.client import registry_of
from tests.builder.schemas import BOOK_MEETING_ROOM
from tests.conftest import Cast
from tests.e2e.browsing import DESK, PHONE, address, faults, settled
from tests.e2e.building import PARAMETERS, Builder, becomes, schema_of
from tests.e2e.conftest import Browse
from tests.services.conftest import Make

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

TEXT = {"type": "string"}


def object_of(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


@pytest.fixture
def with_function(cast: Cast, published: Make) -> Make:
    """Publish an assistant whose one function has these parameters."""
    registry = registry_of(cast.workspace)

    def make(parameters: Any, **more: Any) -> Assistant:
        function = {"name": "book", "parameters": parameters, **more}
        return published(registry, tools=[{"type": "function", "function": function}])

    return make


def opened(page: Page, assistant: Assistant) -> Builder:
    """The builder of the assistant's one function."""
    page.goto(address(assistant))
    page.locator("#functions summary").first.click()
    builder = Builder(page)
    expect(builder.whole).to_be_visible()
    settled(page)
    return builder


def begun(page: Page, assistant: Assistant) -> Builder:
    """The builder of a new function."""
    page.goto(address(assistant))
    page.get_by_role("button", name="Add a function").click()
    expect(page.locator("[name=function-0-name]")).to_be_focused()
    settled(page)
    page.keyboard.type("book")
    return Builder(page)


def test_rows_are_typed_one_after_the_other(browse: Browse, live: Assistant) -> None:
    page = browse()
    builder = begun(page, live)
    expect(builder.whole).to_contain_text("No parameters yet.")
    builder.add()
    page.keyboard.type("room")
    page.keyboard.press("Enter")
    expect(builder.part(1, "name")).to_be_focused()
    settled(page)
    page.keyboard.type("people")
    page.keyboard.press("Enter")
    expect(builder.part(2, "name")).to_be_focused()
    assert builder.names() == ["room", "people", ""]

    builder.part(0, "required").check()
    builder.part(0, "description").fill("Which room.\nAs on its door.")
    builder.more(0)
    builder.part(0, "allowed").fill("Blue\n Green \n\nAttic")
    builder.part(0, "null").check()
    builder.choose(1, "integer")
    builder.more(1)
    builder.part(1, "default").fill("4")
    wanted = object_of(
        room={
            "type": ["string", "null"],
            "description": "Which room.\nAs on its door.",
            "enum": ["Blue", "Green", "Attic"],
        },
        people={"type": "integer", "default": 4},
    ) | {"required": ["room"]}
    becomes(page, lambda: schema_of(live), wanted)
    assert page.url.endswith(address(live))  # Enter sent no form

    builder.show("JSON")
    assert builder.json() == wanted
    page.reload()
    page.locator("#functions summary").first.click()
    expect(builder.part(1, "default")).to_have_value("4")
    expect(builder.row(0).locator("summary")).to_contain_text("Blue, Green, Attic")


def test_another_type_loses_nothing_inside_without_a_word(browse: Browse, live: Assistant) -> None:
    page = browse()
    builder = begun(page, live)
    builder.add().fill("contact")
    builder.part(0, "type").focus()
    builder.choose(0, "object")
    expect(builder.part(0, "type")).to_be_focused()
    builder.add(inside=0).fill("email")
    builder.part(1, "description").fill("Where to write.")
    inside = object_of(email={**TEXT, "description": "Where to write."})
    becomes(page, lambda: schema_of(live), object_of(contact=inside))

    told = page.get_by_text("These rows do not count with this type.")
    for kind in ("string", "array"):
        builder.choose(0, kind)
        expect(told).to_be_visible()
        expect(builder.part(1, "description")).to_have_value("Where to write.")
        assert faults(page) == set()
    builder.choose(2, "object")  # each entry of the list
    builder.add(inside=2).fill("phone")
    expect(told).to_be_visible()
    listed = {"type": "array", "items": object_of(phone=TEXT)}
    becomes(page, lambda: schema_of(live), object_of(contact=listed))

    page.reload()
    expect(told).to_be_visible()
    expect(builder.part(1, "description")).to_have_value("Where to write.")
    builder.choose(0, "object")
    expect(told).to_be_visible()  # now it is the entries that do not count
    expect(builder.part(3, "name")).to_have_value("phone")
    becomes(page, lambda: schema_of(live), object_of(contact=inside))


def test_values_that_do_not_fit_another_type_are_told(browse: Browse, with_function: Make) -> None:
    live = with_function(object_of(size={**TEXT, "enum": ["1", "two"], "default": "two"}))
    page = browse()
    builder = opened(page, live)
    builder.part(0, "type").select_option("integer")
    page.get_by_role("button", name="Review and publish").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(builder.row(0)).to_contain_text("“two” is no whole number, such as 12.")
    expect(builder.part(0, "allowed")).to_have_value("1\ntwo")
    assert faults(page) == set()
    page.locator(".error-summary a").first.click()
    expect(builder.part(0, "allowed")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("1\n2")
    builder.part(0, "default").fill("2")
    wanted = {"type": "integer", "enum": [1, 2], "default": 2}
    becomes(page, lambda: schema_of(live), object_of(size=wanted))


def test_groups_go_five_levels_deep(browse: Browse, live: Assistant) -> None:
    page = browse(viewport=PHONE)
    builder = begun(page, live)
    wanted: Any = {"type": "object", "properties": {}}
    for level in range(5):
        builder.add(inside=level - 1 if level else None).fill(f"level_{level + 1}")
        builder.choose(level, "object")
    for level in range(5, 0, -1):
        wanted = object_of(**{f"level_{level}": wanted})
    expect(builder.row(4)).to_contain_text("the form shows five levels")
    expect(builder.row(4).get_by_role("button", name="Add a field inside")).to_have_count(0)
    assert faults(page) == set()
    becomes(page, lambda: schema_of(live), wanted)


def test_rows_are_copied_moved_removed_and_brought_back(
    browse: Browse, with_function: Make
) -> None:
    live = with_function(BOOK_MEETING_ROOM)
    page = browse()
    builder = opened(page, live)
    builder.more(3)
    builder.button(3, "Duplicate").click()
    expect(builder.part(6, "name")).to_be_focused()
    settled(page)
    assert builder.names() == ["room", "start", "people", "contact", "contact_2"]
    assert builder.names("6") == ["name", "email"]

    up = builder.button(6, "Move contact_2 up")
    up.press("Enter")
    expect(up).to_be_focused()
    expect(page.locator("#announcer")).to_contain_text("is now number 4 of 5.")
    assert builder.names() == ["room", "start", "people", "contact_2", "contact"]
    handles = page.locator(f"[id='builder_{PARAMETERS}'] [data-row-drag]")
    handles.nth(1).evaluate("handle => handle.scrollIntoView({ block: 'center' })")
    start, end = handles.nth(0).bounding_box(), handles.nth(2).bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 5, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + 5, end["y"] + 80, steps=10)
    page.mouse.up()
    assert builder.names() == ["start", "people", "room", "contact_2", "contact"]
    remove = builder.button(1, "Remove start")
    remove.press("Enter")
    undo = builder.button(1, "Undo removing start")
    expect(undo).to_be_focused()
    builder.button(6, "Remove contact_2").click()
    assert builder.names() == ["people", "room", "contact"]

    before: Any = BOOK_MEETING_ROOM["properties"]
    left = {name: before[name] for name in ("people", "room", "contact")}
    wanted = {"type": "object", "properties": left, "required": ["room"]}
    becomes(page, lambda: schema_of(live), wanted)
    undo.click()
    expect(remove).to_be_focused()
    expect(builder.whole).to_contain_text("Only the order has changed.")
    assert faults(page) == set()
    builder.part(1, "description").fill("When it begins.")
    expect(builder.whole).not_to_contain_text("Only the order has changed.")
    start_now = {**before["start"], "description": "When it begins."}
    wanted = {"type": "object", "properties": {"start": start_now, **left}}
    becomes(page, lambda: schema_of(live), {**wanted, "required": ["room", "start"]})


def test_names_are_checked_where_they_are_typed(browse: Browse, live: Assistant) -> None:
    page = browse()
    builder = begun(page, live)
    page.locator("[name=function-0-name]").fill("Book meeting room")
    offered = page.locator("#row_function-0").get_by_text("such as “book_meeting_room”")
    expect(offered).to_be_visible()
    page.locator("[id='notice_function-0-name']").get_by_role("button", name="Fix").click()
    expect(page.locator("[name=function-0-name]")).to_have_value("book_meeting_room")
    expect(page.locator("[name=function-0-name]")).to_be_focused()
    expect(offered).to_have_count(0)

    builder.add().fill("Start time")
    expect(builder.row(0)).to_contain_text("such as “start_time”")
    builder.add().fill("start_time")
    builder.row(0).get_by_role("button", name="Fix").click()
    expect(builder.part(0, "name")).to_have_value("start_time")
    page.get_by_role("button", name="Review and publish").click()
    expect(page.locator(".error-summary")).to_contain_text("Another row here has the name")
    expect(builder.row(1)).to_contain_text("Choose another name.")
    expect(builder.part(1, "name")).to_have_attribute("aria-invalid", "true")
    assert faults(page) == set()
    builder.part(1, "name").fill("end_time")
    becomes(page, lambda: schema_of(live), object_of(start_time=TEXT, end_time=TEXT))


def test_strict_is_corrected_row_by_row_or_at_once(browse: Browse, with_function: Make) -> None:
    live = with_function(BOOK_MEETING_ROOM)
    page = browse()
    builder = opened(page, live)
    expect(builder.whole.get_by_role("button", name="Fix")).to_have_count(0)
    page.locator("[name=function-0-strict]").check()
    contact = page.locator(f"[id='notice_{PARAMETERS}-3']")
    expect(contact).to_contain_text("Strict needs every property in “required”. Missing: email.")
    expect(builder.whole).to_contain_text("Missing: people, contact.")
    assert faults(page) == set()
    contact.get_by_role("button", name="Fix").last.click()
    expect(contact).not_to_contain_text("Missing")
    expect(builder.part(5, "required")).to_be_checked()
    expect(builder.part(3, "required")).not_to_be_checked()
    for key in (2, 3):  # by hand, the advice about all rows goes too
        builder.part(key, "required").check()
    expect(builder.whole).not_to_contain_text("Missing: people, contact.")
    for key in (2, 3):
        builder.part(key, "required").uncheck()
    expect(builder.whole).to_contain_text("Missing: people, contact.")
    builder.whole.get_by_role("button", name="Fix all").click()
    expect(builder.part(3, "required")).to_be_checked()
    expect(builder.whole.get_by_role("button", name="Fix")).to_have_count(0)

    wanted: Any = {
        **BOOK_MEETING_ROOM,
        "required": ["room", "start", "people", "contact"],
        "additionalProperties": False,
    }
    before: Any = BOOK_MEETING_ROOM["properties"]
    people_now = {**before["people"], "type": ["integer", "null"]}
    names = {"name": TEXT, "email": {"type": ["string", "null"]}}
    contact_now = {
        **before["contact"],
        "type": ["object", "null"],
        "properties": names,
        "required": ["name", "email"],
        "additionalProperties": False,
    }
    wanted["properties"] = {**before, "people": people_now, "contact": contact_now}
    becomes(page, lambda: schema_of(live), wanted)


def test_form_and_json_keep_in_step(browse: Browse, with_function: Make) -> None:
    live = with_function(BOOK_MEETING_ROOM)
    page = browse()
    builder = opened(page, live)
    builder.part(4, "description").fill("Their whole name.")
    builder.show("JSON")
    schema = builder.json()
    wanted: Any = {**BOOK_MEETING_ROOM, "properties": {**BOOK_MEETING_ROOM["properties"]}}
    contact = wanted["properties"]["contact"]
    named = {**TEXT, "description": "Their whole name."}
    properties = {**contact["properties"], "name": named}
    wanted["properties"]["contact"] = {**contact, "properties": properties}
    assert schema == wanted

    typed = page.locator(f"[name='{PARAMETERS}']")
    typed.fill('{"type": "object", "properties": {')
    builder.whole.get_by_role("button", name="Form", exact=True).click()
    expect(builder.whole).to_contain_text("Line 1, column 35")
    expect(typed).to_have_value('{"type": "object", "properties": {')
    assert faults(page) == set()
    settled(page)
    typed.fill('{"properties": {"seats": {"type": "integer"}}}')
    builder.show("Form")
    expect(builder.part(0, "name")).to_have_value("seats")
    expect(builder.part(0, "type")).to_have_value("integer")
    becomes(page, lambda: schema_of(live), {"properties": {"seats": {"type": "integer"}}})


ODD = {
    "type": "object",
    "properties": {
        "when": {"type": "string", "pattern": "^[0-9]+$", "format": "date"},
        "where": {"$ref": "#/$defs/place"},
        "who": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        "size": {"type": ["string", "number"]},
    },
    "$defs": {"place": {"type": "string"}},
}


def test_what_rows_cannot_show_is_named_and_stays(browse: Browse, with_function: Make) -> None:
    live = with_function(ODD)
    page = browse()
    builder = opened(page, live)
    for key, names in enumerate(["pattern, format", r"\$ref", "oneOf"]):
        expect(builder.row(key)).to_contain_text(re.compile(rf"Also set: \u2066?{names[:5]}"))
    expect(builder.part(3, "type")).to_have_value("kept")
    assert faults(page) == set()
    builder.part(0, "description").fill("The day.")
    builder.part(2, "required").check()
    builder.button(1, "Move where down").click()
    properties: Any = ODD["properties"]
    wanted = {
        "type": "object",
        "properties": {
            "when": {**properties["when"], "description": "The day."},
            "who": properties["who"],
            "where": properties["where"],
            "size": properties["size"],
        },
        "$defs": ODD["$defs"],
        "required": ["who"],
    }
    becomes(page, lambda: schema_of(live), wanted)


def test_a_schema_of_another_shape_is_edited_as_json(browse: Browse, live: Assistant) -> None:
    page = browse()
    builder = begun(page, live)
    builder.show("JSON")
    typed = page.locator(f"[name='{PARAMETERS}']")
    typed.fill('{"$ref": "#/$defs/a", "$defs": {"a": {}}}')
    builder.whole.get_by_role("button", name="Form", exact=True).click()
    expect(builder.whole).to_contain_text("The form cannot show this schema, so edit it as JSON.")
    assert builder.json() == {"$ref": "#/$defs/a", "$defs": {"a": {}}}
    assert faults(page) == set()


class Late:
    """Holds back the answers to the builder's steps until the test lets them go."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.held: list[tuple[Route, APIResponse]] = []
        page.route("**/edit/", self.hold)

    def hold(self, route: Route) -> None:
        if self.is_step(route.request):
            self.held.append((route, route.fetch()))
        else:
            route.continue_()

    @staticmethod
    def is_step(request: Request) -> bool:
        return "action=schema" in (request.post_data or "")

    def waits_for(self, count: int) -> None:
        for _ in range(200):
            if len(self.held) >= count:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{len(self.held)} of {count} steps were taken")

    def let_go(self, number: int = 0) -> None:
        route, answer = self.held.pop(number)
        route.fulfill(response=answer)
        self.page.wait_for_timeout(200)


def test_late_answers_take_nothing_along(browse: Browse, live: Assistant) -> None:
    page = browse()
    builder = begun(page, live)
    builder.add().fill("contact")
    builder.add().fill("tags")
    late = Late(page)
    builder.part(0, "type").select_option("object")
    late.waits_for(1)
    builder.part(1, "type").select_option("array")
    builder.part(1, "description").fill("Typed meanwhile.")
    builder.whole.locator("> [data-adds-row]").click()  # it waits for the other step
    late.let_go()
    late.waits_for(1)  # what was typed since is not in the answer, so the step is taken again
    expect(builder.part(1, "description")).to_have_value("Typed meanwhile.")
    late.let_go()
    late.waits_for(1)
    expect(builder.part(1, "description")).to_have_value("Typed meanwhile.")
    expect(builder.row(1)).to_contain_text("Each entry")
    late.let_go()
    expect(builder.part(3, "name")).to_be_focused()  # after that of each entry
    expect(builder.row(0)).to_contain_text("Add a field inside")
    assert builder.names() == ["contact", "tags", ""]
    wanted = object_of(
        contact={"type": "object", "properties": {}},
        tags={"type": "array", "description": "Typed meanwhile."},
    )
    becomes(page, lambda: schema_of(live), wanted)


def test_names_are_typed_faster_than_the_server_answers(browse: Browse, live: Assistant) -> None:
    page = browse()
    builder = begun(page, live)
    builder.add()
    late = Late(page)
    page.keyboard.type("room")
    page.keyboard.press("Enter")
    page.keyboard.type("people")
    late.waits_for(1)
    assert builder.names() == ["room"]
    assert faults(page) == set()
    late.let_go()
    expect(builder.part(1, "name")).to_be_focused()
    page.keyboard.type("_count")
    assert builder.names() == ["room", "people_count"]
    becomes(page, lambda: schema_of(live), object_of(room=TEXT, people_count=TEXT))


def test_it_is_accessible_in_all_colours(browse: Browse, with_function: Make) -> None:
    live = with_function({**BOOK_MEETING_ROOM, "$comment": "kept"}, strict=True)
    page = browse()
    builder = opened(page, live)
    builder.more(0)
    builder.button(1, "Remove start").click()
    page.wait_for_timeout(300)  # colours change in steps
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        for colours in ({"color_scheme": "light"}, {"color_scheme": "dark"}):
            for forced in ("none", "active"):
                page.emulate_media(**colours, forced_colors=forced)  # type: ignore[arg-type]
                assert faults(page) == set(), (size, colours, forced)
