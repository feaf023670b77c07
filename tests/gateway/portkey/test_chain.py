"""Our client through the real Portkey gateway, in front of a server on the loopback address."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from assistants.definition import Definition
from assistants.gateway import (
    AssistantMissing,
    Changed,
    ConnectionLost,
    Endpoint,
    Gateway,
    GatewayError,
    Misconfigured,
    RateLimited,
    Refused,
    ServerTrouble,
    TimedOut,
    Timeouts,
    Unauthorized,
    UnexpectedAnswer,
)
from tests.gateway.loopback import Loopback, answer, closed_port, hang_up, reset, silence
from tests.gateway.portkey.upstream import Upstream
from tests.gateway.wire import SECRET

pytestmark = pytest.mark.chain

Through = Callable[..., Gateway]


@pytest.fixture
def through(portkey: str) -> Through:
    """Makes a client whose calls go through the gateway to the upstream with this base URL."""

    def make(upstream: str, provider: str = "openai") -> Gateway:
        options = {"provider": provider, "custom_host": upstream}
        return Gateway(
            Endpoint("portkey-oss", portkey, {"api_key": SECRET}, options),
            private_hosts=["127.0.0.1"],
            timeouts=Timeouts(pause=0),
        )

    return make


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        yield server


BODY: dict[str, Any] = {
    "model": "gpt-5",
    "name": "HR Helper",
    "instructions": "Grüße, 你好 🙂\n" * 20_000,
    "tools": [
        {"type": "file_search", "file_search": {"ranking_options": {"score_threshold": 0.5}}},
        {"type": "function", "function": {"name": "lookup", "parameters": {"type": "object"}}},
    ],
    "metadata": {"team": "people"},
    "temperature": 0.0,
    "top_p": None,
    "new_field": {"kept": [1, None, "x"]},
}


def test_every_call_goes_through_the_gateway(through: Through, upstream: Upstream) -> None:
    gateway = through(upstream.url)
    created = gateway.create(BODY, trace_id="trace-1")
    assert created.definition == Definition.parse({**BODY, "version": 1})
    changed = gateway.modify(created.id, {"name": "New", "tools": []}, trace_id="trace-2")
    assert changed.definition == created.definition.replace(name="New", tools=[], version=2)
    assert gateway.retrieve(created.id).definition == changed.definition
    assert [item.id for item in gateway.list_all()] == [created.id]
    assert gateway.models() == ["gpt-5"]
    gateway.delete(created.id)
    with pytest.raises(AssistantMissing) as caught:
        gateway.retrieve(created.id)
    assert caught.value.message == "No assistant found with id 'asst_1'."
    assert [(request.method, request.path) for request in upstream.received] == [
        ("POST", "/v1/assistants"),
        ("POST", "/v1/assistants/asst_1"),
        ("GET", "/v1/assistants/asst_1"),
        ("GET", "/v1/assistants?limit=100&order=desc"),
        ("GET", "/v1/models"),
        ("DELETE", "/v1/assistants/asst_1"),
        ("GET", "/v1/assistants/asst_1"),
    ]


def test_what_arrives_behind_the_gateway(through: Through, upstream: Upstream) -> None:
    created = through(upstream.url).create(BODY, trace_id="trace-1")
    (request,) = upstream.received
    assert request.body == BODY
    assert request.headers["authorization"] == f"Bearer {SECRET}"
    assert request.headers["openai-beta"] == "assistants=v2"
    assert request.headers["content-type"] == "application/json"
    assert "cookie" not in request.headers
    assert created.request_id == "req_1"


def test_an_assistant_that_changed_in_between_is_noticed_through_the_gateway(
    through: Through, upstream: Upstream
) -> None:
    gateway = through(upstream.url)
    first = gateway.create({"model": "gpt-5"})
    second = gateway.modify(first.id, {"name": "A"}, if_match=first.etag)
    assert (first.etag, second.etag) == ('"1"', '"2"')
    with pytest.raises(Changed):
        gateway.modify(first.id, {"name": "B"}, if_match=first.etag)
    assert upstream.assistants[first.id]["name"] == "A"


def openai(status: str, **headers: str) -> Any:
    return answer(b'{"error":{"message":"No.","code":"c","param":"p"}}', status, **headers)


def html(status: str) -> Any:
    return answer(b"<html><title>Oops</title></html>", status, **{"Content-Type": "text/html"})


def truncated(connection: Any) -> None:
    connection.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"
    )
    time.sleep(0.1)
    connection.close()


@pytest.mark.parametrize(
    ("behave", "kind"),
    [
        (openai("400 Bad Request"), Refused),
        (openai("401 Unauthorized"), Unauthorized),
        (openai("404 Not Found"), AssistantMissing),
        (openai("408 Request Timeout"), TimedOut),
        (openai("412 Precondition Failed"), Changed),
        (openai("429 Too Many Requests", **{"Retry-After": "7"}), RateLimited),
        (openai("500 Internal Server Error"), ServerTrouble),
        (openai("503 Service Unavailable", **{"Retry-After": "7"}), ServerTrouble),
        (reset, ServerTrouble),
        (hang_up, ServerTrouble),
        (html("502 Bad Gateway"), ServerTrouble),
        (html("200 OK"), UnexpectedAnswer),
        (answer(b""), UnexpectedAnswer),
        (answer(b'{"id": "asst_1", "object": "assis'), UnexpectedAnswer),
        (truncated, ConnectionLost),
    ],
)
def test_each_failure_behind_the_gateway_is_one_typed_error(
    through: Through, behave: Any, kind: type[GatewayError]
) -> None:
    with Loopback(behave) as server, pytest.raises(GatewayError) as caught:
        through(server.url()).modify("asst_1", {"name": "New"})
    error = caught.value
    assert type(error) is kind
    assert len(server.requests) == 1
    if error.status and error.status < 500 and error.status != 200:
        assert (error.message, error.code, error.param) == ("No.", "c", "p")
    if error.status in (429, 503):
        assert error.retry_after == 7


def test_an_upstream_that_nobody_answers_at_is_the_gateways_trouble(through: Through) -> None:
    with closed_port() as port, pytest.raises(ServerTrouble) as caught:
        through(f"http://127.0.0.1:{port}/v1").modify("asst_1", {"name": "New"})
    assert "fetch failed" in caught.value.message


def test_a_redirected_write_answers_with_something_else(
    through: Through, upstream: Upstream
) -> None:
    elsewhere = answer(b"", "302 Found", Location=f"{upstream.url}/assistants")
    with Loopback(elsewhere) as server, pytest.raises(UnexpectedAnswer) as caught:
        through(server.url()).modify("asst_1", {"name": "New"})
    assert caught.value.message == "the answer is not an assistant"
    assert [request.method for request in upstream.received] == ["GET"]


def test_a_gateway_that_cannot_use_the_settings_says_so(
    through: Through, upstream: Upstream
) -> None:
    with pytest.raises(Misconfigured) as caught:
        through(upstream.url, provider="@mine").modify("asst_1", {"name": "New"})
    assert caught.value.status == 400
    assert caught.value.message
    assert upstream.received == []


def test_a_slow_upstream_ends_with_the_deadline(through: Through) -> None:
    with Loopback(silence) as server:
        started = time.monotonic()
        with pytest.raises(TimedOut):
            through(server.url()).modify("asst_1", {}, deadline=started + 0.5)
        assert time.monotonic() - started < 8
