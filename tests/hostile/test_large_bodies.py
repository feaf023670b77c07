"""A key that sends what is too much: refused before it is parsed, looked at once, charged for."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import Settings

from admin_ui.accounts.models import Workspace
from admin_ui.request.budget import TokenBuckets
from assistants.definition import LIMITS, problems, value
from assistants.definition.checks import bulk
from assistants.registry import body, budgets, views
from tests.factories import make_api_key, make_workspace
from tests.registry import calls

SIZE = 3_000_000


def filled(head: str, unit: str, tail: str) -> bytes:
    return f"{head}{unit * (SIZE // len(unit))}{tail}".encode()


START = '{"model": "gpt-5", '
BODIES = {
    "objects": filled(START + '"x": [', "{},", "{}]}"),
    "numbers": filled(START + '"x": [', "1,", "1]}"),
    "fields": (START + ",".join(f'"{n}":1' for n in range(200_000)) + "}").encode(),
    "strings in the id": filled(START + '"id": [', '"",', '""]}'),
    "a text": filled(START + '"instructions": "😀', "a", '"}'),
    "commas in a text": filled(START + '"instructions": "', ",", '"}'),
    "nesting": filled(START + '"x": ', "[", ""),
    "nesting that ends": (START + '"x": ' + "[" * 900 + "]" * 900 + "}").encode(),
    "arrays in an array": filled("[", "[],", "[]]"),
}


@pytest.fixture
def workspace(db: None, settings: Settings) -> Workspace:
    settings.REGISTRY_ON_WRITE = "tests.registry.conftest.record_told"
    return make_workspace("support")


@pytest.fixture
def busy(workspace: Workspace) -> calls.Registry:
    return calls.by_key(make_api_key(workspace)[1])


@pytest.mark.parametrize("name", BODIES)
def test_it_is_refused_before_it_is_parsed(
    busy: calls.Registry, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    made = busy.create(name="Support")

    def reached(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("parsed")

    for function in ("_parse", "problems", "Definition"):
        monkeypatch.setattr(body, function, reached)
    for path in ("/assistants", f"/assistants/{made['id']}"):
        answer = busy.send("POST", f"/v1{path}", BODIES[name], calls.BETA)
        assert answer.error[0] == 400
    monkeypatch.undo()
    assert busy.retrieve(made["id"]) == made


def test_each_part_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a definition measures in all follows from what its parts do."""
    content = {
        "model": "m",
        "tools": [{"type": "web", "n": n} for n in range(5)],
        "metadata": {"team": "hr"},
        "x": [[1], {"a": "b"}],
        "y": "z",
    }
    definition = value.Definition.parse(content)
    written: Counter[str] = Counter()
    counted: Counter[int] = Counter()

    def canonical(part: Any) -> str:
        text = value.canonical(part)
        written[text] += 1
        return text

    def count_values(part: Any) -> int:
        counted[id(part)] += 1
        return original(part)

    original = bulk.count_values
    monkeypatch.setattr(bulk, "canonical", canonical)
    monkeypatch.setattr(bulk, "count_values", count_values)
    assert problems(definition) == []
    names = {json.dumps(name) for name in content}
    parts = {text: times for text, times in written.items() if text not in names}
    assert set(parts.values()) == {1}
    assert set(counted.values()) == {1}
    assert len(counted) == len(content)
    measured = bulk._Measured(definition.content())
    for measure, whole in ((bulk._SIZE, len(definition.canonical_json())), (bulk._VALUES, 26)):
        assert measure.in_all(measured) == whole


class Clock:
    """Time that passes only when a test says so."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Time:
    """For all, and for the threads that work: several work in the same second."""

    passing: Clock
    working: Clock


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time(Clock(), Clock())
    monkeypatch.setattr(budgets.WORK, "_clock", time.passing)
    monkeypatch.setattr(budgets, "time", SimpleNamespace(monotonic=time.working))
    return time


Slow = Callable[..., None]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch, time: Time) -> Slow:
    """Let each write take so many seconds, beside others or alone."""

    def slow(seconds: float, *, alone: bool = False) -> None:
        def read(*args: Any, **kwargs: Any) -> Any:
            time.working.now += seconds
            time.passing.now += seconds if alone else 0
            return body.read_fields(*args, **kwargs)

        monkeypatch.setattr(views, "read_fields", read)

    return slow


def test_time_is_charged_to_the_key(
    workspace: Workspace, busy: calls.Registry, time: Time, slow: Slow
) -> None:
    other = calls.by_key(make_api_key(workspace)[1])
    slow(4)
    answers = [busy("POST", "/assistants", {"model": "gpt-5"}) for _ in range(6)]
    assert [answer.status for answer in answers] == [200] * 4 + [429] * 2  # 16 seconds of 15
    assert answers[-1].error == (
        *(429, "rate_limit_exceeded", None),
        "Rate limit reached for requests (seconds of work). Limit: 60 / min. Please try again in "
        "1s.",
    )
    assert answers[-1].data["error"]["type"] == "requests"
    assert answers[-1].headers["Retry-After"] == "1"
    assert busy("GET", "/assistants").status == 429
    assert other("GET", "/assistants").status == 200
    time.passing.now += 1
    assert busy("GET", "/assistants").status == 200


def test_a_refused_write_costs_its_time_too(busy: calls.Registry, slow: Slow) -> None:
    slow(20)
    assert busy("POST", "/assistants", {"model": ""}).status == 400
    assert busy("POST", "/assistants", {"model": ""}).status == 429


def test_one_write_after_the_other_never_meets_the_limit(busy: calls.Registry, slow: Slow) -> None:
    slow(14, alone=True)
    for _ in range(30):
        assert busy("POST", "/assistants", {"model": "gpt-5"}).status == 200


def test_nobody_waits_for_long(busy: calls.Registry, slow: Slow) -> None:
    slow(1000)
    busy("POST", "/assistants", {"model": "gpt-5"})
    assert busy("GET", "/assistants").headers["Retry-After"] == "10"


def test_the_dashboard_pays_nothing(workspace: Workspace, slow: Slow) -> None:
    slow(1000)
    for _ in range(3):
        calls.in_process(workspace.pk).create()
    assert len(budgets.WORK) == 0


def test_few_may_go_at_once() -> None:
    clock = Clock()
    budget = TokenBuckets(lambda: 60, at_once=15, clock=clock)
    assert [budget.take("a") for _ in range(15)] == [None] * 15
    refusal = budget.take("a")
    assert refusal is not None
    assert refusal.seconds == 1
    clock.now += 3600
    assert sum(budget.take("a") is None for _ in range(60)) == 15


def test_the_limits_leave_room_for_a_whole_assistant(settings: Settings) -> None:
    """Twelve bytes for each character would not fit, six do: only emoji are written with twelve."""
    assert 6 * LIMITS.size < settings.DATA_UPLOAD_MAX_MEMORY_SIZE
