"""The sample assistants: believable, within every limit, and of as many shapes as promised."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from assistants.definition import FIELD_NAMES, LIMITS, Definition, problems
from assistants.forms.advising.advice import advise, advise_on_schemas
from assistants.models import Assistant
from assistants.services.setup.sample_data import FOLDER, samples
from assistants.services.setup.samples import add_samples, delete_samples
from tests.conftest import Cast

SAMPLES = samples()
by_name = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["name"])


def of_type(kind: str) -> list[dict[str, Any]]:
    return [tool for sample in SAMPLES for tool in sample.get("tools", []) if tool["type"] == kind]


def functions(sample: dict[str, Any]) -> list[dict[str, Any]]:
    return [tool["function"] for tool in sample.get("tools", []) if tool["type"] == "function"]


def objects_of(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema of type object inside a schema."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for part in schema.values():
            yield from objects_of(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from objects_of(part)


def strict_schemas(sample: dict[str, Any]) -> list[dict[str, Any]]:
    found = [one["parameters"] for one in functions(sample) if one.get("strict")]
    response = sample.get("response_format", {}).get("json_schema", {})
    return [*found, response["schema"]] if response.get("strict") else found


@by_name
def test_a_sample_could_be_published_and_holds_nothing_unknown(sample: dict[str, Any]) -> None:
    assert problems(Definition.parse(sample), stored=[]) == []
    assert set(sample) <= set(FIELD_NAMES)


@by_name
def test_a_sample_is_already_in_its_normal_form(sample: dict[str, Any]) -> None:
    assert Definition.parse(sample).to_dict() == {
        field: sample[field] for field in FIELD_NAMES if field in sample
    }


@by_name
def test_a_sample_names_a_model_that_a_fresh_registry_offers(sample: dict[str, Any]) -> None:
    assert sample["model"] in settings.REGISTRY_MODELS


@by_name
def test_only_reasoning_models_get_effort_and_only_others_get_sampling(
    sample: dict[str, Any],
) -> None:
    reasons = sample["model"].startswith("gpt-5")
    refused = {"temperature", "top_p"} if reasons else {"reasoning_effort"}
    assert not refused & set(sample)


@by_name
def test_the_editor_has_no_advice_on_a_sample(sample: dict[str, Any]) -> None:
    definition = Definition.parse(sample)
    assert [*advise(definition), *advise_on_schemas(definition, None)] == []


@by_name
def test_strict_schemas_name_every_property_and_allow_no_other(sample: dict[str, Any]) -> None:
    for schema in strict_schemas(sample):
        for part in objects_of(schema):
            assert part["required"] == list(part["properties"])
            assert part["additionalProperties"] is False


@by_name
def test_instructions_say_when_to_use_each_function(sample: dict[str, Any]) -> None:
    for function in functions(sample):
        assert f"`{function['name']}`" in sample["instructions"]
        assert function["description"]


@by_name
def test_no_line_of_instructions_is_there_twice(sample: dict[str, Any]) -> None:
    long = [line for line in sample["instructions"].splitlines() if len(line) > 40]
    assert len(long) == len(set(long))


def test_there_are_a_dozen_with_names_of_their_own_and_no_file_without_a_partner() -> None:
    assert len({sample["name"] for sample in SAMPLES}) == 12
    assert {path.stem for path in FOLDER.glob("*.md")} == {
        path.stem for path in FOLDER.glob("*.json")
    }


def test_three_or_more_have_instructions_of_ten_kilobytes() -> None:
    long = [sample for sample in SAMPLES if len(sample["instructions"].encode()) >= 10 * 1024]
    assert len(long) >= 3


def test_the_dozen_covers_every_kind_of_tool_and_its_options() -> None:
    assert max(len(functions(sample)) for sample in SAMPLES) >= 5
    parameters = [tool["function"]["parameters"] for tool in of_type("function")]
    assert any(len(list(objects_of(schema))) >= 3 for schema in parameters)
    text = str(parameters)
    assert all(f"'{word}'" in text for word in ("enum", "array", "required", "pattern", "minimum"))

    options = [tool.get("file_search", {}) for tool in of_type("file_search")]
    assert {} in options
    assert any({"ranker", "score_threshold"} <= set(o.get("ranking_options", {})) for o in options)

    resources = [sample["tool_resources"] for sample in SAMPLES if "tool_resources" in sample]
    assert any(len(r.get("code_interpreter", {}).get("file_ids", [])) > 1 for r in resources)
    assert any(r.get("file_search", {}).get("vector_store_ids") for r in resources)


def test_the_dozen_covers_the_ways_to_answer() -> None:
    formats = {
        sample["response_format"]["type"]: sample
        for sample in SAMPLES
        if "response_format" in sample
    }
    assert set(formats) == set(LIMITS.response_types)
    assert "JSON" in formats["json_object"]["instructions"]
    assert strict_schemas(formats["json_schema"])
    for field in ("temperature", "top_p", "reasoning_effort"):
        assert 0 < sum(field in sample for sample in SAMPLES) < len(SAMPLES)


def test_the_dozen_covers_the_odd_shapes() -> None:
    assert any(set(sample) == {"name", "model", "instructions"} for sample in SAMPLES)
    assert any("description" not in sample and "tools" in sample for sample in SAMPLES)
    assert any(len(sample.get("metadata", {})) == LIMITS.metadata_pairs for sample in SAMPLES)
    assert any("Du beantwortest" in sample["instructions"] for sample in SAMPLES)
    assert any("🏔️" in sample["name"] for sample in SAMPLES)
    handbook = next(sample for sample in SAMPLES if sample["name"] == "HR handbook")
    assert ".pdf" in handbook["instructions"]
    assert {tool["type"] for tool in handbook["tools"]} >= {"file_search"}


@pytest.mark.django_db(transaction=True)
def test_they_are_added_to_the_registry_and_removed_with_their_history_kept(cast: Cast) -> None:
    assert add_samples(cast.workspace) == len(SAMPLES)
    added = list(Assistant.objects.filter(workspace=cast.workspace, is_sample=True))
    assert sorted(a.name for a in added) == sorted(sample["name"] for sample in SAMPLES)
    assert {assistant.state for assistant in added} == {"live"}

    assert delete_samples(author=cast.admin, workspace=cast.workspace) == len(SAMPLES)
    assert delete_samples(author=cast.admin, workspace=cast.workspace) == 0
    for assistant in added:
        assistant.refresh_from_db()
        assert assistant.state == "deleted"
        assert assistant.revisions.count() == 2
