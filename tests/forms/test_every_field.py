"""Every field that the API defines can be edited, is shown, and its changes are told."""

from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string

from assistants.definition import DEFINITION_FIELDS, FIELD_NAMES, LIMITS, Definition, problems
from assistants.definition.checks.schema import ContentSchema
from assistants.diff import compare_definitions, summarise
from assistants.forms.definition_form import DefinitionForm
from assistants.wording import field_label, show_changes, show_contents
from tests.pages.reading import fields_of

DOCS = Path(__file__).resolve().parents[2] / "docs" / "registry.md"
COMPOSED: dict[str, Any] = {
    "tools": [{"type": "function", "function": {"name": "zebra"}}],
    "tool_resources": {"file_search": {"vector_store_ids": ["zebra"]}},
    "metadata": {"animal": "zebra"},
}
SCHEMA_FIELDS = list(ContentSchema.model_fields)
every_field = pytest.mark.parametrize("name", SCHEMA_FIELDS)


def example(name: str) -> Any:
    """Return a value of a field that is within its limits."""
    declared = DEFINITION_FIELDS[name]
    if name in COMPOSED:
        return COMPOSED[name]
    if declared.is_number:
        return declared.range[1]
    return declared.values[-1] if declared.kind == "choice" else (*declared.values, "zebra")[0]


def holding(name: str) -> Definition:
    return Definition.parse({"model": "m", name: example(name)})


def editor(definition: Definition) -> str:
    form = DefinitionForm(definition)
    form.opened.add("function-0")  # a closed function has no inputs
    page = form.page(lambda _path: True)
    context = {"page": page, "limits": LIMITS, "advice": {}, "models": [], "vendor": "OpenAI"}
    return render_to_string("assistants/editor/_form.html", context)


def contents(definition: Definition) -> str:
    shown = show_contents(definition)
    return render_to_string("assistants/definition/_contents.html", {"contents": shown})


def test_the_declared_fields_are_those_of_the_schema() -> None:
    assert sorted(FIELD_NAMES) == sorted(SCHEMA_FIELDS)


@every_field
def test_an_example_of_a_field_is_within_the_limits(name: str) -> None:
    assert problems(holding(name)) == []


@every_field
def test_a_field_has_a_label_and_stands_under_it_in_the_editor(name: str) -> None:
    assert field_label(name) != name
    assert f">{field_label(name)}</" in editor(holding(name))


@every_field
def test_the_input_of_a_field_shows_its_value_and_is_read_again(name: str) -> None:
    form = f'<form method="post" action="/">{editor(holding(name))}</form>'
    posted = fields_of(HttpResponse(form), "/")
    read = DefinitionForm(Definition.parse({}), posted)
    read.read()
    assert read.definition == holding(name)


@every_field
def test_the_page_of_a_version_shows_a_field(name: str) -> None:
    page = contents(holding(name))
    unset = {"model": "m"} if name != "model" else {}
    assert field_label(name) in page
    assert page != contents(Definition.parse(unset))
    assert show_contents(holding(name)).others == ()


@every_field
def test_a_difference_tells_a_field_by_its_label(name: str) -> None:
    old = Definition.parse({} if name == "model" else {"model": "m"})
    (change,) = show_changes(compare_definitions(old, holding(name)))
    page = render_to_string("assistants/difference/_changes.html", {"changes": [change]})
    assert field_label(name) in page
    assert change.blocks or change.items or change.new
    assert [entry["field"] for entry in summarise(old, holding(name))] == [name]


@every_field
def test_the_documented_limits_name_a_field(name: str) -> None:
    limits = DOCS.read_text().partition("\n## Limits\n")[2].partition("\n## ")[0]
    assert f"`{name}`" in limits
