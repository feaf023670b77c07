"""The web workers of a server share its connections evenly, and wait for none of them."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from admin_ui.serving.shares import Shares
from tests.proxy.servers import Unit
from tests.proxy.test_stopping import REQUEST, Start, answered, freeze, start

__all__ = ["start"]


def test_a_worker_lets_those_with_fewer_connections_try_first() -> None:
    shares = Shares(places=3)
    one, other = shares.take(), shares.take()
    shares.note(one, 5)
    assert shares.first_try(one) == 0.005
    shares.note(other, 2)
    assert (shares.first_try(one), shares.first_try(other)) == (0.003, 0)
    shares.note(one, 500)
    assert shares.first_try(one) == 0.01
    shares.give_back(other)
    assert shares.first_try(one) == 0


def test_the_place_of_a_worker_that_ended_is_taken_again() -> None:
    shares = Shares(places=2)
    assert [shares.take() for _ in range(3)] == [0, 1, None]
    assert shares.first_try(None) == 0
    shares.note(None, 5)
    shares.give_back(1)
    assert shares.take() == 1


def sockets(pid: int) -> int:
    """Return how many sockets a process has open."""
    found = 0
    for file in Path(f"/proc/{pid}/fd").iterdir():
        found += file.readlink().name.startswith("socket:")
    return found


@contextmanager
def connections(unit: Unit, count: int) -> Iterator[list[socket.socket]]:
    """Open `count` connections, each with an answer."""
    with ExitStack() as stack:
        opened = [stack.enter_context(unit.connect()) for _ in range(count)]
        for connection in opened:
            connection.sendall(REQUEST)
        assert [answered(connection)[0] for connection in opened] == [b"200"] * count
        yield opened


@pytest.mark.slow
def test_connections_are_spread_over_the_workers(start: Start) -> None:
    unit = start(WEB_WORKERS="2", TASK_WORKERS="0")
    before = [sockets(worker) for worker in unit.workers]
    with connections(unit, 40):
        taken = [sockets(worker) - old for worker, old in zip(unit.workers, before, strict=True)]
    assert min(taken) >= 15, taken


@pytest.mark.slow
def test_a_worker_that_is_stuck_keeps_no_connection_waiting(start: Start) -> None:
    unit = start(WEB_WORKERS="2", TASK_WORKERS="0")
    stuck, other = unit.workers
    freeze(stuck)
    try:
        with connections(unit, 20):
            assert sockets(other) >= 20
    finally:
        os.kill(stuck, signal.SIGCONT)
