"""Rows of functions and metadata: added up to the limit, moved, renamed and removed."""

from typing import Any

import pytest

from assistants.definition import Definition
from assistants.forms.posted.answers import MOST_NEW_ROWS
from tests.forms.filling import LIVE, page_of, submit, tools_of


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        (("1", "5"), ["get_weather", "code_interpreter", "web", "file_search", "get_stock"]),
        (("5", "2"), ["code_interpreter", "get_stock", "web", "file_search", "get_weather"]),
        (("2", "1"), ["get_stock", "code_interpreter", "get_weather", "web", "file_search"]),
        (("3", "5"), ["code_interpreter", "web", "get_weather", "file_search", "get_stock"]),
        (("99", ""), ["code_interpreter", "web", "file_search", "get_stock", "get_weather"]),
    ],
)
def test_positions_move_functions(positions: tuple[str, str], expected: list[str]) -> None:
    form = submit({"function-0-position": positions[0], "function-1-position": positions[1]})

    assert tools_of(form) == expected


def test_rows_are_appended_by_raising_the_total() -> None:
    form = submit(
        {
            "function-TOTAL_FORMS": "3",
            "function-2-name": "third",
            "function-2-position": "1",
            "metadata-TOTAL_FORMS": "3",
            "metadata-2-key": "tier",
            "metadata-2-value": "gold",
        }
    )

    assert tools_of(form)[0] == "third"
    assert form.definition.value("metadata") == {"owner": "ann", "team": "support", "tier": "gold"}


def test_a_form_adds_no_more_than_a_thousand_rows() -> None:
    last, more = 2 + MOST_NEW_ROWS - 1, 2 + MOST_NEW_ROWS
    form = submit(
        {
            "metadata-TOTAL_FORMS": str(more + 1),
            f"metadata-{last}-key": "last",
            f"metadata-{more}-key": "more",
        }
    )

    assert set(form.definition.value("metadata")) == {"owner", "team", "last"}


@pytest.mark.parametrize("total", ["0", "-1", "x", "", "²", "9" * 50])
def test_a_total_that_makes_no_sense_loses_nothing(total: str) -> None:
    form = submit({"function-TOTAL_FORMS": total, "metadata-TOTAL_FORMS": total})

    assert form.is_valid()
    assert form.definition == LIVE


def test_metadata_rows_are_renamed_changed_and_removed() -> None:
    form = submit(
        {"metadata-0-DELETE": "on", "metadata-1-key": "group", "metadata-1-value": "care"}
    )

    assert form.definition.value("metadata") == {"group": "care"}


def test_a_metadata_row_that_was_emptied_goes() -> None:
    form = submit({"metadata-0-key": "", "metadata-0-value": ""})

    assert form.definition.value("metadata") == {"team": "support"}


def test_a_row_more_is_shown_when_asked_for() -> None:
    form = submit({"function-TOTAL_FORMS": "3", "function-2-name": "third"})
    page = form.page(lambda _path: True, add="function")

    assert [row.prefix for row in page.functions] == [f"function-{n}" for n in range(4)]
    assert page.functions[3].is_open


def full_of(rows: int, **others: Any) -> Definition:
    tools = [{"type": "function", "function": {"name": f"f{n}"}} for n in range(rows)]
    pairs = {f"key {n}": "x" for n in range(others.pop("pairs", 0))}
    return Definition.parse(
        {"model": "m", "tools": [*others.get("tools", ()), *tools], "metadata": pairs}
    )


@pytest.mark.parametrize(
    ("definition", "typed", "full", "rows"),
    [
        (full_of(127), {}, False, 128),
        (full_of(128), {}, True, 128),
        (full_of(129), {}, True, 129),
        # Every kind of tool counts, as it is on the page by now.
        (full_of(126, tools=[{"type": "code_interpreter"}, {"type": "web"}]), {}, True, 126),
        (full_of(127, tools=[{"type": "code_interpreter"}]), {}, True, 127),
        (
            full_of(127, tools=[{"type": "code_interpreter"}]),
            {"code_interpreter-0-enabled": None},
            False,
            128,
        ),
        (full_of(127), {"file_search-0-enabled": "on"}, True, 127),
        # What is ticked for removal makes room.
        (full_of(128), {"function-5-DELETE": "on"}, False, 129),
        (full_of(127, tools=[{"type": "web"}]), {"other-0-DELETE": "on"}, False, 128),
        # A row that was added counts before anything is typed into it.
        (full_of(127), {"function-TOTAL_FORMS": "128"}, True, 128),
    ],
)
def test_functions_are_added_up_to_the_limit(
    definition: Definition, typed: dict[str, str | None], full: bool, rows: int
) -> None:
    form = submit(typed, definition)
    assert page_of(form).full["tools"] is full
    assert len(form.page(lambda _path: True, add="function").functions) == rows


@pytest.mark.parametrize(
    ("pairs", "typed", "full", "rows"),
    [
        (15, {}, False, 16),
        (16, {}, True, 16),
        (17, {}, True, 17),
        (16, {"metadata-3-DELETE": "on"}, False, 17),
        (15, {"metadata-TOTAL_FORMS": "16"}, True, 16),
    ],
)
def test_pairs_are_added_up_to_the_limit(
    pairs: int, typed: dict[str, str | None], full: bool, rows: int
) -> None:
    form = submit(typed, full_of(0, pairs=pairs))
    assert page_of(form).full["metadata"] is full
    assert len(form.page(lambda _path: True, add="metadata").pairs) == rows


def test_the_row_that_fills_the_form_up_is_the_last_one() -> None:
    page = submit({}, full_of(0, pairs=15)).page(lambda _path: True, add="metadata")
    assert (page.full["metadata"], page.pair_count, page.pairs[-1].inputs["key"].focused) == (
        True,
        16,
        True,
    )
