"""What the form says about what it cannot take, at the field, with everything typed."""

import pytest

from assistants.forms.definition_form import DefinitionForm
from tests.forms.filling import LIVE, page_of, submit


def test_the_schema_of_another_format_is_not_judged() -> None:
    form = submit({"response_format": "text", "response_schema_schema": "{broken"})

    assert form.is_valid()


@pytest.mark.parametrize(
    ("changes", "name", "part"),
    [
        ({"name": "x" * 257}, "name", "The limit is 256 characters; this has 257."),
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
        ({"temperature": "2.0000000000000000001"}, "temperature", "too many digits"),
        ({"temperature": "0.30000000000000000001"}, "temperature", "too many digits"),
        ({"temperature": "1e-400"}, "temperature", "too many digits"),
        ({"temperature": "1e-99999999999999999999"}, "temperature", "too many digits"),
        ({"temperature": "1,000"}, "temperature", "Leave out the comma"),
        ({"top_p": "1.5"}, "top_p", "1 is the highest"),
        ({"reasoning_effort": "huge"}, "reasoning_effort", "Choose one of these: none"),
        ({"response_format": "xml"}, "response_format", "Choose one of the formats"),
        ({"response_format": "json_schema"}, "response_schema_name", "Enter a name."),
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
        ({"function-0-name": ""}, "function-0-name", "Enter a name."),
        ({"function-0-name": "get weather"}, "function-0-name", "Use only the letters"),
        ({"function-0-name": "x" * 65}, "function-0-name", "The limit is 64"),
        ({"function-0-name": "get_stock"}, "function-1-name", "“get_stock”"),
        ({"function-0-position": "first"}, "function-0-position", "whole number"),
        ({"function-0-parameters": '{"type": "array"}'}, "function-0-parameters", "JSON Schema"),
        ({"function-0-parameters": '{"a":\n 1,}'}, "function-0-parameters", "Line 2, column 3"),
        ({"vector_store_ids": "a\nb"}, "vector_store_ids", "There can be at most 1;"),
        (
            {"code_interpreter_file_ids": "f\n" * 21},
            "code_interpreter_file_ids",
            "There can be at most 20;",
        ),
        ({"metadata-0-key": "team"}, "metadata-1-key", "Duplicate key"),
        ({"metadata-0-key": ""}, "metadata-0-key", "Enter a key for this value."),
        ({"metadata-0-key": "k" * 65}, "metadata-0-key", "64"),
        ({"metadata-0-value": "v" * 513}, "metadata-0-value", "512"),
        (
            {"metadata-TOTAL_FORMS": "17"} | {f"metadata-{n}-key": f"k{n}" for n in range(17)},
            "metadata",
            "The limit is 16 pairs; there are 17.",
        ),
        (
            {"function-TOTAL_FORMS": "126"} | {f"function-{n}-name": f"f{n}" for n in range(126)},
            "tools",
            "There can be at most 128;",
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
        ('{"a": 1, "a": 2}', "Line 1: Duplicate key: “a” is in the same object twice"),
        ('{\n"a": 1e400}', "Line 2: The number 1e400 is too large"),
        ('{"a": 0.12345678901234567890}', "too many digits"),
        ('{"a": ' + "9" * 5000 + "}", "too large"),
        ('{"a": NaN}', "NaN is not a JSON number"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 98 + "1" + "}" * 98, "The limit is 97 levels"),
        ('{"a": "', "never closed"),
        ('{"a"', "ends too early"),
        ("{'a': 1}", "double quotes"),
        ('{"type": "object", "a": "\\ud800"}', "U+D800"),
    ],
)
def test_json_is_read_strictly(text: str, reason: str) -> None:
    form = submit({"function-0-parameters": text})

    assert reason in form.errors["function-0-parameters"][0]


def test_what_was_over_a_limit_before_is_not_held_against_another_change() -> None:
    live = LIVE.replace(description="x" * 600)

    assert submit({"name": "New"}, live).is_valid()
    assert submit({"description": "y" * 600}, live).errors.keys() == {"description"}
    assert submit({"name": "New"}, live, base=None).errors.keys() == {"description"}


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
