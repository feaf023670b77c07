"""Task workers that the web server starts beside its own workers, and ends with itself.

They are forked from the loaded server, so they share its memory and begin at once. The server goes
on when one dies, and starts another one, a little later each time.
"""

import logging
import os
import signal
import socket
import time
import traceback
from collections.abc import Iterable

logger = logging.getLogger(__name__)

LONGEST_WAIT = 60.0
STEADY_AFTER = 60.0
"""Seconds after which a task worker counts as well, so that the next one starts at once."""


class Companions:
    """The task workers of this server; its master process calls every method, every second."""

    def __init__(self, count: int) -> None:
        self._began: dict[int, float] = {}
        self._count = count
        self._failures = 0
        self._not_before = 0.0

    def keep(self, listeners: Iterable[socket.socket]) -> None:
        """Start what is missing. `listeners` are closed in the new process, or they would stay
        open when the server ends."""
        for pid in [pid for pid in self._began if not _is_running(pid)]:
            lived = time.monotonic() - self._began.pop(pid)
            logger.warning("Task worker %d ended; another one starts", pid)
            self._failures = 0 if lived > STEADY_AFTER else self._failures + 1
            self._not_before = time.monotonic() + min(2.0**self._failures, LONGEST_WAIT)
        while len(self._began) < self._count and time.monotonic() >= self._not_before:
            self._began[_fork(listeners)] = time.monotonic()

    def stop(self) -> None:
        """Tell them to end their tasks and go."""
        self._count = 0
        self._signal(signal.SIGTERM)

    def wait(self, seconds: float) -> None:
        """Wait until all have gone, and kill those that need longer than `seconds`."""
        until = time.monotonic() + seconds
        while any(_is_running(pid) for pid in self._began) and time.monotonic() < until:
            self._signal(signal.SIGTERM)  # one that has just begun may have missed the first
            time.sleep(0.05)
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        for pid in self._began:
            if _is_running(pid):
                os.kill(pid, number)


def _is_running(pid: int) -> bool:
    """Return whether a child runs; gunicorn, which collects all children, may have collected it."""
    try:
        return os.waitpid(pid, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return False


def _fork(listeners: Iterable[socket.socket]) -> int:
    master = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGHUP, signal.SIGQUIT):
            signal.signal(number, signal.SIG_DFL)
        for number in (signal.SIGTTIN, signal.SIGTTOU, signal.SIGUSR1, signal.SIGUSR2):
            signal.signal(number, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends Ctrl+C to all; see `stop`
        for listener in listeners:
            listener.close()
        from admin_ui.tasks.worker import work

        work(parent=master)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)
