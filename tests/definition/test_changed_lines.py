"""The lines that a change adds and removes, which the search of the history finds."""

from typing import Any

import pytest

from assistants.definition import Definition
from assistants.diff.changed_lines import changed_lines

BASE: dict[str, Any] = {
    "name": "Support",
    "model": "gpt-4o",
    "instructions": "Be kind.\nBe brief.\nBye.",
    "metadata": {"team": "help"},
}
TOOL = {"type": "function", "function": {"name": "book_room", "description": "Books a room."}}


@pytest.mark.parametrize(
    ("changed", "added", "removed"),
    [
        ({}, "", ""),
        ({"instructions": "Be kind.\nBe clear.\nBye."}, "Be clear.\n", "Be brief.\n"),
        ({"instructions": "Bye.\nBe kind.\n\nBe brief."}, "", ""),  # moved, and a blank line
        ({"instructions": None}, "", "Be kind.\nBe brief.\nBye.\n"),
        ({"name": "Sales", "model": "gpt-5"}, "Sales\nmodel: gpt-5\n", "Support\nmodel: gpt-4o\n"),
        ({"metadata": {"team": "help", "city": "Graz"}}, "city: Graz\n", ""),
        ({"temperature": 0.5}, "temperature: 0.5\n", ""),
    ],
)
def test_examples(changed: dict[str, Any], added: str, removed: str) -> None:
    old = Definition.parse(BASE)
    assert changed_lines(old, old.replace(**changed)) == (added, removed)


def test_everything_is_new_at_first() -> None:
    added, removed = changed_lines(None, Definition.parse(BASE))
    assert set(added.split("\n")) == {
        "Support", "model: gpt-4o", "Be kind.", "Be brief.", "Bye.", "team: help", "",
    }  # fmt: skip
    assert removed == ""


def test_a_tool_by_its_lines() -> None:
    old = Definition.parse({**BASE, "tools": [TOOL]})
    function = {**TOOL["function"], "description": "Books a desk."}  # type: ignore[dict-item]
    new = old.replace(tools=[{**TOOL, "function": function}])
    assert changed_lines(old, new) == (
        '"description": "Books a desk."\n',
        '"description": "Books a room."\n',
    )
