"""What a server that stops still answers, and what it leaves behind when it is killed."""

import os
import signal
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from gunicorn import systemd

from admin_ui.serving import server
from tests.migrated import put_migrated
from tests.proxy.servers import Unit

REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
WAITING = 20
"""Connections that wait to be accepted when the server stops."""
Start = Callable[..., Unit]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a server whose socket ends with it."""
    with ExitStack() as stack:

        def begin(**more: str) -> Unit:
            unit = Unit(put_migrated(tmp_path / "data"), holds=False, **more)
            stack.callback(unit.end)
            unit.wait_until_ready()
            return unit

        yield begin


def answered(connection: socket.socket) -> tuple[bytes, bytes]:
    """Return the status and the header `Connection` of the next answer."""
    head = b""
    while b"\r\n\r\n" not in head:
        received = connection.recv(1)
        assert received, head
        head += received
    headers = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if line)
    body = int(headers[b"content-length"])
    while body:
        body -= len(connection.recv(body))
    return head.split()[1], headers[b"connection"]


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def refuses(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False


def freeze(pid: int) -> None:
    """Stop a process until it gets SIGCONT; returns when it has stopped."""
    os.kill(pid, signal.SIGSTOP)
    until(lambda: "State:\tT" in Path(f"/proc/{pid}/status").read_text())


def is_told(pid: int, sent: signal.Signals) -> bool:
    """Return whether a signal waits for a process that is stopped."""
    status = Path(f"/proc/{pid}/status").read_text()
    return bool(int(status.split("ShdPnd:")[1].split()[0], 16) & 1 << (sent - 1))


@pytest.mark.slow
def test_connections_that_nobody_has_accepted_yet_are_answered(start: Start) -> None:
    unit = start(WEB_WORKERS="1", TASK_WORKERS="0")
    (worker,) = unit.workers
    freeze(worker)
    with ExitStack() as stack:
        waiting = [stack.enter_context(unit.connect()) for _ in range(WAITING)]
        for one in waiting:
            one.sendall(REQUEST)
        unit.process.terminate()
        until(lambda: is_told(worker, signal.SIGTERM))
        os.kill(worker, signal.SIGCONT)
        assert [answered(one) for one in waiting] == [(b"200", b"close")] * WAITING
    assert unit.process.wait(60) == 0


@pytest.mark.slow
def test_a_server_stops_listening_and_answers_what_is_in_transit(start: Start) -> None:
    unit = start(WEB_WORKERS="2")
    with unit.connect() as begun, unit.connect() as idle, unit.connect() as kept:
        begun.sendall(REQUEST[:20])
        for one in (idle, kept):
            one.sendall(REQUEST)
            assert answered(one) == (b"200", b"keep-alive")
        unit.process.terminate()
        until(lambda: refuses(unit.port))
        assert unit.process.poll() is None
        kept.sendall(REQUEST)
        begun.sendall(REQUEST[20:])
        assert [answered(one) for one in (kept, begun)] == [(b"200", b"close")] * 2
        assert [one.recv(1) for one in (kept, begun, idle)] == [b""] * 3
    assert unit.process.wait(60) == 0


@pytest.mark.slow
def test_a_killed_master_leaves_no_worker_on_the_port(start: Start) -> None:
    unit = start(WEB_WORKERS="2")
    headers = {"Authorization": f"Bearer {unit.write_key()}", "OpenAI-Beta": "assistants=v2"}

    def write() -> int:
        with httpx.Client(base_url=unit.address, trust_env=False, timeout=60) as client:
            sent = {"model": "gpt-5", "name": "Sent before"}
            return client.post("/v1/assistants", json=sent, headers=headers).status_code

    other = sqlite3.connect(unit.data / "db.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with unit.connect() as idle, ThreadPoolExecutor(1) as pool:
        idle.sendall(REQUEST)
        answered(idle)
        waiting = pool.submit(write)
        time.sleep(0.5)
        workers = unit.workers
        freeze(workers[0])
        unit.process.kill()
        unit.process.wait()
        try:
            until(lambda: is_told(workers[0], signal.SIGTERM))  # at once, and not when it looks
        finally:
            os.kill(workers[0], signal.SIGCONT)
        until(lambda: refuses(unit.port))
        server.listen("127.0.0.1", unit.port).close()
        assert not waiting.done(), "a busy worker keeps the port until it has answered"
        other.execute("ROLLBACK")
        assert waiting.result() == 200
    other.close()
    until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))


@pytest.mark.parametrize("count", [1, 2])
def test_the_server_takes_one_listening_socket_of_systemd(
    monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    held = socket.create_server(("127.0.0.1", 0))
    address = held.getsockname()
    monkeypatch.setattr(systemd, "SD_LISTEN_FDS_START", held.detach())
    monkeypatch.setattr(systemd, "listen_fds", lambda: count)
    if count == 1:
        with server.listen("127.0.0.1", 1) as taken:
            assert taken.getsockname() == address
    else:
        with pytest.raises(server.CannotListen, match="one ListenStream="):
            server.listen("127.0.0.1", 1)


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_UNIX])
def test_a_socket_that_is_of_no_use_is_refused(
    monkeypatch: pytest.MonkeyPatch, family: socket.AddressFamily
) -> None:
    """One that does not listen, and one that has no address to count by."""
    held = socket.socket(family)
    monkeypatch.setattr(systemd, "SD_LISTEN_FDS_START", held.detach())
    monkeypatch.setattr(systemd, "listen_fds", lambda: 1)
    with pytest.raises(server.CannotListen, match="one ListenStream="):
        server.listen("127.0.0.1", 1)
