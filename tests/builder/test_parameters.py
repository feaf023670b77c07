"""A schema as rows and back: nothing is lost, and an edit changes what it names only."""

import json
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistants.definition.parameters import (
    KEPT_KIND,
    MOST_SCHEMA_ROWS,
    NotRows,
    SchemaRow,
    count_rows,
    read_parameters,
    write_parameters,
)
from tests.builder.schemas import BOOK_MEETING_ROOM, PUBLISHED, objects, odd, rows_in, schemas


def text(value: Any) -> str:
    """The value as JSON: its keys in their order, 1 unlike 1.0."""
    return json.dumps(value)


def written(root: SchemaRow) -> Any:
    schema, slips = write_parameters(root)
    assert slips == []
    return schema


@given(objects() | schemas())
def test_rows_that_nobody_edited_give_the_same_schema(schema: Any) -> None:
    before = text(schema)
    try:
        root = read_parameters(schema, most=10_000)
    except NotRows:
        return
    assert text(written(root)) == text(None if schema is None else schema) == before


@given(odd)
def test_any_other_json_is_no_rows_or_stays_as_it_is(value: Any) -> None:
    try:
        root = read_parameters(value)
    except NotRows:
        return
    assert text(written(root)) == text(value)


@pytest.mark.parametrize("schema", PUBLISHED)
def test_published_schemas_become_rows_and_stay_equal(schema: dict[str, Any]) -> None:
    root = read_parameters(schema)
    assert len(root.children) == len(schema.get("properties", {}))
    assert text(written(root)) == text(schema)


@given(objects(), st.randoms())
def test_an_edit_changes_its_own_place_only(schema: dict[str, Any], random: Any) -> None:
    root = read_parameters(schema, most=10_000)
    rows = [row for row in rows_in(root) if isinstance(row.schema, dict)]
    if not rows:
        return
    chosen = random.choice(rows)
    edited = edit(root, chosen, description="Edited.")
    expected = deepcopy(schema)
    place_of(expected, root, chosen)["description"] = "Edited."

    assert text(written(edited)) == text(expected)


def edit(row: SchemaRow, chosen: SchemaRow, **changes: Any) -> SchemaRow:
    """A copy of the tree in which one row was typed into."""
    mine = changes if row is chosen else {}
    return replace(
        row,
        origin=row,
        children=[edit(child, chosen, **changes) for child in row.children],
        items=None if row.items is None else edit(row.items, chosen, **changes),
        **mine,
    )


def place_of(schema: Any, row: SchemaRow, chosen: SchemaRow) -> Any:
    if row is chosen:
        return schema
    for child in row.children:
        if child is chosen or any(inner is chosen for inner in rows_in(child)):
            return place_of(schema["properties"][child.name], child, chosen)
    return place_of(schema["items"], row.items, chosen) if row.items else None


def typed(name: str, kind: str = "string", **parts: Any) -> SchemaRow:
    return SchemaRow(name=name, kind=kind, **parts)


def test_a_function_is_built_of_new_rows() -> None:
    contact = [typed("name", required=True), typed("email")]
    root = SchemaRow(
        kind="object",
        children=[
            typed(
                "room", description="Which room.", allowed="Blue\nGreen\n\n Attic ", required=True
            ),
            typed("start", description="When it begins, as 2026-01-31T09:30.", required=True),
            typed("people", "integer", description="How many will come.", default="4"),
            typed("contact", "object", description="Who asked for it.", children=contact),
            typed(""),
        ],
    )
    assert text(written(root)) == text(BOOK_MEETING_ROOM)


rows = st.deferred(
    lambda: st.builds(
        SchemaRow,
        name=st.sampled_from(["a", "b", "c d", "é"]),
        kind=st.sampled_from(["string", "number", "integer", "boolean"]),
        nullable=st.booleans(),
        required=st.booleans(),
        description=st.sampled_from(["", "What it is."]),
    )
)


@given(st.lists(rows, max_size=4, unique_by=lambda row: row.name))
def test_typed_rows_come_back_as_they_were_typed(made: list[SchemaRow]) -> None:
    inner = replace(SchemaRow(name="in", kind="object", level=1), children=made)
    listed = SchemaRow(name="list", kind="array", items=SchemaRow(kind="object", children=made))
    schema = written(SchemaRow(kind="object", children=[inner, listed]))
    root = read_parameters(schema)

    again = [*root.children[0].children, *(root.children[1].items or inner).children]
    keep = ("name", "kind", "nullable", "required", "description")
    assert [[getattr(row, part) for part in keep] for row in again] == [
        [getattr(row, part) for part in keep] for row in (*made, *made)
    ]


def first(schema: Any) -> SchemaRow:
    return read_parameters({"type": "object", "properties": {"a": schema}}).children[0]


@pytest.mark.parametrize(
    ("schema", "kept"),
    [
        ({"type": "string", "pattern": "x", "format": "date"}, ("pattern", "format")),
        ({"$ref": "#/$defs/a"}, ("$ref",)),
        ({"oneOf": [], "description": "d"}, ("oneOf",)),
        ({"type": "string", "description": 1}, ("description",)),
        ({"type": "string", "enum": ["two\nlines"]}, ("enum",)),
        ({"type": "string", "enum": [" a"]}, ("enum",)),
        ({"type": "string", "enum": ["a", 1]}, ("enum",)),
        ({"type": "string", "enum": []}, ("enum",)),
        ({"enum": ["1", "2"]}, ("enum",)),
        ({"type": "integer", "enum": [1, "2"]}, ("enum",)),
        ({"type": "string", "default": ""}, ("default",)),
        ({"type": "string", "default": None}, ("default",)),
        ({"type": "array", "items": True}, ("items",)),
        ({"type": "array", "items": [{}]}, ("items",)),
        ({"type": "object", "properties": {}, "required": "a"}, ("required",)),
        ({"type": "object", "additionalProperties": {}}, ("additionalProperties",)),
        ({"type": "string", "properties": {}}, ("properties",)),
        ({"type": "string", "description": "d", "enum": ["a"], "default": "a"}, ()),
        ({"type": ["string", "null"], "enum": ["a", None], "default": None}, ()),
        ({"type": "number", "enum": [1, 1.0, 2.5, -0.0, 10**30], "default": 1e300}, ()),
        ({"type": "boolean", "enum": [True], "default": False}, ()),
        ({"enum": ["a", 1, True, None], "default": 1.0}, ()),
        ({"type": "array", "items": {}, "default": [1]}, ()),
        ({"type": "object", "properties": {}, "required": [], "additionalProperties": True}, ()),
    ],
)
def test_what_a_row_cannot_show_is_named(schema: Any, kept: tuple[str, ...]) -> None:
    assert first(schema).kept == kept


def test_a_sixth_level_stays_in_the_json() -> None:
    schema: dict[str, Any] = {"type": "string"}
    for name in reversed("abcdef"):
        schema = {"type": "object", "properties": {name: schema}}
    row = read_parameters(schema)
    for _level in range(5):
        (row,) = row.children
    assert (row.name, row.level, row.kept, row.may_nest) == ("e", 5, ("properties",), False)
    assert text(written(read_parameters(schema))) == text(schema)


@pytest.mark.parametrize(
    "schema",
    [
        [], 1, "x", True, {"type": "array"}, {"type": ["object", "null"]}, {"properties": []},
        {"$ref": "#/$defs/a"}, {"type": "object", "oneOf": []}, {"anyOf": [{"properties": {}}]},
    ],
)  # fmt: skip
def test_another_shape_is_no_rows(schema: Any) -> None:
    with pytest.raises(NotRows):
        read_parameters(schema)


def test_more_rows_than_a_form_holds_are_counted() -> None:
    schema = {"properties": {f"p{n}": {"type": "string"} for n in range(MOST_SCHEMA_ROWS + 1)}}
    with pytest.raises(NotRows) as refused:
        read_parameters(schema)
    assert refused.value.rows == MOST_SCHEMA_ROWS + 1
    assert count_rows(read_parameters(schema, most=MOST_SCHEMA_ROWS + 1)) == MOST_SCHEMA_ROWS + 1


def change(schema: Any, **changes: Any) -> Any:
    """What becomes of a parameter's schema when its row is typed into."""
    root = read_parameters({"type": "object", "properties": {"a": schema}})
    return written(edit(root, root.children[0], **changes))["properties"]["a"]


@pytest.mark.parametrize(
    ("schema", "changes", "expected"),
    [
        ({"type": "string"}, {"kind": "integer"}, {"type": "integer"}),
        ({"type": "string"}, {"nullable": True}, {"type": ["string", "null"]}),
        ({"type": ["null", "string"]}, {"kind": "number"}, {"type": ["null", "number"]}),
        ({"type": "string", "x": 1}, {"kind": ""}, {"x": 1}),
        ({"x": 1}, {"kind": "string"}, {"x": 1, "type": "string"}),
        (True, {"kind": "string"}, {"type": "string"}),
        ({"type": "strng", "enum": ["1"]}, {"kind": "string"}, {"type": "string", "enum": ["1"]}),
        ({"type": "string", "enum": ["1"]}, {"kind": "integer"}, {"type": "integer", "enum": [1]}),
        (
            {"enum": ["a"], "type": "string"},
            {"allowed": "b\nc"},
            {"enum": ["b", "c"], "type": "string"},
        ),
        ({"type": "string", "enum": ["a"]}, {"allowed": ""}, {"type": "string"}),
        ({"type": "string", "default": "a"}, {"default": ""}, {"type": "string"}),
        ({"type": "number"}, {"default": "1.0"}, {"type": "number", "default": 1.0}),
        ({"type": "array", "items": {"type": "string"}}, {"kind": "string"}, {"type": "string"}),
        (
            {"type": "object", "properties": {}, "required": [], "title": "t"},
            {"kind": "string"},
            {"type": "string", "title": "t"},
        ),
        ({"type": "string"}, {"kind": "object"}, {"type": "object", "properties": {}}),
        (
            {"type": "object", "properties": {}},
            {"closed": True},
            {"type": "object", "properties": {}, "additionalProperties": False},
        ),
        (
            {"type": "object", "additionalProperties": False, "properties": {}},
            {"closed": False},
            {"type": "object", "properties": {}},
        ),
    ],
)
def test_what_is_typed_goes_into_its_keyword(schema: Any, changes: Any, expected: Any) -> None:
    assert text(change(schema, **changes)) == text(expected)


@pytest.mark.parametrize(
    ("row", "slip"),
    [
        (typed("", description="d"), ("name", "no_name", "")),
        (typed("people", "integer", default="four"), ("default", "no_value", "four")),
        (typed("people", "integer", default="1.5"), ("default", "no_value", "1.5")),
        (typed("price", "number", allowed="1\n1,5"), ("allowed", "no_value", "1,5")),
        (typed("price", "number", default="NaN"), ("default", "no_value", "NaN")),
        (
            typed("price", "number", default="9007199254740993.0"),
            ("default", "no_value", "9007199254740993.0"),
        ),
        (typed("on", "boolean", default="yes"), ("default", "no_value", "yes")),
        (typed("all", "array", default="{}"), ("default", "no_value", "{}")),
        (typed("room"), ("name", "same_name", "room")),
    ],
)
def test_what_no_schema_can_hold_is_a_slip(row: SchemaRow, slip: tuple[str, ...]) -> None:
    row.key = "7"
    _schema, slips = write_parameters(SchemaRow(kind="object", children=[typed("room"), row]))
    assert [(found.key, found.part, found.code, found.text) for found in slips] == [("7", *slip)]


def test_required_names_keep_their_order_and_follow_a_new_name() -> None:
    schema = {
        "required": ["b", "elsewhere", "a"],
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}, "c": {}},
    }
    root = read_parameters(schema)
    a, b, c = (replace(row, origin=row) for row in root.children)
    a.name, c.required = "first", True
    moved = replace(root, origin=root, children=[c, typed("new", required=True), b, a])
    assert text(written(moved)) == text(
        {
            "required": ["b", "elsewhere", "first", "c", "new"],
            "properties": {
                "c": {},
                "new": {"type": "string"},
                "b": {"type": "string"},
                "first": {"type": "string"},
            },
        }
    )
    fewer = replace(root, origin=root, children=[replace(b, required=False), c])
    assert written(fewer)["required"] == ["elsewhere", "c"]


def test_a_row_of_another_type_has_that_type_kept() -> None:
    assert first({"type": ["string", "number"]}).kind == KEPT_KIND
    assert change({"type": ["string", "number"]}, description="d") == {
        "type": ["string", "number"],
        "description": "d",
    }


@pytest.mark.parametrize(("schema", "expected"), [(None, None), ({}, {})])
def test_no_parameters_stay_none_until_a_row_is_filled_in(schema: Any, expected: Any) -> None:
    root = read_parameters(schema)
    assert written(root) == expected
    with_row = replace(root, origin=root, children=[typed("a")])
    assert written(with_row) == {"type": "object", "properties": {"a": {"type": "string"}}}
