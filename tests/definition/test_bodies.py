from hypothesis import given

from assistants.definition import Definition, changed_fields, create_body, modify_body, same_value
from tests.definition.examples import FULL, assistants

ALL_GONE = Definition.parse({"model": "gpt-5.2"})


def test_changed_fields_in_display_order():
    old = Definition.parse(FULL)
    unknown = [f"new_{letter}" for letter in "abcdefgh"]
    new = old.replace(**dict.fromkeys(unknown[::-1], 1), top_p=0, name="Other", temperature=None)
    assert changed_fields(old, new) == ["name", "temperature", "top_p", *unknown]


def test_true_instead_of_one_is_a_change():
    old = Definition.parse({"model": "m", "temperature": 1})
    assert changed_fields(old, old.replace(temperature=True)) == ["temperature"]


def test_without_an_old_definition_every_set_field_changed():
    assert changed_fields(None, Definition.parse({"model": "m", "name": "n", "tools": []})) == [
        "name",
        "model",
    ]


@given(assistants)
def test_nothing_changed_sends_nothing(source):
    definition = Definition.parse(source)
    again = Definition.parse(definition.to_dict())
    assert changed_fields(definition, again) == []
    assert modify_body(definition, again) == {}


def test_line_ends_from_a_browser_are_no_change():
    old = Definition.parse({"model": "m", "instructions": "one\ntwo\n"})
    assert changed_fields(old, old.replace(instructions="one\r\ntwo\r\n")) == []


def test_create_sends_what_is_set():
    body = {"instructions": "Be kind.", "tools": [{"type": "file_search"}], "model": "m"}
    assert create_body(Definition.parse({**body, "name": "", "metadata": {}})) == body


def test_modify_sends_changed_fields_only():
    old = Definition.parse(FULL)
    new = old.replace(instructions="Be brief.", temperature=1.0)
    assert modify_body(old, new) == {"instructions": "Be brief.", "temperature": 1}


def test_modify_clears_each_field_as_the_api_wants_it():
    assert modify_body(Definition.parse(FULL), ALL_GONE) == {
        "name": None,
        "description": None,
        "instructions": None,
        "tools": [],
        "tool_resources": {
            "code_interpreter": {"file_ids": []},
            "file_search": {"vector_store_ids": []},
        },
        "metadata": {},
        "temperature": None,
        "top_p": None,
        "response_format": None,
        "reasoning_effort": None,
        "x_vendor": None,
    }


def test_a_list_of_resources_that_goes_is_sent_empty_beside_one_that_stays():
    old = Definition.parse(FULL)
    new = old.replace(tool_resources={"file_search": {"vector_store_ids": ["vs_2"]}})
    assert modify_body(old, new) == {
        "tool_resources": {
            "code_interpreter": {"file_ids": []},
            "file_search": {"vector_store_ids": ["vs_2"]},
        }
    }


def test_resources_of_another_shape_are_taken_back_too():
    old = Definition.parse(
        {
            "tool_resources": {
                "code_interpreter": {"file_ids": ["file_1"]},
                "file_search": {"vector_store_ids": ["vs_1"], "ranker": "auto"},
                "computer": "on",
                "browser": "on",
            }
        }
    )
    new = Definition.parse({"tool_resources": {"code_interpreter": "none", "browser": "off"}})
    assert modify_body(old, new) == {
        "tool_resources": {
            "code_interpreter": "none",
            "browser": "off",
            "file_search": {"vector_store_ids": [], "ranker": None},
            "computer": None,
        }
    }


@given(assistants, assistants)
def test_a_modify_body_turns_the_old_into_the_new(source, target):
    old, new = Definition.parse(source), Definition.parse(target)
    body = modify_body(old, new)
    assert list(body) == changed_fields(old, new)
    assert Definition.parse({**old.to_dict(), **body}) == new


def test_same_value_tells_true_from_one():
    assert not same_value(True, 1)
    assert not same_value([1], [True])
    assert not same_value({"a": 0}, {"a": False})
    assert same_value({"a": 1, "b": [2]}, {"b": [2], "a": 1})
    assert not same_value("a", None)
