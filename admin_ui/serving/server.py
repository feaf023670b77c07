"""The web server: gunicorn in this process, loaded once and then forked into workers."""

import ctypes
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.template.loader import get_template
from django.urls import get_resolver
from gunicorn import systemd
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker

from admin_ui.display.icons import sprite
from admin_ui.monitoring.metrics import forget_process
from admin_ui.monitoring.tracing import export_spans
from admin_ui.serving import writers
from admin_ui.serving.companions import Companions
from admin_ui.serving.shares import SHARES

PR_SET_PDEATHSIG = 1
"""Linux: the signal that a process gets when its parent ends."""


class CannotListen(Exception):
    """The server cannot listen on the address; the text is a sentence for people."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket listening on `host` and `port`, or the one that systemd has handed over.

    This comes first, so that a second start fails at once. A browser opened too early waits for an
    answer instead of showing an error. Raises `CannotListen`.
    """
    if handed_over := systemd.listen_fds():
        return _take_over(handed_over)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise CannotListen(
            f"Cannot listen on {host} port {port}: {reason}."
            " Stop the other program, or set HOST or PORT to something else."
        ) from error
    listener.listen(2048)
    return listener


def _take_over(count: int) -> socket.socket:
    """Return the listening socket that systemd holds and has passed to this process.

    It stays open while the server restarts, so connections wait for the next one.
    """
    listener = socket.socket(fileno=systemd.SD_LISTEN_FDS_START)
    is_tcp = listener.family in (socket.AF_INET, socket.AF_INET6)
    if count > 1 or not is_tcp or not listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        listener.close()
        raise CannotListen(
            "The server takes one listening TCP socket from systemd."
            " Give the .socket unit one ListenStream= with an address and a port."
        )
    return listener


class ServerLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Formats gunicorn's log lines like all others."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class ServerArbiter(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's master, which keeps the task workers running beside its own.

    New workers miss no SIGTERM while they begin.
    """

    companions: Companions

    def manage_workers(self) -> None:
        super().manage_workers()
        self.companions.keep([listener.sock for listener in self.LISTENERS])

    def stop(self, graceful: bool = True) -> None:
        self.companions.stop()
        super().stop(graceful)
        self.companions.wait(self.cfg.graceful_timeout if graceful else 2.0)

    def spawn_worker(self) -> int:
        # A new worker has the master's handlers at first, in which the signal would get lost.
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
        try:
            return int(super().spawn_worker())
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with settings from the environment and no command line of its own."""

    def __init__(self, listener: socket.socket, when_ready: Callable[[], None]) -> None:
        self.listener = listener
        self.announce = when_ready
        super().__init__()

    def load_config(self) -> None:
        shared_memory = Path("/dev/shm")  # noqa: S108  # gunicorn makes its own private file there
        options: dict[str, Any] = {
            # gunicorn takes the listener over and closes it when it stops
            "bind": f"fd://{self.listener.detach()}",
            "worker_class": "admin_ui.serving.worker.PatientWorker",
            "workers": settings.WEB_WORKERS,
            "threads": settings.WEB_THREADS,
            "preload_app": True,
            # Below the number of files that a process may usually have open.
            "worker_connections": 500,
            # The worker sends what it is given; gunicorn would wait for the reader.
            "sendfile": False,
            "keepalive": 75,
            "timeout": 60,
            "graceful_timeout": 30,
            "limit_request_line": 8190,
            "control_socket_disable": True,
            "proc_name": "assistants-admin",
            "loglevel": "warning",
            "logger_class": ServerLogger,
            "worker_tmp_dir": str(shared_memory) if shared_memory.is_dir() else None,
            "when_ready": self.when_ready,
            "post_worker_init": begin_work,
            "child_exit": end_work,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Iterable[bytes]]:
        from admin_ui.wsgi import application

        # Load views and templates now: the workers share them, and no first visitor waits.
        _ = get_resolver().url_patterns
        for folder in settings.TEMPLATES[0]["DIRS"]:
            for path in sorted(folder.rglob("*.html")):
                get_template(str(path.relative_to(folder)))
        sprite()
        return application

    def run(self) -> None:
        arbiter = ServerArbiter(self)
        arbiter.companions = Companions(settings.TASK_WORKERS)
        arbiter.run()

    def when_ready(self, arbiter: Arbiter) -> None:
        """Prepare to fork: close the databases, and free memory that the workers would copy."""
        connections.close_all()
        gc.collect()
        gc.freeze()
        # Ctrl+C stops as gently as SIGTERM: requests under way are finished.
        signal.signal(signal.SIGINT, lambda *_: arbiter.signal(signal.SIGTERM, None))
        self.announce()


def begin_work(worker: Worker) -> None:
    """Prepare a worker."""
    writers.limit()
    end_with(worker.ppid)
    export_spans()
    # A terminal sends Ctrl+C to every process; only the master acts on it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])


def end_with(parent: int) -> None:
    """End this process as SIGTERM does when `parent` ends, even if that is killed.

    Otherwise it would keep the port from the next server. Elsewhere than on Linux, a worker looks
    for its parent once a second.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it has just ended
        os.kill(os.getpid(), signal.SIGTERM)


def end_work(_arbiter: object, worker: Any) -> None:
    """Clear up after a worker that has ended."""
    SHARES.give_back(worker.place)
    forget_process(worker.pid)


def serve(listener: socket.socket, when_ready: Callable[[], None]) -> None:
    """Answer requests on `listener` until stopped. Calls `when_ready` once, before the workers."""
    Server(listener, when_ready).run()
