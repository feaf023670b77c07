"""What people type into the form, and the definition that it makes."""

import pytest

from assistants.definition import Definition
from assistants.forms.definition_form import DefinitionForm
from tests.forms.filling import LIVE, page_of, submit, tools_of


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


def test_changing_the_response_format_starts_afresh() -> None:
    live = LIVE.replace(response_format={"type": "json_object", "x": 1})

    assert submit({}, live).definition == live
    assert submit({"response_format": "auto"}, live).definition.value("response_format") == "auto"
    assert submit({"response_format": ""}, live).definition.value("response_format") is None
    text = submit({"response_format": "text"}, live).definition.value("response_format")
    assert text == {"type": "text"}


def test_long_whole_numbers_survive() -> None:
    form = submit({"function-0-parameters": '{"type": "object", "maximum": 12345678901234567890}'})

    assert form.is_valid()
    parameters = form.definition.value("tools")[1]["function"]["parameters"]
    assert parameters["maximum"] == 12345678901234567890


def test_unknown_tools_and_fields_are_shown() -> None:
    page = page_of(DefinitionForm(LIVE.replace(response_format={"type": "xml"}), base=LIVE))

    assert [(row.prefix, row.json) for row in page.others] == [("other-0", '{\n  "type": "web"\n}')]
    assert [label for label, _json in page.kept] == ["Response format", "x-unknown"]


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
