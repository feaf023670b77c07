"""The real web server for hostile peers: a process of its own, with a database of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench.serving import free_port, wait_for
from tests.migrated import put_migrated

ROOT = Path(__file__).resolve().parents[2]


class Server:
    """A running server on 127.0.0.1, its port and its data folder."""

    def __init__(self, port: int, data: Path, environment: dict[str, str]) -> None:
        self.port = port
        self.data = data
        self.log = data.with_suffix(".log")
        self.environment = environment
        self.address = f"http://127.0.0.1:{port}"

    def socket(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def client(self, **headers: str) -> httpx.Client:
        return httpx.Client(
            base_url=self.address, headers=headers, timeout=30, trust_env=False, cookies={}
        )

    def health(self) -> float:
        """Return the seconds that `/healthz` took to answer 200."""
        begun = time.monotonic()
        with self.client() as client:
            client.get("/healthz").raise_for_status()
        return time.monotonic() - begun

    def manage(self, *command: str) -> str:
        """Run a command against the same database and return what it prints."""
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout


@contextmanager
def serving(data: Path, **settings: str) -> Iterator[Server]:
    """Run `manage.py serve` with one process and four threads until the block ends."""
    put_migrated(data)
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "admin_ui.settings",
        "DATA_DIR": str(data),
        "DATABASE_URL": f"sqlite:///{data}/db.sqlite3",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "WEB_WORKERS": "1",
        "LOG_LEVEL": "ERROR",
        **settings,
    }
    server = Server(port, data, environment)
    with server.log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=file,
        )
    try:
        wait_for(f"{server.address}/healthz", process)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=60)
