"""Functions built from rows: what is posted becomes the schema, and nothing typed is lost."""

import json
import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistants.definition import Definition
from assistants.definition.parameters import MOST_SCHEMA_ROWS, NotRows, read_parameters
from assistants.forms.definition_form import DefinitionForm
from tests.builder.schemas import BOOK_MEETING_ROOM, objects

F = "function-0-parameters"
EMPTY = Definition.parse({"model": "m"})
BEGUN = {"function-TOTAL_FORMS": "1", "function-0-name": "f"}
ADD = "schema:add:" + F + ":"


def holding(schema: Any, **more: Any) -> Definition:
    function = {"name": "f", "parameters": schema, **more}
    return Definition.parse({"model": "m", "tools": [{"type": "function", "function": function}]})


def opened(definition: Definition) -> dict[str, str]:
    """What the page posts once the function is opened."""
    return step(definition, BEGUN, f"schema:form:{F}:")


def step(definition: Definition, data: dict[str, str], action: str) -> dict[str, str]:
    form = DefinitionForm(definition, data, base=definition)
    form.take_step(action)
    return {key: str(text) for key, text in form.answers.data.items()}


def read(definition: Definition, data: dict[str, str]) -> DefinitionForm:
    form = DefinitionForm(definition, data, base=definition)
    form.is_valid()
    return form


def schema_in(form: DefinitionForm) -> Any:
    return form.definition.value("tools")[0]["function"].get("parameters")


def builder_of(form: DefinitionForm) -> Any:
    return form.page(lambda _path: True).functions[0].builder


@given(objects())
def test_a_function_that_is_only_opened_stays_as_it_is(schema: Any) -> None:
    definition = holding(schema)
    try:
        read_parameters(definition.value("tools")[0]["function"]["parameters"])
    except NotRows:
        return
    form = read(definition, opened(definition))
    assert json.dumps(schema_in(form)) == json.dumps(
        definition.value("tools")[0]["function"]["parameters"]
    )


@given(objects(), st.randoms())
def test_steps_there_and_back_leave_a_schema_as_it_is(schema: Any, random: Any) -> None:
    definition = holding(schema)
    data = opened(definition)
    if data.get(f"{F}-view") != "form":
        return
    keys = [name.split("-")[-2] for name in data if re.fullmatch(f"{F}-[0-9]+-in", name)]
    key = random.choice(keys or ["0"])
    there, back = random.choice([("up", "down"), ("down", "up"), ("json", "form")])
    moved = step(definition, data, f"schema:{there}:{F}:{key}")
    if moved != data:
        data = step(definition, moved, f"schema:{back}:{F}:{key}")
    now = json.dumps(schema_in(read(definition, data)))
    assert now == json.dumps(definition.value("tools")[0]["function"]["parameters"])


def rows(*typed: dict[str, str]) -> dict[str, str]:
    """The rows of a new function, each of these parts."""
    data = {
        "function-TOTAL_FORMS": "1",
        "function-0-name": "book_meeting_room",
        f"{F}-view": "form",
        F: "",
    }
    for key, parts in enumerate(typed):
        posted = {"in": "", "type": "string", **parts}
        data.update({f"{F}-{key}-{part}": text for part, text in posted.items()})
    return data


MEETING = rows(
    {
        "name": "room",
        "description": "Which room.",
        "allowed": "Blue\r\nGreen\r\nAttic",
        "required": "on",
    },
    {"name": "start", "description": "When it begins, as 2026-01-31T09:30.", "required": "on"},
    {"name": "people", "type": "integer", "description": "How many will come.", "default": "4"},
    {"name": "contact", "type": "object", "description": "Who asked for it."},
    {"in": "3", "name": "name", "required": "on"},
    {"in": "3", "name": "email"},
)


def test_a_function_is_built_without_any_json() -> None:
    form = read(EMPTY, MEETING)
    assert form.errors == {}
    assert json.dumps(schema_in(form)) == json.dumps(BOOK_MEETING_ROOM)


@pytest.mark.parametrize(
    ("name", "text", "wrong", "told"),
    [
        ("1-name", "room", "1-name", "Another row here has the name “room”. Choose another name."),
        ("1-name", "", "1-name", "Enter a name."),
        ("2-default", "four", "2-default", "“four” is no whole number, such as 12."),
        ("2-allowed", "1\n2.5", "2-allowed", "“2.5” is no whole number, such as 12."),
    ],
)
def test_rows_that_no_schema_can_hold_stay_as_typed(
    name: str, text: str, wrong: str, told: str
) -> None:
    form = read(EMPTY, MEETING | {f"{F}-{name}": text})
    assert form.errors == {f"{F}-{wrong}": [told]}
    assert form.says_more
    html = builder_of(form).rows
    assert f'name="{F}-1-name"' in html
    assert told in html.replace("&quot;", '"')
    assert [fault.anchor for fault in form.faults()] == [f"id_{F}-{wrong}"]
    page = step(EMPTY, MEETING | {f"{F}-{name}": text}, f"schema:json:{F}:")
    assert page[f"{F}-view"] == "form"
    assert page[f"{F}-{name}"] == text


def test_only_a_ticked_box_removes_a_row() -> None:
    definition = holding(BOOK_MEETING_ROOM)
    data = {**BEGUN, F: json.dumps(BOOK_MEETING_ROOM), f"{F}-view": "form"}
    assert schema_in(read(definition, data)) == BOOK_MEETING_ROOM
    gone = {f"{F}-0-in": "", f"{F}-0-name": "room", f"{F}-0-type": "string", f"{F}-0-DELETE": "on"}
    left = schema_in(read(definition, data | gone))
    assert list(left["properties"]) == ["start", "people", "contact"]
    assert left["required"] == ["start"]


def test_rows_move_are_copied_and_added() -> None:
    definition = holding(BOOK_MEETING_ROOM | {"$comment": "kept"})
    data = opened(definition)
    moved = step(definition, data, f"schema:up:{F}:3")
    assert list(schema_in(read(definition, moved))["properties"]) == [
        "room",
        "start",
        "contact",
        "people",
    ]
    last = step(definition, data, f"schema:down:{F}:3")
    assert schema_in(read(definition, last)) == BOOK_MEETING_ROOM | {"$comment": "kept"}
    copied = step(definition, data, f"schema:copy:{F}:3")
    found = schema_in(read(definition, copied))
    assert found["properties"]["contact_2"] == BOOK_MEETING_ROOM["properties"]["contact"]
    assert list(found)[-1] == "$comment"
    inner = step(definition, data, f"schema:add:{F}:3")
    inner[f"{F}-6-name"] = "phone"
    assert (
        list(schema_in(read(definition, inner))["properties"]["contact"]["properties"])[-1]
        == "phone"
    )


def test_a_new_order_alone_is_told() -> None:
    definition = holding(BOOK_MEETING_ROOM)
    data = opened(definition)
    assert read(definition, data).hints() == {}
    moved = step(definition, data, f"schema:up:{F}:1")
    form = read(definition, moved)
    assert form.hints()[F].texts == [
        "Only the order has changed. It is saved once you change something else too."
    ]
    changed = read(definition, moved | {f"{F}-0-description": "Which one."})
    assert changed.hints() == {}
    assert list(schema_in(changed)["properties"])[:2] == ["start", "room"]


def test_json_and_rows_keep_in_step() -> None:
    as_json = step(EMPTY, MEETING, f"schema:json:{F}:")
    assert json.loads(as_json[F]) == BOOK_MEETING_ROOM
    assert not any(name.endswith("-in") for name in as_json)
    as_json[F] = as_json[F].replace('"Attic"', '"Cellar"')
    again = step(EMPTY, as_json, f"schema:form:{F}:")
    assert again[f"{F}-0-allowed"] == "Blue\nGreen\nCellar"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"type": "object", "properties": {', "Line 1, column 35"),
        ('{"oneOf": []}', "The form cannot show this schema"),
        (
            json.dumps({"properties": {f"p{n}": {} for n in range(201)}}),
            "This schema has 201 parameters",
        ),
    ],
)
def test_what_rows_cannot_show_stays_json_with_the_reason(text: str, told: str) -> None:
    form = DefinitionForm(EMPTY, {"function-TOTAL_FORMS": "1", "function-0-name": "f", F: text})
    form.take_step(f"schema:form:{F}:")
    page = form.page(lambda _path: True).functions[0]
    assert not page.builder.is_form
    assert page.builder.text == text
    assert told in page.builder.unshown + "".join(page.inputs["parameters"].errors)


def test_rows_that_do_not_count_with_their_type_are_kept_as_typed() -> None:
    form = read(EMPTY, MEETING | {f"{F}-3-type": "string"})
    assert schema_in(form)["properties"]["contact"] == {
        "type": "string",
        "description": "Who asked for it.",
    }
    assert form.left_out
    assert "do not count with this type" in builder_of(form).rows


def test_advice_is_at_its_row_and_a_button_corrects_it() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "strng"}, "b": {"type": "array"}}}
    definition = holding({}, strict=True)
    data = step(
        definition,
        {**BEGUN, F: json.dumps(schema), "function-0-strict": "on"},
        f"schema:form:{F}:",
    )
    hints = read(definition, data).hints()
    assert hints[f"{F}-0"].texts[0].startswith("“strng” is not a type")
    assert "items" in hints[f"{F}-1"].texts[0]
    one = step(definition, data, hints[f"{F}-0"].fixes[0])
    assert schema_in(read(definition, one))["properties"]["a"] == {"type": "string"}
    every = step(definition, data, hints[F].fix_all)
    form = read(definition, every)
    assert form.hints() == {}
    assert schema_in(form) == {
        "type": "object",
        "properties": {
            "a": {"type": ["string", "null"]},
            "b": {"type": ["array", "null"], "items": {"type": "string"}},
        },
        "required": ["a", "b"],
        "additionalProperties": False,
    }


def test_a_name_with_spaces_is_offered_plain() -> None:
    data = MEETING | {"function-0-name": "Book meeting room", f"{F}-1-name": "Start time"}
    hints = read(EMPTY, data).hints()
    assert "book_meeting_room" in hints["function-0-name"].texts[0]
    data = step(EMPTY, data, hints["function-0-name"].fixes[0])
    data = step(EMPTY, data, hints[f"{F}-1"].fixes[0])
    form = read(EMPTY, data)
    assert form.errors == {}
    assert form.definition.value("tools")[0]["function"]["name"] == "book_meeting_room"
    assert list(schema_in(form)["properties"])[1] == "start_time"


def test_the_form_takes_no_more_rows_than_it_shows() -> None:
    schema = {
        "type": "object",
        "properties": {f"p{n}": {"type": "string"} for n in range(MOST_SCHEMA_ROWS)},
    }
    definition = holding(schema)
    data = opened(definition)
    assert step(definition, data, ADD) == data
    assert "at most 200 parameters" in builder_of(read(definition, data)).rows


@pytest.mark.parametrize(
    "action",
    [
        "schema:",
        "schema:x:y:z",
        "schema:up:function-0-parameters:99",
        "schema:add:function-9:0",
        "schema:fix::",
        "open:",
        "open:x",
    ],
)
def test_a_button_that_does_not_exist_changes_nothing(action: str) -> None:
    definition = holding(BOOK_MEETING_ROOM)
    assert (
        schema_in(read(definition, step(definition, opened(definition), action)))
        == BOOK_MEETING_ROOM
    )


@pytest.mark.parametrize(
    "odd",
    [
        {f"{F}-0-in": "0"},
        {f"{F}-0-in": "1", f"{F}-1-in": "0"},
        {f"{F}-{n}-in": str(n - 1) for n in range(1, 500)},
        {f"{F}-{n}-in": "" for n in range(1001)},
        {f"{F}-0-type": "<b>", f"{F}-0-of": "x"},
    ],
)
def test_odd_rows_neither_fail_nor_take_long(odd: dict[str, str]) -> None:
    started = time.perf_counter()
    form = read(EMPTY, MEETING | odd)
    form.page(lambda _path: True)
    assert time.perf_counter() - started < 5
    assert "<b>" not in builder_of(form).rows


def test_a_megabyte_of_schema_opens_as_json_in_no_time() -> None:
    names = {f"parameter_{n}": {"type": "string", "description": "x" * 900} for n in range(1000)}
    definition = holding({"type": "object", "properties": names})
    started = time.perf_counter()
    form = DefinitionForm(definition, {}, base=definition)
    form.take_step("open:function-0")
    page = form.page(lambda _path: True)
    assert time.perf_counter() - started < 5
    assert not page.functions[0].builder.is_form
    assert "1,000 parameters" in page.functions[0].builder.unshown
