"""nginx as docs/deployment.md has it, on ports of the test."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bench.serving import free_port

ROOT = Path(__file__).resolve().parents[2]
AROUND = """
daemon off;
master_process off;
user root;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {documented}
}}
"""
"""What a distribution's nginx.conf has around the sample."""


def documented(port: int, upstreams: Sequence[int], plain: int) -> str:
    """Return the sample, which listens on `port` without TLS and passes on to `upstreams`.

    Its server for addresses without TLS listens on `plain`.
    """
    text = (ROOT / "docs" / "deployment.md").read_text()
    (sample,) = re.findall(r"```nginx\n(.*?)```", text, re.S)
    replaced = {
        "127.0.0.1:8000": f"127.0.0.1:{upstreams[0]}",
        "127.0.0.1:8001": f"127.0.0.1:{upstreams[1]}",
        "listen 443 ssl;": f"listen 127.0.0.1:{port};",
        "listen 80;": f"listen 127.0.0.1:{plain};",
    }
    for old, new in replaced.items():
        assert sample.count(old) == 1, old
        sample = sample.replace(old, new)
    return re.sub(r"ssl_\w+ .*;", "", sample)


@contextmanager
def proxy(folder: Path, upstreams: Sequence[int], plain: int = 0) -> Iterator[str]:
    """Run nginx in front of `upstreams` until the block ends; yields its address.

    Without nginx the test is left out, but never under CI.
    """
    executable = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if executable is None:
        leave_out = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        leave_out("nginx is not installed, so the documented proxy is not tested.")
    port = free_port()
    file = folder / "nginx.conf"
    sample = documented(port, upstreams, plain or free_port())
    file.write_text(AROUND.format(folder=folder, documented=sample))
    process = subprocess.Popen([executable, "-c", file, "-e", folder / "error.log"])
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                httpx.options(f"{address}/none", trust_env=False)
                break
            except httpx.ConnectError:
                time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)
