"""Writers that wait for the database leave threads to everybody else, and lose nothing."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from django.db import OperationalError

from admin_ui.writers import GRACE, Writers
from tests.hostile.server import Server, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("waiting") / "data") as running:
        yield running


def test_ten_writers_by_key_while_another_process_writes(server: Server) -> None:
    key = server.manage("create_api_key", "main", "--name", "busy", "--write").split()[-1]
    headers = {"Authorization": f"Bearer {key}", "OpenAI-Beta": "assistants=v2"}

    def write(number: int) -> httpx.Response:
        with server.client(**headers) as client:
            return client.post("/v1/assistants", json={"model": "gpt-5", "name": str(number)})

    assert write(0).status_code == 200
    other = sqlite3.connect(server.data / "db.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(10) as pool:
        answers = [pool.submit(write, number) for number in range(1, 11)]
        time.sleep(GRACE + 0.5)
        slowest = max(server.health() for _ in range(3))
        with server.client(**headers) as client:
            assert client.get("/v1/assistants").status_code == 200
        waiting = sum(not answer.done() for answer in answers)
        other.execute("ROLLBACK")
        statuses = [answer.result() for answer in answers]
    assert slowest < 3
    assert waiting == 2
    refused = [answer for answer in statuses if answer.status_code == 503]
    assert len(refused) == 8
    assert all(answer.headers["Retry-After"] for answer in refused)
    assert "try again" in refused[0].json()["error"]["message"]
    with server.client(**headers) as client:
        stored = client.get("/v1/assistants").json()["data"]
    written = [one for one in stored if str(one["name"]).isdecimal()]
    assert len(written) == 1 + sum(answer.status_code == 200 for answer in statuses) == 3


def test_quick_writers_wait_for_each_other() -> None:
    writers, done = Writers(), []

    def write() -> None:
        with writers.place(1):
            time.sleep(0.02)
            done.append(1)

    threads = [threading.Thread(target=write) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 20


def test_people_still_wait_where_keys_may_not() -> None:
    writers = Writers()
    with writers.place(2), writers.place(2):
        time.sleep(GRACE)
        with pytest.raises(OperationalError), writers.place(2):
            raise AssertionError("no place was left")
        with writers.place(3):
            pass
