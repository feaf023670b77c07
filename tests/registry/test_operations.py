"""Create, retrieve, modify and delete: what is stored and what is answered."""

import re
import time
from typing import Any

import pytest

from tests.registry.calls import Registry

EVERYTHING: dict[str, Any] = {
    "name": "Reisekosten 🧳",
    "description": "Answers questions on travel expenses",
    "model": "gpt-5.2",
    "instructions": "Be kind.\r\nNever guess.",
    "tools": [
        {"type": "code_interpreter"},
        {
            "type": "file_search",
            "file_search": {
                "max_num_results": 8,
                "ranking_options": {"ranker": "auto", "score_threshold": 0.5},
            },
        },
        {
            "type": "function",
            "function": {
                "name": "get_rate",
                "description": "Daily rate of a country",
                "parameters": {"type": "object", "properties": {"country": {"type": "string"}}},
                "strict": None,
            },
        },
        {"type": "future_tool", "depth": 3},
    ],
    "tool_resources": {
        "code_interpreter": {"file_ids": ["file-unknown"]},
        "file_search": {"vector_store_ids": ["vs_unknown"]},
    },
    "metadata": {"team": "hr", "": "empty key"},
    "temperature": 1.0,
    "top_p": 0.25,
    "response_format": {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": {"type": "object"}, "strict": True},
    },
    "reasoning_effort": "low",
    "future_field": {"kept": [1, 2.5, None, True]},
}
CLEARED = {
    "name": None,
    "description": None,
    "instructions": None,
    "tool_resources": None,
    "metadata": {},
    "temperature": None,
    "top_p": None,
    "response_format": None,
}


def test_answer_to_the_smallest_create(registry: Registry) -> None:
    answer = registry("POST", "/assistants", {"model": "gpt-5"})
    assert answer.status == 200
    public_id, created_at = answer.data.pop("id"), answer.data.pop("created_at")
    assert re.fullmatch(r"asst_[A-Za-z0-9]{24}", public_id)
    assert abs(created_at - time.time()) < 5
    assert isinstance(created_at, int)
    assert answer.data == {"object": "assistant", "model": "gpt-5", "tools": [], **CLEARED}


def test_everything_is_stored_as_sent(registry: Registry) -> None:
    created = registry.create(**EVERYTHING)
    assert {name: created[name] for name in EVERYTHING} == EVERYTHING
    assert registry.retrieve(created["id"]) == created
    assert list(created)[:8] == [
        *("id", "object", "created_at", "name", "description", "model", "instructions", "tools")
    ]


def test_modify_leaves_what_is_omitted(registry: Registry) -> None:
    created = registry.create(**EVERYTHING)
    modified = registry.modify(created["id"], instructions="Be brief.")
    assert modified == {**created, "instructions": "Be brief."}
    assert registry.retrieve(created["id"]) == modified


@pytest.mark.parametrize("field", CLEARED)
def test_null_clears(registry: Registry, field: str) -> None:
    created = registry.create(**EVERYTHING)
    assert registry.modify(created["id"], **{field: None}) == {**created, field: CLEARED[field]}


@pytest.mark.parametrize("field", ["reasoning_effort", "future_field"])
def test_null_takes_away_what_is_shown_only_when_set(registry: Registry, field: str) -> None:
    created = registry.create(**EVERYTHING)
    assert registry.modify(created["id"], **{field: None}) == {
        name: value for name, value in created.items() if name != field
    }


def test_lists_and_metadata_are_replaced(registry: Registry) -> None:
    created = registry.create(**EVERYTHING)
    modified = registry.modify(created["id"], tools=[], metadata={"owner": "Ada"})
    assert modified == {**created, "tools": [], "metadata": {"owner": "Ada"}}


def test_tool_resources_are_replaced_tool_by_tool(registry: Registry) -> None:
    public_id = registry.create(**EVERYTHING)["id"]
    files = {"code_interpreter": {"file_ids": ["file-2"]}}
    assert registry.modify(public_id, tool_resources=files)["tool_resources"] == {
        "code_interpreter": {"file_ids": ["file-2"]},
        "file_search": {"vector_store_ids": ["vs_unknown"]},
    }
    emptied: dict[str, Any] = {"file_search": {"vector_store_ids": []}, "code_interpreter": None}
    assert registry.modify(public_id, tool_resources=emptied)["tool_resources"] == {
        "file_search": {"vector_store_ids": []}
    }


def test_a_retrieved_assistant_can_be_sent_back(registry: Registry) -> None:
    created = registry.create(**EVERYTHING)
    forged = {**created, "id": "asst_mine", "object": "thread", "created_at": 1, "name": "Copy"}
    assert registry.modify(created["id"], **forged) == {**created, "name": "Copy"}
    copy = registry("POST", "/assistants", forged).data
    assert copy["id"] not in ("asst_mine", created["id"])
    assert copy["object"] == "assistant"
    assert abs(copy["created_at"] - created["created_at"]) <= 1


def test_what_the_official_suite_sends(registry: Registry) -> None:
    resources = {
        "code_interpreter": {"file_ids": ["string"]},
        "file_search": {
            "vector_store_ids": ["string"],
            "vector_stores": [
                {
                    "chunking_strategy": {"type": "auto"},
                    "file_ids": ["string"],
                    "metadata": {"foo": "string"},
                }
            ],
        },
    }
    created = registry.create(
        reasoning_effort="none",
        temperature=1,
        top_p=1,
        response_format="auto",
        tool_resources=resources,
    )
    assert created["reasoning_effort"] == "none"
    assert created["tool_resources"] == resources


def test_longest_definition(registry: Registry) -> None:
    text = "🙂" * 256_000
    assert registry.create(instructions=text)["instructions"] == text


def test_modify_with_nothing_new_writes_nothing(registry: Registry) -> None:
    created = registry.create(**EVERYTHING)
    path = f"/assistants/{created['id']}"
    before = registry("GET", path)
    for fields in ({}, {"name": EVERYTHING["name"], "model": "gpt-5.2"}):
        answer = registry("POST", path, fields)
        assert (answer.status, answer.data) == (200, created)
        assert answer.headers["ETag"] == before.headers["ETag"]


def test_delete(registry: Registry) -> None:
    public_id = registry.create()["id"]
    kept = registry.create()
    assert registry.delete(public_id) == {
        "id": public_id,
        "object": "assistant.deleted",
        "deleted": True,
    }
    for method in ("GET", "POST", "DELETE"):
        assert registry(method, f"/assistants/{public_id}", {}).error == (
            *(404, None, None),
            f"No assistant found with id '{public_id}'.",
        )
    assert registry("GET", "/assistants").data["data"] == [kept]


def test_etag_and_if_match(registry: Registry) -> None:
    path = f"/assistants/{registry.create()['id']}"
    first = registry("GET", path).headers["ETag"]
    assert re.fullmatch(r'"\d+"', first)
    second = registry("POST", path, {"name": "B"}, {"If-Match": first}).headers["ETag"]
    assert second != first
    for method in ("POST", "DELETE"):
        for stale in (first, "nonsense", ""):
            answer = registry(method, path, {"name": "C"}, {"If-Match": stale})
            assert answer.error[:2] == (412, "precondition_failed")
    assert registry("GET", path).data["name"] == "B"
    assert registry("POST", path, {"name": "D"}, {"If-Match": f"W/{second}"}).status == 200
    assert registry("DELETE", path, None, {"If-Match": "*"}).status == 200


def test_models(registry: Registry, settings: Any) -> None:
    settings.REGISTRY_MODELS = ["gpt-5", "local/llama"]
    local = {"id": "local/llama", "object": "model", "created": 0, "owned_by": "registry"}
    assert registry("GET", "/models").data == {
        "object": "list",
        "data": [{**local, "id": "gpt-5"}, local],
    }
    assert registry("GET", "/models/local/llama").data == local
    assert registry("GET", "/models/gpt-1").error == (
        *(404, "model_not_found", "model"),
        "The model 'gpt-1' does not exist",
    )


def test_what_the_schema_of_a_function_holds_is_up_to_the_program(registry: Registry) -> None:
    """People are held to JSON Schema in the dashboard; what is stored here is as it was sent."""
    for schema in ({"properties": []}, {"required": "a"}, {"properties": {"a": "text"}}):
        tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
        tool["function"]["parameters"] |= schema
        made = registry.create(tools=[tool])
        assert registry.retrieve(made["id"])["tools"] == [tool]
