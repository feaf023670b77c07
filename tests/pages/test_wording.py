"""Sentences about changes and times, as people read them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from admin_ui.display.times import distance
from assistants.definition import Definition
from assistants.diff import summarise
from assistants.gateway import errors
from assistants.models import Kind
from assistants.wording import gateway_error, summary
from assistants.wording.errors import GATEWAY_ERRORS
from assistants.wording.sentences import HEADLINES

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)


def function(name: str, description: str = "") -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "description": description}}


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ({"model": "a"}, {"model": "b"}, "Model a → b"),
        ({}, {"temperature": 0}, "Temperature set to 0"),
        ({"top_p": 0.5}, {}, "Top-p cleared"),
        ({"name": "A"}, {"name": "B"}, "Name A → B"),
        ({"instructions": "a b c"}, {"instructions": "a x y c"}, "Instructions +2 −1 words"),
        ({"instructions": "a b"}, {"instructions": "a  b"}, "Instructions: spaces or punctuation"),
        ({}, {"instructions": "a b"}, "Instructions +2 words"),
        (
            {"response_format": "auto"},
            {"response_format": {"type": "json_schema", "json_schema": {"name": "n"}}},
            "Response format The gateway decides → JSON that follows a schema",
        ),
        (
            {"tools": [function("a"), function("b")]},
            {"tools": [function("b", "new"), function("c"), {"type": "file_search"}]},
            "Added tool c, File search; removed tool a; changed tool b",
        ),
        (
            {"tools": [function("a"), function("b")]},
            {"tools": [function("b"), function("a")]},
            "Reordered the tools",
        ),
        (
            {"metadata": {"a": "1", "b": "2"}},
            {"metadata": {"a": "2", "c": "3"}},
            "Added metadata c; removed metadata b; changed metadata a",
        ),
        (
            {},
            {"tool_resources": {"file_search": {"vector_store_ids": ["vs_1"]}}},
            "Added knowledge: Vector store for file search",
        ),
        (
            {},
            {"tools": [function(f"f{n}") for n in range(5)]},
            "Added tool f0, f1, f2 and 2 more",
        ),
        (
            {},
            {"tools": [function(f"f{n}") for n in range(60)]},
            "Added tool f0, f1, f2 and many more",
        ),
        ({}, {"brand_new": {"a": 1}}, "Brand_new set"),
        ({"brand_new": [1]}, {"brand_new": [2]}, "Brand_new changed"),
        (
            {"model": "a", "temperature": 1},
            {"model": "b", "temperature": 0.5},
            "Model a → b; Temperature 1 → 0.5",
        ),
    ],
)
def test_a_change_as_a_sentence(old: dict[str, Any], new: dict[str, Any], sentence: str) -> None:
    assert summary(summarise(Definition.parse(old), Definition.parse(new))) == sentence


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=-30), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=15), "15 hours ago"),
        (timedelta(hours=16), "yesterday"),
        (timedelta(hours=38), "yesterday"),
        (timedelta(hours=40), "2 days ago"),
        (timedelta(days=6, hours=10), "6 days ago"),
        (timedelta(days=7), "3 Mar"),
        (timedelta(days=8), "2 Mar"),
        (timedelta(days=100), "30 Nov 2025"),
    ],
)
def test_distances(before: timedelta, words: str) -> None:
    assert distance(NOW - before, NOW) == words


def test_a_night_between_is_yesterday_only_when_it_is_long_ago_enough() -> None:
    midnight = datetime(2026, 3, 10, 0, 20, tzinfo=UTC)
    assert distance(midnight - timedelta(minutes=30), midnight) == "30 minutes ago"
    assert distance(midnight - timedelta(hours=2), midnight) == "yesterday"


def test_every_gateway_error_has_its_sentence() -> None:
    kinds = {
        found.kind
        for found in vars(errors).values()
        if isinstance(found, type)
        and issubclass(found, errors.GatewayError)
        and "kind" in vars(found)
    }
    assert kinds <= set(GATEWAY_ERRORS)
    assert gateway_error("refused", "No <way>.").endswith("It said: “No <way>.”")
    assert "It said" not in gateway_error("unreachable", "[Errno 111] Connection refused")
    assert gateway_error("never heard of") == "The call to the gateway failed."


def test_every_kind_of_change_has_a_headline() -> None:
    assert HEADLINES.keys() == set(Kind)
