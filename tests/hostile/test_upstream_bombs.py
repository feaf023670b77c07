"""Answers made to fill the memory, the stack or the time of a worker, on a real socket."""

import gzip
import socket
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator

import pytest

from assistants.gateway import (
    ConnectionLost,
    EndlessList,
    Endpoint,
    Gateway,
    GatewayError,
    Refused,
    ServerTrouble,
    TimedOut,
    Timeouts,
    UnexpectedAnswer,
)
from assistants.gateway.transport import close_shared_transports
from tests.gateway.loopback import Behaviour, Loopback, answer

MEGABYTE = 1024 * 1024
ZEROS = bytes(10 * MEGABYTE)
TIMES = Timeouts(pause=0)
SHORT = Timeouts(total=1.5, pause=0)


@pytest.fixture(autouse=True)
def _no_open_connections() -> Iterator[None]:
    yield
    close_shared_transports()


def gateway(server: Loopback, times: Timeouts = TIMES) -> Gateway:
    endpoint = Endpoint("openai", server.url(), {"api_key": "sk-secret"})
    return Gateway(endpoint, timeouts=times, private_hosts=["127.0.0.1"])


def endless(head: bytes, piece: bytes, pause: float = 0.0) -> Behaviour:
    """Send `head`, then `piece` again and again until the other side has had enough."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(1_000_000):
            connection.sendall(piece)
            time.sleep(pause)

    return behave


ENCODED: dict[str, tuple[str, bytes]] = {
    "gzip": ("gzip", gzip.compress(ZEROS)),
    "gzip in gzip": ("gzip, gzip", gzip.compress(gzip.compress(ZEROS))),
    "deflate": ("deflate", zlib.compress(ZEROS)),
    "upper case": ("GZIP", gzip.compress(ZEROS)),
    "identity, then gzip": ("identity, gzip", gzip.compress(ZEROS)),
    "br": ("br", b"\x8b" * 1000),
    "zstd": ("zstd", b"\x28\xb5\x2f\xfd" + bytes(1000)),
}


@pytest.mark.parametrize("status", ["200 OK", "500 Internal Server Error"])
@pytest.mark.parametrize("name", ENCODED)
def test_an_encoding_that_was_not_asked_for_is_not_decoded(name: str, status: str) -> None:
    encoding, body = ENCODED[name]
    behave = answer(body, status, **{"Content-Encoding": encoding})
    expected = UnexpectedAnswer if status.startswith("200") else ServerTrouble
    with Loopback(behave) as server:
        tracemalloc.start()
        try:
            with pytest.raises(expected) as caught:
                gateway(server).modify("asst_1", {"name": "New"})
            assert tracemalloc.get_traced_memory()[1] < 4 * MEGABYTE
        finally:
            tracemalloc.stop()
    assert len(caught.value.message) <= 500


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
LINE = b"X-More: " + b"y" * 4000 + b"\r\n"
DRIP = HEAD + b"Content-Length: 1000000\r\n\r\n"
ENDLESS: dict[str, tuple[Behaviour, type[GatewayError]]] = {
    "a body": (endless(CHUNKED, b"10000\r\n" + bytes(0x10000) + b"\r\n"), UnexpectedAnswer),
    "headers": (
        endless(b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"y" * 4000 + b"\r\n"),
        ConnectionLost,
    ),
    "one header": (endless(b"HTTP/1.1 200 OK\r\nX-More: ", b"y" * 4000), ConnectionLost),
    "trailers": (endless(CHUNKED + b"0\r\n", LINE), ConnectionLost),
    "a chunk's size": (endless(CHUNKED, b"0" * 4000), ConnectionLost),
    "informational answers": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.001), TimedOut),
    "a slow drip": (endless(DRIP, b" ", 0.05), TimedOut),
    "slow headers": (endless(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 0.05), TimedOut),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_what_does_not_end_is_cut_off(name: str) -> None:
    behave, kind = ENDLESS[name]
    times = SHORT if kind is TimedOut else TIMES
    with Loopback(behave) as server:
        tracemalloc.start()
        started = time.monotonic()
        try:
            with pytest.raises(kind):
                gateway(server, times).modify("asst_1", {"name": "New"})
            assert tracemalloc.get_traced_memory()[1] < 60 * MEGABYTE
        finally:
            tracemalloc.stop()
        assert time.monotonic() - started < 30, "the deadline is 1.5 s; without it this never ends"


def listing(items: bytes) -> bytes:
    return b'{"object": "list", "has_more": false, "data": [' + items + b"]}"


MANY = b"[]," * 2_000_000 + b"[]"
BODIES: dict[str, bytes] = {
    "deep arrays": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "deep within an assistant": b'{"object":"assistant","x":'
    + b"[" * 50_000
    + b"]" * 50_000
    + b"}",
    "millions of values": b'{"object": "assistant", "id": "asst_1", "x": [' + MANY + b"]}",
    "a number of a million digits": b'{"object":"assistant","temperature":'
    + b"9" * MEGABYTE
    + b"}",
    "infinity": b'{"object":"assistant","id":"asst_1","temperature":1e999}',
    "NaN": b'{"object":"assistant","id":"asst_1","temperature":NaN}',
    "too large": b'{"object":"assistant","id":"asst_1","x":"' + b"y" * (17 * MEGABYTE) + b'"}',
    "no JSON": b"\x00" * MEGABYTE,
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_cannot_be_an_assistant_is_an_unexpected_answer(name: str) -> None:
    with Loopback(answer(BODIES[name])) as server, pytest.raises(UnexpectedAnswer):
        gateway(server).modify("asst_1", {"name": "New"})


Call = Callable[[Gateway], object]
CALLS: dict[str, tuple[Call, bytes]] = {
    "a page": (lambda g: g.list_page(), listing(b'{"id": "asst_1"},' * 5000 + b'{"id": "asst_1"}')),
    "models": (lambda g: g.models(), listing(b'{"id": "m"},' * 9000 + b'{"id": "m"}')),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_page_with_more_rows_than_were_asked_for_is_refused(name: str) -> None:
    call, body = CALLS[name]
    with Loopback(answer(body)) as server, pytest.raises(UnexpectedAnswer):
        call(gateway(server))


def test_a_refusal_of_sixty_megabytes_is_read_only_at_its_beginning() -> None:
    head = DRIP.replace(b"200 OK", b"400 Bad").replace(b"json", b"html").replace(b"10", b"999")
    behave = endless(head + b"<html><title>Bad <b>name</title>", b"x" * 65536)
    with Loopback(behave) as server:
        tracemalloc.start()
        try:
            with pytest.raises(Refused) as caught:
                gateway(server).modify("asst_1", {"name": "New"})
            assert tracemalloc.get_traced_memory()[1] < 4 * MEGABYTE
        finally:
            tracemalloc.stop()
    assert caught.value.message == "Bad <b>name"


def test_a_list_that_makes_up_assistants_for_ever_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistants.gateway.api.MOST_LISTED", 250)
    made = iter(range(10**9))

    def behave(connection: socket.socket) -> None:
        rows = b",".join(b'{"object":"assistant","id":"asst_%d"}' % next(made) for _ in range(100))
        answer(listing(rows).replace(b"false", b"true"))(connection)

    with Loopback(behave) as server, pytest.raises(EndlessList):
        list(gateway(server).list_all())
    assert next(made) == 300
