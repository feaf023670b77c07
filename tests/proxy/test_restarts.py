"""Restarting one of two servers behind the documented proxy costs no request."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Event

import httpx
import pytest

from tests.proxy.nginx import proxy
from tests.proxy.servers import Unit

pytestmark = pytest.mark.slow


class Caller:
    """An application that creates assistants and reads them, one request after the other."""

    def __init__(self, address: str, key: str, stop: Event) -> None:
        headers = {"Authorization": f"Bearer {key}", "OpenAI-Beta": "assistants=v2"}
        self.client = httpx.Client(
            base_url=address, headers=headers, timeout=60, trust_env=False, cookies={}
        )
        self.stop = stop
        self.statuses: Counter[int] = Counter()
        self.created: list[str] = []

    def run(self, number: int) -> None:
        for turn in count():
            if self.stop.is_set():
                return
            name = f"{number}-{turn}"
            answer = self.client.post("/v1/assistants", json={"model": "gpt-5", "name": name})
            self.statuses[answer.status_code] += 1
            if answer.status_code == 200:
                self.created.append(name)
            self.statuses[self.client.get("/v1/assistants?limit=1").status_code] += 1


def names_on(caller: Caller) -> Counter[str]:
    """Return how often the registry holds each name."""
    found: Counter[str] = Counter()
    after: dict[str, str] = {}
    while True:
        page = caller.client.get("/v1/assistants", params={"limit": 100, **after}).json()
        found.update(str(one["name"]) for one in page["data"])
        if not page["has_more"]:
            return found
        after = {"after": page["last_id"]}


@pytest.fixture
def units(tmp_path: Path) -> Iterator[list[Unit]]:
    """Two servers on one database, ready to answer."""
    running = [Unit(tmp_path / "data") for _ in range(2)]
    try:
        for unit in running:
            unit.wait_until_ready()
        yield running
    finally:
        for unit in running:
            unit.end()


def test_three_restarts_one_after_the_other(tmp_path: Path, units: list[Unit]) -> None:
    key = units[0].write_key()
    with proxy(tmp_path, [unit.port for unit in units]) as address:
        stop = Event()
        callers = [Caller(address, key, stop) for _ in range(6)]
        with ThreadPoolExecutor(6) as pool:
            running = [pool.submit(one.run, number) for number, one in enumerate(callers)]
            try:
                for unit in (units[0], units[0], units[1]):
                    unit.restart()
                    unit.wait_until_ready()
            finally:
                stop.set()
            for one in running:
                one.result()
        statuses = sum((one.statuses for one in callers), Counter())
        # 503 is a whole answer too: a busy database has written nothing.
        assert {200} <= set(statuses) <= {200, 503}, statuses
        created = Counter(name for one in callers for name in one.created)
        held = names_on(callers[0])
        assert {name: held[name] for name in created} == created
        for one in callers:
            one.client.close()
