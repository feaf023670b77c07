"""Listing, reading, beginning and deleting assistants: whole payloads, as they are on the wire."""

from typing import Any

import pytest

from admin_ui.audit.models import AuditEvent
from assistants.models import Assistant, Connection
from tests.api.calls import by_role
from tests.conftest import Cast
from tests.pages.past import change, make_assistant

pytestmark = pytest.mark.django_db(transaction=True)
DEFINITION = {"name": "Refunds", "model": "gpt-4o", "instructions": "Be kind."}


def listed(assistant: Assistant, **fields: Any) -> dict[str, Any]:
    """Return an assistant as the list has it."""
    return {
        "id": assistant.pk,
        "remote_id": assistant.remote_id,
        "name": assistant.name,
        "description": "",
        "model": "gpt-4o",
        "tools": [],
        "state": "live",
        "trouble": None,
        "version": 1,
        "connection": assistant.connection_id,
        "changed_at": assistant.changed_at.isoformat(timespec="milliseconds")[:-6] + "Z",
        "changed_by": assistant.changed_by,
        **fields,
    }


def test_a_list_holds_what_the_page_shows(cast: Cast) -> None:
    first = make_assistant(cast.workspace, name="Orders", tools=[{"type": "code_interpreter"}])
    second = make_assistant(cast.workspace, name="Refunds")
    first.refresh_from_db()
    second.refresh_from_db()
    api = by_role(cast, "viewer")
    assert api("GET", "assistants").data == {
        "data": [listed(second), listed(first, tools=["code_interpreter"])],
        "next": None,
    }
    assert [row["name"] for row in api("GET", "assistants?q=order").data["data"]] == ["Orders"]
    assert [row["name"] for row in api("GET", "assistants?sort=name").data["data"]] == [
        "Orders",
        "Refunds",
    ]
    assert api("GET", "assistants?status=draft").data["data"] == []


def test_a_cursor_leads_through_the_list(cast: Cast) -> None:
    for number in range(7):
        make_assistant(cast.workspace, name=f"Number {number}")
    api, found, cursor = by_role(cast, "viewer"), list[str](), ""
    while cursor is not None:
        page = api("GET", f"assistants?limit=3&cursor={cursor.replace('+', '%2B')}").data
        found += [row["name"] for row in page["data"]]
        assert len(page["data"]) <= 3
        cursor = page["next"]
    assert found == [f"Number {number}" for number in reversed(range(7))]


def test_the_work_of_a_list_stays_the_same(cast: Cast, django_assert_num_queries: Any) -> None:
    api = by_role(cast, "viewer")
    for _ in range(3):
        make_assistant(cast.workspace)
        with django_assert_num_queries(3):  # key, member, assistants
            api("GET", "assistants")


def test_one_is_read_with_what_is_live(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace, **DEFINITION)
    assistant.refresh_from_db()
    answer = by_role(cast, "viewer")("GET", f"assistants/{assistant.pk}")
    assert answer.headers["ETag"] == '"1"'
    assert answer.data == {**listed(assistant), "revision": 1, "definition": DEFINITION}
    event = AuditEvent.objects.get(kind="export")
    assert (event.actor_name, event.about) == ("service account Script viewer", "Refunds")


def test_one_begins_as_a_draft(cast: Cast) -> None:
    api = by_role(cast, "editor")
    answer = api("POST", "assistants", {"definition": DEFINITION})
    assistant = Assistant.objects.get()
    assert (answer.status, answer.headers["ETag"]) == (201, '"0"')
    assert answer.headers["Location"] == f"/api/w/main/assistants/{assistant.pk}"
    draft = {"state": "draft", "version": None}
    assert answer.data == {**listed(assistant, **draft), "revision": 0, "definition": None}
    assert assistant.changed_by == "service account Script editor"
    kept = api("GET", f"assistants/{assistant.pk}/draft")
    assert (kept.headers["ETag"], kept.data["definition"]) == ('"0"', DEFINITION)
    api("DELETE", f"assistants/{assistant.pk}/draft")
    assert not Assistant.objects.exists()


def test_it_begins_on_a_connection_of_this_workspace(cast: Cast) -> None:
    api, body = by_role(cast, "editor"), {"definition": DEFINITION}
    here = Connection.objects.create(workspace=cast.workspace, name="Portkey", profile="openai")
    there = Connection.objects.create(
        workspace=cast.stranger.workspace, name="Other", profile="openai"
    )
    made = api("POST", "assistants", {**body, "connection": here.pk})
    assert made.data["connection"] == here.pk
    refused = api("POST", "assistants", {**body, "connection": there.pk})
    assert refused.refusal == (404, "not_found", None)


def test_deleting_takes_it_from_its_remote(cast: Cast) -> None:
    api = by_role(cast, "publisher")
    pk = api("POST", "assistants", {"definition": DEFINITION}).data["id"]
    made = api("POST", f"assistants/{pk}/publish", {})
    assert made.data["outcome"] == "applied"
    stale = api("DELETE", f"assistants/{pk}", if_match='"7"')
    assert stale.refusal == (412, "not_current", None)
    assert stale.headers["ETag"] == '"1"'
    gone = api("DELETE", f"assistants/{pk}?note=No+longer+needed", if_match='"1"')
    assert gone.data == {
        "outcome": "applied",
        "revision": 2,
        "version": None,
        "stored_differently": [],
        "filled_in": [],
        "remote_id": made.data["remote_id"],
        "trace_id": gone.data["trace_id"],
    }
    assert Assistant.objects.get().state == "deleted"
    again = api("DELETE", f"assistants/{pk}")
    assert again.refusal == (409, "no_target", None)


def test_the_history_is_read_page_by_page(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace, **DEFINITION)
    for number in range(26):
        change(assistant, temperature=number / 100)
    api, path = by_role(cast, "viewer"), f"assistants/{assistant.pk}"
    first = api("GET", f"{path}/history").data
    assert [row["revision"] for row in first["data"]] == list(range(27, 2, -1))
    rest = api("GET", f"{path}/history?cursor={first['next']}").data
    assert ([row["revision"] for row in rest["data"]], rest["next"]) == ([2, 1], None)
    one = api("GET", f"{path}/history/2").data
    assert one == rest["data"][0]
    assert one["definition"] == {**DEFINITION, "temperature": 0.0}
    assert one["changed"] == ["temperature"]
    compared = api("GET", f"{path}/compare/1..live").data
    assert (compared["assistant"], compared["changed"]) == (assistant.remote_id, ["temperature"])
    assert compared["old"] == {"revision": 1, "version": 1, "definition": DEFINITION}
    for missing in ("history/99", "compare/1..99", "compare/1..draft", "compare/1..x"):
        assert api("GET", f"{path}/{missing}").refusal == (404, "not_found", None)
