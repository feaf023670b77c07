"""What an API key may not write, since the journal and the history keep it for good."""

import secrets
from collections.abc import Iterable
from itertools import accumulate
from typing import Any

import pytest

from admin_ui.accounts.models import Workspace
from assistants.models import Revision
from assistants.registry import store
from assistants.registry.models import StoredAssistant, Write, pack
from tests.registry.calls import Registry

HOSTILE: dict[str, dict[str, Any]] = {
    "fields": {f"x{number:06}": number for number in range(200_000)},
    "field": {"blob": "x y" * 1_700_000},
    "name": {"x" * 200_000: 1},
    "tools": {"tools": [{"type": "web", **{f"k{n}": n for n in range(10_000)}} for _ in range(12)]},
    "tool": {"tools": [{"type": "web", "data": "x" * 300_000}]},
    "model": {"model": "m" * 100_000},
    "resources": {"tool_resources": {f"t{n}": {"ids": ["a"]} for n in range(100_000)}},
    "id": {"tool_resources": {"code_interpreter": {"file_ids": ["f" * 100_000]}}},
    "schema": {
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "x", "schema": {"enum": list(range(100_000))}},
        }
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("new", [True, False], ids=["create", "modify"])
def test_what_is_too_much_is_refused_and_leaves_nothing(
    registry: Registry, workspace: Workspace, kind: str, new: bool
) -> None:
    made = registry.create(name="Support")
    before = Write.objects.count(), Revision.objects.count()
    path = "/assistants" if new else f"/assistants/{made['id']}"
    answer = registry("POST", path, {"model": "m", **HOSTILE[kind]})
    status, code, param, message = answer.error
    assert status == 400
    assert "above_max" in str(code)
    assert 0 < len(param or "") < 300
    assert message.startswith("Invalid ")
    assert len(message) < 500
    assert (Write.objects.count(), Revision.objects.count()) == before
    assert registry.retrieve(made["id"]) == made


def test_many_small_requests_make_no_large_assistant(registry: Registry) -> None:
    made = registry.create(name="Support", **{f"x{n:03}": n for n in range(60)})
    registry.modify(made["id"], **{f"y{n}": n for n in range(4)})
    answer = registry("POST", f"/assistants/{made['id']}", {"one_more": 1})
    assert answer.error[:3] == (400, "unknown_parameters_above_max_count", "one_more")
    registry.modify(made["id"], x000=None)  # null takes one away
    assert registry.modify(made["id"], one_more=1)["one_more"] == 1
    answer = registry("POST", f"/assistants/{made['id']}", {"x001": "z" * 65_000})
    assert answer.error[:3] == (400, "unknown_parameters_above_max_size", "x001")


def test_an_assistant_of_before_the_limits_can_be_changed(
    registry: Registry, workspace: Workspace
) -> None:
    made = registry.create(name="Support")
    held = {"model": "m" * 5000, **{f"x{n:04}": "z" * 100 for n in range(1000)}}
    StoredAssistant.objects.filter(public_id=made["id"]).update(packed=pack(held))
    changed = registry.modify(made["id"], temperature=0.5, name="Other")
    assert (changed["temperature"], changed["x0999"]) == (0.5, "z" * 100)
    assert "x0000" not in registry.modify(made["id"], x0000=None)
    refused = registry("POST", f"/assistants/{made['id']}", {"x1000": 1, "x1001": 1})
    assert refused.error[1] == "unknown_parameters_above_max_count"


def test_a_list_of_large_assistants_comes_in_short_pages(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PAGE_BYTES", 5_000)
    made = [registry.create(instructions="x" * 2_000)["id"] for _ in range(7)]
    seen: list[str] = []
    sizes = []
    query = "order=asc&limit=100"
    while True:
        answer = registry("GET", f"/assistants?{query}&{f'after={seen[-1]}' if seen else ''}")
        page = [entry["id"] for entry in answer.data["data"]]
        seen += page
        sizes.append(len(page))
        if not answer.data["has_more"]:
            break
    assert seen == made
    assert sizes == [2, 2, 2, 1]
    before = registry("GET", f"/assistants?order=asc&before={made[4]}").data
    assert [entry["id"] for entry in before["data"]] == made[2:4]
    assert before["has_more"] is True


def test_one_that_is_too_large_for_a_page_has_its_own(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    for size in (100, 9_000, 100):
        registry.create(instructions="x" * size)
    monkeypatch.setattr(store, "PAGE_BYTES", 5_000)
    first = registry("GET", "/assistants?limit=3").data
    second = registry("GET", f"/assistants?limit=3&after={first['last_id']}").data
    third = registry("GET", f"/assistants?limit=3&after={second['last_id']}").data
    assert [len(page["data"]) for page in (first, second, third)] == [1, 1, 1]
    assert [page["has_more"] for page in (first, second, third)] == [True, True, False]


def test_rows_that_do_not_fit_are_not_even_read(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        registry.create(instructions=secrets.token_hex(5_000))
    monkeypatch.setattr(store, "PACKED_BYTES", 12_000)
    page = registry("GET", "/assistants").data
    assert (len(page["data"]), page["has_more"]) == (2, True)


def test_a_journal_of_large_writes_comes_in_short_pages(
    registry: Registry, in_process: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PAGE_BYTES", 5_000)
    for number in range(7):
        registry.create(instructions=f"{number}" * 2_000)
    seen: list[int] = []
    while len(seen) < 7:
        page = in_process("GET", f"/changes?after={seen[-1] if seen else 0}").data
        assert 1 <= len(page["data"]) <= 2
        assert page["last_sequence"] == 7
        seen += [entry["sequence"] for entry in page["data"]]
    assert seen == list(range(1, 8))


def test_a_page_whose_rows_are_deleted_meanwhile_is_the_last(
    in_process: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing on it says where the next one would begin."""
    in_process.create()

    def deleting(sizes: Iterable[int]) -> list[int]:
        StoredAssistant.objects.update(deleted=True)
        return list(accumulate(sizes))

    monkeypatch.setattr(store, "accumulate", deleting)
    page = in_process("GET", "/assistants").data
    assert (page["data"], page["has_more"]) == ([], False)
