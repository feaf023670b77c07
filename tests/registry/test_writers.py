"""Several writers at once: none is lost, and the journal is in the order of what took effect."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection

from admin_ui.accounts.models import Workspace
from tests.factories import make_api_key
from tests.registry import calls
from tests.registry.calls import Registry

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 8
T = TypeVar("T")


def at_once(work: Callable[[int], T]) -> list[T]:
    """Run `work` in several threads that start together, each with a connection of its own."""
    barrier = Barrier(WRITERS)

    def run(number: int) -> T:
        try:
            barrier.wait(timeout=10)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(run, range(WRITERS)))


def test_first_writes_of_a_workspace(in_process: Registry, workspace: Workspace) -> None:
    at_once(lambda number: calls.in_process(workspace.pk).create(name=str(number)))
    data = in_process("GET", "/changes").data
    assert [entry["sequence"] for entry in data["data"]] == list(range(1, WRITERS + 1))
    assert data["last_sequence"] == WRITERS


def test_different_fields_of_one_assistant(in_process: Registry, workspace: Workspace) -> None:
    public_id = in_process.create()["id"]
    secret = make_api_key(workspace)[1]

    def write(number: int) -> None:
        registry = calls.by_key(secret) if number % 2 else calls.in_process(workspace.pk)
        for value in range(3):
            registry.modify(public_id, **{f"field_{number}": value})

    at_once(write)
    stored = in_process.retrieve(public_id)
    assert {f"field_{number}": 2 for number in range(WRITERS)}.items() <= stored.items()
    entries = in_process("GET", "/changes?after=1").data["data"]
    assert [entry["sequence"] for entry in entries] == list(range(2, WRITERS * 3 + 2))
    before = in_process("GET", "/changes?limit=1").data["data"][0]["assistant"]
    for entry in entries:
        differing = [
            name for name, value in entry["assistant"].items() if before.get(name) != value
        ]
        assert len(differing) == 1
        before = entry["assistant"]
    assert before == stored


def test_only_one_wins_with_if_match(in_process: Registry, workspace: Workspace) -> None:
    public_id = in_process.create()["id"]
    etag = in_process("GET", f"/assistants/{public_id}").headers["ETag"]

    def write(number: int) -> int:
        registry = calls.in_process(workspace.pk)
        body = {"name": f"Writer {number}"}
        return registry("POST", f"/assistants/{public_id}", body, {"If-Match": etag}).status

    assert sorted(at_once(write)) == [200] + [412] * (WRITERS - 1)
