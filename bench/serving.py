"""The real server on a free loopback port: start, requests per second, memory."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Server:
    """A running server: its address, its master's process id, the seconds until it answered."""

    address: str
    pid: int
    seconds: float


@contextmanager
def running(settings: str, first_page: str = "/accounts/login/") -> Iterator[Server]:
    """Run `manage.py serve` on a free port until the block ends."""
    process, server = start(settings, first_page)
    try:
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=120)


def start(
    settings: str, first_page: str = "/accounts/login/"
) -> tuple[subprocess.Popen[bytes], Server]:
    """Start `manage.py serve` on a free port, as the head of a process group of its own."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env={
            **os.environ,
            "LOG_LEVEL": "ERROR",  # a refused publish is no news here
            "DJANGO_SETTINGS_MODULE": settings,
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "SITE_URL": f"http://localhost:{port}",
        },
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(address + first_page, process)
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    return process, Server(address, process.pid, time.monotonic() - started)


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 120) -> None:
    """Wait until `url` can be fetched."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped with {process.returncode}")
        try:
            httpx.get(url, timeout=seconds, trust_env=False).raise_for_status()
        except httpx.TransportError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"{url} did not answer within {seconds} seconds")


def requests_per_second(
    url: str, cookies: dict[str, str], *, connections: int = 16, requests: int = 800
) -> float:
    """Fetch `url` `requests` times over lasting connections and return the rate of 200 answers.

    Plain sockets, because an HTTP client library would take more of the two cores than the server.
    """
    parts = httpx.URL(url)
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    request = (
        f"GET {parts.raw_path.decode()} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n"
        f"Cookie: {cookie}\r\n\r\n"
    ).encode()
    failures: list[str] = []

    def fetch(count: int) -> None:
        with socket.create_connection((parts.host, parts.port or 80), timeout=30) as connection:
            file = connection.makefile("rb")
            for _ in range(count):
                connection.sendall(request)
                status = file.readline()
                length = 0
                for line in iter(file.readline, b"\r\n"):
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                file.read(length)
                if b" 200 " not in status:
                    failures.append(status.decode("latin-1"))

    threads = [
        threading.Thread(target=fetch, args=(requests // connections,)) for _ in range(connections)
    ]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(f"{len(failures)} requests failed, such as {failures[0]!r}")
    return requests / (time.perf_counter() - start)


def worker_memory(master: int) -> float:
    """Megabytes that the workers of `master` take together, shared pages counted once (PSS)."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return sum(proportional_set_size(int(child)) for child in children) / 1024


def proportional_set_size(pid: int) -> int:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
    return int(found[1]) if found else 0


def first_visit(address: str, path: str, cookies: dict[str, str]) -> int:
    """Compressed bytes of a page and of every static file it names, as a browser asks for them."""
    headers = {"Accept-Encoding": "br, gzip"}
    total = 0
    with httpx.Client(
        base_url=address, headers=headers, cookies=cookies, trust_env=False
    ) as client:
        page = client.get(path)
        files = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page.text))
        for response in [page, *(client.get(file) for file in sorted(files))]:
            response.raise_for_status()
            total += response.num_bytes_downloaded
    return total
