"""A key of chosen assistants: the registry holds nothing else for it, and it creates nothing."""

import pytest

from admin_ui.accounts.keys.keys import create_api_key
from admin_ui.accounts.models import Workspace
from assistants.registry.models import StoredAssistant
from tests.registry import calls
from tests.registry.calls import Registry


@pytest.fixture
def all_ids(by_key: Registry) -> list[str]:
    return [by_key.create(name=f"Number {number}")["id"] for number in range(4)]


def limited(workspace: Workspace, *ids: str, can_write: bool = True) -> Registry:
    _, secret = create_api_key(
        workspace=workspace, name="Shop", can_write=can_write, assistant_ids=ids
    )
    return calls.by_key(secret)


def test_it_lists_only_what_was_chosen(workspace: Workspace, all_ids: list[str]) -> None:
    registry = limited(workspace, all_ids[1], all_ids[3])
    page = registry("GET", "/assistants").data
    assert [entry["id"] for entry in page["data"]] == [all_ids[3], all_ids[1]]
    assert (page["first_id"], page["last_id"]) == (all_ids[3], all_ids[1])
    assert page["has_more"] is False
    first = registry("GET", "/assistants?limit=1").data
    assert ([entry["id"] for entry in first["data"]], first["has_more"]) == ([all_ids[3]], True)
    after = registry("GET", f"/assistants?after={all_ids[3]}").data
    assert [entry["id"] for entry in after["data"]] == [all_ids[1]]


def test_others_are_answered_as_what_never_was(workspace: Workspace, all_ids: list[str]) -> None:
    registry, never = limited(workspace, all_ids[1]), "asst_" + "x" * 24
    calls_of = [("GET", "", None), ("POST", "", {"name": "Mine"}), ("DELETE", "", None)]
    for method, _, body in calls_of:
        answers = [registry(method, f"/assistants/{one}", body) for one in (all_ids[0], never)]
        assert [answer.status for answer in answers] == [404, 404]
        real, unknown = (
            str(answer.data).replace(one, "ID")
            for answer, one in zip(answers, (all_ids[0], never), strict=True)
        )
        assert real == unknown
    for place in ("after", "before"):
        refused = registry("GET", f"/assistants?{place}={all_ids[0]}")
        assert refused.error[:3] == (400, "invalid_value", place)
    assert StoredAssistant.objects.filter(deleted=False).count() == len(all_ids)


def test_it_changes_and_deletes_what_was_chosen(workspace: Workspace, all_ids: list[str]) -> None:
    registry = limited(workspace, *all_ids[:2])
    assert registry.modify(all_ids[0], name="Changed")["name"] == "Changed"
    assert registry.delete(all_ids[1])["deleted"] is True
    page = registry("GET", "/assistants").data
    assert [entry["id"] for entry in page["data"]] == [all_ids[0]]


def test_it_stays_limited_once_all_are_deleted(workspace: Workspace, all_ids: list[str]) -> None:
    registry = limited(workspace, all_ids[0])
    registry.delete(all_ids[0])
    assert registry("GET", "/assistants").data["data"] == []


def test_it_creates_nothing(workspace: Workspace, all_ids: list[str], told: list[int]) -> None:
    told.clear()
    refused = limited(workspace, all_ids[0])("POST", "/assistants", {"model": "gpt-5"})
    assert refused.error == (
        403,
        "insufficient_permissions",
        None,
        "You have insufficient permissions for this operation. This API key is limited to chosen "
        "assistants, so it cannot create one; ask an admin of the workspace for a key that may.",
    )
    assert StoredAssistant.objects.count() == len(all_ids)
    assert told == []


def test_a_key_that_only_reads_stays_so(workspace: Workspace, all_ids: list[str]) -> None:
    registry = limited(workspace, all_ids[0], can_write=False)
    assert registry.retrieve(all_ids[0])["name"] == "Number 0"
    refused = registry("POST", f"/assistants/{all_ids[0]}", {"name": "Mine"})
    assert refused.error[:2] == (403, "insufficient_permissions")
