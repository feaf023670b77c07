"""Reads are repeated when that may help, writes never."""

import time
from contextlib import suppress

import httpx
import pytest

from assistants.gateway import GatewayError, Timeouts, counted
from assistants.gateway.client import LONGEST_RETRY_PAUSE
from tests.gateway.wire import ASSISTANT, CALLS, Remote

GOOD = httpx.Response(200, json={**ASSISTANT, "data": [], "last_sequence": 0})
PASSING = [
    httpx.Response(408),
    httpx.Response(429),
    httpx.Response(500),
    httpx.Response(503),
    httpx.ConnectError("refused"),
    httpx.ReadTimeout("slow"),
    httpx.ReadError("reset"),
]
LASTING = [
    httpx.Response(400),
    httpx.Response(401),
    httpx.Response(404),
    httpx.Response(412),
    httpx.Response(302),
    httpx.Response(200, text="junk"),
]
READS = ["list", "retrieve", "models", "changes"]
WRITES = ["create", "modify", "delete"]


@pytest.mark.parametrize("call", READS)
@pytest.mark.parametrize("answer", PASSING)
def test_a_read_is_tried_three_times(call, answer) -> None:
    remote = Remote(answer, answer, GOOD)
    CALLS[call](remote.gateway())
    assert len(remote.requests) == 3
    assert len({request.headers["x-portkey-trace-id"] for request in remote.requests}) == 1


@pytest.mark.parametrize("answer", PASSING)
def test_a_read_gives_up_after_three_tries(answer) -> None:
    remote = Remote(answer)
    with pytest.raises(GatewayError):
        remote.gateway().list_page()
    assert len(remote.requests) == 3


@pytest.mark.parametrize("call", WRITES)
@pytest.mark.parametrize("answer", PASSING)
def test_a_write_is_tried_once(call, answer) -> None:
    remote = Remote(answer)
    with pytest.raises(GatewayError):
        CALLS[call](remote.gateway())
    assert len(remote.requests) == 1


@pytest.mark.parametrize("answer", LASTING)
def test_what_will_not_change_is_not_asked_again(answer) -> None:
    remote = Remote(answer)
    with pytest.raises(GatewayError):
        remote.gateway().retrieve("asst_abc123")
    assert len(remote.requests) == 1


def took(remote: Remote, timeouts: Timeouts, deadline: float | None = None) -> float:
    started = time.monotonic()
    with suppress(GatewayError):
        remote.gateway(timeouts=timeouts).list_page(deadline=deadline)
    return time.monotonic() - started


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of each pause, which is not waited for."""
    found: list[float] = []
    monkeypatch.setattr("assistants.gateway.client.time.sleep", found.append)
    return found


def test_the_pauses_grow(pauses) -> None:
    with suppress(GatewayError):
        Remote(httpx.Response(500)).gateway(timeouts=Timeouts(pause=0.2)).list_page()
    first, second = pauses
    assert 0.1 <= first <= 0.2
    assert 0.4 <= second <= 0.8


def test_a_pause_is_waited_for() -> None:
    assert took(Remote(httpx.ReadError("reset"), GOOD), Timeouts(pause=0.2)) >= 0.1


def test_retry_after_is_waited_for(pauses) -> None:
    for asked in (0.3, LONGEST_RETRY_PAUSE):
        took(Remote(httpx.Response(429, headers={"retry-after": str(asked)}), GOOD), Timeouts())
    assert pauses == [0.3, LONGEST_RETRY_PAUSE]


@pytest.mark.parametrize("status", [429, 503])
def test_a_remote_that_asks_for_more_patience_than_that_is_not_asked_again(status) -> None:
    remote = Remote(httpx.Response(status, headers={"retry-after": str(LONGEST_RETRY_PAUSE + 1)}))
    with pytest.raises(GatewayError) as failed:
        remote.gateway().list_page()
    assert len(remote.requests) == 1
    assert failed.value.asks_to_wait
    assert failed.value.retry_after == LONGEST_RETRY_PAUSE + 1


def test_calls_are_counted_with_their_repetitions() -> None:
    remote = Remote(httpx.Response(500), GOOD)
    with counted() as outer:
        remote.gateway().list_page()
        with counted() as inner:
            remote.gateway().retrieve("asst_abc123")
    assert (outer.calls, inner.calls) == (2, 1)
    assert 0 < outer.seconds < 10


def test_no_pause_goes_beyond_the_deadline() -> None:
    remote = Remote(httpx.Response(503, headers={"retry-after": "5"}))
    assert took(remote, Timeouts(), deadline=time.monotonic() + 5) < 4
    assert len(remote.requests) == 1


def test_a_call_without_a_deadline_has_one_all_the_same() -> None:
    remote = Remote(httpx.Response(503, headers={"retry-after": "5"}))
    assert took(remote, Timeouts(total=5)) < 4
    assert len(remote.requests) == 1
