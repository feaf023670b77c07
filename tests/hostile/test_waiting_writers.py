"""Writers that wait for the database leave threads to everybody else, and lose nothing."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from django.db import OperationalError, connection, transaction

from admin_ui.accounts.models import Workspace
from admin_ui.serving.writers import GRACE, WRITERS, Writers, _place_or_execute, by_key, in_any_case
from tests.hostile.server import Server, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("waiting") / "data") as running:
        yield running


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)


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
        wait_until(lambda: sum(answer.done() for answer in answers) == 8)
        slowest = max(server.health() for _ in range(3))
        with server.client(**headers) as client:
            assert client.get("/v1/assistants").status_code == 200
        waiting = sum(not answer.done() for answer in answers)
        other.execute("ROLLBACK")
        statuses = [answer.result() for answer in answers]
    other.close()
    assert slowest < 8
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


@pytest.mark.django_db(transaction=True)
def test_a_statement_waits_only_where_there_is_a_place(workspace: Workspace, settings: Any) -> None:
    """On both databases: on SQLite for the lock of the whole, on PostgreSQL for that of a row."""
    settings.WEB_THREADS = 2  # of which one may wait
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Workspace.objects.filter(pk=workspace.pk).update(name="Held")
            held.set()
            done.wait(20)

    def write(name: str) -> str:
        with connection.execute_wrapper(_place_or_execute):
            Workspace.objects.filter(pk=workspace.pk).update(name=name)
        return name

    def closing(act: Callable[..., Any], *arguments: str) -> Any:
        try:
            return act(*arguments)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        holder = pool.submit(closing, hold)
        held.wait(20)
        first = pool.submit(closing, write, "First")
        wait_until(lambda: bool(WRITERS._since))
        time.sleep(GRACE)
        with connection.execute_wrapper(_place_or_execute):
            assert Workspace.objects.filter(name="Main").count() == 1, "reads wait for nobody"
            with pytest.raises(OperationalError, match="too many"):
                write("Second")
            with pytest.raises(OperationalError, match="too many"), transaction.atomic():
                Workspace.objects.select_for_update().get(pk=workspace.pk)
        assert not first.done()
        done.set()
        holder.result()
        assert first.result() == "First"
    assert write("Third") == "Third"


@pytest.mark.django_db(transaction=True)
def test_what_has_happened_is_recorded_in_any_case(workspace: Workspace, settings: Any) -> None:
    settings.WEB_THREADS = 1
    with WRITERS.place(1):
        time.sleep(GRACE)
        with connection.execute_wrapper(_place_or_execute):
            with pytest.raises(OperationalError), by_key(), transaction.atomic():
                Workspace.objects.select_for_update().update(name="Refused")
            with in_any_case():
                Workspace.objects.filter(pk=workspace.pk).update(name="Recorded")
    assert Workspace.objects.get(pk=workspace.pk).name == "Recorded"
