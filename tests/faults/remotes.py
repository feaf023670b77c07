"""A remote of its own for each cell, and no more waiting than the cell is about."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any

import pytest

from admin_ui.accounts.models import Workspace
from assistants.gateway import Endpoint, Timeouts
from assistants.models import Connection
from assistants.services.connections import client, saving
from tests import upstream
from tests.upstream import Upstream

Remote = Callable[[], AbstractContextManager[tuple[Connection, Upstream]]]
"""Starts a loopback upstream; gives a connection that leads to it, and the upstream."""


def hasten(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait as little as possible between repeated reads, and for a lease."""
    settings.GATEWAY_PRIVATE_HOSTS = ["127.0.0.1"]
    settings.PUBLISH_LEASE_SECONDS = 0
    monkeypatch.setattr(client, "Timeouts", partial(Timeouts, pause=0.005))


@contextmanager
def running(
    workspace: Workspace, endpoint: Callable[[str], Endpoint]
) -> Iterator[tuple[Connection, Upstream]]:
    """Run an upstream; `endpoint` says how to reach one with a given base URL."""
    state, server = upstream.start()
    connection = saving.write_connection(
        Connection(workspace=workspace),
        name=f"Connection {Connection.objects.count()}",
        endpoint=endpoint(state.url),
        is_default=False,
    )
    try:
        yield connection, state
    finally:
        server.shutdown()
        server.server_close()
