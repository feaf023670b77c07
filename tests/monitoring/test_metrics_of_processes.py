"""The numbers of several web processes are one sum, whichever of them answers."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.commands.test_serve import PATIENCE, Serve, answer, port, serve

__all__ = ["port", "serve"]
pytestmark = pytest.mark.slow
TOKEN = "scrape-me-0123456789"


def numbers(port: int) -> dict[str, float]:
    """Each number without labels that matter here, summed."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Connection": "close"}
    text = httpx.get(f"http://127.0.0.1:{port}/metrics", headers=headers, trust_env=False).text
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            route = sample.labels.get("route", sample.labels.get("use", ""))
            key = f"{sample.name} {route}".strip()
            found[key] = found.get(key, 0) + sample.value
    return found


def workers(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=True
    )
    return [int(each) for each in listed.stdout.split()]


def test_the_sum_of_all_processes(serve: Serve, port: int, tmp_path: Path) -> None:
    process = serve(
        METRICS_TOKEN=TOKEN, WEB_WORKERS="3", TMPDIR=str(tmp_path), PYTHONWARNINGS="ignore"
    )
    assert answer(port).status_code == 200
    begun = numbers(port)["assistants_requests_total healthz"]
    for _ in range(60):  # each has a connection of its own, so all processes get some
        assert answer(port).status_code == 200
    expected = begun + 60
    assert {numbers(port)["assistants_requests_total healthz"] for _ in range(8)} == {expected}
    (folder,) = tmp_path.glob("assistants-admin-metrics-*")
    counted = {re.findall(r"\d+", path.name)[-1] for path in folder.glob("counter_*.db")}
    assert len(counted & {str(pid) for pid in workers(process.pid)}) > 1, "all by one process"

    idle = [httpx.Client(trust_env=False) for _ in range(5)]
    for client in idle:
        client.get(f"http://127.0.0.1:{port}/healthz")
    time.sleep(3)
    assert numbers(port)["assistants_open_connections"] >= 5
    assert numbers(port)["assistants_places_taken gateway"] == 0

    victim = workers(process.pid)[0]
    os.kill(victim, signal.SIGKILL)
    for _ in range(10 * PATIENCE):
        if not list(folder.glob(f"gauge_live*_{victim}.db")):
            break
        time.sleep(0.1)
    assert not list(folder.glob(f"gauge_live*_{victim}.db")), "its connections are gone"
    assert numbers(port)["assistants_requests_total healthz"] == expected + 5
    for client in idle:
        client.close()
    process.terminate()
    _out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert not folder.exists()
