"""Which tool got another name: whole tables of what counts and where it ends."""

from typing import Any

import pytest

from assistants.diff.renamed import find_renamed


def tool(name: str, words: str = "", kind: str = "function", **more: Any) -> dict[str, Any]:
    inner = {"name": name, "description": words} if words else {"name": name}
    return {"type": kind, kind: inner | more}


def keyed(*tools: dict[str, Any] | None) -> dict[tuple[str, str, int], Any]:
    """The tools by key; None is one that both sides have."""
    filled = [found or tool("kept", "stays") for found in tools]
    return {(found["type"], found[found["type"]].get("name", "?"), 1): found for found in filled}


def names(before: list[Any], after: list[Any]) -> dict[str, str]:
    found = find_renamed(keyed(*before), keyed(*after))
    return {new[1]: old[1] for new, old in found.items()}


A, B, C = (tool(name, "same words") for name in "abc")


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ([A], [B], {"b": "a"}),
        ([tool("a", "k l m n")], [tool("b", "k l m z")], {"b": "a"}),
        ([tool("a", "k l m n"), None], [None, tool("b", "k l m z")], {"b": "a"}),
        ([tool("a", "k l m n"), None], [None, tool("b", "k l y z")], {}),
        ([tool("a", "k l m n o")], [tool("b", "k l x y z")], {"b": "a"}),
        ([tool("a", "k l m n o"), None], [None, tool("b", "k l x y z")], {}),
        ([tool("a", "k l m n o p")], [tool("b", "k l w x y z")], {}),
    ],
)
def test_words_make_tools_alike(before: Any, after: Any, found: dict[str, str]) -> None:
    """Three quarters of them anywhere, two fifths in the same place."""
    assert names(before, after) == found


NOTHING_TO_FILL_IN = {"type": "object", "properties": {}}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (tool("a", "object string number k"), tool("b", "object string number z")),
        (tool("a", "!"), tool("b", "?")),
        (
            tool("a", "k l m", parameters=NOTHING_TO_FILL_IN),
            tool("b", "x y z", parameters=NOTHING_TO_FILL_IN),
        ),
        (tool("a", "k l m", parameters="k"), tool("b", "x y z", parameters="z")),
        (tool("a", "k l m", kind="mcp"), tool("b", "k l m")),
        ({"type": "function", "function": {"description": "k"}}, tool("b", "k")),
        (tool("a", "k"), {"type": "function", "function": {"description": "k", "name": 7}}),
    ],
)
def test_these_say_nothing(before: Any, after: Any) -> None:
    """Words of every schema, signs, empty or broken parameters, another type, no name."""
    assert names([before], [after]) == {}


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ([A], [B, C], {"b": "a"}),
        ([A, B], [C], {"c": "a"}),
        ([None, tool("kept2", "x"), A], [B, None, tool("kept2", "x"), C], {"c": "a"}),
        ([tool("a"), None], [None, tool("b")], {}),
    ],
)
def test_each_tool_has_one_former_name_the_nearest(
    before: Any, after: Any, found: dict[str, str]
) -> None:
    assert names(before, after) == found


def test_only_the_first_of_many_are_looked_at() -> None:
    before = [tool(f"a{number}", f"word{number}") for number in range(17)]
    after = [tool(f"b{number}", f"word{number}") for number in range(17)]
    assert names(before, after) == {f"b{number}": f"a{number}" for number in range(16)}


@pytest.mark.parametrize(("longer", "found"), [(0, {"b": "a"}), (1, {})])
def test_words_of_a_long_tool_are_not_counted(longer: int, found: dict[str, str]) -> None:
    wrapped = len('{"description":""}')
    words = ("word " * 4_000)[: 20_000 - wrapped - 2 + longer]
    assert names([tool("a", f"{words} k")], [tool("b", f"{words} z")]) == found
