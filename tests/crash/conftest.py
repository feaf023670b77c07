"""Two places to write to, with leases short enough to wait for."""

from http.server import ThreadingHTTPServer
from typing import Any

import pytest

from assistants.models import Connection
from assistants.services.connections.client import registry_of
from tests.conftest import Cast
from tests.crash.paths import Place
from tests.upstream import Upstream


@pytest.fixture
def places(
    cast: Cast,
    connection_to: Connection,
    remote: Upstream,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> list[Place]:
    settings.PUBLISH_LEASE_SECONDS = 0.05
    # A killed process hangs up in the middle of a request, which is no news here.
    monkeypatch.setattr(ThreadingHTTPServer, "handle_error", lambda *_: None)
    registry = registry_of(cast.workspace)
    assert registry
    return [Place(cast.admin, connection_to, remote), Place(cast.admin, registry)]
