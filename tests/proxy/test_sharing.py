"""The web workers of a server share its connections evenly, and wait for none of them."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from admin_ui.serving.shares import Shares
from tests.proxy.servers import Unit
from tests.proxy.test_stopping import REQUEST, Start, answered, freeze, start, until

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
    shares.note(one, -1)
    assert (shares.first_try(one), shares.take()) == (0, other)
    shares.give_back(one)
    shares.give_back(other)
    assert shares.first_try(one) == 0


def test_the_place_of_a_worker_that_ended_is_taken_again() -> None:
    shares = Shares(places=2)
    assert [shares.take() for _ in range(3)] == [0, 1, None]
    assert shares.first_try(None) == 0
    shares.note(None, 5)
    shares.give_back(1)
    assert shares.take() == 1


def accepted(unit: Unit) -> list[int]:
    """Return how many open connections each worker has accepted."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    here = f":{unit.port:04X}"
    sockets = {f"socket:[{row[9]}]" for row in rows if row[1].endswith(here) and row[3] == "01"}
    return [len(sockets & links(worker)) for worker in unit.workers]


def links(pid: int) -> set[str]:
    """Return what the file descriptors of a process lead to."""
    found = set()
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # the process has just closed it
            found.add(os.readlink(file))
    return found


def wait_for_workers(unit: Unit, count: int) -> None:
    """Wait until `count` workers accept connections; a server is ready with the first."""
    with ExitStack() as stack:

        def all_accept() -> bool:
            stack.enter_context(connections(unit, 1))
            return len(taken := accepted(unit)) == count and all(taken)

        until(all_accept)
    until(lambda: not any(accepted(unit)))


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
    wait_for_workers(unit, 2)
    with connections(unit, 40):
        taken = accepted(unit)
    assert sum(taken) == 40
    assert min(taken) >= 15, taken


@pytest.mark.slow
def test_a_worker_that_is_stuck_keeps_no_connection_waiting(start: Start) -> None:
    unit = start(WEB_WORKERS="2", TASK_WORKERS="0")
    wait_for_workers(unit, 2)
    stuck = unit.workers[0]
    freeze(stuck)
    try:
        with connections(unit, 20):
            assert accepted(unit) == [0, 20]
    finally:
        os.kill(stuck, signal.SIGCONT)
