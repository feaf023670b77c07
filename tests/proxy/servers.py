"""Real servers that are stopped and started, with or without a socket that outlives them."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from bench.serving import free_port, wait_for
from tests.proxy.nginx import ROOT

TAKE_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
os.execv(sys.executable, [sys.executable, "manage.py", "serve"])
"""
"""Starts the server with a socket, as systemd does."""


def environment(data: Path, **more: str) -> dict[str, str]:
    """Return the environment of a server and its commands on a database in `data`."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "admin_ui.settings",
        "DATA_DIR": str(data),
        "DATABASE_URL": f"sqlite:///{data}/db.sqlite3",
        "HOST": "127.0.0.1",
        "API_WRITES_PER_MINUTE": "0",
        "API_READS_PER_MINUTE": "0",
        "COSTLY_SECONDS_PER_MINUTE": "0",
        "LOG_LEVEL": "ERROR",
        **more,
    }


class Unit:
    """A running server on a port of its own; `holds` is whether its socket outlives it."""

    def __init__(self, data: Path, *, holds: bool = True, **more: str) -> None:
        self.data = data
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=2048) if holds else None
        self.port = self.listener.getsockname()[1] if self.listener else free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = environment(data, PORT=str(self.port), **more)
        self.start()

    def start(self) -> None:
        """Start the server; it need not be ready, as connections wait for it."""
        descriptors = [self.listener.fileno()] if self.listener else []
        begin = ["-c", TAKE_OVER, str(descriptors[0])] if descriptors else ["manage.py", "serve"]
        self.process = subprocess.Popen(
            [sys.executable, *begin],
            cwd=ROOT,
            env=self.environment,
            pass_fds=descriptors,
            stdout=subprocess.DEVNULL,
        )

    def wait_until_ready(self) -> None:
        wait_for(f"{self.address}/healthz", self.process)

    def restart(self) -> None:
        """Stop the server gently, then start it, as `systemctl restart` does."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=60) == 0
        self.start()

    def end(self) -> None:
        """Stop the server and close the socket."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=60)
        if self.listener:
            self.listener.close()

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    @property
    def workers(self) -> list[int]:
        pid = self.process.pid
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [int(child) for child in found.split()]

    def write_key(self) -> str:
        """Return a new API key that may write."""
        command = ["create_api_key", "main", "--name", "app", "--write"]
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()[-1]
