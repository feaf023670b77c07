"""Merging two changes of one definition, case by case."""

import pytest

from assistants.definition import Definition
from assistants.diff import Merge
from tests.definition.examples import FULL, function
from tests.definition.merging import both_ways, merged, resources, tools

BASE = Definition.parse(FULL)


# Fields.


def test_a_field_that_one_side_touched_is_taken_from_it():
    mine = BASE.replace(model="gpt-6", temperature=None)
    theirs = BASE.replace(name="Trips", top_p=0.5, x_vendor=None)
    assert both_ways(BASE, mine, theirs) == Merge(
        definition=BASE.replace(
            name="Trips", model="gpt-6", temperature=None, top_p=0.5, x_vendor=None
        ),
        clashes=(),
        merged=(),
        from_mine=("model", "temperature"),
        from_theirs=("name", "top_p", "x_vendor"),
    )


def test_an_equal_change_is_taken_once_and_named_nowhere():
    changed = BASE.replace(model="gpt-6", temperature=1, tools=[])
    assert both_ways(BASE, changed, changed) == Merge(changed, (), (), (), ())


@pytest.mark.parametrize(
    ("field", "mine", "theirs"),
    [
        ("name", "Trips", "Journeys"),
        ("description", "First.\nSecond.", "Answers questions about bookings.\nThird."),
        ("model", "gpt-6", "gpt-7"),
        ("temperature", 0.2, None),
        ("top_p", 0.2, 0.3),
        ("response_format", "auto", {"type": "text"}),
        ("reasoning_effort", "high", "none"),
        ("x_vendor", {"keep": []}, {"keep": [], "more": 1}),
    ],
)
def test_any_other_field_that_both_changed_clashes_and_carries_mine(field, mine, theirs):
    result = both_ways(BASE, BASE.replace(**{field: mine}), BASE.replace(**{field: theirs}))
    assert result == Merge(BASE.replace(**{field: mine}), (field,), (), (), ())


def test_a_clash_does_not_keep_other_fields_from_merging():
    mine = BASE.replace(model="gpt-6", metadata={**FULL["metadata"], "a": "1"}, name="Mine")
    theirs = BASE.replace(model="gpt-7", metadata={**FULL["metadata"], "b": "2"}, top_p=0.5)
    result = both_ways(BASE, mine, theirs)
    both = {**FULL["metadata"], "a": "1", "b": "2"}
    assert result == Merge(
        BASE.replace(model="gpt-6", metadata=both, name="Mine", top_p=0.5),
        clashes=("model",),
        merged=("metadata",),
        from_mine=("name",),
        from_theirs=("top_p",),
    )


def test_a_side_that_holds_the_changes_of_both_is_where_they_come_from():
    mine = BASE.replace(metadata={"team": "travel", "cost_centre": "1", "new": "2"})
    theirs = BASE.replace(metadata={"team": "travel", "cost_centre": "1"})
    assert both_ways(BASE, mine, theirs) == Merge(mine, (), (), ("metadata",), ())


def test_without_a_base_all_is_new():
    mine = Definition.parse({"model": "m", "name": "Mine", "metadata": {"a": "1"}})
    theirs = Definition.parse({"model": "m", "top_p": 1, "metadata": {"b": "2"}})
    result = both_ways(None, mine, theirs)
    assert result.definition == mine.replace(top_p=1, metadata={"a": "1", "b": "2"})
    result = both_ways(None, mine, theirs.replace(name="Theirs"))
    assert (result.clashes, result.definition.value("name")) == (("name",), "Mine")


def test_fields_that_only_a_gateway_would_name_are_no_trouble():
    theirs = BASE.replace(top_p=0.5)
    mine = Definition.parse({**FULL, "self": 1, "field": 2})
    result = both_ways(BASE, mine, theirs)
    assert result.from_mine == ("field", "self")
    assert result.definition == Definition.parse({**FULL, "self": 1, "field": 2, "top_p": 0.5})


# Instructions.


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "expected"),
    [
        # An unchanged line between two changes is enough.
        ("a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC"),
        ("a\nb\nc", "b\nc", "a\nb", "b"),
        ("a\nb\nc", "x\na\nb\nc", "a\nb\nc\ny", "x\na\nb\nc\ny"),
        ("a\nb\nc", "a\nx\nb\nc", "a\nb\ny\nc", "a\nx\nb\ny\nc"),
        ("a\nb\nc\nd\ne", "A\nb\nc\nd\nE", "a\nb\nC\nd\ne", "A\nb\nC\nd\nE"),
        # However small it is beside the changed ones.
        (f"{'a' * 90}\nb\nc\nd\ne", f"{'A' * 90}\nb\nc\nd\nE", "a" * 90 + "\nb\nC\nd\ne",
         f"{'A' * 90}\nb\nC\nd\nE"),
        # Changes that touch or overlap are for a person.
        ("a\nb\nc", "A\nb\nc", "a\nB\nc", "clash"),
        ("a\nb\nc", "A\nb\nc", "x\nb\nc", "clash"),
        ("a\nb\nc", "a\nc", "a\nB\nc", "clash"),
        ("a\nb\nc", "a\nc", "a\nb\nx\nc", "clash"),
        ("a\nb", "a\nx\nb", "a\ny\nb", "clash"),
        ("a\nb", "a\nb\nx", "a\nb\ny", "clash"),
        ("a\nb", None, "a\nb\ny", "clash"),
        (None, "a", "b", "clash"),
        (None, "a", "a\nb", "clash"),
        (None, "a\n", "\nb", "clash"),
        # The same change on both sides is made once, also beside other changes.
        ("a\nb\nc", "A\nb\nc", "A\nb\nC", "A\nb\nC"),
        ("a\n\nb\n\nc", "a\n\nx\n\nb\n\nc", "A\n\nx\n\nb\n\nc", "A\n\nx\n\nb\n\nc"),
        ("a\n\nb\n\nc", "a\n\nx\n\nb\n\nc", "a\n\nx\n\nb\n\nC", "a\n\nx\n\nb\n\nC"),
        ("x", "x\nx", "y\nx\nx", "y\nx\nx"),
        # Paragraphs, as people write them.
        ("A.\n\nB.\n\nC.", "A!\n\nB.\n\nC.", "A.\n\nB.\n\nNew.\n\nC.", "A!\n\nB.\n\nNew.\n\nC."),
        ("A.\n\nB.", "New.\n\nA.\n\nB.", "A.\n\nB.\n\nMore.", "New.\n\nA.\n\nB.\n\nMore."),
        # The same new line in two places would stand there twice; known and blank ones may.
        ("a\nb\nc", "a\nnew\nb\nc", "a\nb\nnew\nc", "clash"),
        ("a\nb\nc\nd", "A\nnew\nb\nc\nd", "a\nb\nc\nnew\nd", "clash"),
        ("a\nb\nc", "a\n\nb\nc", "a\nb\n\nc", "a\n\nb\n\nc"),
        ("a\nb\nc\nd", "a\nd\nb\nc\nd", "a\nb\nc\nd\nd", "a\nd\nb\nc\nd\nd"),
        # The end of the text has a line end or none.
        ("a\nb\nc", "a\nb\nc\n", "A\nb\nc", "A\nb\nc\n"),
        ("a\nb\n", "a\nb", "A\nb\n", "A\nb"),
        ("a\r\nb\r\nc", "A\nb\nc", "a\rb\rC", "A\nb\nC"),
        # Only `\\n` ends a line.
        ("a\u2028b\x0bc", "A\u2028b\x0bc", "a\u2028b\x0bC", "clash"),
        # What is no text is not taken apart.
        ("a\nb\nc", ["A"], "a\nb\nC", "clash"),
    ],
)  # fmt: skip
def test_instructions_merge_by_line(base, mine, theirs, expected):
    assert merged("instructions", base, mine, theirs) == expected


# Metadata and resources.


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "expected"),
    [
        ({}, {"a": "1"}, {"b": "2"}, {"a": "1", "b": "2"}),
        ({"a": "1", "b": "1"}, {"a": "2", "b": "1"}, {"a": "1", "b": "2"}, {"a": "2", "b": "2"}),
        ({"a": "1", "b": "1"}, {"b": "1"}, {"a": "1"}, {}),
        ({"a": "1", "b": "1"}, {"a": "2", "b": "1"}, {"a": "2"}, {"a": "2"}),
        ({"a": "1"}, {"a": "2"}, {"a": "3"}, "clash"),
        ({"a": "1"}, {"a": "2"}, {}, "clash"),
        ({}, {"a": "1"}, {"a": "2"}, "clash"),
        ({}, {"a": None}, {"b": None}, {"a": None, "b": None}),
        ({"a": "1"}, ["a"], {"a": "1", "b": "2"}, "clash"),
    ],
)
def test_metadata_merges_by_key(base, mine, theirs, expected):
    assert merged("metadata", base, mine, theirs) == expected


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "expected"),
    [
        (None, resources(["f"]), resources([], ["v"]), resources(["f"], ["v"])),
        (None, resources([], ["v"]), resources([], [], x=[1]), resources([], ["v"], x=[1])),
        (resources(["f"], ["v"]), resources(["f"]), resources([], ["v"]), None),
        (resources(["f"]), resources(["g"]), resources(["f"], ["v"]), resources(["g"], ["v"])),
        (resources([], ["v"]), resources([], ["w"]), resources([], ["v"], x=[1]),
         resources([], ["w"], x=[1])),
        (resources(["f"]), resources(["f", "g"]), resources(["f", "h"]), "clash"),
        (resources(["f"]), resources(["f", "g"]), None, "clash"),
        (None, {"code_interpreter": "odd"}, resources(["f"]), "clash"),
        (None, {"code_interpreter": "odd"}, resources([], ["v"]),
         {"code_interpreter": "odd", "file_search": {"vector_store_ids": ["v"]}}),
        (None, "odd", resources(["f"]), "clash"),
    ],
)  # fmt: skip
def test_resources_merge_by_list(base, mine, theirs, expected):
    expected = Definition.parse({"x": expected, "tool_resources": expected})
    wanted = "clash" if expected.value("x") == "clash" else expected.value("tool_resources")
    assert merged("tool_resources", base, mine, theirs) == wanted


# Tools.


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "expected"),
    [
        # Added, removed and changed ones.
        ("a b", "a b I", "b", "b I"),
        ("a b", "a1 b", "a b1", "a1 b1"),
        ("a b c", "b c", "a b", "b"),
        ("S", "S1", "S I", "S1 I"),
        ("a b", "a1 b c", "a1 b d", "a1 b c d"),
        ("a b", "a1 b", "a2 b", "clash"),
        ("a b", "a1 b", "b", "clash"),
        ("S", "S1", "S2", "clash"),
        ("a", "a b1", "a b2", "clash"),
        # Each added one follows the one that it followed.
        ("a b", "a c b", "a b d", "a c b d"),
        ("a b", "c d a b", "a b e", "c d a b e"),
        ("a", "a c", "a b", "a b c"),
        ("a", "a d c", "a b e", "a b e d c"),
        ("a b", "a c", "a b d", "a c d"),
        # Who moved some decides on the order.
        ("a b c", "c a b", "a b1 c", "c a b1"),
        ("a b c", "c b a", "a b d c", "c b d a"),
        ("a b c", "c a b d", "a b", "a b d"),
        ("a b c d", "d a b c", "d a1 b c", "d a1 b c"),
        ("a b c", "c a b", "b a c1", "clash"),
        # Both added the same: alike once, in two places a question.
        ("a b", "a b c d", "a b e c", "a b e c d"),
        ("a b", "a c b", "a1 b c", "clash"),
        ("a b", "b a c", "a1 c b", "b a1 c"),
        # Those of one unknown type, or of one name, are one thing.
        ("a X", "a1 X", "a X1", "a1 X1"),
        ("X", "X1", "X2", "clash"),
        ("X a", "X X1 a", "X a1", "X X1 a1"),
        ("X a X1", "X a1 X1", "X1 a", "X1 a1"),
        ("a a1 b", "a b", "a a1 b1", "a b1"),
        ("a b", "a a b", "a2 b", "clash"),
    ],
)
def test_tools_merge_by_name(base, mine, theirs, expected):
    wanted = expected if expected == "clash" else tools(expected)
    assert merged("tools", *map(tools, (base, mine, theirs))) == wanted


def test_a_changed_tool_is_not_taken_apart():
    mine = function("a", description="Mine.", parameters={"type": "object"})
    theirs = function("a", parameters={"type": "object", "properties": {}})
    base = function("a", parameters={"type": "object"})
    assert merged("tools", [base], [mine], [theirs]) == "clash"


def test_what_is_no_tool_is_kept_or_asked_about():
    assert merged("tools", ["odd"], ["odd", *tools("a")], [1]) == [1, *tools("a")]
    assert merged("tools", ["odd"], ["even"], [1]) == "clash"
    assert merged("tools", [None], [None, *tools("a")], [None, *tools("I")]) == [
        None,
        *tools("I a"),
    ]
    assert merged("tools", tools("a"), {"a": 1}, []) == "clash"
