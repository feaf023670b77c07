"""The review as a page to decide on: how much changes and where, lines, headings, moves, tables."""

import re
from typing import Any

import pytest

from assistants.definition import Definition
from assistants.diff import compare_definitions, word_diff
from assistants.models import Assistant
from assistants.wording import decision_about, show_changes
from assistants.wording.texts.blocks import Block, show_text
from tests.conftest import Cast
from tests.pages.reading import tight
from tests.pages.reviewing import address, move_live, text_of, write_draft
from tests.services.conftest import fresh

LINES = [f"Parcels of class {number} leave the warehouse on time." for number in range(1, 13)]
OLD = "\n".join(
    [
        "# Who you are",
        "You answer customers.",
        "",
        "## Refunds",
        *LINES,
        "Pay back within 14 days.",
        "Ask for the order number first.",
        "",
        "## Tone",
        "Be kind.",
        "Be brief.",
        "",
        "```",
        "## No heading",
        "```",
        "Say good bye.",
    ]
)
NEW = OLD.replace("14 days", "30 days").replace("Be brief", "Be short")


def changed(old: str, new: str) -> list[Block]:
    return [block for block in show_text(word_diff(old, new)) if block.changed]


def test_each_change_has_its_lines_on_both_sides() -> None:
    new = NEW.replace("You answer customers.", "You answer customers.\nYou never guess.")
    first, second, third = changed(OLD, new)
    assert (first.before, first.after) == (0, 3)
    assert (second.before, second.after) == (17, 18)
    assert (third.before, third.after) == (22, 23)
    assert 'data-old="17" data-new="18"' in second.numbers


def test_unchanged_lines_are_numbered_one_by_one() -> None:
    blocks = list(show_text(word_diff(OLD, NEW.replace("customers", "people"))))
    shown = "".join(block.lines for block in blocks if not block.changed and not block.folded)
    assert '<span class="line" data-old="3" data-new="3"></span>' in shown
    assert '<span class="line" data-old="4" data-new="4">## Refunds</span>' in shown
    folded = next(block for block in blocks if block.folded)
    assert (folded.before, folded.after, folded.folded) == (5, 5, 10)


def test_every_line_of_both_sides_is_shown_once_and_in_order() -> None:
    old = "\n".join([*LINES, "", "", "End"])
    new = "\n".join([LINES[3], *LINES[:2], "New", *LINES[4:], "", "End", ""])
    blocks = list(show_text(word_diff(old, new)))
    for side in ("before", "after"):
        numbers = [getattr(block, side) for block in blocks if getattr(block, side)]
        assert numbers == sorted(numbers)
        assert numbers[0] == 1


def test_the_heading_above_is_named_unless_it_is_in_sight() -> None:
    first, second = changed(OLD, NEW)
    assert (first.heading, first.sections) == ("Refunds", ("Refunds",))
    assert (second.heading, second.sections) == ("", ("Tone",))
    assert "<bdi>Refunds</bdi>" in first.head
    (third,) = changed(OLD, OLD.replace("good bye", "hello"))
    assert third.sections == ("Tone",), "a line in a code block is no heading"


def test_a_change_without_a_heading_has_none() -> None:
    (only,) = changed("One.\nTwo.", "One.\nThree.")
    assert (only.heading, only.sections, only.head) == ("", (), "")


def test_a_moved_line_says_where_it_went_and_came_from() -> None:
    line = "Ask for the order number first.\n"
    new = OLD.replace(line, "").replace("Say good bye.", f"{line}Say good bye.")
    gone, came = changed(OLD, new)
    assert gone.moved == ("Moved to line 26",)
    assert came.moved == ("Moved from line 18",)


def test_a_block_that_was_moved_and_changed_is_recognised() -> None:
    lines = [f"Line {number} says what to do then." for number in range(40)]
    block = [lines[10], "Anew.", *lines[12:15]]
    new = [*lines[:9], "Another.", *lines[15:30], *block, *lines[30:]]
    gone, came = changed("\n".join(lines), "\n".join(new))
    assert gone.moved == ("Mostly moved to line 26",)
    assert came.moved == ("Mostly moved from line 10",)
    less = [*lines[:9], "Another.", *lines[15:30], lines[10], "Anew.", *lines[30:]]
    assert not any(block.moved for block in changed("\n".join(lines), "\n".join(less)))


def test_short_lines_and_copies_are_not_called_moved() -> None:
    for old, new in (("a\nx\nb\nc\nd", "x\na\nb\nc\nd"), (OLD, f"{OLD}\n{LINES[0]}")):
        assert [block.moved for block in changed(old, new) if block.moved] == []


def test_a_blank_line_is_told_in_words() -> None:
    (block,) = changed("One.\nTwo.\nThree.", "One.\n\nTwo.\nThree.")
    assert "blank line added" in block.html.lower()


@pytest.mark.parametrize("title", ["<b>bold</b>", "\u202ereversed", "x" * 300])
def test_a_heading_is_anybodys_text(title: str) -> None:
    old = "\n".join([f"# {title}", *LINES, "End."])
    (block,) = changed(old, old.replace("End.", "The end."))
    assert "<b>" not in block.head
    assert len(block.heading) <= 80
    if title.startswith("\u202e"):
        assert "mark" in block.head, "what turns the direction is named"


def test_long_texts_are_placed_in_a_moment() -> None:
    old = "\n".join(f"## Part {n}\n{LINES[n % 12]} {n}" for n in range(3_000))
    blocks = changed(old, old.replace("class 7", "class seven"))
    assert len(blocks) == 250
    assert blocks[-1].sections == (f"Part {6 + 12 * 249}",)


# At a glance


def tool(properties: dict[str, Any], **schema: Any) -> dict[str, Any]:
    parameters = {"type": "object", "properties": properties, **schema}
    return {"type": "function", "function": {"name": "book", "parameters": parameters}}


def decided(**changes: Any) -> Any:
    old = {"name": "A", "instructions": OLD, "tools": [tool({"city": {"type": "string"}})]}
    before, after = Definition.parse(old), Definition.parse({**old, **changes})
    found = compare_definitions(before, after)
    return decision_about(found, show_changes(found))


def test_changes_fields_and_sections_are_counted() -> None:
    decision = decided(instructions=NEW, temperature=0.5)
    assert decision.text == "3 changes in 2 fields"
    assert decision.sections == ("Refunds", "Tone")
    assert decided(name="B").text == "1 change in 1 field"
    assert decided(name="B").sections == ()


def test_characters_are_counted() -> None:
    decision = decided(instructions=OLD + "\nFive more.")
    assert (decision.added, decision.removed) == ("11", "0")
    decision = decided(tools=[])
    assert decision.added == "0"
    assert int(decision.removed) > 20


def test_many_sections_are_cut() -> None:
    old = "\n".join(f"# Part {n}\nAlpha {n}.\nBeta." for n in range(30))
    decision = decided(instructions=old)
    assert len(decision.sections) <= 8
    assert decision.more_sections == 30 + 0 - 8


# Tools and schemas


def rows_of(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[tuple[str, ...]]]:
    old, new = (Definition.parse({"tools": [each]}) for each in (before, after))
    (change,) = show_changes(compare_definitions(old, new))
    (item,) = change.items
    return {
        name: [
            (part.what.strip(), re.sub("<[^>]+>", "|", part.html) or part.old, part.new)
            for part in parts
            if not part.change
        ]
        for name, parts in item.parameters
    }


def test_a_schema_is_a_table_of_its_parameters() -> None:
    before = tool(
        {
            "city": {"type": "string", "description": "Where"},
            "kind": {"enum": ["a", "b"]},
            "seats": {"type": "number"},
        },
        required=["city"],
    )
    after = tool(
        {
            "city": {"type": "string", "description": "Where to"},
            "kind": {"enum": ["a", "c"]},
            "seats": {"type": "number", "minimum": 1},
            "who": {"type": "string"},
        },
        required=["who"],
    )
    assert rows_of(before, after) == {
        "city": [("Description", "Where| to|", ""), ("Required", "yes", "no")],
        "kind": [("Allowed values", "a, b", "a, c")],
        "seats": [("minimum", "", "1")],
        "who": [("Required", "no", "yes")],
    }


def test_what_a_line_would_hide_is_shown_as_json() -> None:
    split = rows_of(tool({"x": {"enum": ["a, b"]}}), tool({"x": {"enum": ["a", "b"]}}))
    assert split["x"][0][1] != split["x"][0][2]
    order = rows_of(
        tool({"a": {}, "b": {}}, required=["a", "b"]), tool({"a": {}, "b": {}}, required=["b", "a"])
    )
    assert order["All parameters"][0][0] == "Required"


def test_parameters_named_like_words_of_a_schema() -> None:
    before = tool({"type": {"type": "string"}, "description": {"type": "string"}})
    after = tool({"type": {"type": "number"}, "description": {"type": "number"}})
    assert rows_of(before, after) == {
        "type": [("Type", "|string||number|", "")],
        "description": [("Type", "|string||number|", "")],
    }


# The page


@pytest.mark.django_db(transaction=True)
def test_the_review_begins_with_what_is_to_be_decided(cast: Cast, live: Assistant) -> None:
    move_live(cast, live, instructions=OLD)
    write_draft(cast.editor, fresh(live), instructions=NEW, temperature=0.75)
    path = f"{address(live)}?drafter={cast.editor.user.pk}"
    page = tight(text_of(cast.client("publisher").get(path)))
    found = re.search(r"\d+ changes? in \d+ fields?", page)
    assert found
    assert found[0] == "3 changes in 2 fields"
    assert "<em><bdi>Refunds</bdi></em>" in page
    assert "Draft by Emil, saved" in re.sub(r"\s+", " ", page)
    assert re.search(r"\d+ characters added,\s+\d+ removed", page)
    bar = page[page.index("sticky-actions") :]
    for words in ("Return …", "Take over", "Discard …", "Publish"):
        assert words in bar
    assert 'form="publish"' in bar


@pytest.mark.django_db(transaction=True)
def test_comparisons_use_the_same_lines(cast: Cast, live: Assistant) -> None:
    move_live(cast, live, instructions=OLD)
    move_live(cast, live, instructions=NEW)
    client = cast.client("viewer")
    for view in ("", "?view=sides"):
        page = text_of(client.get(f"{address(live, 'compare')}2..3/{view}"))
        assert 'data-old="17" data-new="17"' in page
        assert "<bdi>Refunds</bdi>" in page
