"""The rows in which a function is built: typed, turned into other types, copied and moved."""

from typing import Any

import pytest
from playwright.sync_api import expect

from assistants.models import Assistant
from tests.builder.schemas import BOOK_MEETING_ROOM
from tests.e2e.browsing import DESK, PHONE, SCHEMES, address, faults, settled
from tests.e2e.building import PARAMETERS, TEXT, becomes, begun, object_of, opened, schema_of
from tests.e2e.conftest import Browse
from tests.services.conftest import Make

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


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
    builder = begun(page, live, at="#tools-title")
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


def test_it_is_accessible_in_all_colours(browse: Browse, with_function: Make) -> None:
    live = with_function({**BOOK_MEETING_ROOM, "$comment": "kept"}, strict=True)
    page = browse()
    builder = opened(page, live)
    builder.more(0)
    builder.button(1, "Remove start").click()
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            assert faults(page) == set(), (size, scheme)
        page.emulate_media(color_scheme="light", forced_colors="active")
        assert faults(page) == set(), (size, "forced colours")
        page.emulate_media(forced_colors="none")


def test_new_rows_stay_in_view_after_a_link_to_their_section(
    browse: Browse, live: Assistant
) -> None:
    page = browse()
    builder = begun(page, live)
    page.locator("#rail").get_by_role("link", name="Tools").click()
    page.wait_for_url("**#tools-title")
    for key in range(4):
        expect(builder.add()).to_be_in_viewport()
        settled(page)
        expect(builder.part(key, "name")).to_be_in_viewport()
