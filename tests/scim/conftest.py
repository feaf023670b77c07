"""A directory that speaks for example.org."""

import pytest

from tests.conftest import Cast
from tests.scim.calls import Scim, connect


@pytest.fixture
def scim(cast: Cast) -> Scim:
    return connect()
