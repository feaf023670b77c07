"""Reading what an endpoint offers: whole requests, and answers of many kinds of servers."""

from datetime import date
from typing import Any

import httpx
import pytest

from assistants.gateway import (
    MOST_OFFERED,
    CannotList,
    Endpoint,
    EndpointGone,
    Gateway,
    GatewayError,
    Offer,
    OfferKind,
    TimedOut,
    Timeouts,
    UnexpectedAnswer,
)
from tests.gateway.loopback import Loopback, answer, silence
from tests.gateway.wire import SECRET, Remote


def remote(*rows: Any, **more: Any) -> Remote:
    return Remote(httpx.Response(200, json={"object": "list", "data": list(rows), **more}))


@pytest.mark.parametrize(
    ("kind", "after", "url"),
    [
        ("models", None, "https://assistants.test/v1/models"),
        ("files", None, "https://assistants.test/v1/files"),
        ("files", "file-9", "https://assistants.test/v1/files?after=file-9"),
        ("vector_stores", None, "https://assistants.test/v1/vector_stores?limit=100"),
        ("vector_stores", "vs_9", "https://assistants.test/v1/vector_stores?limit=100&after=vs_9"),
    ],
)
def test_the_whole_request(kind: OfferKind, after: str | None, url: str) -> None:
    asked = remote()
    asked.gateway().offers(kind, after=after)
    sent = asked.sent
    assert len(sent["headers"].pop("x-portkey-trace-id")) == 32
    assert sent == {
        "method": "GET",
        "url": url,
        "headers": {
            "host": "assistants.test",
            "content-type": "application/json",
            "openai-beta": "assistants=v2",
            "accept": "application/json",
            "accept-encoding": "identity",
            "user-agent": "assistants-admin/1",
            "authorization": f"Bearer {SECRET}",
        },
        "body": None,
    }


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"id": "gpt-5", "created": 1754425777}, Offer("gpt-5", created_at=1754425777.0)),
        ({"id": "gpt-5", "created": 1754425777000}, Offer("gpt-5", created_at=1754425777.0)),
        (
            {"id": "gpt-5", "shutdown_date": "2026-12-11"},
            Offer("gpt-5", ends_on=date(2026, 12, 11)),
        ),
        (  # Mistral
            {
                "id": "old",
                "deprecation": "2026-12-31T12:00:00Z",
                "deprecation_replacement_model": "new",
            },
            Offer("old", ends_on=date(2026, 12, 31), successor="new"),
        ),
        (  # Azure
            {"id": "old", "deprecation": {"fine_tune": 1, "inference": 1796000000}},
            Offer("old", ends_on=date(2026, 11, 30)),
        ),
        ({"id": "m", "deprecation": None, "shutdown_date": "soon"}, Offer("m")),
        ({"id": "m", "deprecation": True, "shutdown_at": 1e300, "created": "x"}, Offer("m")),
        (  # OpenRouter
            {"id": "o3", "supported_parameters": ["reasoning", "tools", 7]},
            Offer("o3", refuses=("temperature", "top_p")),
        ),
        (
            {"id": "m", "supported_openai_params": ["temperature", "top_p"]},
            Offer("m", refuses=("reasoning_effort", "tools")),
        ),
        ({"id": "m", "supported_parameters": []}, Offer("m")),
    ],
)
def test_a_model_is_read_tolerantly(row: dict[str, Any], expected: Offer) -> None:
    assert remote(row).gateway().offers("models").items == [expected]


def test_files_and_stores_with_their_facts() -> None:
    file = {
        "id": "file-1",
        "object": "file",
        "bytes": 120000,
        "created_at": 1677610602,
        "filename": "Return\u0000 policy\n2026.pdf",
        "purpose": "assistants",
        "status": "processed",
        "expires_at": 1796000000,
    }
    assert remote(file).gateway().offers("files").items == [
        Offer(
            "file-1",
            name="Return� policy 2026.pdf",
            size=120000,
            created_at=1677610602.0,
            status="processed",
            ends_on=date(2026, 11, 30),
        )
    ]
    store = {
        "id": "vs_1",
        "name": "Help center",
        "usage_bytes": 123456,
        "created_at": 1699061776,
        "file_counts": {"in_progress": 0, "completed": 12, "total": 12},
        "status": "completed",
    }
    assert remote(store).gateway().offers("vector_stores").items == [
        Offer(
            "vs_1",
            name="Help center",
            size=123456,
            count=12,
            created_at=1699061776.0,
            status="completed",
        )
    ]


@pytest.mark.parametrize("odd", [None, 7, "x", {}, {"id": None}, {"id": " a"}, {"id": "a\nb"}])
def test_what_has_no_usable_id_is_left_out(odd: Any) -> None:
    page = remote(odd, {"id": "file-1", "bytes": -1, "filename": 7, "status": []}).gateway()
    assert page.offers("files").items == [Offer("file-1")]


def test_a_bare_list_of_models_is_a_list() -> None:
    bare = Remote(httpx.Response(200, json=[{"id": "a"}, {"id": "b"}, {"id": "a"}]))
    assert [offer.id for offer in bare.gateway().offers("models").items] == ["a", "b"]


@pytest.mark.parametrize("body", ["", "<html>", "{}", '{"data": {}}', "7", "[" * 100_000])
def test_junk_is_an_unexpected_answer(body: str) -> None:
    junk = Remote(httpx.Response(200, text=body))
    with pytest.raises(UnexpectedAnswer):
        junk.gateway().offers("models")


@pytest.mark.parametrize(
    ("more", "after", "next_after", "is_cut"),
    [
        ({"has_more": True}, None, "b", False),
        ({"has_more": False}, None, None, False),
        ({}, None, "b", False),
        ({}, "b", None, False),
        ({"has_more": True}, "b", None, True),
    ],
)
def test_where_a_list_goes_on(
    more: dict[str, Any], after: str | None, next_after: str | None, is_cut: bool
) -> None:
    page = remote({"id": "a"}, {"id": "b"}, **more).gateway().offers("files", after=after)
    assert (page.next_after, page.is_cut) == (next_after, is_cut)


def test_more_than_may_be_read_is_cut() -> None:
    rows = [{"id": f"m{number}"} for number in range(MOST_OFFERED + 1)]
    page = remote(*rows).gateway().offers("models")
    assert (len(page.items), page.is_cut) == (MOST_OFFERED, True)


@pytest.mark.parametrize(
    ("status", "error"), [(404, EndpointGone), (405, CannotList), (501, CannotList)]
)
def test_an_address_without_the_list_says_so(status: int, error: type[GatewayError]) -> None:
    lacking = Remote(httpx.Response(status, json={"detail": "Not Found"}))
    with pytest.raises(error) as caught:
        lacking.gateway().offers("vector_stores")
    assert caught.value.status == status


def loopback_gateway(server: Loopback) -> Gateway:
    return Gateway(
        Endpoint("openai", server.url(), {"api_key": SECRET}),
        timeouts=Timeouts(read=0.2, total=0.4, tries=1),
        private_hosts=["127.0.0.1"],
    )


def test_a_server_that_says_nothing_costs_no_more_than_the_deadline() -> None:
    with Loopback(silence) as server, pytest.raises(TimedOut):
        loopback_gateway(server).offers("models")


def test_a_server_that_answers_with_half_a_list() -> None:
    with Loopback(answer(b'{"data": [')) as server, pytest.raises(UnexpectedAnswer):
        loopback_gateway(server).offers("files")
