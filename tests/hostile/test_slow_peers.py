"""Slow senders and slow readers cost only themselves, signed in or not.

Against the real server with one process of four threads; bounds are in seconds, far from what an
answer takes and from what a thread that waits would take.
"""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.hostile.server import Server, serving

MANY = 12
SOON = 3.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("slow") / "data"
    with serving(data, REQUEST_SECONDS="4") as running:
        yield running
    assert "Traceback" not in running.log.read_text()


@contextmanager
def silent(server: Server, sent: bytes, count: int = MANY) -> Iterator[list[socket.socket]]:
    """Open sockets that have sent `sent` and say nothing more."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(server.socket()) for _ in range(count)]
        for one in sockets:
            one.sendall(sent)
        time.sleep(0.3)
        yield sockets


def head(line: str, *headers: str, length: int = 100_000) -> bytes:
    lines = [f"{line} HTTP/1.1", "Host: localhost", f"Content-Length: {length}", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


def login() -> bytes:
    """A form that the server has to read to find its token: any cookie will do."""
    kind = "Content-Type: application/x-www-form-urlencoded"
    return head("POST /accounts/login/", kind, f"Cookie: csrftoken={'a' * 32}") + b"a="


def read_all(one: socket.socket) -> bytes:
    """Read until the server closes, which must be a proper end and no reset."""
    parts = []
    while part := one.recv(65536):
        parts.append(part)
    return b"".join(parts)


@pytest.fixture(scope="module")
def key(server: Server) -> str:
    return server.manage("create_api_key", "main", "--name", "slow", "--write").split()[-1]


@pytest.mark.parametrize("kind", ["login", "no cookie", "no key", "key", "head", "nothing"])
def test_silent_senders(server: Server, key: str, kind: str) -> None:
    sent = {
        "login": login(),
        "no cookie": head("POST /accounts/login/") + b"a=",
        "no key": head("POST /v1/assistants") + b"{",
        "key": head("POST /v1/assistants", f"Authorization: Bearer {key}") + b"{",
        "head": b"GET /healthz HTTP/1.1\r\nHost: local",
        "nothing": b"",
    }[kind]
    with silent(server, sent):
        assert max(server.health() for _ in range(3)) < SOON


def test_dripping_senders(server: Server) -> None:
    """One byte after the other, of a head and of a body, does not buy more time."""
    begun = time.monotonic()
    with (
        silent(server, b"GET / HTTP/1.1\r\nX: ", 6) as heads,
        silent(server, login(), 6) as b,
    ):
        dripping = [*heads, *b]
        slowest = 0.0
        while dripping and time.monotonic() - begun < 20:
            for one in dripping[:]:
                try:
                    one.sendall(b"a")
                except OSError:
                    dripping.remove(one)
            slowest = max(slowest, server.health())
            time.sleep(0.2)
    assert slowest < SOON
    assert not dripping


def test_the_late_are_answered_408_by_the_api_in_its_shape(server: Server) -> None:
    late = head("POST /v1/assistants") + b"{"
    with silent(server, login(), 1) as (one,), silent(server, late, 1) as (other,):
        assert read_all(one).startswith(b"HTTP/1.1 408 ")
        top, _, body = read_all(other).partition(b"\r\n\r\n")
    assert top.startswith(b"HTTP/1.1 408 ")
    assert list(json.loads(body)["error"]) == ["message", "type", "param", "code"]


def test_refused_and_left_open(server: Server) -> None:
    """Whoever does not close after the last answer keeps nobody, the loop neither."""
    ends = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    too_large = head("POST /v1/assistants", length=10**9) + b"a="
    for sent in (ends, too_large):
        with silent(server, sent):
            assert max(server.health() for _ in range(3)) < SOON


def test_slow_readers(server: Server, key: str) -> None:
    """Answers that nobody takes wait without a thread."""
    headers = {"Authorization": f"Bearer {key}", "OpenAI-Beta": "assistants=v2"}
    with server.client(**headers) as client:
        for _ in range(10):
            body = {"model": "gpt-5", "instructions": "x" * 250_000}
            assert client.post("/v1/assistants", json=body).status_code == 200
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    ask = f"GET /v1/assistants HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n".encode()
    with silent(server, ask * 3):
        assert max(server.health() for _ in range(3)) < SOON


def test_more_connections_than_the_server_keeps(server: Server) -> None:
    with silent(server, b"GET / HTTP/1.1\r\n", 700):
        assert max(server.health() for _ in range(3)) < SOON


def test_an_honest_upload_may_take_its_time(server: Server, key: str) -> None:
    """Slower than the seconds of a head, but within the rate for its length."""
    text = b'{"model": "gpt-5", "instructions": "%s"}' % (b"x" * 250_000)
    headers = (f"Authorization: Bearer {key}", "OpenAI-Beta: assistants=v2")
    sent = head("POST /v1/assistants", *headers, length=len(text)) + text
    with server.socket() as one:
        for at in range(0, len(sent), 50_000):
            one.sendall(sent[at : at + 50_000])
            time.sleep(1)
        assert one.recv(100).startswith(b"HTTP/1.1 200 ")


def test_quick_large_uploads_while_others_are_slow(server: Server, key: str) -> None:
    body = b'{"model": "gpt-5", "metadata": "' + b"x" * 10_000_000 + b'"}'
    headers = {"Authorization": f"Bearer {key}", "OpenAI-Beta": "assistants=v2"}
    statuses: list[int] = []

    def upload() -> None:
        with server.client(**headers) as client:
            statuses.extend(
                client.post("/v1/assistants", content=body).status_code for _ in range(2)
            )

    with silent(server, login()):
        threads = [threading.Thread(target=upload) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert statuses == [400] * 6  # metadata is no string: read, and refused for what it says


def test_too_large_a_body_gets_its_answer(server: Server, key: str) -> None:
    """The sender is still sending when it is refused; a reset would take the answer away."""
    with server.client(Authorization=f"Bearer {key}") as client:
        headers = {"OpenAI-Beta": "assistants=v2"}
        answer = client.post("/v1/assistants", content=b"x" * 20_000_000, headers=headers)
        assert answer.status_code == 413


def test_a_chunked_body_is_refused_in_the_words_of_the_api(server: Server, key: str) -> None:
    with server.client(Authorization=f"Bearer {key}") as client:
        answer = client.post("/v1/assistants", content=iter([b"{}"]))
        assert answer.status_code == 411
        assert answer.json()["error"]["type"] == "invalid_request_error"
        assert client.get("/healthz").status_code == 200


REFUSED = {
    "no length": (411, b"POST {} HTTP/1.1", b"Transfer-Encoding: chunked"),
    "two lengths": (400, b"POST {} HTTP/1.1", b"Content-Length: 0\r\nContent-Length: 3"),
    "no number": (400, b"POST {} HTTP/1.1", b"Content-Length: abc"),
    "both": (400, b"POST {} HTTP/1.1", b"Transfer-Encoding: chunked\r\nContent-Length: 2"),
    "a wrong method": (400, b"g@t {} HTTP/1.1", b""),
    "a wrong version": (400, b"GET {} HTTP/9.9", b""),
    "a NUL in the address": (400, b"GET {}\0 HTTP/1.1", b""),
    "raw UTF-8": (400, b"GET {}\xc3\xa9 HTTP/1.1", b""),
    "a long address": (414, b"GET {}" + b"a" * 9000 + b" HTTP/1.1", b""),
    "a wrong header": (400, b"GET {} HTTP/1.1", b"Bad Header: x"),
    "a folded header": (400, b"GET {} HTTP/1.1", b"X: a\r\n b"),
    "a long header": (431, b"GET {} HTTP/1.1", b"X: " + b"a" * 9000),
    "many headers": (431, b"GET {} HTTP/1.1", b"\r\n".join([b"X: a"] * 150)),
    "a head without end": (431, b"GET {} HTTP/1.1", b"\r\n".join([b"X: aaaaaaaaaa"] * 5000)),
    "an expectation": (417, b"GET {} HTTP/1.1", b"Expect: a-miracle"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_before_it_is_read_has_the_shape_of_the_api(
    server: Server, key: str, name: str
) -> None:
    status, line, extra = REFUSED[name]
    lines = [b"Host: localhost", f"Authorization: Bearer {key}".encode(), extra]
    end = b"" if "without end" in name else b"\r\n\r\n"
    for path, is_json in ((b"/v1/assistants", True), (b"/healthz", False)):
        with server.socket() as one:
            one.sendall(b"\r\n".join([line.replace(b"{}", path), *filter(None, lines)]) + end)
            head, _, body = read_all(one).partition(b"\r\n\r\n")
        assert head.startswith(f"HTTP/1.1 {status} ".encode())
        if not is_json:
            assert b"application/json" not in head
            continue
        assert b"x-request-id: req_" in head
        text = body[body.index(b"{") : body.rindex(b"}") + 1]  # it may come in chunks
        error = json.loads(text)["error"]
        assert list(error) == ["message", "type", "param", "code"]
        assert key not in text.decode()


def test_several_requests_in_one_packet(server: Server) -> None:
    ask = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    post = head("POST /v1/models", length=5) + b"a=b&c"
    last = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with server.socket() as one:
        one.sendall(ask + post + ask[:20])
        time.sleep(0.2)
        one.sendall(ask[20:] + last)
        assert read_all(one).count(b"HTTP/1.1 ") == 4


def test_a_client_that_waits_to_be_asked_for_the_body(server: Server) -> None:
    with server.socket() as one:
        one.sendall(head("POST /v1/assistants", "Expect: 100-continue", length=3))
        assert one.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        one.sendall(b"a=b")
        assert one.recv(100).startswith(b"HTTP/1.1 401 ")


@pytest.mark.parametrize("sent", [b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/1.1\nHost: x\n\n"])
def test_what_is_no_http_is_not_waited_for(server: Server, sent: bytes) -> None:
    begun = time.monotonic()
    with silent(server, sent, 1) as (one,):
        read_all(one)
    assert time.monotonic() - begun < SOON


def test_a_head_without_end(server: Server) -> None:
    with server.socket() as one:
        one.sendall(b"GET / HTTP/1.1\r\n" + b"X-A: aaaaaaaaaa\r\n" * 5000)
        assert read_all(one).startswith(b"HTTP/1.1 431 ")
