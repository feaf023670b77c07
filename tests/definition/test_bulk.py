"""What is too much as a whole: unknown fields, JSON, values, names, and the note about a change."""

import pytest

from assistants.definition import (
    FIELD_NAMES,
    LIMITS,
    PAGE_LIMITS,
    Definition,
    changed_fields,
    note_problems,
    problems,
)
from assistants.definition.value import canonical

START = {"model": "m", "name": "n"}


def codes(definition: Definition, *args: object, **kwargs: object) -> list[tuple[str, str]]:
    return [(found.path, found.code) for found in problems(definition, *args, **kwargs)]  # type: ignore[arg-type]


def unknown(count: int, value: object = 1, start: int = 0) -> dict[str, object]:
    return {f"x{number:06}": value for number in range(start, start + count)}


def of_size(size: int) -> str:
    """A text whose JSON has `size` characters."""
    return "y" * (size - 2)


@pytest.mark.parametrize(
    ("within", "beyond", "found"),
    [
        (unknown(64), unknown(65), ("x000000", "unknown_parameters_above_max_count")),
        (
            {"blob": of_size(LIMITS.unknown_size - len('{"blob":}'))},
            {"blob": of_size(LIMITS.unknown_size - len('{"blob":}') + 1)},
            ("blob", "unknown_parameters_above_max_size"),
        ),
        (
            {"x" * 128: 1},
            {"x" * 129: 1},
            ("x" * 79 + "…", "property_name_above_max_length"),
        ),
        ({"model": "m" * 256}, {"model": "m" * 257}, ("model", "string_above_max_length")),
        (
            {"tools": [{"type": "web", "data": of_size(LIMITS.part_size - 22)}]},
            {"tools": [{"type": "web", "data": of_size(LIMITS.part_size - 21)}]},
            ("tools[0]", "json_above_max_size"),
        ),
        (
            {"tool_resources": {"web": {"ids": [of_size(LIMITS.part_size - 18)]}}},
            {"tool_resources": {"web": {"ids": [of_size(LIMITS.part_size - 17)]}}},
            ("tool_resources", "json_above_max_size"),
        ),
        (
            {"tool_resources": {"file_search": {"vector_store_ids": ["v" * 512]}}},
            {"tool_resources": {"file_search": {"vector_store_ids": ["v" * 513]}}},
            ("tool_resources.file_search.vector_store_ids[0]", "string_above_max_length"),
        ),
    ],
    ids=["count", "size", "name", "model", "tool", "resources", "id"],
)
def test_each_limit_to_the_last_character(within, beyond, found) -> None:
    assert codes(Definition.parse({**START, **within})) == []
    assert codes(Definition.parse({**START, **beyond})) == [found]


def test_the_whole_is_measured_too() -> None:
    tools = [{"type": "web", "data": "z" * 250_000} for _ in range(8)]
    assert codes(Definition.parse({**START, "tools": tools[:7]})) == []
    assert codes(Definition.parse({**START, "tools": tools})) == [
        ("tools", "assistant_above_max_size")
    ]
    assert codes(
        Definition.parse({**START, "response_format": {"type": "text", "x": [0] * 50_000}})
    )[0] == ("response_format", "assistant_above_max_values")


def test_the_numbers_of_a_problem_are_there_to_be_said() -> None:
    name = {"x" * 128 + "\0": 1}
    tool = {"tools": [{"type": "web", "data": of_size(LIMITS.part_size - 21)}]}
    found = [problems(Definition.parse({**START, **beyond}))[0].params for beyond in (name, tool)]
    assert found == [
        {"limit": 128, "actual": 129, "name": "x" * 79 + "…"},
        {"limit": 256_000, "actual": 256_001},
    ]


@pytest.mark.parametrize("beyond", [0, 1])
def test_the_whole_is_measured_to_the_last_character_and_value(beyond: int) -> None:
    def found(tools: list[dict[str, object]]) -> list[tuple[str, str, dict[str, object]]]:
        definition = Definition.parse({**START, "tools": tools})
        return [(entry.path, entry.code, entry.params) for entry in problems(definition)]

    tools: list[dict[str, object]] = [{"type": "web", "data": "z" * 249_000} for _ in range(8)]
    size = len(canonical({**START, "tools": tools}))
    tools[3]["data"] = "z" * (249_000 + LIMITS.size - size - 6_000 + beyond)
    tools[4]["data"] = "z" * (249_000 + 6_000)
    numbers = {"limit": 2_000_000, "actual": 2_000_001}
    assert found(tools) == [("tools", "assistant_above_max_size", numbers)] * beyond
    around = 7  # two texts, the list, the tool, its type, what it holds, and the whole
    tools = [{"type": "web", "data": [0] * (LIMITS.values - around + beyond)}]
    numbers = {"limit": 50_000, "actual": 50_001}
    assert found(tools) == [("tools", "assistant_above_max_values", numbers)] * beyond


def test_the_words_are_those_of_the_api() -> None:
    found = [entry.message for entry in problems(Definition.parse({**START, **unknown(200_000)}))]
    assert found == [
        "Invalid 'x000000': too many unknown parameters. Expected at most 64 parameters that this "
        "API does not define, but got 200000 instead."
    ]


def test_only_changed_fields_are_measured() -> None:
    held = Definition.parse({**START, **unknown(1000, "z" * 3000)})
    wanted = held.replace(temperature=1, name="other")
    assert codes(wanted, changed_fields(held, wanted), before=held) == []
    assert codes(wanted, changed_fields(held, wanted)) == []


TOOLS, RESOURCES = 4, 3  # what is around the numbers


def holding(tools: int, resources: int = 0) -> Definition:
    """So many values in two fields, one more for the model and one for the whole."""
    content: dict[str, object] = {"model": "m"}
    content["tools"] = [{"type": "web", "data": [0] * (tools - TOOLS)}]
    if resources:
        content["tool_resources"] = {"web": {"ids": [0] * (resources - RESOURCES)}}
    return Definition.parse(content)


@pytest.mark.parametrize(
    ("held", "wanted", "actual"),
    [
        ((20_000, 0), (20_000, 29_998), None),
        ((20_000, 0), (20_000, 29_999), 50_001),
        ((20_000, 29_998), (20_000, 29_999), 50_001),
        ((20_000, 29_999), (20_000, 30_000), None),
        ((20, 0), (20, 49_999), 50_021),
        ((20, 0), (20, 50_000), 50_001),
        ((20, 49_999), (20, 50_000), 50_001),
    ],
)
def test_a_change_is_measured_with_all_that_stays(
    held: tuple[int, int], wanted: tuple[int, int], actual: int | None
) -> None:
    """What was within may not pass a limit; what was beyond already may, but not in one field."""
    before, after = holding(*held), holding(*wanted)
    found = [
        (entry.path, entry.params)
        for entry in problems(after, changed_fields(before, after), before=before)
        if entry.code == "assistant_above_max_values"
    ]
    numbers = {"limit": 50_000, "actual": actual}
    assert found == ([("tool_resources", numbers)] if actual else [])


def test_fields_we_do_not_know_cannot_become_more_and_more() -> None:
    held = Definition.parse({**START, **unknown(60)})
    few = held.replace(**unknown(4, start=60))
    assert codes(few, changed_fields(held, few), before=held) == []
    many = few.replace(**unknown(1, start=64))
    assert codes(many, changed_fields(few, many), before=few) == [
        ("x000064", "unknown_parameters_above_max_count")
    ]
    beyond = Definition.parse({**START, **unknown(1000)})  # held already, from wherever
    more = beyond.replace(another=1)
    assert codes(more, changed_fields(beyond, more), before=beyond) == [
        ("another", "unknown_parameters_above_max_count")
    ]
    other = beyond.replace(x000002=7)
    assert codes(other, changed_fields(beyond, other), before=beyond) == []
    fewer = beyond.replace(x000001=None, x000002=7)
    assert codes(fewer, changed_fields(beyond, fewer), before=beyond) == []


def test_what_is_within_the_limits_is_shown_whole() -> None:
    """Nobody may approve what they have not seen."""
    assert PAGE_LIMITS.fields >= LIMITS.unknown_fields + len(FIELD_NAMES)
    assert PAGE_LIMITS.entries >= max(LIMITS.tools, LIMITS.metadata_pairs, LIMITS.files)
    assert LIMITS.part_size >= LIMITS.instructions
    assert PAGE_LIMITS.page > 2 * LIMITS.size


def test_a_definition_at_all_published_limits_is_fine() -> None:
    definition = Definition.parse(
        {
            "model": "m" * 256,
            "name": "n" * 256,
            "description": "d" * 512,
            "instructions": '"\n' * 128_000,
            "tools": [
                {
                    "type": "function",
                    "function": {
                        "name": f"f{number}",
                        "parameters": {
                            "type": "object",
                            "properties": {
                                f"p{name}": {"type": "string", "description": "What it is."}
                                for name in range(40)
                            },
                        },
                    },
                }
                for number in range(128)
            ],
            "metadata": {f"{key:064}": "v" * 512 for key in range(16)},
            "tool_resources": {"code_interpreter": {"file_ids": ["f" * 512] * 20}},
        }
    )
    assert len(canonical(definition.to_dict())) > 500_000
    assert codes(definition) == []


def test_a_note() -> None:
    assert note_problems("é" * 5000) == []
    (found,) = note_problems("é" * 5001)
    assert (found.field, found.path, found.code) == ("note", "note", "string_above_max_length")
    assert found.params == {"limit": 5000, "actual": 5001}
