"""The journal: every write is there, in order, with who wrote it; and the dashboard is told."""

import time
from typing import Any

import pytest
from django.db import transaction

from admin_ui.accounts.models import Workspace
from assistants.registry import store
from assistants.registry.auth import Caller
from tests.factories import make_api_key, make_workspace
from tests.registry import calls
from tests.registry.calls import Registry


def test_every_write_in_order(by_key: Registry, in_process: Registry, workspace: Workspace) -> None:
    other = calls.by_key(make_api_key(workspace, name="Website")[1])
    trace = {"x-portkey-trace-id": "publish-7"}
    first = by_key.create(name="A", metadata={"team": "hr"})
    path = f"/assistants/{first['id']}"
    second = in_process("POST", path, {"name": "B"}, trace).data
    created = other.create(model="gpt-4o")
    deleted = in_process("DELETE", path, None, trace)
    assert deleted.status == 200

    answer = in_process("GET", "/changes").data
    times = [entry.pop("at") for entry in answer["data"]]
    assert times == sorted(times)
    assert abs(times[0] - time.time()) < 5

    def entry(sequence: int, action: str, key: str | None, trace_id: str | None, then: Any) -> Any:
        return {
            "sequence": sequence,
            "assistant_id": created["id"] if then == created else first["id"],
            "action": action,
            "key_name": key,
            "trace_id": trace_id,
            "assistant": then,
        }

    assert answer == {
        "object": "list",
        "data": [
            entry(1, "created", "Support app", None, first),
            entry(2, "modified", None, "publish-7", second),
            entry(3, "created", "Website", None, created),
            entry(4, "deleted", None, "publish-7", None),
        ],
        "last_sequence": 4,
    }


def test_pages_of_the_journal(in_process: Registry) -> None:
    assert in_process("GET", "/changes").data == {"object": "list", "data": [], "last_sequence": 0}
    for number in range(5):
        in_process.create(name=str(number))

    def page(query: str) -> list[int]:
        data = in_process("GET", f"/changes?{query}").data
        assert data["last_sequence"] == 5
        return [entry["sequence"] for entry in data["data"]]

    assert page("limit=2") == [1, 2]
    assert page("after=2&limit=2") == [3, 4]
    assert page("after=4&limit=1000") == [5]
    assert page("after=5") == page("after=999") == []
    for query in ("limit=0", "limit=1001", "after=-1", "after=x", "limit="):
        status, _, param, _ = in_process("GET", f"/changes?{query}").error
        assert (status, param) == (400, query.partition("=")[0])


def test_workspaces_count_apart(in_process: Registry) -> None:
    other = calls.in_process(make_workspace("elsewhere").pk)
    in_process.create()
    other.create()
    in_process.create()
    for registry, number in ((in_process, 2), (other, 1)):
        data = registry("GET", "/changes").data["data"]
        assert [entry["sequence"] for entry in data] == list(range(1, number + 1))


def test_refusals_and_writes_without_effect_leave_no_gap(in_process: Registry) -> None:
    public_id = in_process.create(name="A")["id"]
    path = f"/assistants/{public_id}"
    assert in_process("POST", path, {"name": "A"}).status == 200
    assert in_process("POST", path, {"name": "B"}, {"If-Match": '"99"'}).status == 412
    assert in_process("POST", "/assistants/asst_nobody", {"name": "B"}).status == 404
    assert in_process("DELETE", "/assistants/asst_nobody").status == 404
    in_process.modify(public_id, name="B")
    data = in_process("GET", "/changes").data
    assert [entry["sequence"] for entry in data["data"]] == [1, 2]
    assert data["last_sequence"] == 2


def test_etag_is_the_sequence_of_the_write(in_process: Registry) -> None:
    in_process.create()
    answer = in_process("POST", "/assistants", {"model": "gpt-5"})
    assert answer.headers["ETag"] == '"2"'
    path = f"/assistants/{answer.data['id']}"
    assert in_process("GET", path).headers["ETag"] == '"2"'
    assert in_process("POST", path, {"name": "A"}).headers["ETag"] == '"3"'


def test_each_write_is_a_transaction_of_its_own(in_process: Registry, workspace: Workspace) -> None:
    """What is answered is committed: nothing around it can undo it."""
    caller = Caller(workspace.pk, key_name=None, can_write=True, trace_id=None)
    public_id = in_process.create()["id"]
    for write in (
        lambda: store.store_new(caller, {"model": "gpt-5"}),
        lambda: store.modify(caller, public_id, {"name": "A"}, if_match=None),
        lambda: store.store_deletion(caller, public_id, if_match=None),
    ):
        with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
            write()
    assert in_process("GET", "/changes").data["last_sequence"] == 1


INVALID = "Invalid URL (GET /v1/changes). This registry offers /v1/assistants and /v1/models."


def test_the_journal_is_not_for_keys(by_key: Registry) -> None:
    answer = by_key("GET", "/changes")
    assert answer.error == (404, None, None, INVALID)


def test_dashboard_is_told_of_writes_by_key_only(
    by_key: Registry, in_process: Registry, workspace: Workspace, told: list[int]
) -> None:
    public_id = by_key.create()["id"]
    by_key.modify(public_id, name="A")
    by_key.delete(public_id)
    assert told == [workspace.pk] * 3
    by_key("GET", "/assistants")
    by_key("POST", "/assistants", {})
    in_process.delete(in_process.create()["id"])
    assert told == [workspace.pk] * 3


@pytest.mark.parametrize("target", ["nowhere.at_all", "tests.registry.test_journal.fail", "junk"])
def test_the_write_stands_when_the_dashboard_cannot_be_told(
    by_key: Registry, settings: Any, caplog: pytest.LogCaptureFixture, target: str
) -> None:
    settings.REGISTRY_ON_WRITE = target
    created = by_key.create(name="A")
    assert by_key.retrieve(created["id"]) == created
    assert "could not pass on a write" in caplog.text


def fail(*, workspace_id: int) -> None:
    raise RuntimeError(workspace_id)
