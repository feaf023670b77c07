"""A gateway that hangs: threads that wait for it, pauses, and drafts to publish."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from queue import SimpleQueue
from threading import Event
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection as database
from django.utils import timezone

from assistants.gateway import Endpoint
from assistants.models import Assistant, Connection, Draft
from assistants.services.connections import admission
from assistants.services.connections.admission import ACT, admitted
from assistants.services.connections.breaker import IN_A_ROW
from assistants.services.connections.saving import write_connection
from assistants.services.editing.drafts import save_draft
from assistants.services.errors import NotNow
from assistants.services.ledger.reading import live_definition
from tests.conftest import Cast
from tests.services.conftest import Make
from tests.upstream import Upstream


@pytest.fixture
def as_a_server(settings: Any) -> None:
    """Four web threads, as a server has them, and checks that give up early."""
    settings.WEB_THREADS = 4
    settings.GATEWAY_CHECK_DEADLINE = 0.3
    cache.clear()


@pytest.fixture
def assistant(published: Make, connection_to: Connection) -> Assistant:
    """An assistant on a gateway, published by Pia."""
    return published(connection_to)


@pytest.fixture
def other(cast: Cast, remote: Upstream) -> Connection:
    """A second connection, as far as places and pauses go another remote."""
    endpoint = Endpoint("openai", remote.url, {"api_key": "sk-other"}, {})
    row = Connection(workspace=cast.workspace)
    return write_connection(row, name="Other", endpoint=endpoint, is_default=False)


def address(assistant: Assistant, page: str) -> str:
    return f"/w/main/assistants/{assistant.pk}/{page}"


def drafted(cast: Cast, assistant: Assistant, **fields: object) -> Draft:
    wanted = live_definition(assistant).replace(**(fields or {"model": "gpt-5.2"}))
    return save_draft(
        author=cast.publisher, assistant=assistant, definition=wanted, base=assistant.live
    )


def pause(row: Connection, seconds: float = 60.0, *, holds_all: bool = True) -> None:
    Connection.objects.filter(pk=row.pk).update(
        timeouts=IN_A_ROW,
        paused_until=timezone.now() + timedelta(seconds=seconds),
        pause_holds_all=holds_all,
    )


class Threads:
    """Web threads of this process that are inside a chain of calls until they are let go."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.pool = pool
        self.go = Event()

    def enter(self, row: Connection, errand: admission.Errand = ACT) -> None:
        """Let one more thread in. Raises `NotNow` when it is refused."""
        said: SimpleQueue[NotNow | None] = SimpleQueue()

        def work() -> None:
            try:
                with admitted(row, errand):
                    said.put(None)
                    assert self.go.wait(20)
            except NotNow as error:
                said.put(error)
            finally:
                database.close()

        self.pool.submit(work)
        refused = said.get(timeout=10)
        if refused is not None:
            raise refused


@pytest.fixture
def threads() -> Iterator[Threads]:
    with ThreadPoolExecutor(16) as pool:
        found = Threads(pool)
        yield found
        found.go.set()
