import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistants.definition import FIELD_NAMES, Definition, normalise_text, problems
from tests.definition.examples import FULL, assistants, function, json_values

# The answer documented for Modify behind Portkey, placeholders and all.
DOCUMENTED = {
    "id": "text",
    "object": "assistant",
    "created_at": 1,
    "name": "text",
    "description": "text",
    "model": "text",
    "instructions": "text",
    "tools": [{"type": "code_interpreter"}],
    "tool_resources": {
        "code_interpreter": {"file_ids": ["text"]},
        "file_search": {"vector_store_ids": ["text"]},
    },
    "metadata": {},
    "temperature": 1,
    "top_p": 1,
    "response_format": "none",
}


def test_the_documented_answer_is_read_without_complaint():
    definition = Definition.parse(DOCUMENTED)
    assert problems(definition) == []
    left_out = {"id", "object", "created_at", "metadata"}
    assert definition.to_dict() == {k: v for k, v in DOCUMENTED.items() if k not in left_out}


def test_a_full_definition_survives_as_it_is():
    definition = Definition.parse(FULL)
    assert definition.to_dict() == FULL
    assert problems(definition) == []
    assert definition.fields() == (*FIELD_NAMES, "x_vendor")
    assert definition.tool_kinds == ("code_interpreter", "file_search", "function")


@given(assistants)
def test_reading_back_what_was_written_gives_the_same(source):
    definition = Definition.parse(source)
    again = Definition.parse(definition.to_dict())
    assert again == definition
    assert hash(again) == hash(definition)
    assert again.digest == definition.digest
    assert list(again.to_dict()) == list(definition.to_dict())


@given(assistants)
def test_canonical_json_can_be_stored_and_read_back(source):
    definition = Definition.parse(source)
    stored = definition.canonical_json().encode()
    assert b"\0" not in stored
    assert Definition.parse(json.loads(stored)) == definition


@given(json_values.filter(lambda value: value is not None))
def test_unknown_fields_survive_untouched(value):
    definition = Definition.parse({"model": "m", "x_vendor": value})
    assert repr(definition.value("x_vendor")) == repr(Definition.parse({"y": value}).value("y"))
    assert "x_vendor" in definition.fields()


def test_unknown_keys_and_tool_types_survive_untouched():
    tools = [
        {
            "type": "browser",
            "description": "a\r\nb",
            "function": {"description": "\r\n"},
            "x": None,
        },
        function("f", vendor={"a": [None, "\r\n"]}, strict=False),
        {"type": "file_search", "file_search": {"new_option": "x"}, "extra": 1},
        {"no": "type"},
        "not even an object",
    ]
    definition = Definition.parse({"model": "m", "tools": tools})
    assert definition.to_dict()["tools"] == tools


@pytest.mark.parametrize("nothing", [None, ""])
@pytest.mark.parametrize("field", ["name", "description", "instructions", "model"])
def test_blank_text_is_null_is_absent(field, nothing):
    assert Definition.parse({field: nothing}) == Definition.parse({})
    assert Definition.parse({field: nothing}).value(field) is None


def test_text_of_spaces_is_text():
    assert Definition.parse({"name": " "}).value("name") == " "


@pytest.mark.parametrize(
    ("field", "nothing"),
    [
        ("tools", None),
        ("tools", []),
        ("metadata", None),
        ("metadata", {}),
        ("tool_resources", {}),
        ("tool_resources", {"code_interpreter": {"file_ids": []}, "file_search": {}}),
        ("tool_resources", {"file_search": {"vector_store_ids": None}, "code_interpreter": None}),
        ("temperature", None),
        ("x_vendor", None),
    ],
)
def test_the_ways_to_say_nothing_are_one(field, nothing):
    assert Definition.parse({field: nothing}) == Definition.parse({})
    assert Definition.parse({field: nothing}).fields() == ()


def test_absent_tools_and_metadata_have_an_empty_value():
    assert Definition.parse({}).value("tools") == []
    assert Definition.parse({}).value("metadata") == {}
    assert Definition.parse({}).value("temperature") is None


def test_empty_resources_go_and_others_stay():
    resources = {"code_interpreter": {"file_ids": []}, "file_search": {"vector_store_ids": ["v"]}}
    definition = Definition.parse({"tool_resources": resources})
    assert definition.value("tool_resources") == {"file_search": {"vector_store_ids": ["v"]}}


def test_line_ends_are_one_in_texts():
    crlf = {
        "name": "a\r\nb",
        "description": "a\rb",
        "instructions": "a\r\n\r\nb\r",
        "tools": [function("f", description="a\r\nb")],
        "response_format": {"type": "json_schema", "json_schema": {"description": "a\r\nb"}},
    }
    lf = json.loads(json.dumps(crlf).replace("\\r\\n", "\\n").replace("\\r", "\\n"))
    assert Definition.parse(crlf).to_dict() == lf
    assert Definition.parse(crlf) == Definition.parse(lf)


@given(st.text(alphabet="ab\r\n"))
def test_normalised_text_has_one_newline_for_each_line_end(text):
    normal = normalise_text(text)
    assert "\r" not in normal
    assert normal.split("\n") == text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def test_null_is_absent_where_a_tool_may_leave_a_key_out():
    bare = [function("f"), {"type": "file_search"}]
    nulls = [
        function("f", description=None, parameters=None, strict=None),
        {"type": "file_search", "file_search": None},
    ]
    assert Definition.parse({"tools": nulls}) == Definition.parse({"tools": bare})
    blank = [function("f", description=""), bare[1]]
    assert Definition.parse({"tools": blank}) == Definition.parse({"tools": bare})


def test_numbers_compare_by_value_and_booleans_are_no_numbers():
    assert Definition.parse({"temperature": 1.0}) == Definition.parse({"temperature": 1})
    assert Definition.parse({"temperature": 1.0}).canonical_json() == '{"temperature":1}'
    assert Definition.parse({"x": {"y": [2.0]}}) == Definition.parse({"x": {"y": [2]}})
    assert Definition.parse({"temperature": True}) != Definition.parse({"temperature": 1})
    assert Definition.parse({"x": 0.5}) != Definition.parse({"x": 0})


def test_the_order_of_tools_counts_and_that_of_keys_does_not():
    one, two = {"type": "code_interpreter"}, {"type": "file_search"}
    assert Definition.parse({"tools": [one, two]}) != Definition.parse({"tools": [two, one]})
    assert Definition.parse({"x": {"a": 1, "b": 2}}) == Definition.parse({"x": {"b": 2, "a": 1}})


def test_the_order_of_keys_is_kept_for_showing():
    parameters = {"type": "object", "properties": {"z": {}, "a": {}}}
    definition = Definition.parse({"tools": [function("f", parameters=parameters)]})
    kept = definition.to_dict()["tools"][0]["function"]["parameters"]["properties"]
    assert list(kept) == ["z", "a"]


def test_nothing_handed_out_changes_the_definition():
    source = json.loads(json.dumps(FULL))
    definition = Definition.parse(source)
    before = definition.digest
    source["tools"][2]["function"]["name"] = "changed"
    definition.to_dict()["tools"].clear()
    definition.value("metadata")["team"] = "changed"
    definition.value("tools")[2]["function"]["name"] = "changed"
    assert Definition.parse(definition.to_dict()).digest == before
    assert definition == Definition.parse(FULL)


def test_replace_sets_and_clears():
    definition = Definition.parse(FULL)
    changed = definition.replace(name="New\r\nname", temperature=None, tools=None)
    assert changed.value("name") == "New\nname"
    assert not {"temperature", "tools"}.intersection(changed.fields())
    assert definition == Definition.parse(FULL)


def test_it_equals_nothing_but_a_definition():
    assert Definition.parse({}) != {}
    assert len({Definition.parse(FULL), Definition.parse(FULL), Definition.parse({})}) == 2


def test_its_name_in_logs_gives_no_content_away():
    assert "Greet" not in repr(Definition.parse(FULL))


@pytest.mark.parametrize("opening", [{"in": None}, [None]])
def test_endless_nesting_is_cut_and_reported(opening):
    deep = None
    for _ in range(5_000):
        deep = {"in": deep} if isinstance(opening, dict) else [deep]
    definition = Definition.parse({"model": "m", "x_vendor": deep})
    assert Definition.parse(definition.to_dict()) == definition
    assert len(definition.digest) == 64
    assert [problem.code for problem in problems(definition)] == ["nesting_above_max_depth"]


def test_a_python_object_that_is_no_json_is_a_mistake_in_the_program():
    with pytest.raises(TypeError, match="set is not a JSON type"):
        Definition.parse({"metadata": {"a", "b"}})
