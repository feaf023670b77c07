import json

from hypothesis import given

from assistants.definition import Definition, changed_fields, quotable
from assistants.diff import summarise
from tests.definition.examples import FULL, assistants, function

BASE = Definition.parse(FULL)


def test_each_kind_of_field_has_its_own_words():
    new = BASE.replace(
        name="Travel help",
        model="gpt-6",
        instructions="Greet warmly by name.\nAnswer.",
        tools=[function("cancel"), function("get_booking"), {"type": "code_interpreter"}],
        tool_resources={"file_search": {"vector_store_ids": ["vs_2"]}},
        metadata={"team": "sales", "site": "web"},
        temperature=None,
        response_format="auto",
        x_vendor={"keep": []},
    )
    assert summarise(BASE, new) == [
        {
            "field": "name",
            "kind": "changed",
            "added": 1,
            "removed": 1,
            "old": "Travel desk",
            "new": "Travel help",
        },
        {"field": "model", "kind": "changed", "old": "gpt-5.2", "new": "gpt-6"},
        {"field": "instructions", "kind": "changed", "added": 1, "removed": 1},
        {
            "field": "tools",
            "kind": "changed",
            "added": ["cancel"],
            "removed": ["file_search"],
            "changed": ["get_booking"],
            "moved": True,
        },
        {
            "field": "tool_resources",
            "kind": "changed",
            "added": [],
            "removed": ["code_interpreter.file_ids"],
            "changed": ["file_search.vector_store_ids"],
            "moved": False,
        },
        {
            "field": "metadata",
            "kind": "changed",
            "added": ["site"],
            "removed": ["cost_centre"],
            "changed": ["team"],
            "moved": False,
        },
        {"field": "temperature", "kind": "removed", "old": 0.7, "new": None},
        {"field": "response_format", "kind": "changed", "old": "json_schema", "new": "auto"},
        {"field": "x_vendor", "kind": "changed"},
    ]


def test_a_first_definition_is_all_added():
    first = Definition.parse({"model": "m", "description": "Two words", "top_p": 0})
    assert summarise(None, first) == [
        {"field": "description", "kind": "added", "added": 2, "removed": 0},
        {"field": "model", "kind": "added", "old": None, "new": "m"},
        {"field": "top_p", "kind": "added", "old": None, "new": 0},
    ]


def test_long_values_are_cut_and_many_names_counted():
    new = BASE.replace(model="m" * 200, metadata={f"k{n:02}": "" for n in range(30)})
    model, metadata = summarise(BASE, new)
    assert model["new"] == "m" * 79 + "…"
    assert metadata["added"] == [f"k{n:02}" for n in range(20)]
    assert metadata["more"] == 10
    assert len(metadata["removed"]) == 2


def test_a_number_that_json_lacks_is_told_in_words():
    (entry,) = summarise(BASE, BASE.replace(temperature=float("nan")))
    assert entry["new"] == "nan"


def test_what_is_quoted_can_be_stored():
    assert quotable("nul \0 and \ud800") == "nul ? and ?"
    assert quotable("x" * 81) == "x" * 79 + "…"
    assert quotable("😀" * 80) == "😀" * 80


@given(assistants, assistants)
def test_a_summary_can_be_stored_and_names_every_changed_field(source, target):
    old, new = Definition.parse(source), Definition.parse(target)
    summary = summarise(old, new)
    stored = json.dumps(summary, allow_nan=False, ensure_ascii=False).encode()
    assert b"\\u0000" not in stored
    assert [entry["field"] for entry in summary] == changed_fields(old, new)
