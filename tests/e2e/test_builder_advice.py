"""What is said about the rows of a function, and the same function as JSON."""

from typing import Any

import pytest
from playwright.sync_api import expect

from assistants.models import Assistant
from tests.builder.schemas import BOOK_MEETING_ROOM
from tests.e2e.browsing import faults, settled
from tests.e2e.building import PARAMETERS, TEXT, becomes, begun, object_of, opened, schema_of
from tests.e2e.conftest import Browse
from tests.services.conftest import Make

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


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
    for key, names in enumerate(["pattern", "$ref", "oneOf"]):
        expect(builder.row(key)).to_contain_text("Also set:")
        expect(builder.row(key)).to_contain_text(names)
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
