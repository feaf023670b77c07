import json

import pytest
from hypothesis import given

from assistants.definition import Definition, changed_fields
from assistants.diff import PartChange, Piece, compare_definitions, tool_type_and_name
from tests.definition.examples import FULL, assistants, function

BASE = Definition.parse(FULL)


def only(old, new):
    (change,) = compare_definitions(old, new)
    return change


def items(old, new):
    return [(item.key, item.kind) for item in only(old, new).items]


def with_tools(*tools):
    return Definition.parse({"model": "m", "tools": tools})


def test_equal_definitions_have_no_changes():
    assert compare_definitions(BASE, Definition.parse(FULL)) == []


def test_without_an_old_definition_everything_is_added():
    changes = compare_definitions(None, BASE)
    assert [change.field for change in changes] == list(BASE.fields())
    assert {change.kind for change in changes} == {"added"}
    by_field = {change.field: change for change in changes}
    assert by_field["instructions"].pieces == (Piece("+", FULL["instructions"]),)
    assert [item.key for item in by_field["tools"].items] == [
        "code_interpreter",
        "file_search",
        "get_booking",
    ]


def test_a_short_value_goes_from_old_to_new():
    change = only(BASE, BASE.replace(model="gpt-6", temperature=0.7))
    assert (change.field, change.kind, change.old, change.new) == (
        "model", "changed", "gpt-5.2", "gpt-6",
    )  # fmt: skip
    assert (change.pieces, change.items) == ((), ())


def test_a_value_that_goes_is_removed():
    change = only(BASE, BASE.replace(temperature=None))
    assert (change.kind, change.old, change.new) == ("removed", 0.7, None)


@pytest.mark.parametrize("field", ["name", "description", "instructions"])
def test_texts_are_compared_word_by_word(field):
    change = only(BASE.replace(**{field: "Be kind."}), BASE.replace(**{field: "Be very kind."}))
    assert change.pieces == (Piece("=", "Be "), Piece("+", "very "), Piece("=", "kind."))


def test_a_text_of_a_wrong_type_is_shown_as_it_is():
    change = only(BASE, BASE.replace(instructions=["Be kind."]))
    assert (change.new, change.pieces) == (["Be kind."], ())


def test_tools_are_compared_by_name():
    old = with_tools({"type": "code_interpreter"}, function("a"), function("b", strict=True))
    new = with_tools(function("a"), function("b", strict=False), function("c"))
    assert items(old, new) == [
        ("b", "changed"),
        ("c", "added"),
        ("code_interpreter", "removed"),
    ]
    assert not only(old, new).moved


def test_a_function_called_like_a_tool_type_is_another_tool():
    old = with_tools({"type": "file_search"})
    assert items(old, with_tools(function("file_search"))) == [
        ("file_search", "added"),
        ("file_search", "removed"),
    ]


def test_tools_of_one_name_are_told_apart_by_their_order():
    old = with_tools(function("a", strict=True), function("a", strict=False))
    new = with_tools(function("a", strict=True), function("a", strict=True))
    assert items(old, new) == [("a", "changed")]
    assert items(old, with_tools(function("a", strict=True))) == [("a", "removed")]


def test_a_tool_in_another_place_has_moved():
    old = with_tools(*map(function, "abcd"))
    change = only(old, with_tools(*map(function, "bcda")))
    assert [(item.key, item.kind) for item in change.items] == [("a", "moved")]
    assert change.moved
    assert change.kind == "changed"


def test_a_tool_put_first_moves_no_other():
    change = only(with_tools(function("a")), with_tools(function("new"), function("a")))
    assert [(item.key, item.kind) for item in change.items] == [("new", "added")]
    assert not change.moved


def test_inside_a_function_the_parts_are_named():
    def schema(**properties):
        return {"type": "object", "properties": properties}

    old = schema(
        city={"type": "string", "description": "The city"},
        properties={"type": "string"},
        gone={"type": "null"},
    )
    new = schema(
        city={"type": "integer", "description": "The big city", "enum": [1, 2]},
        properties={"type": "number"},
        options=schema(a={}),
    )
    change = only(
        with_tools(function("f", description="Find", parameters=old, vendor=1)),
        with_tools(function("f", description="Find it", parameters=new, strict=True)),
    )
    (item,) = change.items
    assert item.parts == (
        PartChange("description", "Find", "Find it", (Piece("=", "Find"), Piece("+", " it"))),
        PartChange(
            "parameters.city.type", "string", "integer",
            (Piece("-", "string"), Piece("+", "integer")),
        ),
        PartChange(
            "parameters.city.description", "The city", "The big city",
            (Piece("=", "The "), Piece("+", "big "), Piece("=", "city")),
        ),
        PartChange("parameters.city.enum", None, [1, 2]),
        PartChange(
            "parameters.properties.type", "string", "number",
            (Piece("-", "string"), Piece("+", "number")),
        ),
        PartChange("parameters.gone", {"type": "null"}, None),
        PartChange("parameters.options", None, schema(a={})),
        PartChange("vendor", 1, None),
        PartChange("strict", None, True),
    )  # fmt: skip


def test_the_first_options_of_file_search_are_named_one_by_one():
    options = {"max_num_results": 3, "ranking_options": {"score_threshold": 0}}
    change = only(
        with_tools({"type": "file_search"}),
        with_tools({"type": "file_search", "file_search": options}),
    )
    (item,) = change.items
    assert item.parts == (
        PartChange("max_num_results", None, 3),
        PartChange("ranking_options", None, {"score_threshold": 0}),
    )


def test_metadata_is_compared_by_key():
    old, new = (
        BASE.replace(metadata={"a": "1", "b": "2"}),
        BASE.replace(metadata={"b": "3", "c": ""}),
    )
    assert items(old, new) == [("a", "removed"), ("b", "changed"), ("c", "added")]


def test_resources_are_compared_by_list_and_entry():
    new = BASE.replace(tool_resources={"code_interpreter": {"file_ids": ["file-2", "file-3"]}})
    files, stores = only(BASE, new).items
    assert (files.key, files.kind) == ("code_interpreter.file_ids", "changed")
    assert files.parts == (
        PartChange("file-1", "file-1", None),
        PartChange("file-3", None, "file-3"),
    )
    assert (stores.key, stores.kind) == ("file_search.vector_store_ids", "removed")
    assert stores.parts == (PartChange("vs_1", "vs_1", None),)


def test_a_response_format_is_compared_inside():
    answer = {"type": "json_schema", "json_schema": {"name": "answer", "schema": {"type": "array"}}}
    (item,) = only(BASE, BASE.replace(response_format=answer)).items
    assert [(part.path, part.old, part.new) for part in item.parts] == [
        ("schema.type", "object", "array"),
        ("strict", False, None),
    ]


def test_an_unknown_object_is_compared_inside():
    (item,) = only(BASE, BASE.replace(x_vendor={"keep": [2], "new": {"a": 1}})).items
    assert [(part.path, part.new) for part in item.parts] == [("keep", [2]), ("new", {"a": 1})]


def test_a_key_set_to_null_inside_is_a_change():
    old, new = function("f", parameters={"type": "object"}), {"type": "object", "default": None}
    (item,) = only(with_tools(old), with_tools(function("f", parameters=new))).items
    assert item.parts == (PartChange("parameters.default", None, None),)


@pytest.mark.parametrize(
    ("tool", "label"),
    [
        (function("f"), ("function", "f")),
        (function(""), ("function", "function")),
        ({"type": "function"}, ("function", "function")),
        ({"type": "mcp", "mcp": {"name": "m"}}, ("mcp", "m")),
        ({"type": 7}, ("7", "7")),
        ({}, ("?", "?")),
        ("junk", ("?", "?")),
    ],
)
def test_every_tool_has_a_label(tool, label):
    assert tool_type_and_name(tool) == label


@given(assistants, assistants)
def test_any_two_definitions_can_be_compared(source, target):
    old, new = Definition.parse(source), Definition.parse(target)
    changes = compare_definitions(old, new)
    assert [change.field for change in changes] == changed_fields(old, new)
    for change in changes:
        assert repr(change.old) == repr(old.to_dict().get(change.field))
        assert repr(change.new) == repr(new.to_dict().get(change.field))
        json.dumps([item.key for item in change.items])
        assert all(item.parts for item in change.items if item.kind == "changed" and _deep(item))


def _deep(item):
    return isinstance(item.old, dict) and isinstance(item.new, dict) and item.old.get("type")


# A tool by another name.

CITY = {"type": "object", "properties": {"city": {"type": "string"}}}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (function("a", parameters=CITY), function("b", parameters=CITY)),
        (
            function("a", description="Looks up an order."),
            function("b", description="Looks up an order."),
        ),
        (
            function("a", description="Looks up one order.", parameters=CITY),
            function("b", description="Looks up one order now.", parameters=CITY),
        ),
        (function("a"), function("b")),
    ],
)
def test_a_tool_by_another_name_is_renamed(before, after):
    (item,) = only(with_tools(before), with_tools(after)).items
    assert (item.kind, item.former, item.key) == ("renamed", "a", "b")
    assert all(part.path != "name" for part in item.parts)


def test_a_renamed_tool_says_what_else_changed_and_may_stand_elsewhere():
    old = with_tools(function("a", parameters=CITY, description="x"), function("c", strict=True))
    new = with_tools(function("c", strict=True), function("b", parameters=CITY, description="y"))
    change = only(old, new)
    (renamed,) = (item for item in change.items if item.kind == "renamed")
    assert [part.path for part in renamed.parts] == ["description"]
    assert change.moved


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([function("a", description="x", parameters=CITY)], [function("b", description="y")]),
        ([function("a"), function("c")], [function("c"), function("b")]),
        ([{"type": "code_interpreter"}], [function("b", parameters=CITY)]),
    ],
)
def test_a_tool_with_nothing_in_common_is_another_one(before, after):
    kinds = {item.kind for item in only(with_tools(*before), with_tools(*after)).items}
    assert "renamed" not in kinds
    assert {"added", "removed"} <= kinds


def test_the_most_similar_tool_is_the_renamed_one():
    town = {"type": "object", "properties": {"town": {"type": "string"}}}
    old = with_tools(function("one", parameters=CITY), function("two", parameters=town))
    new = with_tools(function("zwei", parameters=town), function("eins", parameters=CITY))
    found = {(item.former, item.key) for item in only(old, new).items if item.former}
    assert found == {("one", "eins"), ("two", "zwei")}
