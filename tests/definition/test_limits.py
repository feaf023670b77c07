import dataclasses

import pytest

from assistants.definition import DEFINITION_FIELDS, LIMITS, Definition, problems
from tests.definition.examples import function

# The published limits, written down once more so that a slip in the code shows.
PUBLISHED = {
    "name": 256,
    "description": 512,
    "model": 256,
    "instructions": 256_000,
    "tools": 128,
    "function_name": 64,
    "schema_name": 64,
    "name_pattern": "^[a-zA-Z0-9_-]+$",
    "file_search_results": (1, 50),
    "score": (0, 1),
    "rankers": ("auto", "default_2024_08_21"),
    "files": 20,
    "vector_stores": 1,
    "resource_id": 512,
    "metadata_pairs": 16,
    "metadata_key": 64,
    "metadata_value": 512,
    "temperature": (0, 2),
    "top_p": (0, 1),
    "response_words": ("auto", "none"),
    "response_types": ("text", "json_object", "json_schema"),
    "reasoning_efforts": ("none", "minimal", "low", "medium", "high", "xhigh", "max"),
    "nesting": 100,
    "unknown_fields": 64,
    "unknown_field_name": 128,
    "unknown_size": 65_536,
    "part_size": 256_000,
    "size": 2_000_000,
    "values": 50_000,
    "note": 5_000,
    "title": 150,
    "suggestion": 20_000,
}


def test_limits_are_the_published_ones():
    of_fields = {
        "description": DEFINITION_FIELDS["description"].limit,
        "temperature": DEFINITION_FIELDS["temperature"].range,
        "top_p": DEFINITION_FIELDS["top_p"].range,
        "reasoning_efforts": DEFINITION_FIELDS["reasoning_effort"].values,
    }
    assert dataclasses.asdict(LIMITS) | of_fields == PUBLISHED


def test_limits_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        LIMITS.name = 1  # type: ignore[misc]


def nested(levels):
    value = {}
    for _ in range(levels - 1):
        value = {"in": value}
    return value


def search(results=None, **ranking):
    options = {"max_num_results": results} if results is not None else {}
    if ranking:
        options["ranking_options"] = ranking
    return {"type": "file_search", "file_search": options}


def schema_named(name):
    return {"type": "json_schema", "json_schema": {"name": name, "schema": {}}}


AT_THE_LIMIT = {
    "name": ("name", "n" * 256, "n" * 257),
    "description": ("description", "d" * 512, "d" * 513),
    "instructions": ("instructions", "i" * 256_000, "i" * 256_001),
    "emoji count once": ("instructions", "😀" * 256_000, "😀" * 256_001),
    "newlines count once": ("name", "\r\n" * 256, "\r\n" * 257),
    "tools": ("tools", [{"type": "x"}] * 128, [{"type": "x"}] * 129),
    "function name": ("tools", [function("f" * 64)], [function("f" * 65)]),
    "most results": ("tools", [search(50)], [search(51)]),
    "least results": ("tools", [search(1)], [search(0)]),
    "highest score": ("tools", [search(score_threshold=1)], [search(score_threshold=1.01)]),
    "lowest score": ("tools", [search(score_threshold=0)], [search(score_threshold=-0.01)]),
    "files": (
        "tool_resources",
        {"code_interpreter": {"file_ids": ["f"] * 20}},
        {"code_interpreter": {"file_ids": ["f"] * 21}},
    ),
    "vector stores": (
        "tool_resources",
        {"file_search": {"vector_store_ids": ["v"]}},
        {"file_search": {"vector_store_ids": ["v", "w"]}},
    ),
    "metadata pairs": (
        "metadata",
        {str(n): "" for n in range(16)},
        {str(n): "" for n in range(17)},
    ),
    "metadata key": ("metadata", {"k" * 64: ""}, {"k" * 65: ""}),
    "metadata value": ("metadata", {"k": "v" * 512}, {"k": "v" * 513}),
    "highest temperature": ("temperature", 2.0, 2.01),
    "lowest temperature": ("temperature", 0, -0.01),
    "highest top_p": ("top_p", 1, 1.01),
    "lowest top_p": ("top_p", 0.0, -0.01),
    "schema name": ("response_format", schema_named("s" * 64), schema_named("s" * 65)),
    "nesting": ("x_vendor", nested(100), nested(101)),
}


@pytest.mark.parametrize("case", AT_THE_LIMIT)
def test_a_limit_is_included_and_one_more_is_too_much(case):
    field, most, too_much = AT_THE_LIMIT[case]
    base = Definition.parse({"model": "m"})
    assert problems(base.replace(**{field: most})) == []
    found = problems(base.replace(**{field: too_much}))
    assert [problem.field for problem in found] == [field]


@pytest.mark.parametrize("effort", PUBLISHED["reasoning_efforts"])
def test_every_reasoning_effort_is_allowed(effort):
    assert problems(Definition.parse({"model": "m", "reasoning_effort": effort})) == []


@pytest.mark.parametrize(
    "response_format",
    ["auto", "none", {"type": "text"}, {"type": "json_object"}, schema_named("answer-1_A")],
)
def test_every_response_format_is_allowed(response_format):
    assert problems(Definition.parse({"model": "m", "response_format": response_format})) == []
