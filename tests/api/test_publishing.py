"""Drafts and publishing: the write path of the pages, with base, If-Match and every outcome."""

from typing import Any

import pytest

from assistants.models import Assistant, Connection, Draft, Outcome
from tests.api.calls import Api, by_role
from tests.conftest import Cast
from tests.pages.past import change
from tests.upstream import FaultSpec, Upstream, refused

pytestmark = pytest.mark.django_db(transaction=True)
DEFINITION = {"name": "Refunds", "model": "gpt-4o", "instructions": "Be kind."}


@pytest.fixture
def api(cast: Cast) -> Api:
    return by_role(cast, "publisher")


@pytest.fixture
def path(api: Api) -> str:
    """Return the address of an assistant of the registry, live as version 1."""
    pk = api("POST", "assistants", {"definition": DEFINITION}).data["id"]
    made = api("POST", f"assistants/{pk}/publish", {"note": "First"})
    assert made.data == {
        "outcome": "applied",
        "revision": 1,
        "version": 1,
        "stored_differently": [],
        "filled_in": [],
        "remote_id": Assistant.objects.get().remote_id,
        "trace_id": made.data["trace_id"],
    }
    return f"assistants/{pk}"


def test_a_draft_is_saved_and_published(api: Api, path: str) -> None:
    wanted = {**DEFINITION, "temperature": 0.5}
    saved = api("PUT", f"{path}/draft", {"definition": wanted}, if_match='"1"')
    draft = Draft.objects.get()
    assert (saved.status, saved.headers["ETag"]) == (200, '"1"')
    assert saved.data == {
        "assistant": draft.assistant_id,
        "base": 1,
        "kind": "edit",
        "updated_at": draft.updated_at.isoformat(timespec="milliseconds")[:-6] + "Z",
        "changed": ["temperature"],
        "definition": wanted,
    }
    assert api("GET", f"{path}/draft").data == saved.data
    done = api("POST", f"{path}/publish", {"note": "Calmer"}, if_match='"1"')
    assert (done.data["outcome"], done.data["version"]) == ("applied", 2)
    assert not Draft.objects.exists()
    newest = api("GET", f"{path}/history/2").data
    assert newest == {
        "revision": 2,
        "version": 2,
        "author": "service account Script publisher",
        "drafter": None,
        "note": "Calmer",
        "kind": "edit",
        "outcome": "applied",
        "message": "",
        "stored_differently": [],
        "filled_in": [],
        "accepted_by": None,
        "trace_id": done.data["trace_id"],
        "created_at": newest["created_at"],
        "changed": ["temperature"],
        "definition": wanted,
        "sent": None,
    }


def test_a_definition_is_published_without_a_draft(api: Api, path: str) -> None:
    wanted = {**DEFINITION, "name": "Returns"}
    body = {"definition": wanted, "base": 1, "note": "Renamed"}
    assert api("POST", f"{path}/publish", body).data["version"] == 2
    assert api("GET", path).data["definition"] == wanted
    same = api("POST", f"{path}/publish", {"definition": wanted, "base": 2}).data
    assert (same["outcome"], same["revision"], same["version"]) == ("unchanged", None, None)


def test_without_a_base_nothing_is_written(api: Api, path: str) -> None:
    for method, address in (("PUT", f"{path}/draft"), ("POST", f"{path}/publish")):
        assert api(method, address, {"definition": {}}).refusal == (428, "base_required", None)
    assert not Draft.objects.exists()


def test_nobody_is_overwritten_unseen(api: Api, path: str) -> None:
    change(Assistant.objects.get(), name="Of somebody else")
    mine = {"definition": {**DEFINITION, "name": "Mine"}}
    stale = api("POST", f"{path}/publish", mine, if_match='"1"')
    assert stale.refusal == (412, "not_current", None)
    assert stale.headers["ETag"] == '"2"'
    refused = api("PUT", f"{path}/draft", mine, if_match='"1"')
    assert refused.refusal == (412, "not_current", None)
    # Registry and history differ here, since the change was made in the history alone.
    conflict = api("POST", f"{path}/publish", {**mine, "base": 1})
    assert conflict.refusal[:2] == (409, "conflict")
    live = conflict.data["error"]["conflict"]["live_revision"]
    assert api("GET", f"{path}/history/{live}").data["version"]
    assert conflict.data["error"]["conflict"]["clashes"] == []


def test_both_sides_of_a_clash_are_named(api: Api, path: str) -> None:
    first = {"definition": {**DEFINITION, "name": "First"}, "base": 1}
    assert api("POST", f"{path}/publish", first).status == 200
    second = {"definition": {**DEFINITION, "name": "Second"}, "base": 1}
    conflict = api("POST", f"{path}/publish", second)
    assert conflict.refusal == (409, "conflict", None)
    assert conflict.data["error"]["conflict"] == {"live_revision": 2, "clashes": ["name"]}


def test_a_draft_with_an_old_base_meets_the_conflict(api: Api, path: str) -> None:
    body = {"definition": {**DEFINITION, "name": "First"}, "base": 1}
    assert api("PUT", f"{path}/draft", body).status == 200
    other = {"definition": {**DEFINITION, "model": "gpt-5"}, "base": 1}
    assert api("POST", f"{path}/publish", other).status == 200
    assert api("POST", f"{path}/publish", {}).refusal[:2] == (409, "conflict")
    assert api("GET", f"{path}/draft").headers["ETag"] == '"1"'


def test_what_breaks_a_limit_is_named(api: Api, path: str) -> None:
    wanted = {**DEFINITION, "temperature": 7, "name": "x" * 300}
    refused = api("POST", f"{path}/publish", {"definition": wanted, "base": 1})
    assert refused.refusal == (422, "invalid", "name")
    assert refused.data["error"]["problems"] == [
        {
            "code": "string_above_max_length",
            "message": "The limit is 256 characters; this has 300.",
            "field": "name",
        },
        {
            "code": "decimal_above_max_value",
            "message": "2 is the highest possible value.",
            "field": "temperature",
        },
    ]
    long = api("POST", f"{path}/publish", {"definition": DEFINITION, "base": 1, "note": "x" * 9999})
    assert long.refusal == (422, "invalid", "note")


def test_an_old_revision_is_restored_as_a_draft(api: Api, path: str) -> None:
    wanted = {"definition": {**DEFINITION, "name": "Second"}, "base": 1}
    api("POST", f"{path}/publish", wanted)
    restored = api("POST", f"{path}/restore", {"revision": 1})
    assert (restored.headers["ETag"], restored.data["kind"]) == ('"2"', "restore")
    assert restored.data["definition"] == DEFINITION
    assert api("POST", f"{path}/publish", {"note": "Back"}).data["version"] == 3
    assert api("GET", f"{path}/history/3").data["kind"] == "restore"
    assert api("POST", f"{path}/restore", {"revision": 99}).refusal[:2] == (404, "not_found")


def test_without_a_draft_there_is_nothing_to_publish(api: Api, path: str) -> None:
    for method, address in (("GET", "draft"), ("DELETE", "draft"), ("POST", "publish")):
        body = {} if method == "POST" else None
        assert api(method, f"{path}/{address}", body).refusal == (404, "not_found", None)


@pytest.fixture
def far(api: Api, remote: Upstream, connection_to: Connection) -> tuple[str, Upstream]:
    """Return the address of an assistant on a gateway that fails on command."""
    begun = {"definition": DEFINITION, "connection": connection_to.pk}
    path = f"assistants/{api('POST', 'assistants', begun).data['id']}"
    assert api("POST", f"{path}/publish", {}).data["outcome"] == "applied"
    return path, remote


WANTED: dict[str, Any] = {"definition": {**DEFINITION, "name": "Other"}, "base": 1}


def test_a_gateway_that_refuses(api: Api, far: tuple[str, Upstream]) -> None:
    path, remote = far
    remote.fail_next("POST", refused("No.", param="name"))
    answer = api("POST", f"{path}/publish", WANTED)
    assert answer.refusal == (422, "rejected", "name")
    assert answer.data["error"]["message"] == "Refused. The live version is unchanged."
    (problem,) = answer.data["error"]["problems"]
    assert (problem["code"], problem["field"]) == ("refused", "name")
    assert problem["message"].startswith("The gateway refused the change. It said: “")
    assert api("GET", f"{path}/history/2").data["outcome"] == "rejected"


def test_a_gateway_with_too_much_to_do(api: Api, far: tuple[str, Upstream]) -> None:
    path, remote = far
    remote.fail_next("POST", FaultSpec(status=429, retry_after="7"))
    answer = api("POST", f"{path}/publish", WANTED)
    assert answer.refusal[:2] == (502, "not_delivered")
    assert answer.headers["Retry-After"] == "7"
    assert answer.data["error"]["problems"][0]["code"] == "rate_limited"


def test_a_change_in_doubt_is_answered_with_202(api: Api, far: tuple[str, Upstream]) -> None:
    path, remote = far
    remote.fail_next("POST", FaultSpec(status=500))
    doubtful = api("POST", f"{path}/publish", WANTED)
    assert (doubtful.status, doubtful.data["outcome"]) == (202, Outcome.Status.UNCONFIRMED)
    another = {**WANTED, "definition": {**DEFINITION, "name": "C"}}
    assert api("POST", f"{path}/publish", another).refusal == (409, "in_doubt", None)
    over = api("POST", f"{path}/publish", {**another, "over_doubt": True})
    assert over.data["outcome"] == "applied"


def test_a_gateway_that_cannot_be_read(api: Api, far: tuple[str, Upstream]) -> None:
    path, remote = far
    remote.fail_next("GET", FaultSpec(status=401))
    answer = api("POST", f"{path}/publish", WANTED)
    assert answer.refusal == (502, "unauthorized", None)
    assert answer.data["error"]["message"].endswith("Nothing was sent.")
    del remote.assistants[Assistant.objects.get().remote_id or ""]
    assert api("POST", f"{path}/publish", WANTED).refusal == (409, "assistant_missing", None)


def test_what_is_stored_differently_is_named(api: Api, far: tuple[str, Upstream]) -> None:
    path, remote = far
    remote.fail_next("POST", FaultSpec(applied=True, store=lambda before, after: {"name": "Cut"}))
    answer = api("POST", f"{path}/publish", WANTED)
    assert (answer.data["outcome"], answer.data["stored_differently"]) == ("applied", ["name"])
    newest = api("GET", f"{path}/history/2").data
    assert (newest["definition"]["name"], newest["sent"]["name"]) == ("Cut", "Other")
