"""Live assistants, on the built-in registry and on a gateway, for the pages about one."""

import pytest

from assistants.models import Assistant, Connection
from assistants.services.connections.client import registry_of
from tests.conftest import Cast
from tests.services.conftest import Make, published


@pytest.fixture
def live(cast: Cast, published: Make) -> Assistant:
    """An assistant that Pia has published; needs a test with `transaction=True`."""
    registry = registry_of(cast.workspace)
    assert registry
    return published(registry)


@pytest.fixture
def assistant(published: Make, connection_to: Connection) -> Assistant:
    """An assistant on a gateway, published by Pia; needs a test with `transaction=True`."""
    return published(connection_to)


__all__ = ["assistant", "live", "published"]
