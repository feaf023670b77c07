"""What people type into the form, and what they are told about it."""

from typing import Any

import pytest

from assistants.definition import Definition
from assistants.forms.answers import MOST_NEW_ROWS
from assistants.forms.definition_form import DefinitionForm
from assistants.forms.shown import Shown

WEATHER = {
    "type": "function",
    "function": {"name": "get_weather", "parameters": {"type": "object"}, "x-team": "support"},
}
STOCK = {"type": "function", "function": {"name": "get_stock", "strict": True}}
SEARCH = {
    "type": "file_search",
    "file_search": {
        "max_num_results": 5,
        "ranking_options": {"ranker": "auto", "score_threshold": 0.5, "x": 1},
    },
}
LIVE = Definition.parse(
    {
        "name": "Support",
        "model": "m",
        "instructions": "Be kind.",
        "tools": [{"type": "code_interpreter"}, WEATHER, {"type": "web"}, SEARCH, STOCK],
        "metadata": {"team": "support", "owner": "ann"},
        "temperature": 0.5,
        "x-unknown": {"kept": [1, 2]},
    }
)


def submit(
    changes: dict[str, str | None], definition: Definition = LIVE, **options: Any
) -> DefinitionForm:
    """Post the page of `definition` with these fields typed; None leaves a field out."""
    data = {**Shown.of(definition).values, **changes}
    sent = {name: value for name, value in data.items() if value is not None}
    form = DefinitionForm(definition, sent, base=options.get("base", definition))
    form.is_valid()
    return form


def tools_of(form: DefinitionForm) -> list[str]:
    return [
        tool["function"]["name"] if tool["type"] == "function" else tool["type"]
        for tool in form.definition.value("tools")
    ]


def test_a_new_assistant_holds_what_was_typed() -> None:
    form = DefinitionForm(
        Definition.parse({}),
        {
            "name": "Support",
            "model": " gpt-test ",
            "instructions": "One\r\ntwo ",
            "temperature": "0,7",
            "top_p": "",
            "reasoning_effort": "low",
            "response_format": "json_schema",
            "response_schema_name": "answer",
            "response_schema_schema": '{"type": "object"}',
            "response_schema_strict": "on",
            "metadata-TOTAL_FORMS": "2",
            "metadata-0-key": "team",
            "metadata-0-value": "support",
            "metadata-1-key": "",
            "metadata-1-value": "",
            "code_interpreter-0-enabled": "on",
            "file_search-0-enabled": "on",
            "file_search-0-max_num_results": "7",
            "file_search-0-ranker": "auto",
            "file_search-0-score_threshold": "0.25",
            "function-TOTAL_FORMS": "3",
            "function-0-name": "get_weather",
            "function-0-description": "Looks it up",
            "function-0-parameters": '{"type": "object"}',
            "function-0-strict": "on",
            "function-1-name": "",
            "function-1-parameters": "",
            "function-2-name": "gone",
            "function-2-DELETE": "on",
            "code_interpreter_file_ids": " file-1 \r\n\r\nfile-2\r\n",
            "vector_store_ids": "vs_1",
        },
    )

    assert form.is_valid(), form.errors
    assert form.definition.to_dict() == {
        "name": "Support",
        "model": "gpt-test",
        "instructions": "One\ntwo ",
        "tools": [
            {"type": "code_interpreter"},
            {
                "type": "file_search",
                "file_search": {
                    "max_num_results": 7,
                    "ranking_options": {"ranker": "auto", "score_threshold": 0.25},
                },
            },
            {
                "type": "function",
                "function": {
                    "name": "get_weather",
                    "description": "Looks it up",
                    "parameters": {"type": "object"},
                    "strict": True,
                },
            },
        ],
        "tool_resources": {
            "code_interpreter": {"file_ids": ["file-1", "file-2"]},
            "file_search": {"vector_store_ids": ["vs_1"]},
        },
        "metadata": {"team": "support"},
        "temperature": 0.7,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "answer", "schema": {"type": "object"}, "strict": True},
        },
        "reasoning_effort": "low",
    }


def test_present_but_empty_is_not_set_and_left_out_is_unchanged() -> None:
    form = submit({"name": "", "temperature": " ", "instructions": None})

    assert form.definition == LIVE.replace(name=None, temperature=None)


def test_a_post_without_a_group_keeps_the_group() -> None:
    form = DefinitionForm(LIVE, {"name": "New", "function-0-name": "other"}, base=LIVE)

    assert form.is_valid()
    assert form.definition == LIVE.replace(name="New")


def test_unticking_a_card_removes_its_tool() -> None:
    form = submit({"code_interpreter-0-enabled": None, "file_search-0-enabled": ""})

    assert tools_of(form) == ["get_weather", "web", "get_stock"]


def test_an_edited_function_keeps_what_the_form_cannot_show() -> None:
    form = submit({"function-0-name": "forecast", "function-0-strict": "on"})

    assert form.definition.value("tools")[1] == {
        "type": "function",
        "function": {
            "name": "forecast",
            "parameters": {"type": "object"},
            "x-team": "support",
            "strict": True,
        },
    }


def test_unticking_strict_says_so() -> None:
    form = submit({"function-1-strict": None})

    assert form.definition.value("tools")[4]["function"]["strict"] is False


def test_cleared_ranking_options_go_altogether() -> None:
    plain = {"type": "file_search", "file_search": {"ranking_options": {"score_threshold": 1}}}
    form = submit({"file_search-0-score_threshold": ""}, LIVE.replace(tools=[plain]))

    assert form.definition.value("tools") == [{"type": "file_search"}]


def test_other_ranking_options_survive() -> None:
    form = submit({"file_search-0-score_threshold": "0.75"})

    assert form.definition.value("tools")[3]["file_search"]["ranking_options"] == {
        "ranker": "auto",
        "score_threshold": 0.75,
        "x": 1,
    }


def test_removed_tools_go_and_the_others_keep_their_order() -> None:
    form = submit({"other-0-DELETE": "on", "function-0-DELETE": "on"})

    assert tools_of(form) == ["code_interpreter", "file_search", "get_stock"]


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


def test_changing_the_response_format_starts_afresh() -> None:
    live = LIVE.replace(response_format={"type": "json_object", "x": 1})

    assert submit({}, live).definition == live
    assert submit({"response_format": "auto"}, live).definition.value("response_format") == "auto"
    assert submit({"response_format": ""}, live).definition.value("response_format") is None
    text = submit({"response_format": "text"}, live).definition.value("response_format")
    assert text == {"type": "text"}


def test_the_schema_of_another_format_is_not_judged() -> None:
    form = submit({"response_format": "text", "response_schema_schema": "{broken"})

    assert form.is_valid()


# Errors


@pytest.mark.parametrize(
    ("changes", "name", "part"),
    [
        ({"name": "x" * 257}, "name", "At most 256 characters are possible; this has 257."),
        ({"description": "x" * 513}, "description", "512"),
        ({"instructions": "😀" * 256_001}, "instructions", "256,000 characters"),
        ({"instructions": "a\0b"}, "instructions", "U+0000"),
        ({"model": " "}, "model", "Choose a model."),
        ({"temperature": "2.1"}, "temperature", "2 is the highest"),
        ({"temperature": "-1"}, "temperature", "0 is the lowest"),
        ({"temperature": "warm"}, "temperature", "Enter a number"),
        ({"temperature": "1e400"}, "temperature", "Enter a number"),
        ({"temperature": "nan"}, "temperature", "Enter a number"),
        ({"temperature": "1_0"}, "temperature", "Enter a number"),
        ({"temperature": "2.0000000000000000001"}, "temperature", "too precise"),
        ({"temperature": "0.30000000000000000001"}, "temperature", "too precise"),
        ({"temperature": "1e-400"}, "temperature", "too precise"),
        ({"temperature": "1e-99999999999999999999"}, "temperature", "too precise"),
        ({"temperature": "1,000"}, "temperature", "Leave out the comma"),
        ({"top_p": "1.5"}, "top_p", "1 is the highest"),
        ({"reasoning_effort": "huge"}, "reasoning_effort", "Choose one of these: none"),
        ({"response_format": "xml"}, "response_format", "Choose one of the formats"),
        ({"response_format": "json_schema"}, "response_schema_name", "Give it a name."),
        (
            {"response_format": "json_schema", "response_schema_name": "a b"},
            "response_schema_name",
            "Use only the letters",
        ),
        (
            {
                "response_format": "json_schema",
                "response_schema_name": "answer",
                "response_schema_schema": "[]",
            },
            "response_schema_schema",
            "one JSON object",
        ),
        ({"file_search-0-max_num_results": "51"}, "file_search-0-max_num_results", "50"),
        ({"file_search-0-max_num_results": "1.5"}, "file_search-0-max_num_results", "whole"),
        ({"file_search-0-score_threshold": "2"}, "file_search-0-score_threshold", "1 is the"),
        ({"file_search-0-score_threshold": ""}, "file_search-0-score_threshold", "lowest score"),
        ({"file_search-0-ranker": "best"}, "file_search-0-ranker", "Choose one of these: auto"),
        ({"function-0-name": ""}, "function-0-name", "Give it a name."),
        ({"function-0-name": "get weather"}, "function-0-name", "Use only the letters"),
        ({"function-0-name": "x" * 65}, "function-0-name", "At most 64"),
        ({"function-0-name": "get_stock"}, "function-1-name", "“get_stock”"),
        ({"function-0-position": "first"}, "function-0-position", "whole number"),
        ({"function-0-parameters": '{"type": "array"}'}, "function-0-parameters", "JSON Schema"),
        ({"function-0-parameters": '{"a":\n 1,}'}, "function-0-parameters", "Line 2, column 3"),
        ({"vector_store_ids": "a\nb"}, "vector_store_ids", "At most 1"),
        ({"code_interpreter_file_ids": "f\n" * 21}, "code_interpreter_file_ids", "At most 20"),
        ({"metadata-0-key": "team"}, "metadata-1-key", "Duplicate key"),
        ({"metadata-0-key": ""}, "metadata-0-key", "Give this value a key."),
        ({"metadata-0-key": "k" * 65}, "metadata-0-key", "64"),
        ({"metadata-0-value": "v" * 513}, "metadata-0-value", "512"),
        (
            {"metadata-TOTAL_FORMS": "17"} | {f"metadata-{n}-key": f"k{n}" for n in range(17)},
            "metadata",
            "At most 16 pairs are possible; there are 17.",
        ),
        (
            {"function-TOTAL_FORMS": "126"} | {f"function-{n}-name": f"f{n}" for n in range(126)},
            "tools",
            "At most 128",
        ),
    ],
)
def test_errors_stand_at_their_field(changes: dict[str, str | None], name: str, part: str) -> None:
    form = submit(changes)

    assert list(form.errors) == [name]
    assert part in form.errors[name][0]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": 1, "a": 2}', "Line 1: The key “a” is in the same object twice"),
        ('{\n"a": 1e400}', "Line 2: The number 1e400 is too large"),
        ('{"a": 0.12345678901234567890}', "too precise"),
        ('{"a": ' + "9" * 5000 + "}", "too large"),
        ('{"a": NaN}', "NaN is not a JSON number"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 98 + "1" + "}" * 98, "at most 97 levels"),
        ('{"a": "', "never closed"),
        ('{"a"', "ends too early"),
        ("{'a': 1}", "double quotes"),
        ('{"type": "object", "a": "\\ud800"}', "U+D800"),
    ],
)
def test_json_is_read_strictly(text: str, reason: str) -> None:
    form = submit({"function-0-parameters": text})

    assert reason in form.errors["function-0-parameters"][0]


def test_long_whole_numbers_survive() -> None:
    form = submit({"function-0-parameters": '{"type": "object", "maximum": 12345678901234567890}'})

    assert form.is_valid()
    parameters = form.definition.value("tools")[1]["function"]["parameters"]
    assert parameters["maximum"] == 12345678901234567890


def test_what_was_over_a_limit_before_is_not_held_against_another_change() -> None:
    live = LIVE.replace(description="x" * 600)

    assert submit({"name": "New"}, live).is_valid()
    assert submit({"description": "y" * 600}, live).errors.keys() == {"description"}
    assert submit({"name": "New"}, live, base=None).errors.keys() == {"description"}


# The page


def page_of(form: DefinitionForm) -> Any:
    return form.page(lambda _path: True)


def test_everything_typed_is_shown_again() -> None:
    typed = {
        "name": "x" * 300,
        "temperature": "warm",
        "function-TOTAL_FORMS": "3",
        "function-2-name": "third",
        "function-2-parameters": "{broken",
        "function-1-DELETE": "on",
        "code_interpreter-0-enabled": None,
        "metadata-TOTAL_FORMS": "3",
        "metadata-2-key": "team",
        "metadata-2-value": "again",
    }
    page = page_of(submit(typed))

    assert page.fields["name"].value == "x" * 300
    assert page.fields["temperature"].value == "warm"
    assert page.fields["code_interpreter"].checked is False
    assert page.fields["file_search"].checked is True
    assert [row.title for row in page.functions] == ["get_weather", "get_stock", "third"]
    assert page.functions[2].inputs["parameters"].value == "{broken"
    assert [row.deleted for row in page.functions] == [False, True, False]
    assert page.pairs[2].inputs["value"].value == "again"


def test_the_summary_of_errors_follows_the_page_and_leads_to_each_field() -> None:
    page = page_of(submit({"metadata-0-key": "", "function-0-name": "", "temperature": "9"}))

    assert [fault.anchor for fault in page.faults] == [
        "id_function-0-name",
        "id_temperature",
        "id_metadata-0-key",
    ]


def test_unknown_tools_and_fields_are_shown() -> None:
    page = page_of(DefinitionForm(LIVE.replace(response_format={"type": "xml"}), base=LIVE))

    assert [(row.prefix, row.json) for row in page.others] == [("other-0", '{\n  "type": "web"\n}')]
    assert [label for label, _json in page.kept] == ["Response format", "x-unknown"]


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


def test_what_was_typed_in_does_not_fold_away_when_a_row_is_asked_for() -> None:
    form = submit({"function-TOTAL_FORMS": "2", "function-1-description": "Other words"})
    page = form.page(lambda _path: True, add="function")

    assert [row.is_open for row in page.functions] == [False, True, True]


def test_a_refusal_stands_at_the_field_it_is_about() -> None:
    form = DefinitionForm(LIVE, base=LIVE)
    form.add_refusal("tools[4].function.parameters", "No.")
    form.add_refusal("metadata.team", "No.")
    form.add_refusal("", "Just no.")

    assert list(form.errors) == ["function-1-parameters", "metadata-1-value", ""]
    assert page_of(form).faults[-1].message == "Just no."


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0,7", 0.7),
        ("0,125", 0.125),
        (" 1.50 ", 1.5),
        ("1,5", 1.5),
        ("1e0", 1),
        ("-0", 0),
        (".1", 0.1),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, number: float) -> None:
    assert submit({"temperature": text}).definition.value("temperature") == number
