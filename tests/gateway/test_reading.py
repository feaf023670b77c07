"""Answers are read tolerantly, and lists to their end."""

from typing import Any

import httpx
import pytest

from assistants.definition import Definition
from assistants.gateway import (
    AssistantMissing,
    ChangeEntry,
    Gateway,
    JournalPage,
    RemoteAssistant,
    UnexpectedAnswer,
)
from tests.gateway.wire import ASSISTANT, AT_ONCE, OPENAI, Remote


def retrieve(**answer: Any) -> RemoteAssistant:
    return (
        Remote(httpx.Response(200, json={**ASSISTANT, **answer})).gateway().retrieve("asst_abc123")
    )


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (1699009709, 1699009709.0),
        (1699009709.5, 1699009709.5),
        (1699009709500, 1699009709.5),
        (0, 0.0),
        (None, None),
        ("2026-11-22T00:00:00Z", None),
        (True, None),
        (-1e11, None),
        ([], None),
        (10**400, None),
    ],
)
def test_created_at_comes_in_seconds_milliseconds_or_not_at_all(written, seconds) -> None:
    assert retrieve(created_at=written).created_at == seconds


def test_an_assistant_of_wrong_types_is_still_mirrored() -> None:
    odd = {"tools": {"type": "x"}, "metadata": [1], "top_p": "high", "new_field": {"a": [None]}}
    assert retrieve(**odd).definition == Definition.parse({**ASSISTANT, **odd})


def test_an_assistant_without_most_fields() -> None:
    remote = Remote(httpx.Response(200, json={"id": "a", "object": "assistant"}))
    assert remote.gateway().retrieve("a").definition == Definition.parse({})


@pytest.mark.parametrize(
    ("header", "etag"),
    [('"12"', '"12"'), ('W/"5f-abc"', None), ("12", None), ('"a" "b"', None), (None, None)],
)
def test_only_an_etag_that_can_be_compared_is_kept(header, etag) -> None:
    headers = {"etag": header} if header else {}
    remote = Remote(httpx.Response(200, json=ASSISTANT, headers=headers))
    assert remote.gateway().retrieve("asst_abc123").etag == etag


@pytest.mark.parametrize("name", ["x-request-id", "x-portkey-request-id", "apim-request-id"])
def test_the_request_id_is_kept(name) -> None:
    remote = Remote(httpx.Response(200, json=ASSISTANT, headers={name: "req_1"}))
    assert remote.gateway().retrieve("asst_abc123").request_id == "req_1"


def test_a_create_may_answer_201() -> None:
    assert Remote(httpx.Response(201, json=ASSISTANT)).gateway().create({}).id == "asst_abc123"


@pytest.mark.parametrize("remote_id", ["../files", "", None, 7])
def test_a_create_must_answer_with_an_id_that_can_be_used(remote_id) -> None:
    remote = Remote(httpx.Response(200, json={**ASSISTANT, "id": remote_id}))
    with pytest.raises(UnexpectedAnswer):
        remote.gateway().create({})


@pytest.mark.parametrize("answer", [{"deleted": True}, {"id": "a", "deleted": True, "object": "x"}])
def test_a_deletion_is_read_tolerantly(answer) -> None:
    Remote(httpx.Response(200, json=answer)).gateway().delete("a")


def test_an_error_type_of_null_is_fine() -> None:
    answer = {"error": {"message": "No assistant found", "type": None, "param": None, "code": None}}
    with pytest.raises(AssistantMissing) as caught:
        Remote(httpx.Response(404, json=answer)).gateway().retrieve("a")
    assert caught.value.message == "No assistant found"


def test_models_are_names_each_once_in_the_order_given() -> None:
    rows = [{"id": "b"}, {"id": "a", "shutdown_at": 1}, {"id": "b"}, {"id": None}, {"name": "c"}]
    assert Remote(httpx.Response(200, json={"data": rows})).gateway().models() == ["b", "a"]


def test_the_record_of_changes() -> None:
    answer = {
        "object": "list",
        "data": [
            {
                "sequence": 4,
                "assistant_id": "asst_1",
                "action": "modified",
                "key_name": "nightly",
                "trace_id": "t",
                "at": 1763790000.25,
                "assistant": {**ASSISTANT, "id": "asst_1"},
            },
            {
                "sequence": 5,
                "assistant_id": "asst_1",
                "action": "deleted",
                "key_name": None,
                "trace_id": None,
                "at": 1763790001,
                "assistant": None,
            },
        ],
        "last_sequence": 9,
    }
    page = Remote(httpx.Response(200, json=answer)).gateway().changes(after=3, limit=2)
    assert page == JournalPage(
        entries=[
            ChangeEntry(
                4, "asst_1", "modified", "nightly", "t", 1763790000.25, Definition.parse(ASSISTANT)
            ),
            ChangeEntry(5, "asst_1", "deleted", None, None, 1763790001.0, None),
        ],
        last_sequence=9,
    )


@pytest.mark.parametrize("row", [{}, {"sequence": "x"}, {"sequence": None}])
def test_a_record_of_changes_that_is_not_one(row) -> None:
    remote = Remote(httpx.Response(200, json={"data": [row], "last_sequence": 1}))
    with pytest.raises(UnexpectedAnswer):
        remote.gateway().changes(after=0)


class Shelf:
    """A server with many assistants that pages the way `style` says."""

    def __init__(self, count: int, style: str = "openai") -> None:
        self.ids = [f"asst_{number}" for number in range(count)]
        self.style = style
        self.calls = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        after, limit = request.url.params.get("after"), int(request.url.params["limit"])
        if self.style == "stingy":
            limit = min(limit, 20)
        start = self.ids.index(after) + 1 if after and self.style != "deaf" else 0
        if self.style == "circular" and start == len(self.ids):
            start = 0
        rows = [{**ASSISTANT, "id": found} for found in self.ids[start : start + limit]]
        answer: dict[str, Any] = {"object": "list", "data": rows}
        if self.style == "openai":
            answer["first_id"], answer["last_id"] = self.ids[0], self.ids[-1]
            answer["has_more"] = start + limit < len(self.ids)
        elif self.style in ("deaf", "always more"):
            answer["has_more"] = True
        return httpx.Response(200, json=answer)

    @property
    def gateway(self) -> Gateway:
        return Gateway(OPENAI, transport=httpx.MockTransport(self), timeouts=AT_ONCE)


@pytest.mark.parametrize(
    ("count", "style", "found", "calls"),
    [
        (250, "openai", 250, 3),
        (200, "openai", 200, 2),
        (1, "openai", 1, 1),
        (250, "bare", 250, 4),  # no has_more, first_id or last_id
        (50, "stingy", 50, 4),  # fewer than asked for, and no has_more
        (150, "always more", 150, 3),
        (250, "deaf", 100, 2),  # ignores the cursor
        (250, "circular", 250, 4),  # begins again at the end
    ],
)
def test_every_assistant_is_listed_once(count, style, found, calls) -> None:
    shelf = Shelf(count, style)
    assert [item.id for item in shelf.gateway.list_all()] == shelf.ids[:found]
    assert shelf.calls == calls


def test_an_empty_list() -> None:
    page = Remote(httpx.Response(200, json={"object": "list", "data": []})).gateway().list_page()
    assert (page.items, page.next_after) == ([], None)


def test_a_page_at_a_time() -> None:
    gateway = Shelf(3).gateway
    first = gateway.list_page(limit=2)
    second = gateway.list_page(limit=2, after=first.next_after)
    assert [item.id for item in first.items] == ["asst_0", "asst_1"]
    assert first.next_after == "asst_1"
    assert [item.id for item in second.items] == ["asst_2"]
    assert second.next_after is None


def test_a_cursor_that_stands_still_ends_the_list() -> None:
    answer = httpx.Response(200, json={"data": [ASSISTANT], "has_more": True})
    assert Remote(answer).gateway().list_page(after="asst_abc123").next_after is None
    assert Remote(answer).gateway().list_page(after="asst_other").next_after == "asst_abc123"


@pytest.mark.parametrize(
    ("data", "has_more", "after", "is_cut"),
    [
        ([], True, None, True),
        ([{"id": "../x"}], True, None, True),
        ([ASSISTANT], True, "asst_abc123", True),
        ([ASSISTANT], True, None, False),
        ([ASSISTANT], False, None, False),
        ([], None, None, False),
        ([ASSISTANT], None, "asst_abc123", False),
    ],
)
def test_a_list_that_promises_more_and_leads_nowhere_is_cut(data, has_more, after, is_cut) -> None:
    answer = httpx.Response(200, json={"data": data, "has_more": has_more})
    assert Remote(answer).gateway().list_page(after=after).is_cut is is_cut


def test_one_odd_entry_does_not_keep_the_others_away(caplog) -> None:
    rows = [{"id": "../x", "object": "assistant"}, {"id": "t", "object": "thread"}, ASSISTANT]
    page = Remote(httpx.Response(200, json={"data": rows})).gateway().list_page()
    assert [item.id for item in page.items] == ["asst_abc123"]
    assert caplog.messages == ["left out 2 entries of a list without a usable id"]
