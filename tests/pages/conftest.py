"""An assistant that is live on the built-in registry, for the pages about one."""

import pytest

from assistants.models import Assistant
from assistants.services.connections.client import registry_of
from tests.conftest import Cast
from tests.services.conftest import Make, published


@pytest.fixture
def live(cast: Cast, published: Make) -> Assistant:
    """An assistant that Pia has published; needs a test with `transaction=True`."""
    registry = registry_of(cast.workspace)
    assert registry
    return published(registry)


__all__ = ["live", "published"]
