"""What is too much as a whole: unknown fields, JSON, values, names, and the note about a change."""

import pytest

from assistants.definition import (
    FIELDS,
    LIMITS,
    SHOWN,
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
    fewer = beyond.replace(x000001=None, x000002=7)
    assert codes(fewer, changed_fields(beyond, fewer), before=beyond) == []


def test_what_is_within_the_limits_is_shown_whole() -> None:
    """Nobody may approve what they have not seen."""
    assert SHOWN.fields >= LIMITS.unknown_fields + len(FIELDS)
    assert SHOWN.entries >= max(LIMITS.tools, LIMITS.metadata_pairs, LIMITS.files)
    assert LIMITS.part_size >= LIMITS.instructions
    assert SHOWN.page > 2 * LIMITS.size


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
