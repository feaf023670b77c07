"""What comparing gives, as whole values, where a field, a tool or a list is of an odd shape."""

from typing import Any

import pytest

from assistants.definition import LIMITS, Definition
from assistants.diff import changes
from assistants.diff.changes import (
    FieldChange,
    ItemChange,
    PartChange,
    compare_definitions,
    tool_type_and_name,
)
from assistants.diff.words import Piece

WORD = {"type": "text"}
BOTH, EARLIER, LATER = ["f1", "f2"], {"file_ids": ["f1", "f2"]}, {"file_ids": ["f2", "f3"]}


def field_change(field: str, old: Any, new: Any, **budget: float) -> FieldChange:
    sides = (Definition.parse({"model": "m", field: side}) for side in (old, new))
    (change,) = compare_definitions(*sides, **budget)
    return change


@pytest.mark.parametrize(
    ("field", "old", "new", "items"),
    [
        ("tools", "junk", [{"type": "web"}], []),
        ("tools", [{"type": "web"}], "junk", []),
        ("metadata", "junk", {"a": "1"}, []),
        ("metadata", {"a": "1"}, "junk", []),
        (
            "metadata",
            {"a": "1", "b": "2"},
            None,
            [ItemChange("a", "removed", "1", None), ItemChange("b", "removed", "2", None)],
        ),
        (
            "metadata",
            {"a": "1", "b": "2"},
            {"a": "1", "b": "3"},
            [ItemChange("b", "changed", "2", "3")],
        ),
        (
            "tool_resources",
            {"code": EARLIER},
            None,
            [
                ItemChange(
                    "code.file_ids",
                    "removed",
                    BOTH,
                    None,
                    (PartChange("f1", "f1", None), PartChange("f2", "f2", None)),
                )
            ],
        ),
        (
            "tool_resources",
            {"code": EARLIER},
            {"code": LATER, "other": 7},
            [
                ItemChange(
                    "code.file_ids",
                    "changed",
                    BOTH,
                    ["f2", "f3"],
                    (PartChange("f1", "f1", None), PartChange("f3", None, "f3")),
                ),
                ItemChange("other", "added", None, 7),
            ],
        ),
        ("response_format", "auto", WORD, []),
        ("response_format", WORD, "auto", []),
        (
            "response_format",
            WORD,
            {"type": "other"},
            [
                ItemChange(
                    "response_format",
                    "changed",
                    WORD,
                    {"type": "other"},
                    (
                        PartChange(
                            "type", "text", "other", (Piece("-", "text"), Piece("+", "other"))
                        ),
                    ),
                )
            ],
        ),
        ("x_vendor", [1], [2], []),
        ("x_vendor", "one", "two", []),
    ],
)
def test_a_field(field: str, old: Any, new: Any, items: list[ItemChange]) -> None:
    kind = "removed" if new is None else "changed"
    assert field_change(field, old, new) == FieldChange(field, kind, old, new, items=tuple(items))


def inside(old: Any, new: Any) -> list[tuple[str, Any, Any]]:
    """The parts of a function that changed."""
    (item,) = field_change("tools", [old], [new]).items
    assert item.kind == "changed"
    return [(part.path, part.old, part.new) for part in item.parts]


def function(**inner: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": "f", **inner}}


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        (function(), function(description="d"), [("description", None, "d")]),
        (function(description="d"), function(), [("description", "d", None)]),
        (
            function(parameters={"function": {"a": 1}}),
            function(parameters={"function": {"a": 2}}),
            [("parameters.function.a", 1, 2)],
        ),
        (
            function(parameters={"properties": {"properties": {"type": "a"}}}),
            function(parameters={"properties": {"properties": {"type": "b"}}}),
            [("parameters.properties.type", "a", "b")],
        ),
        (
            {"type": "function", "function": "junk"},
            {"type": "function", "function": {"description": "d"}},
            [("function", "junk", {"description": "d"})],
        ),
        (
            {"type": "function", "function": {"description": "d"}},
            {"type": "function"},
            [("description", "d", None)],
        ),
        (
            {"type": "function"},
            {"type": "function", "function": {"description": "d"}},
            [("description", None, "d")],
        ),
    ],
)
def test_inside_a_tool(old: Any, new: Any, parts: list[tuple[str, Any, Any]]) -> None:
    assert inside(old, new) == parts


def test_a_name_that_is_no_text_is_none() -> None:
    assert tool_type_and_name({"type": "mcp", "mcp": {"name": 7}}) == ("mcp", "mcp")


@pytest.mark.parametrize(("more", "compared"), [(0, True), (1, False)])
@pytest.mark.parametrize("field", ["tools", "metadata", "tool_resources"])
def test_a_thousand_entries_are_compared_one_by_one(field: str, more: int, compared: bool) -> None:
    def entries(count: int) -> Any:
        if field == "tools":
            return [{"type": f"t{number}"} for number in range(count)]
        return {f"k{number}": f"v{number}" for number in range(count)}

    change = field_change(field, entries(499 + more), entries(501))
    assert bool(change.items) is compared
    change = field_change("x_vendor", *({f"k{n}": side for n in range(999)} for side in (1, 2)))
    assert len(change.items[0].parts) == 999


def test_fields_beyond_the_most_are_counted() -> None:
    def found(count: int) -> list[FieldChange]:
        return compare_definitions(
            None, Definition.parse({f"x{number:03}": 1 for number in range(count)})
        )

    assert len(found(80)) == 80
    assert [change.kind for change in found(82)] == ["added"] * 80 + ["more"]
    assert found(82)[80] == FieldChange("", "more", None, 2)


@pytest.mark.parametrize(("more", "compared"), [(0, True), (1, False)])
def test_texts_of_any_length_are_not_compared(more: int, compared: bool) -> None:
    old, new = "a" * (LIMITS.size - 700_000), "b" * (700_000 + more)
    assert bool(field_change("instructions", old, new).pieces) is compared


def test_texts_share_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = (Piece("-", "one two"), Piece("+", "one three"))
    assert field_change("name", "one two", "one three", budget=0).pieces == pieces
    assert field_change("name", "one two", "one three").pieces != pieces
    budgets: list[float] = []

    def noted(old: str, new: str, *, budget: float) -> list[Piece]:
        budgets.append(budget)
        return []

    monkeypatch.setattr(changes, "word_diff", noted)
    field_change("name", "one two", "one three", budget=7)
    assert 6 < budgets[0] <= 7
